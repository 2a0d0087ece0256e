// Things that come over the chat: sheets that ask, alerts, and a picture at full size.

import { button, el, icon } from "./dom.js";

/** Opens a dialog and takes it off the page again when it closes. Escape closes it: that is native. */
function open(dialog) {
  const back = document.activeElement;
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (back?.isConnected) back.focus();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.showModal();
  return dialog;
}

let titles = 0;

/**
 * A sheet with a title, any nodes, and choices {label, style, testid, act}. Resolves with the chosen
 * one's value (its label when it has none), or null when the sheet was left.
 */
export function sheet({ title, body = [], choices = [], testid }) {
  const id = `sheet-${(titles += 1)}`;
  return new Promise((settle) => {
    let chosen = null;
    const buttons = choices.map((choice) =>
      button(
        {
          class: `choice ${choice.style ?? "plain"}`,
          "data-testid": choice.testid,
          onclick: () => {
            chosen = choice.value ?? choice.label;
            dialog.close();
          },
        },
        choice.icon && icon(choice.icon),
        choice.label,
      ),
    );
    const dialog = el(
      "dialog",
      { class: "sheet", "aria-labelledby": id, "data-testid": testid },
      el("h2", { id }, title),
      ...body,
      el("div", { class: "choices" }, ...buttons),
    );
    dialog.addEventListener("close", () => settle(chosen));
    open(dialog);
  });
}

/** What a bot says with show_alert: it stays until it is read. */
export function alertBox(who, text) {
  return sheet({
    title: who,
    testid: "alert",
    body: [el("p", { class: "alert-text", "data-testid": "toast" }, text)],
    choices: [{ label: "OK", style: "primary", testid: "alert-ok" }],
  });
}

export function lightbox(url, alt) {
  const close = button(
    { class: "lightbox-close", "aria-label": "Close picture", onclick: () => dialog.close() },
    icon("close"),
  );
  const dialog = el(
    "dialog",
    { class: "lightbox", "aria-label": alt },
    el("img", { src: url, alt }),
    close,
  );
  dialog.addEventListener("click", () => dialog.close());
  open(dialog);
}

/** Asks for a name and a language; resolves with {first_name, language_code} or null. */
export function askPerson() {
  return new Promise((settle) => {
    const name = el("input", {
      name: "first_name",
      required: true,
      maxlength: "64",
      autocomplete: "off",
      placeholder: "First name",
      "data-testid": "new-name",
    });
    const language = el("input", {
      name: "language",
      value: "en",
      pattern: "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
      maxlength: "12",
      autocomplete: "off",
      "data-testid": "new-language",
    });
    const form = el(
      "form",
      { method: "dialog" },
      el("label", {}, "First name", name),
      el(
        "label",
        {},
        "Language of their phone",
        language,
        el("small", {}, "Two letters, such as en, de or pt-br"),
      ),
      el(
        "div",
        { class: "choices" },
        button({ class: "choice plain", onclick: () => dialog.close() }, "Cancel"),
        el(
          "button",
          { type: "submit", class: "choice primary", value: "add", "data-testid": "new-add" },
          "Add",
        ),
      ),
    );
    const dialog = el(
      "dialog",
      { class: "sheet", "aria-labelledby": "new-person" },
      el("h2", { id: "new-person" }, "Add a person"),
      form,
    );
    dialog.addEventListener("close", () => {
      const added = dialog.returnValue === "add" && name.value.trim();
      settle(
        added
          ? { first_name: name.value.trim(), language_code: language.value.toLowerCase() }
          : null,
      );
    });
    open(dialog);
    name.focus();
  });
}

/** How the same bot is put on real Telegram. */
export function howToConnect() {
  const step = (...words) => el("li", {}, ...words);
  const code = (text) => el("code", {}, text);
  return sheet({
    title: "Connect real Telegram",
    testid: "connect-dialog",
    body: [
      el(
        "ol",
        { class: "steps" },
        step(
          "In Telegram, write to ",
          el("strong", {}, "@BotFather"),
          " and send ",
          code("/newbot"),
          ". Choose a name; it answers with a token.",
        ),
        step(
          "In the project’s folder, put the token into the file ",
          code(".env"),
          ":",
          el("pre", {}, el("code", {}, "SPRUNG_TOKEN=123456:your-token")),
        ),
        step("Stop the rehearsal with Ctrl+C and start again: ", code("make run"), "."),
        step("Open your bot in Telegram and press ", el("strong", {}, "Start"), "."),
      ),
      el("p", { class: "faint" }, "Keep the token to yourself: whoever has it is your bot."),
    ],
    choices: [{ label: "Got it", style: "primary" }],
  });
}
