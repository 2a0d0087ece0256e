// The page's side of the sandbox's HTTP API. Every failure becomes a Refusal with a sentence for people.

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status; // 0: the sandbox did not answer at all
  }
}

async function ask(method, path, { json, bytes, type } = {}) {
  const headers = json === undefined ? {} : { "Content-Type": "application/json" };
  if (type) headers["Content-Type"] = type;
  const body = json === undefined ? bytes : JSON.stringify(json);
  let response;
  try {
    response = await fetch(path, { method, headers, body, cache: "no-store" });
  } catch {
    throw new Refusal(0, "The sandbox does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    throw new Refusal(response.status, answer?.error ?? `The sandbox answered ${response.status}.`);
  }
  return answer;
}

export const people = () => ask("GET", "/phone/people");
export const addPerson = (person) => ask("POST", "/phone/people", { json: person });
export const chat = (person) => ask("GET", `/phone/chat/${person}`);
export const block = (person, blocked) =>
  ask("POST", `/phone/chat/${person}/block`, { json: { blocked } });
export const press = (person, messageId, data) =>
  ask("POST", `/phone/chat/${person}/press`, { json: { message_id: messageId, data } });

export function sendText(person, text, replyTo) {
  const json = replyTo ? { text, reply_to: replyTo } : { text };
  return ask("POST", `/phone/chat/${person}/text`, { json });
}

/** media: {kind, blob, seconds, name} — kind is voice, video_note, video, photo or document. */
export function sendMedia(person, { kind, blob, seconds, name }, replyTo) {
  const query = new URLSearchParams({ kind });
  if (seconds) query.set("duration", String(seconds));
  if (replyTo) query.set("reply_to", String(replyTo));
  if (name) query.set("file_name", name);
  const type = (blob.type || "application/octet-stream").split(";")[0];
  return ask("POST", `/phone/chat/${person}/media?${query}`, { bytes: blob, type });
}

export const clock = () => ask("GET", "/phone/clock");
export const skip = (minutes) => ask("POST", "/phone/clock/skip", { json: { minutes } });
export const skipToNext = (person) => ask("POST", "/phone/clock/next", { json: { person } });

export const fileUrl = (fileId) => `/phone/file/${encodeURIComponent(fileId)}`;
export const eventsUrl = (person) => `/phone/events/${person}`;
