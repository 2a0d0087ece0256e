// A phone asleep: its clock, and the messages that came meanwhile.

import { button, el, hue, icon } from "./dom.js";
import { now } from "./clock.js";
import { discreet } from "./media.js";
import { bareTimeOf, dayOf } from "./times.js";

const CARDS = 3;

export class Lock {
  constructor(chat, wake) {
    this.chat = chat;
    const name = chat.person.first_name;
    this.time = el("span", { class: "lock-time" });
    this.day = el("span", { class: "lock-day" });
    this.cards = el("div", { class: "lock-cards" });
    const open = button(
      { class: "lock-wake", "data-testid": `wake-${chat.person.id}`, onclick: wake },
      icon("phone"),
      `Wake ${name}’s phone`,
    );
    this.node = el(
      "div",
      {
        class: `lock ${hue(chat.person.id)}`,
        onclick: (event) => event.target.closest("button") || wake(),
      },
      this.time,
      this.day,
      this.cards,
      open,
    );
    chat.addEventListener("unread", () => this.draw());
    this.tick();
    this.draw();
  }

  tick() {
    this.time.textContent = bareTimeOf(now());
    this.day.textContent = dayOf(now());
  }

  draw() {
    const { chat } = this;
    const missed = chat.unread
      ? chat
          .visible()
          .filter((message) => !message.outgoing)
          .slice(-chat.unread)
      : [];
    const cards = missed
      .slice(-CARDS)
      .map((message) =>
        el(
          "div",
          { class: "lock-card", "data-testid": "lock-card" },
          el("img", { src: "/phone/icon.svg", alt: "", width: "28", height: "28" }),
          el("div", {}, el("strong", {}, chat.bot.first_name), el("span", {}, discreet(message))),
        ),
      );
    const more = missed.length - cards.length;
    this.cards.replaceChildren(
      ...cards,
      more > 0 ? el("div", { class: "lock-more" }, `and ${more} more`) : "",
    );
  }
}
