// The soft sound of a loud message, made on the spot: two struck notes, no file to fetch.

const KEY = "phone-muted";
const NOTES = [
  [659.25, 0],
  [987.77, 0.13],
]; // E5, B5 and when each begins, in seconds

let context = null;
let muted = localStorage.getItem(KEY) === "yes";

// Browsers let a page sound only after somebody has touched it.
function wake() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}
for (const event of ["pointerdown", "keydown"]) addEventListener(event, wake, { passive: true });

export const isMuted = () => muted;

export function mute(on) {
  muted = on;
  localStorage.setItem(KEY, on ? "yes" : "no");
}

function strike(frequency, at) {
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  tone.type = "sine";
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.14, at + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0005, at + 0.7);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.75);
}

/** Sounds unless muted; before the first touch of the page it stays still. */
export function chime() {
  if (muted || context?.state !== "running") return;
  NOTES.forEach(([frequency, after]) => strike(frequency, context.currentTime + after));
}
