// A message effect: a short burst of confetti, or of the effect's own emoji, over one phone.

import { calm, el } from "./dom.js";

const PAPER = "🎉"; // this effect is cut paper; every other one is its own emoji
const COLOURS = ["#0f8a8f", "#ff9d76", "#e9c46a", "#d8432b", "#7cc6a4", "#5b7fd1"];
const LASTS_MS = 2200;
const PIECES = 90;
const GRAVITY = 0.00085; // pixels per ms²

function piece(width, height) {
  const left = Math.random() < 0.5;
  return {
    x: left ? 0 : width,
    y: height * 0.72,
    turn: Math.random() * 6,
    spin: (Math.random() - 0.5) * 0.02,
    vx: (left ? 1 : -1) * width * (0.0002 + Math.random() * 0.0011),
    vy: -height * (0.0007 + Math.random() * 0.0008),
    size: 5 + Math.random() * 6,
    colour: COLOURS[Math.floor(Math.random() * COLOURS.length)],
  };
}

function draw(brush, one, age, emoji) {
  brush.save();
  brush.translate(one.x + one.vx * age, one.y + one.vy * age + (GRAVITY * age * age) / 2);
  brush.rotate(one.turn + one.spin * age);
  brush.globalAlpha = Math.max(0, 1 - (age / LASTS_MS) ** 3);
  brush.fillStyle = one.colour;
  if (emoji) brush.fillText(emoji, 0, 0);
  else brush.fillRect(-one.size / 2, -one.size / 4, one.size, one.size / 2);
  brush.restore();
}

/** over: the node that the burst covers; effect: its emoji. Still for those who asked for less motion. */
export function celebrate(over, effect) {
  if (calm()) return;
  const { clientWidth: width, clientHeight: height } = over;
  const sharp = Math.min(2, devicePixelRatio);
  const canvas = el("canvas", {
    class: "confetti",
    width: width * sharp,
    height: height * sharp,
    "aria-hidden": "true",
  });
  const brush = canvas.getContext("2d");
  brush.scale(sharp, sharp);
  brush.font = "22px system-ui";
  const emoji = effect === PAPER || /^\d/.test(effect) ? null : effect;
  const pieces = Array.from({ length: emoji ? PIECES / 3 : PIECES }, () => piece(width, height));
  over.append(canvas);
  let began = null;
  const frame = (time) => {
    began ??= time;
    const age = time - began;
    brush.clearRect(0, 0, width, height);
    pieces.forEach((one) => draw(brush, one, age, emoji));
    if (age < LASTS_MS && canvas.isConnected) requestAnimationFrame(frame);
    else canvas.remove();
  };
  requestAnimationFrame(frame);
}
