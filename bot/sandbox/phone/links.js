// Where a link in a message leads. Links to the bot itself are opened on a phone of this page, because
// the bot here is not the one that t.me knows.

import { sheet } from "./dialogs.js";
import { el } from "./dom.js";
import { safeUrl } from "./entities.js";

const HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);
const PAYLOAD = /^[\w-]{1,64}$/;

/** The payload of a link that starts this bot: "" when it has none, null when it is another link. */
export function startOf(href, username) {
  const url = new URL(href);
  const name = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.slice(1);
  const ours =
    (url.protocol === "tg:" || HOSTS.has(url.hostname)) &&
    name?.toLowerCase() === username?.toLowerCase();
  const payload = url.searchParams.get("start") ?? "";
  return ours && (payload === "" || PAYLOAD.test(payload)) ? payload : null;
}

function shared(href) {
  const url = new URL(href);
  const share = HOSTS.has(url.hostname) && url.pathname.startsWith("/share");
  return share ? safeUrl(url.searchParams.get("url") ?? "") : null;
}

async function onWhosePhone(people, href, actions) {
  const choices = people.map((person) => ({
    label: person.first_name,
    value: person.id,
    icon: "phone",
    testid: `open-for-${person.id}`,
  }));
  choices.push({ label: "Copy the link", value: "copy", icon: "copy", testid: "open-copy" });
  const chosen = await sheet({
    title: "Open on whose phone?",
    testid: "open-link",
    choices,
    body: [el("p", { class: "faint file-line" }, href)],
  });
  if (chosen === "copy") actions.copy(href);
  return typeof chosen === "number" ? chosen : null;
}

/** desk: {people(), start(personId, payload)}. */
export async function follow(url, { actions, bot, desk }) {
  const href = safeUrl(url);
  if (!href) return actions.toast("This link cannot be opened.");
  const target = shared(href) ?? href;
  const payload = startOf(target, bot.username);
  if (payload !== null) {
    const person = await onWhosePhone(desk.people(), target, actions);
    return person === null ? undefined : desk.start(person, payload);
  }
  if (target !== href) return actions.copy(target); // a share sheet: here there is nobody else to share with
  if (href.startsWith("tg:")) return actions.toast("This link opens in Telegram itself.");
  return window.open(href, "_blank", "noopener,noreferrer");
}
