// What the page knows of one person's chat. Everything that arrives, by event or by reload, goes through
// put(), which compares before it tells: so a reload doubles nothing and redraws nothing that is the same.

import * as api from "./api.js";
import { Line } from "./stream.js";

const ACTION_MS = 5_000; // Telegram shows "typing…" for five seconds
const ANSWER_MS = 20_000; // after this a pressed button stops waiting for its answer

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class Chat extends EventTarget {
  constructor(person) {
    super();
    Object.assign(this, {
      person,
      bot: { first_name: "Bot" },
      commands: [],
      blocked: false,
      loaded: false,
      status: "connecting",
      action: null,
      messages: new Map(),
      unread: 0,
      early: null,
      pressed: new Map(),
      answered: new Set(),
    });
    this.clearedKey = `phone-cleared-${person.id}`;
    this.clearedTo = Number(sessionStorage.getItem(this.clearedKey) ?? 0);
    this.line = new Line(person.id, {
      open: () => this.load(),
      poll: () => this.load(),
      event: (event) => (this.early ? this.early.push(event) : this.apply(event)),
      status: (status) => this.set("status", status),
    });
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  set(name, value) {
    if (same(this[name], value)) return;
    this[name] = value;
    this.tell(name);
  }

  /** Messages to show, oldest first. */
  visible() {
    return [...this.messages.values()]
      .filter((message) => message.message_id > this.clearedTo)
      .sort((a, b) => a.message_id - b.message_id);
  }

  async load() {
    this.early = []; // events that come while the snapshot is on its way are applied on top of it
    try {
      this.merge(await api.chat(this.person.id));
    } finally {
      const events = this.early;
      this.early = null;
      events.forEach((event) => this.apply(event));
    }
  }

  merge({ bot, messages, commands, blocked }) {
    this.set("bot", bot);
    const ids = new Set(messages.map((message) => message.message_id));
    const newest = Math.max(0, ...ids);
    if (newest < this.clearedTo) this.remember(0); // a new world began: its ids start over
    this.remove([...this.messages.keys()].filter((id) => !ids.has(id)));
    const history = !this.loaded;
    messages.forEach((message) => this.put(message, history));
    this.set("commands", commands);
    this.set("blocked", blocked);
    this.loaded = true;
    this.tell("loaded");
  }

  put(message, history = false) {
    const before = this.messages.get(message.message_id);
    if (before && same(before, message)) return;
    this.messages.set(message.message_id, message);
    if (message.message_id <= this.clearedTo) return;
    if (before) return this.tell("changed", { message });
    if (!message.outgoing) this.set("action", null);
    this.tell("added", { message, history });
  }

  remove(ids) {
    const gone = ids.filter((id) => this.messages.delete(id));
    if (gone.length) this.tell("removed", { ids: gone });
  }

  apply(event) {
    switch (event.type) {
      case "message":
      case "edit":
        return this.put(event.message);
      case "delete":
        return this.remove(event.message_ids);
      case "reaction":
        return this.react(event);
      case "commands":
        return this.set("commands", event.commands);
      case "blocked":
        return this.set("blocked", event.blocked);
      case "action":
        return this.act(event.action);
      case "answered":
        return this.settle(event.press);
      case "toast":
        return this.tell("toast", event);
      default:
        return undefined; // a newer sandbox may tell more than this page shows
    }
  }

  react({ message_id: id, reactions }) {
    const message = this.messages.get(id);
    if (message) this.put({ ...message, reactions });
  }

  act(action) {
    clearTimeout(this.actionTimer);
    this.set("action", action);
    this.actionTimer = setTimeout(() => this.set("action", null), ACTION_MS);
  }

  /** Presses a button; done() is called once the bot has answered, or does not. */
  async press(message, data, done) {
    let press;
    try {
      ({ press } = await api.press(this.person.id, message.message_id, data));
    } catch (error) {
      done();
      throw error;
    }
    if (this.answered.delete(press)) return done(); // the answer overtook the receipt
    const timer = setTimeout(() => {
      this.settle(press);
      this.tell("toast", { text: "The bot has not answered this tap yet." });
    }, ANSWER_MS);
    this.pressed.set(press, { done, timer });
  }

  settle(press) {
    const waiting = this.pressed.get(press);
    if (!waiting) return this.answered.add(press);
    clearTimeout(waiting.timer);
    this.pressed.delete(press);
    return waiting.done();
  }

  /** Takes what is here off this page; the bot keeps its own. */
  clear() {
    this.remember(Math.max(this.clearedTo, ...this.messages.keys()));
    this.tell("removed", { ids: [...this.messages.keys()] });
  }

  remember(id) {
    this.clearedTo = id;
    sessionStorage.setItem(this.clearedKey, String(id));
  }

  /** The reply keyboard or forced reply in force: the newest message that speaks of one decides. */
  replyMarkup() {
    const speaks = (markup) => markup?.keyboard || markup?.force_reply || markup?.remove_keyboard;
    const shown = this.visible();
    const at = shown.findLastIndex((message) => speaks(message.reply_markup));
    const markup = shown[at]?.reply_markup;
    const once = markup?.one_time_keyboard || markup?.force_reply;
    const used = once && shown.slice(at + 1).some((message) => message.outgoing);
    return !markup || markup.remove_keyboard || used ? null : { message: shown[at], ...markup };
  }
}
