// From a chosen, dropped or pasted file to something that can be sent.

import { sheet } from "./dialogs.js";
import { el } from "./dom.js";
import { fileSize } from "./times.js";
import { decode } from "./waveform.js";

const SOUND = /\.(oga|ogg|opus|m4a|mp3|wav|aac|flac|weba)$/i;
const FILM = /\.(mp4|mov|m4v|webm|mkv)$/i;
const PHOTO = /^image\/(jpeg|png|webp)$/;
const SLOW_MS = 4_000;

function family(file) {
  if (file.type.startsWith("audio/") || SOUND.test(file.name)) return "sound";
  if (file.type.startsWith("video/") || FILM.test(file.name)) return "film";
  return PHOTO.test(file.type) ? "photo" : "file";
}

function headerLength(file, tag) {
  const url = URL.createObjectURL(file);
  const media = document.createElement(tag);
  return new Promise((settle) => {
    media.onloadedmetadata = () => settle(media.duration);
    media.onerror = () => settle(NaN);
    setTimeout(() => settle(NaN), SLOW_MS);
    media.preload = "metadata";
    media.src = url;
  }).finally(() => URL.revokeObjectURL(url));
}

/** Whole seconds, at least 1; 0 when the browser cannot tell. */
async function lengthOf(file, tag) {
  let seconds = await headerLength(file, tag);
  if (!Number.isFinite(seconds)) {
    // Recordings made in a browser often have no length in their header; decoding finds it.
    seconds = await file
      .arrayBuffer()
      .then(decode)
      .then(
        (sound) => sound.duration,
        () => 0,
      );
  }
  return seconds ? Math.max(1, Math.round(seconds)) : 0;
}

const CHOICES = {
  sound: [
    { label: "Voice message", value: "voice", icon: "mic", style: "primary", testid: "as-voice" },
    { label: "File", value: "document", icon: "file", testid: "as-file" },
  ],
  film: [
    {
      label: "Round video",
      value: "video_note",
      icon: "camera",
      style: "primary",
      testid: "as-round",
    },
    { label: "Video", value: "video", icon: "play", testid: "as-video" },
    { label: "File", value: "document", icon: "file", testid: "as-file" },
  ],
};

/** Asks how to send a file, unless that is clear; null when the person thought better of it. */
export async function toMedia(file, prefer) {
  const kin = family(file);
  const plain = {
    kind: kin === "photo" ? "photo" : "document",
    blob: file,
    seconds: 0,
    name: file.name,
  };
  if (!CHOICES[kin]) return plain;
  const fits = CHOICES[kin].some((choice) => choice.value === prefer);
  const kind = fits
    ? prefer
    : await sheet({
        title: "Send it as",
        choices: CHOICES[kin],
        testid: "send-as",
        body: [el("p", { class: "faint file-line" }, `${file.name} · ${fileSize(file.size)}`)],
      });
  if (!kind) return null;
  if (kind === "document") return plain;
  const seconds = await lengthOf(file, kin === "sound" ? "audio" : "video");
  return { kind, blob: file, seconds, name: file.name };
}

const WHY = {
  refused: "The browser was told not to use it. You can allow it again in the address bar.",
  absent: "None was found, or another program holds it.",
  unsupported: "This browser cannot record on this page.",
};

/** After a refusal: what else can be done. Resolves with "file", "type" or null. */
export function instead(kind, reason) {
  const voice = kind === "voice";
  return sheet({
    title: voice ? "No microphone just now" : "No camera just now",
    testid: "no-recording",
    body: [
      el("p", {}, WHY[reason] ?? WHY.unsupported),
      el("p", { class: "faint" }, "Your answer counts just the same if you:"),
    ],
    choices: [
      {
        label: voice ? "Send an audio file" : "Send a video file",
        value: "file",
        icon: "clip",
        style: "primary",
        testid: "instead-file",
      },
      { label: "Type instead", value: "type", icon: "keyboard", testid: "instead-type" },
    ],
  });
}
