// One message as one row of the chat.

import { button, el, icon } from "./dom.js";
import { richText } from "./entities.js";
import { inlineKeyboard } from "./keyboard.js";
import { discreet, mediaOf } from "./media.js";
import { fullMoment, timeOf } from "./times.js";

const READ_ALOUD = 500; // letters of a message that are its name for a screen reader
const ONLY_EMOJI =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\p{Regional_Indicator}){1,12}$/u;

function quote(message, actions) {
  const original = message.reply_to_message;
  if (!original) return null;
  const who =
    original.outgoing || !original.from?.is_bot
      ? actions.person.first_name
      : original.from.first_name;
  const words = message.quote?.text ?? discreet(original);
  return button(
    {
      class: "quote",
      "aria-label": `In reply to ${who}: ${words.slice(0, 80)}. Go to it`,
      onclick: () => actions.jumpTo(original.message_id),
    },
    el("span", { class: "quote-who" }, who),
    el("span", { class: "quote-words" }, words),
  );
}

function meta(message) {
  const ms = message.date * 1000;
  return el(
    "span",
    { class: "meta" },
    message.edit_date && el("span", { class: "edited" }, "edited"),
    el(
      "time",
      {
        datetime: new Date(ms).toISOString(),
        title: `${fullMoment(ms)}${message.silent ? ", without a sound" : ""}`,
      },
      timeOf(ms),
    ),
    message.outgoing && icon("check"),
  );
}

function reactions(message, tail) {
  const chips = message.reactions.map((emoji) => el("span", { class: "reaction" }, emoji));
  const group = el(
    "span",
    { class: "chips", role: "img", "aria-label": `Reaction: ${message.reactions.join(" ")}` },
    ...chips,
  );
  return el("div", { class: "reactions" }, group, tail);
}

function words(message, actions) {
  const text = message.text ?? message.caption;
  if (text === undefined) return null;
  const entities = message.entities ?? message.caption_entities;
  const large = ONLY_EMOJI.test(text) && !message.caption;
  return el(
    "div",
    { class: large ? "text large" : "text", dir: "auto" },
    richText(text, entities, actions),
  );
}

function unknown(message) {
  const told = message.text !== undefined || message.caption !== undefined;
  return told
    ? null
    : el("div", { class: "text faint" }, "A kind of message this phone cannot show.");
}

function inside(message, actions) {
  const media = mediaOf(message);
  const text = words(message, actions);
  const captioned = media && text ? "captioned" : "";
  const shape = `bubble ${media?.shape ?? ""} ${captioned}`.trim();
  const tail = meta(message);
  const last = message.reactions?.length ? reactions(message, tail) : tail;
  // The time floats inside the last line of the text when nothing comes between.
  if (text && last === tail) text.append(tail);
  return el(
    "div",
    { class: shape },
    quote(message, actions),
    media?.node ?? unknown(message),
    text,
    last.parentNode ? null : last,
  );
}

/** A list item; Thread adds the day above it and its place in a group. */
export function row(message, actions) {
  const side = message.outgoing ? "out" : "in";
  const who = message.outgoing ? actions.person.first_name : actions.bot().first_name;
  const keys = inlineKeyboard(message, actions);
  return el(
    "li",
    {
      class: `row ${side}${keys ? " with-keys" : ""}`,
      "data-testid": "message",
      "data-message-id": String(message.message_id),
      tabindex: "-1",
      "aria-label": `${who}, ${timeOf(message.date * 1000)}: ${discreet(message).slice(0, READ_ALOUD)}`,
    },
    // For mouse and finger; by keyboard the row itself answers to R.
    button(
      {
        class: "swipe-mark",
        tabindex: "-1",
        "aria-hidden": "true",
        title: "Reply",
        onclick: () => actions.reply(message),
      },
      icon("reply"),
    ),
    el("div", { class: "stack" }, inside(message, actions), keys),
  );
}
