// The bot's clock: what time the rehearsal thinks it is, and the bar that moves it on.

import * as api from "./api.js";
import { button, el, icon } from "./dom.js";
import { fullMoment, shortDayOf, span, timeOf, weekdayOf } from "./times.js";

const ASK_EVERY_MS = 4_000;
const TRY_AGAIN_MS = 15_000; // no clock is attached now; a bot may attach one later

let known = { now: Date.now(), speed: 1, asked: performance.now(), next: {} };

/** The sandbox's moment in ms. Between two answers it runs on by itself at the clock's speed. */
export const now = () => known.now + (performance.now() - known.asked) * known.speed;

export class ClockBar {
  /** complain(text) tells the person that something did not work. */
  constructor(root, complain) {
    this.root = root;
    this.complain = complain;
    this.time = el("time", { class: "clock-now", "data-testid": "clock-now" });
    this.wait = el("span", { class: "clock-wait", "data-testid": "clock-wait" });
    this.hour = button(
      {
        class: "pill",
        "data-testid": "clock-skip-hour",
        "aria-label": "+1 hour",
        onclick: () => this.move(() => api.skip(60)),
      },
      "+1 h",
      el("span", { class: "wide-only" }, "our"),
    );
    this.surprise = button(
      {
        class: "pill strong",
        "data-testid": "clock-next",
        "aria-label": "Skip to the next surprise",
        onclick: () => this.move(() => api.skipToNext(this.person.id)),
      },
      icon("skip"),
      el("span", { class: "wide-only", "aria-hidden": "true" }, "Skip to the next surprise"),
      el("span", { class: "narrow-only", "aria-hidden": "true" }, "Next surprise"),
    );
    root.append(
      icon("clock"),
      el("div", { class: "clock-words" }, this.time, this.wait),
      this.hour,
      this.surprise,
    );
    setInterval(() => this.draw(), 1000);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  /** The person whose next surprise is shown and skipped to. */
  follow(person) {
    this.person = person;
    this.draw();
  }

  async refresh() {
    clearTimeout(this.timer);
    let wait = ASK_EVERY_MS;
    try {
      const answer = await api.clock();
      known = { next: {}, ...answer, asked: performance.now() };
      this.root.hidden = false;
    } catch (error) {
      wait = TRY_AGAIN_MS;
      if (error.status === 404) this.root.hidden = true;
    }
    this.draw();
    this.timer = setTimeout(() => this.refresh(), wait);
  }

  async move(skip) {
    this.busy(true);
    try {
      await skip();
    } catch (error) {
      const none = error.status === 409;
      this.complain(
        none ? `No surprise is planned for ${this.person.first_name} yet.` : error.message,
      );
    }
    await this.refresh();
    this.busy(false);
    // The bot plans the next surprise a moment after this one went out.
    this.timer = setTimeout(() => this.refresh(), 800);
  }

  busy(waiting) {
    clearTimeout(this.timer);
    for (const control of [this.hour, this.surprise]) {
      control.disabled = waiting;
      control.setAttribute("aria-busy", String(waiting));
    }
  }

  draw() {
    if (!this.person) return;
    const moment = now();
    const wide = (text) => el("span", { class: "wide-only" }, text);
    this.time.replaceChildren(
      `${weekdayOf(moment)} `,
      wide(`${shortDayOf(moment)}, `),
      timeOf(moment),
    );
    this.time.dateTime = new Date(moment).toISOString();
    this.time.title = `The bot’s time, in your zone: ${fullMoment(moment)}`;
    const { id, first_name: name } = this.person;
    const next = known.next[id];
    const when = next > moment ? `in ${span(next - moment)}` : "any moment";
    if (next === undefined) this.wait.replaceChildren("No surprise planned", wide(` for ${name}`));
    else
      this.wait.replaceChildren(
        wide(`${name}’s next surprise `),
        el("span", { class: "narrow-only" }, "next "),
        when,
      );
    this.wait.title = next === undefined ? "" : `${name}’s next surprise: ${fullMoment(next)}`;
  }
}
