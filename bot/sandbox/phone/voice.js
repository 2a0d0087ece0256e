// A voice message: play, a waveform that fills as it plays, and a slider over it to move about.

import { fileUrl } from "./api.js";
import { button, el, icon, svg } from "./dom.js";
import { duration } from "./times.js";
import { pathOf, shapeOf } from "./waveform.js";

let playing = null; // one thing plays at a time, on all phones

/** Pauses whatever else plays. Everything that plays sound calls this first. */
export function takeTheFloor(media) {
  if (playing && playing !== media) playing.pause();
  playing = media;
}

function waveform() {
  const path = () => svg("path", { d: pathOf(null) });
  const layer = (name, stroke) =>
    svg(
      "svg",
      { class: name, viewBox: "0 0 178 28", preserveAspectRatio: "none", "aria-hidden": "true" },
      stroke,
    );
  const [rest, played] = [path(), path()];
  const node = el("div", { class: "wave" }, layer("wave-rest", rest), layer("wave-played", played));
  return {
    node,
    draw: (heights) => [rest, played].forEach((one) => one.setAttribute("d", pathOf(heights))),
  };
}

/** Reading the sound can wait until the message is on the screen. */
function whenSeen(node, act) {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    act();
  }).observe(node);
}

/** file: Telegram's Voice or Audio. */
export function voice(file, label) {
  const url = fileUrl(file.file_id);
  const audio = new Audio();
  audio.preload = "none";
  audio.src = url;
  // A recording made in a browser names no length in its file; the message does.
  const length = () => (Number.isFinite(audio.duration) ? audio.duration : file.duration) || 1;
  const wave = waveform();
  const slider = el("input", {
    type: "range",
    min: "0",
    max: "1000",
    value: "0",
    "aria-label": `${label}: position`,
  });
  const time = el("span", { class: "voice-time" }, duration(file.duration));
  const play = button(
    { class: "play", "aria-label": `Play ${label}` },
    icon("play"),
    icon("pause"),
  );
  const node = el(
    "div",
    { class: "voice" },
    play,
    el("div", { class: "voice-body" }, el("div", { class: "wave-box" }, wave.node, slider), time),
  );

  const draw = () => {
    const part = Math.min(1, audio.currentTime / length());
    wave.node.style.setProperty("--played", part);
    slider.value = String(Math.round(part * 1000));
    slider.setAttribute(
      "aria-valuetext",
      `${duration(audio.currentTime)} of ${duration(file.duration)}`,
    );
    time.textContent = duration(
      audio.currentTime || !audio.paused ? audio.currentTime : file.duration,
    );
  };
  const follow = () => {
    draw();
    if (!audio.paused) requestAnimationFrame(follow);
  };
  const state = (on) => () => {
    node.classList.toggle("playing", on);
    play.setAttribute("aria-label", `${on ? "Pause" : "Play"} ${label}`);
    follow();
  };
  play.addEventListener("click", () => {
    if (!audio.paused) return audio.pause();
    takeTheFloor(audio);
    return audio.play().catch(() => {
      time.textContent = "This browser cannot play it";
    });
  });
  slider.addEventListener("input", () => {
    audio.currentTime = (slider.value / 1000) * length();
    draw();
  });
  audio.addEventListener("play", state(true));
  audio.addEventListener("pause", state(false));
  audio.addEventListener("ended", () => {
    audio.currentTime = 0;
    draw();
  });
  whenSeen(node, async () => wave.draw(await shapeOf(url)));
  return node;
}
