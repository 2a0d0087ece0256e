// The desk with everybody's phones on it: who is selected, who is awake, who has something unread.

import * as api from "./api.js";
import { chime } from "./audio.js";
import { Banner } from "./banner.js";
import { askPerson } from "./dialogs.js";
import { button, icon } from "./dom.js";
import { Place } from "./place.js";

const KEY = "phone-awake";
const WIDE_PX = 1060; // room for three phones
const MIDDLE_PX = 720; // room for two
const TITLE = document.title;

export class Desk {
  /** parts: {stage, tabs, banner, clock}: where the phones, people and notifications go. */
  constructor({ stage, tabs, banner, clock }) {
    Object.assign(this, { stage, tabs, clock, places: new Map(), awake: [], shown: [] });
    this.banner = new Banner(banner, (id) => this.select(id));
    this.addTab = button(
      {
        class: "person add",
        "aria-label": "Add a person",
        title: "Add a person",
        "data-testid": "add-person",
        onclick: () => this.addPerson(),
      },
      icon("plus"),
    );
    tabs.append(this.addTab);
    new ResizeObserver(() => this.layout()).observe(stage);
    setInterval(() => this.places.forEach((place) => place.tick()), 1000);
    document.addEventListener("visibilitychange", () => this.read());
  }

  people() {
    return [...this.places.values()].map((place) => place.person);
  }

  /** Takes in people not known yet, and keeps those who are. */
  welcome(people) {
    for (const person of people.filter(({ id }) => !this.places.has(id))) {
      const place = new Place(person, this);
      this.places.set(person.id, place);
      this.tabs.insertBefore(place.tab, this.addTab);
      place.chat.addEventListener("added", ({ detail }) => this.arrived(place, detail));
      place.chat.addEventListener("unread", () => this.drawUnread());
    }
    if (!this.selected && this.places.size) this.recall(people);
    this.layout();
  }

  /** After a reload the same phones are awake; at first it is the first person's. */
  recall(people) {
    const before = JSON.parse(sessionStorage.getItem(KEY) ?? "[]").filter((id) =>
      this.places.has(id),
    );
    this.awake = before.length ? before : [people[0].id];
    this.focus(this.awake.at(-1));
  }

  select(id) {
    this.awake = [...this.awake.filter((other) => other !== id), id];
    this.focus(id);
    this.layout();
    this.places.get(id).pane.composer.focus();
  }

  focus(id) {
    if (this.selected === id || (this.selected && !this.awake.includes(id))) return;
    this.selected = id;
    this.places.forEach((place, key) => {
      place.frame.classList.toggle("selected", key === id);
      if (key === id) place.tab.setAttribute("aria-current", "true");
      else place.tab.removeAttribute("aria-current");
    });
    this.places.get(id).tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.clock.follow(this.places.get(id).person);
  }

  canSleep() {
    return this.columns() > 1 && this.awake.length > 1;
  }

  sleep(id) {
    this.awake = this.awake.filter((other) => other !== id);
    this.focus(this.awake.at(-1));
    this.layout();
  }

  columns() {
    const width = this.stage.clientWidth;
    return width >= WIDE_PX ? 3 : width >= MIDDLE_PX ? 2 : 1;
  }

  /** The phones in view: those awake, the last touched first, then sleeping ones while there is room. */
  choose() {
    const columns = this.columns();
    if (columns === 1) return [this.selected];
    const chosen = [this.selected, ...[...this.awake].reverse(), ...this.places.keys()];
    const first = new Set([...new Set(chosen)].slice(0, columns));
    return [...this.places.keys()].filter((id) => first.has(id));
  }

  layout() {
    if (!this.selected) return;
    this.shown = this.choose();
    this.stage.dataset.phones = String(this.shown.length);
    this.stage.classList.toggle(
      "together",
      this.shown.filter((id) => this.awake.includes(id)).length > 1,
    );
    this.shown.forEach((id) =>
      this.awake.includes(id) ? this.places.get(id).wake() : this.places.get(id).rest(),
    );
    this.arrange(this.shown.map((id) => this.places.get(id).frame));
    this.shown.forEach((id) => this.awake.includes(id) && this.places.get(id).pane.thread.shown());
    this.places.forEach((place, id) => place.chat.line.want(this.inView(id)));
    sessionStorage.setItem(KEY, JSON.stringify(this.awake));
    this.read();
  }

  /** Moves as few nodes as it can: a node that is moved loses its scroll position and its focus. */
  arrange(frames) {
    [...this.stage.children]
      .filter((frame) => !frames.includes(frame))
      .forEach((frame) => frame.remove());
    frames.forEach((frame, n) => {
      if (this.stage.children[n] !== frame)
        this.stage.insertBefore(frame, this.stage.children[n] ?? null);
    });
  }

  inView(id) {
    return this.shown.includes(id) && this.awake.includes(id);
  }

  read() {
    if (document.hidden) return;
    this.places.forEach(({ chat }, id) => this.inView(id) && chat.set("unread", 0));
  }

  arrived(place, { message, history }) {
    if (history || message.outgoing) return;
    const seen = this.inView(place.person.id) && !document.hidden;
    if (!seen) place.chat.set("unread", place.chat.unread + 1);
    if (message.silent) return;
    chime();
    navigator.vibrate?.(60);
    if (this.shown.includes(place.person.id)) this.buzz(place);
    else this.banner.show(place.person, place.chat.bot, message);
  }

  buzz({ frame }) {
    frame.classList.remove("buzz");
    requestAnimationFrame(() => frame.classList.add("buzz"));
    frame.addEventListener("animationend", () => frame.classList.remove("buzz"), { once: true });
  }

  drawUnread() {
    let all = 0;
    this.places.forEach(({ badge, tab, chat, person, role }) => {
      badge.hidden = chat.unread === 0;
      badge.textContent = String(chat.unread);
      tab.setAttribute(
        "aria-label",
        `${person.first_name}, ${role}${chat.unread ? `, ${chat.unread} unread` : ""}`,
      );
      all += chat.unread;
    });
    document.title = all ? `(${all}) ${TITLE}` : TITLE;
  }

  async addPerson() {
    const wanted = await askPerson();
    if (!wanted) return;
    try {
      const person = await api.addPerson(wanted);
      this.welcome([person]);
      this.select(person.id);
    } catch (error) {
      this.complain(error.message);
    }
  }

  /** The bot's link opened on somebody's phone: Telegram sends /start with what the link carries. */
  async start(id, payload) {
    this.select(id);
    const { pane } = this.places.get(id);
    await pane.say(payload ? `/start ${payload}` : "/start");
  }

  complain(text) {
    this.places.get(this.selected)?.pane.toast(text);
  }
}
