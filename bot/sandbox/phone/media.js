// Pictures, videos, round videos and files in a bubble.

import { fileUrl } from "./api.js";
import { button, el, icon, svg } from "./dom.js";
import { lightbox } from "./dialogs.js";
import { duration, fileSize } from "./times.js";
import { takeTheFloor, voice } from "./voice.js";

function photo(sizes, caption) {
  const best = [...sizes].sort((a, b) => b.width - a.width)[0];
  const url = fileUrl(best.file_id);
  const alt = caption || "Photo";
  // Width and height reserve the room, so that the chat does not jump when the picture arrives.
  const image = el("img", {
    src: url,
    alt,
    width: String(best.width),
    height: String(best.height),
    loading: "lazy",
  });
  return button(
    { class: "photo", "aria-label": `Open picture: ${alt}`, onclick: () => lightbox(url, alt) },
    image,
  );
}

function video(file) {
  const node = el("video", {
    class: "video",
    src: fileUrl(file.file_id),
    controls: true,
    preload: "metadata",
    playsInline: true,
  });
  node.addEventListener("play", () => takeTheFloor(node));
  return node;
}

function ring() {
  const circle = svg("circle", { cx: "50", cy: "50", r: "48.5", pathLength: "1" });
  return svg("svg", { class: "ring", viewBox: "0 0 100 100", "aria-hidden": "true" }, circle);
}

function roundVideo(file) {
  const film = el("video", { src: fileUrl(file.file_id), preload: "metadata", playsInline: true });
  const progress = ring();
  const time = el("span", { class: "round-time" }, duration(file.duration));
  const node = button(
    { class: "round", "aria-label": "Play round video" },
    film,
    progress,
    el("span", { class: "round-play" }, icon("play")),
    time,
  );
  const length = () => (Number.isFinite(film.duration) ? film.duration : file.duration) || 1;
  const draw = () => {
    progress.style.setProperty("--played", Math.min(1, film.currentTime / length()));
    time.textContent = duration(film.paused ? file.duration : film.currentTime);
  };
  const state = () => {
    node.classList.toggle("playing", !film.paused);
    node.setAttribute("aria-label", film.paused ? "Play round video" : "Pause round video");
    draw();
  };
  node.addEventListener("click", () => {
    if (!film.paused) return film.pause();
    takeTheFloor(film);
    return film.play().catch(() => {
      time.textContent = "cannot play";
    });
  });
  for (const event of ["play", "pause", "ended"]) film.addEventListener(event, state);
  film.addEventListener("timeupdate", draw);
  return node;
}

function download(file) {
  const name = file.file_name || "file";
  return el(
    "a",
    { class: "document", href: fileUrl(file.file_id), download: name },
    el("span", { class: "document-mark" }, icon("file")),
    el(
      "span",
      { class: "document-words" },
      el("span", { class: "document-name" }, name),
      el(
        "span",
        { class: "document-size" },
        `${fileSize(file.file_size)} · save`.replace(/^ · /, ""),
      ),
    ),
  );
}

/** The media part of a message and the class its bubble needs, or null for a message of text. */
export function mediaOf(message) {
  if (message.voice) return { node: voice(message.voice, "voice message"), shape: "has-voice" };
  if (message.audio)
    return { node: voice(message.audio, message.audio.title || "sound file"), shape: "has-voice" };
  if (message.video_note) return { node: roundVideo(message.video_note), shape: "has-round" };
  if (message.photo) return { node: photo(message.photo, message.caption), shape: "has-picture" };
  if (message.video) return { node: video(message.video), shape: "has-picture" };
  if (message.document) return { node: download(message.document), shape: "has-document" };
  return null;
}

/** A few words for what cannot be shown as text: in quotes, notifications and for screen readers. */
export function summary(message) {
  const words = message.text ?? message.caption;
  const kinds = {
    voice: "🎤 Voice message",
    audio: "🎵 Sound",
    video_note: "📹 Round video",
    photo: "🖼 Photo",
    video: "📹 Video",
    document: `📎 ${message.document?.file_name ?? "File"}`,
  };
  const kind = Object.keys(kinds).find((name) => message[name]);
  if (!kind) return words ?? "A message this phone cannot show";
  return words ? `${kinds[kind]}: ${words}` : kinds[kind];
}

/** Words with the spoilers blotted out, for places that show text without its entities. */
export function discreet(message) {
  const entities = message.entities ?? message.caption_entities ?? [];
  const key = message.text === undefined ? "caption" : "text";
  if (message[key] === undefined) return summary(message);
  const blotted = entities
    .filter((entity) => entity.type === "spoiler")
    .reduce(
      (text, { offset, length }) =>
        text.slice(0, offset) + "▒".repeat(length) + text.slice(offset + length),
      message[key],
    );
  return summary({ ...message, [key]: blotted });
}
