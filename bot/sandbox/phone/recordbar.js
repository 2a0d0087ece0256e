// The row that takes the text field's place while a voice message or a round video is recorded.

import { button, el, icon } from "./dom.js";
import { duration } from "./times.js";

const ROUND_LIMIT_S = 60; // Telegram's own limit for round videos
const TOO_SHORT_S = 0.5;
const CANCEL_PX = 90;
const TAP_MS = 350;
const LEVELS = 28;

function meter() {
  const bars = Array.from({ length: LEVELS }, () => el("i"));
  const heights = new Array(LEVELS).fill(0);
  const node = el("div", { class: "levels", "aria-hidden": "true" }, ...bars);
  const add = (level) => {
    heights.push(level);
    heights.shift();
    bars.forEach((bar, n) => bar.style.setProperty("--level", heights[n].toFixed(2)));
  };
  return { node, add };
}

export class RecordBar {
  /** on.done(media), on.cancelled(), on.tooShort(). */
  constructor(recording, on) {
    Object.assign(this, { recording, on, over: false });
    this.time = el(
      "span",
      { class: "record-time", role: "timer", "data-testid": "rec-time" },
      "0:00",
    );
    this.levels = meter();
    this.hint = el("span", { class: "record-hint" });
    this.send = button(
      {
        class: "round-button send",
        "aria-label": "Stop and send the recording",
        "data-testid": "rec-send",
        onclick: () => this.finish(),
      },
      icon("send"),
    );
    this.node = el(
      "div",
      {
        class: "record-bar",
        role: "group",
        "aria-label": "Recording",
        onkeydown: (event) => event.key === "Escape" && this.cancel(),
      },
      button(
        {
          class: "icon-button danger",
          "aria-label": "Throw the recording away",
          "data-testid": "rec-cancel",
          onclick: () => this.cancel(),
        },
        icon("bin"),
      ),
      el("span", { class: "record-dot", "aria-hidden": "true" }),
      this.time,
      this.levels.node,
      this.hint,
      this.send,
    );
    this.preview = recording.kind === "video_note" ? this.mirror() : null;
    this.ticker = setInterval(() => this.tick(), 90);
  }

  mirror() {
    const film = el("video", {
      class: "mirror",
      autoplay: true,
      muted: true,
      playsInline: true,
      "aria-label": "Your camera",
    });
    film.srcObject = this.recording.stream;
    return el("div", { class: "mirror-box" }, film);
  }

  /** After this the finger or the mouse button is down: letting go sends, sliding left throws away. */
  hold(down) {
    this.hint.textContent = "Let go to send · slide left to cancel";
    this.node.classList.add("holding");
    const move = (event) => {
      const dx = Math.min(0, event.clientX - down.x);
      this.node.style.setProperty("--slide", `${dx / 3}px`);
      if (dx < -CANCEL_PX) this.cancel();
    };
    const up = () => {
      this.letGo();
      if (performance.now() - down.at < TAP_MS) this.lock();
      else this.finish();
    };
    const lost = () => {
      this.letGo();
      this.lock(); // the system took the finger away: better to keep recording than to lose a take
    };
    const events = { pointermove: move, pointerup: up, pointercancel: lost };
    for (const [name, act] of Object.entries(events)) addEventListener(name, act);
    this.letGo = () => {
      for (const [name, act] of Object.entries(events)) removeEventListener(name, act);
      this.node.style.removeProperty("--slide");
    };
  }

  letGo() {}

  /** Recording goes on by itself until the send button is pressed. */
  lock() {
    this.node.classList.remove("holding");
    this.hint.textContent = "";
    this.send.focus();
  }

  tick() {
    this.time.textContent = duration(this.recording.seconds);
    this.levels.add(this.recording.level());
    if (this.preview)
      this.preview.style.setProperty(
        "--played",
        Math.min(1, this.recording.seconds / ROUND_LIMIT_S),
      );
    if (this.preview && this.recording.seconds >= ROUND_LIMIT_S) this.finish();
  }

  close() {
    this.over = true;
    this.letGo();
    clearInterval(this.ticker);
    this.node.remove();
    this.preview?.remove();
  }

  cancel() {
    if (this.over) return;
    this.close();
    this.recording.cancel();
    this.on.cancelled();
  }

  async finish() {
    if (this.over) return;
    const short = this.recording.seconds < TOO_SHORT_S;
    this.close();
    if (short) {
      this.recording.cancel();
      this.on.tooShort();
    } else this.on.done(await this.recording.stop());
  }
}
