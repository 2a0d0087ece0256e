// The list of messages: order, days, groups, scrolling, and moving about in it by keyboard.

import { row } from "./bubbles.js";
import { button, calm, el, icon } from "./dom.js";
import { swipeToReply } from "./gestures.js";
import { dayKey, dayLabel } from "./times.js";

const GROUP_GAP_S = 600;
const NEAR_END_PX = 90;
const MEDIA = ".voice, .round, .photo, .video";

const fileOf = (message) =>
  (message.voice ?? message.video_note ?? message.video ?? message.audio ?? message.photo?.at(-1))
    ?.file_id;

/** A redrawn message keeps the player it had, so that a reaction does not stop what is playing. */
function keepMedia(before, after) {
  if (!fileOf(before.message) || fileOf(before.message) !== fileOf(after.message)) return;
  const [old, fresh] = [before, after].map(({ node }) => node.querySelector(MEDIA));
  if (old && fresh) fresh.replaceWith(old);
}

/** Focus inside a redrawn message goes to the same place in the new one. */
function keepFocus(before, after) {
  const focused = document.activeElement;
  if (!before.node.contains(focused)) return null;
  const keys = [...before.node.querySelectorAll(".key")];
  const place = keys.indexOf(focused);
  return () =>
    (place < 0 ? after.node : (after.node.querySelectorAll(".key")[place] ?? after.node)).focus();
}

export class Thread {
  /** actions: see pane.js; now() → ms of the sandbox's clock. */
  constructor(actions, now) {
    Object.assign(this, {
      actions,
      now,
      rows: [],
      stick: true,
      missed: 0,
      today: null,
      place: 0,
      height: 0,
    });
    this.list = el("ol", { class: "rows", "aria-label": "Messages" });
    this.view = el("div", { class: "thread", role: "log", "aria-live": "off" }, this.list);
    this.count = el("span", { class: "badge", hidden: true });
    this.down = button(
      {
        class: "down",
        hidden: true,
        "aria-label": "To the newest message",
        onclick: () => this.toEnd(),
      },
      icon("down"),
      this.count,
    );
    this.node = el("div", { class: "thread-box" }, this.view, this.down);
    this.view.addEventListener("scroll", () => this.scrolled(), { passive: true });
    // Pictures that arrive late and a text field that grows both move the end; stay at it.
    const follow = new ResizeObserver(() => this.stick && this.toEnd());
    follow.observe(this.list);
    follow.observe(this.view);
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("contextmenu", (event) => this.menu(event));
    this.list.addEventListener("dblclick", (event) => this.doubleClick(event));
    swipeToReply(this.list, (node) => this.actions.reply(this.at(node).message));
  }

  /** From now on what comes, and what a button changes, is read aloud; the history was not. */
  announce() {
    requestAnimationFrame(() => this.view.setAttribute("aria-live", "polite"));
  }

  at(node) {
    return this.rows.find((entry) => entry.node === node);
  }

  indexOf(id) {
    return this.rows.findIndex((entry) => entry.message.message_id === id);
  }

  add(message, history) {
    const entry = { message, node: row(message, this.actions) };
    const after = this.rows.findIndex((other) => other.message.message_id > message.message_id);
    const index = after < 0 ? this.rows.length : after;
    this.list.insertBefore(entry.node, this.rows[index]?.node ?? null);
    this.rows.splice(index, 0, entry);
    if (!history) this.arrive(entry.node);
    this.dress(index);
    if (message.outgoing) this.toEnd();
    else if (!history && !this.stick) this.missed += 1;
    this.drawDown();
  }

  /** Once only: left in place, the movement would play again each time the phone comes into view. */
  arrive(node) {
    node.classList.add("arriving");
    node.addEventListener("animationend", () => node.classList.remove("arriving"), { once: true });
  }

  change(message) {
    const index = this.indexOf(message.message_id);
    if (index < 0) return;
    const before = this.rows[index];
    const after = { message, node: row(message, this.actions) };
    keepMedia(before, after);
    const refocus = keepFocus(before, after);
    before.node.replaceWith(after.node);
    if (this.stop === before.node) this.setStop(after.node);
    this.rows[index] = after;
    this.dress(index);
    refocus?.();
  }

