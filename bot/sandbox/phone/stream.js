// One live line per person to the sandbox's events, taken up again by itself whenever it drops.
//
// A browser opens at most six connections to one address, over all its tabs, and a live line keeps one
// for good. So only four lines are live at a time, counted over all tabs with Web Locks; a person
// without a live line is asked after every two seconds instead, and gets a line when one comes free.

import { eventsUrl } from "./api.js";

const LIVE_LINES = 4;
const POLL_MS = 2_000;
const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 8_000;
const SLOT_HANDOVER_MS = 50; // the browser frees a lock a moment after it was given back

const lines = new Set();
const localSlots = new Set(); // where Web Locks are missing (a page not on localhost): this tab alone

function lock(name) {
  return new Promise((settle) => {
    navigator.locks.request(name, { ifAvailable: true }, (held) => {
      if (!held) return settle(null);
      return new Promise((release) => settle(release));
    });
  });
}

function localLock(name) {
  if (localSlots.has(name)) return null;
  localSlots.add(name);
  return () => localSlots.delete(name);
}

/** A function that gives the slot back, or null when all are taken. */
async function takeSlot() {
  for (let n = 0; n < LIVE_LINES; n += 1) {
    const release = await (navigator.locks
      ? lock(`phone-line-${n}`)
      : localLock(`phone-line-${n}`));
    if (release) return release;
  }
  return null;
}

export class Line {
  /**
   * on.open() → promise: the line is up, load the chat; on.event(event); on.poll() → promise: ask for
   * the chat instead; on.status("live" | "reconnecting" | "offline").
   */
  constructor(person, on) {
    Object.assign(this, { person, on, failures: 0, wanted: false });
    lines.add(this);
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => document.hidden || this.retryNow());
    this.connect();
  }

  /** Somebody looks at this person: they get a live line before those nobody looks at. */
  async want(wanted) {
    this.wanted = wanted;
    if (!wanted || this.release) return;
    const other = [...lines].find((line) => line.release && !line.wanted);
    if (!other) return;
    other.yieldSlot();
    await new Promise((pass) => setTimeout(pass, SLOT_HANDOVER_MS));
    this.retryNow();
  }

  yieldSlot() {
    this.source?.close();
    this.source = null;
    this.release();
    this.release = null;
    this.later(POLL_MS);
  }

  async connect() {
    if (this.connecting || this.source) return;
    this.connecting = true;
    try {
      this.release ??= await takeSlot();
      if (this.release) this.listen();
      else await this.poll();
    } finally {
      this.connecting = false;
    }
  }

  listen() {
    const source = new EventSource(eventsUrl(this.person));
    this.source = source;
    source.onopen = async () => {
      try {
        await this.on.open();
        this.failures = 0;
        this.on.status("live");
      } catch {
        this.lost(source);
      }
    };
    source.onmessage = ({ data }) => this.on.event(JSON.parse(data));
    source.onerror = () => this.lost(source);
  }

  async poll() {
    try {
      await this.on.poll();
      this.failures = 0;
      this.on.status("live");
      this.later(POLL_MS);
    } catch {
      this.fail();
    }
  }

  lost(source) {
    if (source !== this.source) return; // an error of a line already replaced
    source.close();
    this.source = null;
    this.fail();
  }

  fail() {
    this.failures += 1;
    this.on.status(this.failures > 3 ? "offline" : "reconnecting");
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.later(wait * (0.7 + 0.3 * Math.random())); // spread, so that all lines do not knock at once
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), ms);
  }

  retryNow() {
    if (this.source) return;
    clearTimeout(this.timer);
    this.connect();
  }
}
