// The text field and what stands around it: attach, commands, microphone or send, the reply in hand.

import { CommandList } from "./commands.js";
import { button, el, icon } from "./dom.js";
import { replyKeyboard } from "./keyboard.js";
import { discreet } from "./media.js";
import { Takes } from "./takes.js";

const LONGEST = 4096; // Telegram's limit of one message; its apps cut longer texts into several
const fine = () => matchMedia("(pointer: fine)").matches; // elsewhere focus would raise the keyboard

function cut(text) {
  const parts = [];
  let rest = text;
  while (rest.length > LONGEST) {
    const at = Math.max(rest.lastIndexOf("\n", LONGEST), rest.lastIndexOf(" ", LONGEST));
    const end = at > 0 ? at : LONGEST;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest ? [...parts, rest] : parts;
}

export class Composer {
  /** actions: see pane.js. name: whose phone this is. */
  constructor(actions, name) {
    Object.assign(this, { actions, replyTo: null, forced: null });
    this.takes = new Takes(actions, this.host());
    this.commandList = new CommandList((command) => {
      this.text.value = "";
      this.typed();
      this.submit(`/${command}`);
    });
    this.build(name);
    this.typed();
  }

  build(name) {
    this.text = el("textarea", {
      class: "composer-text",
      rows: "1",
      placeholder: "Message",
      dir: "auto",
      enterkeyhint: "send",
      "aria-label": `Message from ${name}`,
      "data-testid": "composer",
      "aria-controls": this.commandList.id,
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
      onpaste: (event) => this.pasted(event),
      onblur: () => this.commandList.close(),
    });
    this.slash = button(
      {
        class: "icon-button slash",
        "aria-label": "Commands",
        "aria-expanded": "false",
        "data-testid": "commands",
        onmousedown: (event) => event.preventDefault(),
        onclick: () => this.toggleCommands(),
      },
      icon("slash"),
    );
    this.send = button(
      {
        class: "round-button send",
        "aria-label": "Send",
        "data-testid": "send",
        onmousedown: (event) => event.preventDefault(),
        onclick: () => this.submitText(),
      },
      icon("send"),
    );
    this.replyWho = el("span", { class: "quote-who" });
    this.replyWords = el("span", { class: "quote-words" });
    this.reply = el(
      "div",
      { class: "reply-bar", hidden: true, "data-testid": "reply-bar" },
      icon("reply"),
      el("span", { class: "reply-text" }, this.replyWho, this.replyWords),
      button(
        {
          class: "icon-button",
          "aria-label": "Do not reply to this message",
          onclick: () => this.setReply(null),
        },
        icon("close"),
      ),
    );
    this.field = el(
      "div",
      { class: "composer-row" },
      this.takes.attach,
      el("div", { class: "composer-field" }, this.text, this.slash),
      this.takes.mic,
      this.send,
      this.takes.file,
    );
    this.keyboardBox = el("div", {});
    this.node = el(
      "div",
      { class: "composer" },
      this.commandList.node,
      this.reply,
      this.field,
      this.keyboardBox,
    );
  }

  focus() {
    if (fine()) this.text.focus({ preventScroll: true });
  }

  setCommands(commands) {
    this.commandList.commands = commands;
    this.slash.hidden = commands.length === 0;
  }

  /** The bot's keyboard, or the reply it asks for; null takes both away. */
  setMarkup(markup) {
    this.text.placeholder = markup?.input_field_placeholder || "Message";
    this.keyboardBox.replaceChildren(replyKeyboard(markup, this.actions) ?? "");
    if (this.forced && this.replyTo === this.forced) this.setReply(null);
    this.forced = markup?.force_reply ? markup.message : null;
    if (this.forced) this.setReply(this.forced);
  }

  setReply(message) {
    this.replyTo = message;
    this.reply.hidden = !message;
    if (!message) return;
    const who = message.outgoing ? this.actions.person.first_name : this.actions.bot().first_name;
    this.replyWho.textContent = `Reply to ${who}`;
    this.replyWords.textContent = discreet(message);
    this.text.focus({ preventScroll: true });
  }

  typed() {
    const { value } = this.text;
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    this.send.hidden = !value.trim();
    this.takes.mic.hidden = Boolean(value.trim());
    const slash = /^\/(\w*)$/.exec(value);
    if (slash) this.commandList.open(slash[1]);
    else this.commandList.close();
    this.drawList();
  }

  drawList() {
    this.slash.setAttribute("aria-expanded", String(this.commandList.isOpen));
    if (this.commandList.isOpen)
      this.text.setAttribute("aria-activedescendant", this.commandList.active);
    else this.text.removeAttribute("aria-activedescendant");
  }

  toggleCommands() {
    if (this.commandList.isOpen) this.commandList.close();
    else {
      this.text.focus({ preventScroll: true }); // the arrows choose from here
      this.commandList.open();
    }
    this.drawList();
  }

  key(event) {
    const used = this.commandList.key(event);
    this.drawList();
    if (used || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submitText();
    } else if (event.key === "Escape" && this.replyTo) this.setReply(null);
    else if (event.key === "ArrowUp" && !this.text.value) this.actions.focusMessages(event);
  }

  async submitText() {
    const text = this.text.value.trim();
    if (!text) return;
    this.text.value = "";
    this.typed();
    this.focus();
    const left = await this.submit(text);
    // What could not be sent comes back, before anything typed meanwhile.
    if (left) this.text.value = this.text.value ? `${left}\n${this.text.value}` : left;
    this.typed();
  }

  /** Sends; what was not sent is returned. */
  async submit(text) {
    const replyTo = this.replyTo;
    this.setReply(null);
    const parts = cut(text);
    while (parts.length) {
      try {
        await this.actions.sendText(parts[0], replyTo?.message_id);
      } catch (error) {
        if (replyTo) this.setReply(replyTo);
        this.actions.toast(`Not sent. ${error.message}`);
        return parts.join("\n");
      }
      parts.shift();
    }
    return "";
  }

  pasted(event) {
    const [file] = event.clipboardData.files;
    if (!file) return;
    event.preventDefault();
    this.takes.sendFile(file);
  }

  /** What the takes need of the text field they stand beside. */
  host() {
    return {
      takeReply: () => {
        const replyTo = this.replyTo;
        this.setReply(null);
        return replyTo;
      },
      cover: (bar) => {
        this.field.hidden = true;
        this.field.after(bar);
      },
      uncover: () => {
        this.field.hidden = false;
        this.focus();
      },
      type: () => this.text.focus(),
    };
  }
}