  remove(ids) {
    for (const id of ids) {
      const index = this.indexOf(id);
      if (index < 0) continue;
      this.rows[index].node.remove();
      this.rows.splice(index, 1);
      this.dress(index);
    }
  }

  /** Days and groups of a row and its neighbours, after something changed there. */
  dress(index) {
    for (const n of [index - 1, index, index + 1]) if (this.rows[n]) this.dressOne(n);
    // Tab stops at one message only: the newest, until somebody moved to another one.
    if (!this.list.contains(this.stop)) this.moved = false;
    if (!this.moved && this.rows.length) this.setStop(this.rows.at(-1).node);
  }

  dressOne(n) {
    const [before, own, after] = [this.rows[n - 1], this.rows[n], this.rows[n + 1]];
    own.node.classList.toggle("first", !this.together(before, own));
    own.node.classList.toggle("last", !this.together(own, after));
    const ms = own.message.date * 1000;
    const newDay = !before || dayKey(before.message.date * 1000) !== dayKey(ms);
    own.node.querySelector(".day")?.remove();
    if (newDay)
      own.node.prepend(el("div", { class: "day" }, el("span", {}, dayLabel(ms, this.now()))));
  }

  together(one, other) {
    if (!one || !other) return false;
    const [a, b] = [one.message, other.message];
    return (
      Boolean(a.outgoing) === Boolean(b.outgoing) &&
      b.date - a.date < GROUP_GAP_S &&
      !a.reply_markup?.inline_keyboard &&
      dayKey(a.date * 1000) === dayKey(b.date * 1000)
    );
  }

  /** "Today" turns into "Yesterday" when the clock passes midnight or is skipped on. */
  tick() {
    if (dayKey(this.now()) === this.today) return;
    this.today = dayKey(this.now());
    this.rows.forEach((_, n) => this.dressOne(n));
  }

  scrolled() {
    if (!this.view.clientHeight) return; // not on the page just now
    const { scrollTop, scrollHeight, clientHeight } = this.view;
    // Growing content leaves the end too, and shrinking content moves up by itself. Only going up in
    // content that stayed as it was means that somebody wants to read there.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.stick = true;
    else if (scrollTop < this.place && scrollHeight === this.height) this.stick = false;
    this.place = scrollTop;
    this.height = scrollHeight;
    this.drawDown();
  }

  toEnd() {
    this.stick = true;
    this.view.scrollTop = this.view.scrollHeight;
    this.drawDown();
  }

  /** Taking a node off the page loses its scroll position; this brings it back. */
  shown() {
    if (this.stick) this.toEnd();
    else this.view.scrollTop = this.place;
  }

  drawDown() {
    if (this.stick) this.missed = 0;
    this.down.hidden = this.stick;
    this.count.hidden = this.missed === 0;
    this.count.textContent = String(this.missed);
  }

  jumpTo(id) {
    const entry = this.rows[this.indexOf(id)];
    if (!entry) return false;
    this.makeCurrent(entry.node);
    entry.node.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    entry.node.classList.remove("flash");
    requestAnimationFrame(() => entry.node.classList.add("flash"));
    return true;
  }

  makeCurrent(node) {
    this.moved = true;
    this.setStop(node);
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  }

  setStop(node) {
    if (this.stop) this.stop.tabIndex = -1;
    node.tabIndex = 0;
    this.stop = node;
  }

  key(event) {
    const index = this.rows.findIndex((entry) => entry.node === event.target);
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: this.rows.length - 1 };
    if (event.key in steps) {
      const next = this.rows[steps[event.key]];
      if (next) this.makeCurrent(next.node);
    } else if (event.key === "r" || event.key === "R") {
      this.actions.reply(this.rows[index].message);
    } else if (event.key === "Enter") {
      this.actions.messageMenu(
        this.rows[index].message,
        event.target.querySelector(".bubble").getBoundingClientRect(),
      );
    } else return;
    event.preventDefault();
  }

  menu(event) {
    const node = event.target.closest(".row");
    if (!node || event.target.closest("a, input, video") || !getSelection().isCollapsed) return;
    event.preventDefault();
    this.actions.messageMenu(
      this.at(node).message,
      new DOMRect(event.clientX, event.clientY, 0, 0),
    );
  }

  doubleClick(event) {
    const node = event.target.closest(".row");
    if (!node || event.target.closest("button, a, input, .text")) return;
    this.actions.reply(this.at(node).message);
  }
}
