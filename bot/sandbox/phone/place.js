// One person's place on the desk: their tab, their phone, awake or asleep, and the chat behind it.

import { Chat } from "./chat.js";
import { now } from "./clock.js";
import { avatar, button, el, icon } from "./dom.js";
import { Lock } from "./lock.js";
import { Pane } from "./pane.js";
import { timeOf } from "./times.js";

const ROLES = { 1001: "learner", 1002: "coach", 1003: "owner" }; // whom a sandbox's world begins with

export class Place {
  constructor(person, desk) {
    Object.assign(this, { person, desk, pane: null, role: ROLES[person.id] ?? "guest" });
    this.chat = new Chat(person);
    this.lock = new Lock(this.chat, () => desk.select(person.id));
    this.badge = el("span", { class: "badge", hidden: true });
    this.tab = button(
      {
        class: "person",
        "data-testid": `person-${person.id}`,
        onclick: () => desk.select(person.id),
      },
      avatar(person.first_name, person.id),
      el(
        "span",
        { class: "person-words" },
        el("span", { class: "person-name" }, person.first_name),
        el("span", { class: "person-role" }, this.role),
      ),
      this.badge,
    );
    this.time = el("span", { class: "glass-time", "aria-hidden": "true" });
    this.screen = el("div", { class: "screen" });
    this.frame = el(
      "section",
      {
        class: "phone",
        "aria-label": `${person.first_name}’s phone`,
        "data-testid": `phone-${person.id}`,
        onpointerdown: () => desk.focus(person.id),
        onfocusin: () => desk.focus(person.id),
      },
      el(
        "div",
        { class: "glass" },
        this.time,
        el("span", { class: "glass-name" }, `${person.first_name} · ${this.role}`),
        icon("signal"),
      ),
      this.screen,
    );
    this.tick();
  }

  wake() {
    this.pane ??= new Pane(this.chat, this.desk);
    if (this.screen.firstChild !== this.pane.node) this.screen.replaceChildren(this.pane.node);
    this.frame.classList.remove("asleep");
  }

  rest() {
    if (this.screen.firstChild !== this.lock.node) this.screen.replaceChildren(this.lock.node);
    this.frame.classList.add("asleep");
  }

  tick() {
    this.time.textContent = timeOf(now());
    this.lock.tick();
    this.pane?.tick();
  }
}
