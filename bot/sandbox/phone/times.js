// Moments in words, in the browser's own zone and habits; the moments themselves come from the sandbox.

const format = (options) => new Intl.DateTimeFormat(undefined, options);
const hourMinute = format({ hour: "numeric", minute: "2-digit" });
const dayShort = format({ day: "numeric", month: "short" });
const weekday = format({ weekday: "short" });
const dayMonth = format({ weekday: "long", day: "numeric", month: "long" });
const dayMonthYear = format({ day: "numeric", month: "long", year: "numeric" });
const full = format({ dateStyle: "full", timeStyle: "medium" });
const DAY_MS = 86_400_000;

export const timeOf = (ms) => hourMinute.format(ms);
/** As on a lock screen: no "AM" or "PM". */
export const bareTimeOf = (ms) =>
  hourMinute
    .formatToParts(ms)
    .filter(({ type }) => type !== "dayPeriod")
    .map(({ value }) => value)
    .join("")
    .trim();
export const weekdayOf = (ms) => weekday.format(ms);
export const shortDayOf = (ms) => dayShort.format(ms);
export const dayOf = (ms) => dayMonth.format(ms);
export const fullMoment = (ms) => full.format(ms);

const midnight = (ms) => new Date(ms).setHours(0, 0, 0, 0);

/** Equal for two moments of one local day. */
export const dayKey = midnight;

export function dayLabel(ms, now) {
  // Rounded, because a day with a clock change has 23 or 25 hours.
  const daysAgo = Math.round((midnight(now) - midnight(ms)) / DAY_MS);
  if (daysAgo === 0) return "Today";
  if (daysAgo === 1) return "Yesterday";
  return Math.abs(daysAgo) < 180 ? dayMonth.format(ms) : dayMonthYear.format(ms);
}

export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** "2 h 14 min", "3 d 4 h", "under a minute". */
export function span(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${Math.floor(hours / 24)} d`;
}

function relative(ms, now) {
  const units = [
    ["day", DAY_MS],
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1000],
  ];
  const distance = ms - now;
  const [unit, size] = units.find(([, length]) => Math.abs(distance) >= length) ?? units[3];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(
    Math.round(distance / size),
    unit,
  );
}

/**
 * A date_time entity as Telegram shows it: pattern is "r" or w?[dD]?[tT]?; null means that the
 * message's own words stay.
 */
export function entityMoment(ms, pattern, now) {
  if (pattern === "r") return relative(ms, now);
  const parts = [];
  if (pattern.includes("w")) parts.push(format({ weekday: "long" }).format(ms));
  if (pattern.includes("d")) parts.push(format({ dateStyle: "short" }).format(ms));
  if (pattern.includes("D")) parts.push(format({ dateStyle: "long" }).format(ms));
  if (pattern.includes("t")) parts.push(format({ timeStyle: "short" }).format(ms));
  if (pattern.includes("T")) parts.push(format({ timeStyle: "medium" }).format(ms));
  return parts.length ? parts.join(", ") : null;
}

export function fileSize(bytes) {
  if (!bytes) return "";
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(3, Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${(bytes / 1024 ** step).toFixed(step && bytes / 1024 ** step < 10 ? 1 : 0)} ${units[step]}`;
}
