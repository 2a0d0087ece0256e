// The shape of a voice message. Bots are not told it, so it is measured from the sound itself.

const BARS = 44;
const MEASURED_HZ = 8_000; // plenty for a picture, and a tenth of the memory of 48 kHz
const MOST_BYTES = 6_000_000; // longer recordings get an even line

const shapes = new Map();

function loudest(samples, from, to) {
  let peak = 0;
  for (let n = from; n < to; n += 4) peak = Math.max(peak, Math.abs(samples[n]));
  return peak;
}

/** Decodes sound of any kind that the browser plays. Throws when it does not. */
export function decode(bytes) {
  return new OfflineAudioContext(1, 1, MEASURED_HZ).decodeAudioData(bytes);
}

async function measure(url) {
  const response = await fetch(url);
  if (!response.ok || Number(response.headers.get("Content-Length")) > MOST_BYTES) return null;
  const samples = (await decode(await response.arrayBuffer())).getChannelData(0);
  const step = samples.length / BARS;
  const peaks = Array.from({ length: BARS }, (_, n) =>
    loudest(samples, Math.floor(n * step), Math.floor((n + 1) * step)),
  );
  const top = Math.max(0.02, ...peaks);
  return peaks.map((peak) => Math.sqrt(peak / top)); // the ear hears the root, so quiet parts stay visible
}

/** BARS heights from 0 to 1, or null when the sound cannot be read. */
export function shapeOf(url) {
  if (!shapes.has(url))
    shapes.set(
      url,
      measure(url).catch(() => null),
    );
  return shapes.get(url);
}

/** An SVG path of BARS upright strokes in a 176 by 28 box. */
export function pathOf(heights) {
  const bars = heights ?? new Array(BARS).fill(0.12);
  return bars
    .map((height, n) => {
      const half = 1.2 + height * 11.5;
      return `M${2 + n * 4} ${(14 - half).toFixed(1)}v${(half * 2).toFixed(1)}`;
    })
    .join("");
}
