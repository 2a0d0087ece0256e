// Telegram's entities as DOM nodes. Offsets count UTF-16 code units, which is what JavaScript strings
// are made of, so slices need no conversion.

import { button, el, icon } from "./dom.js";
import { entityMoment, fullMoment } from "./times.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** The address if it may be followed from a message, else null: only http, https and tg. */
export function safeUrl(url) {
  try {
    const parsed = new URL(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`);
    return ["http:", "https:", "tg:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

function spoiler(content) {
  // inert: what is hidden from the eye must not be reachable by Tab or read aloud either.
  const inner = el("span", { inert: true }, content);
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    for (const hidden of cover.closest(".text").querySelectorAll(".spoiler.hidden")) {
      hidden.classList.remove("hidden");
      hidden.firstChild.inert = false;
      for (const name of ["role", "tabindex", "aria-label"]) hidden.removeAttribute(name);
    }
  };
  const cover = el(
    "span",
    {
      class: "spoiler hidden",
      role: "button",
      tabindex: "0",
      "aria-label": "Hidden text: press to reveal",
      onclick: reveal,
      onkeydown: reveal,
    },
    inner,
  );
  return cover;
}

function expandable(content) {
  const body = el("div", { class: "quote-body clamped" }, content);
  const label = el("span", {}, "Show more");
  const toggle = button({ class: "quote-toggle", "aria-expanded": "false" }, label, icon("down"));
  toggle.addEventListener("click", () => {
    const open = !body.classList.toggle("clamped");
    toggle.setAttribute("aria-expanded", String(open));
    label.textContent = open ? "Show less" : "Show more";
  });
  const quote = el("blockquote", { class: "expandable" }, body, toggle);
  // A quote of three lines has nothing to expand; that is known only once it is laid out.
  new ResizeObserver((_, observer) => {
    if (!body.clientHeight) return;
    toggle.hidden = body.scrollHeight <= body.clientHeight + 2;
    observer.disconnect();
  }).observe(body);
  return quote;
}

function link(content, url, actions) {
  const href = safeUrl(url);
  if (!href) return el("span", {}, content);
  const open = (event) => {
    event.preventDefault();
    actions.openLink(href);
  };
  return el(
    "a",
    { href, target: "_blank", rel: "noopener noreferrer", title: href, onclick: open },
    content,
  );
}

function dateTime(content, entity, actions) {
  const ms = entity.unix_time * 1000;
  const shown = entityMoment(ms, entity.date_time_format ?? "", actions.now());
  return el(
    "time",
    { datetime: new Date(ms).toISOString(), title: fullMoment(ms) },
    shown ?? content,
  );
}

function wrap(entity, content, text, actions) {
  switch (entity.type) {
    case "spoiler":
      return spoiler(content);
    case "pre":
      return el("pre", { "data-language": entity.language }, el("code", {}, content));
    case "blockquote":
      return el("blockquote", {}, content);
    case "expandable_blockquote":
      return expandable(content);
    case "text_link":
      return link(content, entity.url, actions);
    case "url":
      return link(content, text, actions);
    case "email":
      return el("a", { href: `mailto:${text}` }, content);
    case "phone_number":
      return el("a", { href: `tel:${text.replace(/[^+\d]/g, "")}` }, content);
    case "bot_command":
      return button({ class: "command-link", onclick: () => actions.say(text) }, content);
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return el("span", { class: "mention" }, content);
    case "date_time":
      return dateTime(content, entity, actions);
    default:
      return TAGS[entity.type] ? el(TAGS[entity.type], {}, content) : content;
  }
}

function clip(entity, from, to) {
  return { ...entity, offset: from, length: to - from };
}

function build(text, from, to, entities, actions) {
  const fragment = document.createDocumentFragment();
  const queue = [...entities];
  let at = from;
  while (queue.length) {
    const entity = queue.shift();
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) continue;
    if (start > at) fragment.append(text.slice(at, start));
    const inner = [];
    const overhang = []; // what begins inside this entity and ends after it is cut in two
    while (queue.length && queue[0].offset < end) {
      const child = queue.shift();
      const childEnd = child.offset + child.length;
      inner.push(clip(child, child.offset, Math.min(childEnd, end)));
      if (childEnd > end) overhang.push(clip(child, end, childEnd));
    }
    queue.unshift(...overhang);
    const content = build(text, start, end, inner, actions);
    fragment.append(wrap(entity, content, text.slice(start, end), actions));
    at = end;
    // The line break after a block is the block's own end, not an empty line.
    if (BLOCKS.has(entity.type) && text[at] === "\n" && at < to) at += 1;
  }
  if (at < to) fragment.append(text.slice(at, to));
  return fragment;
}

/** actions: {say(text), openLink(url), now() → ms}. */
export function richText(text, entities = [], actions) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, 0, text.length, sorted, actions);
}
