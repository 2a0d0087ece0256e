// The text field and what stands around it: attach, commands, microphone or send, the reply in hand.

import { instead, toMedia } from "./attach.js";
import { CommandList } from "./commands.js";
import { menu, sheet } from "./dialogs.js";
import { button, el, icon } from "./dom.js";
import { replyKeyboard } from "./keyboard.js";
import { discreet } from "./media.js";
import { RecordBar } from "./recordbar.js";
import { hasCamera, record } from "./recorder.js";

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
    Object.assign(this, { actions, replyTo: null, bar: null, asking: false });
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
      class: "composer-text", rows: "1", placeholder: "Message", dir: "auto", enterkeyhint: "send",
      "aria-label": `Message from ${name}`, "data-testid": "composer", "aria-controls": this.commandList.id,
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onpaste: (event) => this.pasted(event),
      onblur: () => this.commandList.close(),
    });
    this.slash = button({ class: "icon-button slash", "aria-label": "Commands", "aria-expanded": "false", "data-testid": "commands", onmousedown: (event) => event.preventDefault(), onclick: () => this.toggleCommands() }, icon("slash"));
    this.file = el("input", { type: "file", class: "visually-hidden", tabindex: "-1", "aria-hidden": "true", "data-testid": "attach-input", onchange: () => this.chosen() });
    this.attach = button({ class: "icon-button", "aria-label": "Attach", "aria-haspopup": "menu", "data-testid": "attach", onclick: () => this.attachMenu() }, icon("clip"));
    this.mic = button({ class: "round-button mic", "aria-label": "Record a voice message", title: "Hold or tap to record", "data-testid": "mic", onpointerdown: (event) => this.micDown(event), onclick: (event) => event.detail === 0 && this.start("voice"), oncontextmenu: (event) => event.preventDefault() }, icon("mic"));
    this.send = button({ class: "round-button send", "aria-label": "Send", "data-testid": "send", onmousedown: (event) => event.preventDefault(), onclick: () => this.submitText() }, icon("send"));
    this.replyWho = el("span", { class: "quote-who" });
    this.replyWords = el("span", { class: "quote-words" });
    this.reply = el("div", { class: "reply-bar", hidden: true, "data-testid": "reply-bar" }, icon("reply"), el("span", { class: "reply-text" }, this.replyWho, this.replyWords),
      button({ class: "icon-button", "aria-label": "Do not reply to this message", onclick: () => this.setReply(null) }, icon("close")));
    this.field = el("div", { class: "composer-row" }, this.attach, el("div", { class: "composer-field" }, this.text, this.slash), this.mic, this.send, this.file);
    this.keyboardBox = el("div", {});
    this.node = el("div", { class: "composer" }, this.commandList.node, this.reply, this.field, this.keyboardBox);
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
    if (markup?.force_reply) this.setReply(markup.message);
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
    this.mic.hidden = Boolean(value.trim());
    const slash = /^\/(\w*)$/.exec(value);
    if (slash) this.commandList.open(slash[1]);
    else this.commandList.close();
    this.drawList();
  }

  drawList() {
    this.slash.setAttribute("aria-expanded", String(this.commandList.isOpen));
    if (this.commandList.isOpen) this.text.setAttribute("aria-activedescendant", this.commandList.active);
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

  async attachMenu() {
    const items = [
      { label: "Photo, video or file", icon: "file", testid: "attach-any", act: () => this.pickFile("") },
      { label: "Audio as voice message", icon: "mic", testid: "attach-audio", act: () => this.pickFile("audio/*,.oga,.opus", "voice") },
    ];
    const camera = { label: "Record a round video", icon: "camera", testid: "attach-round", act: () => this.start("video_note") };
    if (await hasCamera()) items.push(camera);
    menu(this.attach.getBoundingClientRect(), items, "Attach");
  }

  /** prefer: how to send it without asking, when that is clear already. */
  pickFile(accept, prefer = null) {
    this.prefer = prefer;
    this.file.accept = accept;
    this.file.click();
  }

  async chosen() {
    const [file] = this.file.files;
    if (file) await this.sendFile(file, this.prefer);
    this.prefer = null;
    this.file.value = ""; // the same file may be chosen again
  }

  pasted(event) {
    const [file] = event.clipboardData.files;
    if (!file) return;
    event.preventDefault();
    this.sendFile(file);
  }

  async sendFile(file, prefer = null) {
    const media = await toMedia(file, prefer);
    if (media) await this.deliver(media);
  }

  /** A take is never lost to a failed request: it stays in hand until it is sent or given up. */
  async deliver(media) {
    const replyTo = this.replyTo;
    this.setReply(null);
    for (;;) {
      try {
        await this.actions.sendMedia(media, replyTo?.message_id);
        return;
      } catch (error) {
        const again = await sheet({
          title: "Not sent yet", testid: "not-sent", body: [el("p", {}, error.message), el("p", { class: "faint" }, "Your recording is kept here until you decide.")],
          choices: [{ label: "Try again", style: "primary", testid: "send-again" }, { label: "Discard it", value: "no", style: "danger" }],
        });
        if (again === "no") return;
      }
    }
  }

  micDown(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.start("voice", { x: event.clientX, at: performance.now() });
  }

  /** down: where and when the finger went down, if it may still be down. */
  async start(kind, down = null) {
    if (this.asking || this.bar) return;
    this.asking = true;
    let released = !down;
    const up = () => (released = true);
    addEventListener("pointerup", up);
    try {
      this.recordWith(await record(kind), released ? null : down);
    } catch (error) {
      if (!error.reason) throw error;
      await this.offerInstead(kind, error.reason);
    } finally {
      removeEventListener("pointerup", up);
      this.asking = false;
    }
  }

  recordWith(recording, down) {
    const back = () => {
      this.bar = null;
      this.field.hidden = false;
      this.focus();
    };
    this.bar = new RecordBar(recording, {
      done: (media) => {
        back();
        this.deliver(media);
      },
      cancelled: back,
      tooShort: () => {
        back();
        this.actions.toast("Too short to hear. Hold the microphone, or tap it and speak.");
      },
    });
    this.field.hidden = true;
    this.field.after(this.bar.node);
    if (this.bar.preview) this.actions.overlay(this.bar.preview);
    if (down) this.bar.hold(down);
    else this.bar.lock();
  }

  async offerInstead(kind, reason) {
    const choice = await instead(kind, reason);
    if (choice === "file") this.pickFile(kind === "voice" ? "audio/*,.oga,.opus" : "video/*", kind);
    if (choice === "type") this.text.focus();
  }
}
