// The rows of buttons under a bubble, and the bot's own keyboard under the text field.

import { button, el, icon } from "./dom.js";

const STYLES = new Set(["primary", "success", "danger"]);

function kindOf(spec) {
  if (spec.callback_data !== undefined) return "press";
  if (spec.url) return "link";
  if (spec.copy_text) return "copy";
  return "elsewhere"; // web apps, payments, inline queries: things only Telegram itself can do
}

const MARKS = { link: "out", copy: "copy", elsewhere: "out" };

async function press(node, message, spec, actions) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  const done = () => node.setAttribute("aria-busy", "false");
  try {
    await actions.press(message, spec.callback_data, done);
  } catch (error) {
    actions.toast(error.message);
  }
}

function act(node, message, spec, actions) {
  switch (kindOf(spec)) {
    case "press":
      return press(node, message, spec, actions);
    case "link":
      return actions.openLink(spec.url);
    case "copy":
      return actions.copy(spec.copy_text.text);
    default:
      return actions.toast("This button only works in Telegram itself.");
  }
}

function inlineButton(message, spec, actions) {
  const mark = MARKS[kindOf(spec)];
  const style = STYLES.has(spec.style) ? spec.style : "plain";
  const node = button(
    {
      class: `key ${style}`,
      "data-testid": "button",
      onclick: () => act(node, message, spec, actions),
    },
    el("span", { class: "label" }, spec.text),
    mark && icon(mark),
  );
  return node;
}

/** null when the message has no inline keyboard. */
export function inlineKeyboard(message, actions) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  const keys = rows.map((row) =>
    el("div", { class: "keys" }, ...row.map((spec) => inlineButton(message, spec, actions))),
  );
  return el(
    "div",
    { class: "keyboard", role: "group", "aria-label": "Answers to this message" },
    ...keys,
  );
}

function replyKey(spec, actions) {
  const { text, ...asks } = typeof spec === "string" ? { text: spec } : spec;
  const special = Object.keys(asks).some((name) => name.startsWith("request_"));
  const act = special
    ? () => actions.toast("The rehearsal phone cannot share this. Please type it instead.")
    : () => actions.say(text);
  return button(
    { class: "key plain", "data-testid": "reply-button", onclick: act },
    el("span", { class: "label" }, text),
  );
}

/** markup: what Chat.replyMarkup() found, or null. */
export function replyKeyboard(markup, actions) {
  if (!markup?.keyboard) return null;
  const keys = markup.keyboard.map((row) =>
    el("div", { class: "keys" }, ...row.map((spec) => replyKey(spec, actions))),
  );
  return el(
    "div",
    { class: "reply-keyboard", role: "group", "aria-label": "The bot’s keyboard" },
    ...keys,
  );
}
