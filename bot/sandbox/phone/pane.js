// One phone that is awake: header, messages, text field, and what ties them to the chat behind.

import * as api from "./api.js";
import { now } from "./clock.js";
import { Composer } from "./composer.js";
import { celebrate } from "./confetti.js";
import { alertBox } from "./dialogs.js";
import { botAvatar, button, el } from "./dom.js";
import { Head } from "./head.js";
import { follow } from "./links.js";
import { menu } from "./menu.js";
import { Thread } from "./thread.js";

const TOAST_MS = 3_500;
const TOAST_MS_PER_LETTER = 45;

export class Pane {
  /** desk: {people(), start(personId, payload), canSleep(), sleep(personId)}. */
  constructor(chat, desk) {
    Object.assign(this, { chat, desk });
    this.actions = this.makeActions();
    this.thread = new Thread(this.actions, now);
    this.composer = new Composer(this.actions, chat.person.first_name);
    this.build();
    for (const [type, act] of Object.entries(this.reactions()))
      chat.addEventListener(type, ({ detail }) => act(detail));
    chat.visible().forEach((message) => this.thread.add(message, true));
    if (chat.loaded) this.thread.announce();
    this.drawAll();
  }

  /** What the parts of the phone may do; each part sees only this. */
  makeActions() {
    const { chat } = this;
    return {
      person: chat.person,
      bot: () => chat.bot,
      now,
      say: (text) => this.say(text), // what fails is told
      sendText: (text, replyTo) => this.sent(api.sendText(chat.person.id, text, replyTo)),
      sendMedia: (media, replyTo) => this.sent(api.sendMedia(chat.person.id, media, replyTo)),
      press: (message, data, done) => chat.press(message, data, done),
      openLink: (url) => follow(url, { actions: this.actions, bot: chat.bot, desk: this.desk }),
      jumpTo: (id) => this.thread.jumpTo(id) || this.toast("That message is no longer here."),
      reply: (message) => this.composer.setReply(message),
      copy: (text) => this.copy(text),
      toast: (text) => this.toast(text),
      overlay: (node) => this.body.append(node),
      messageMenu: (message, rect) => this.messageMenu(message, rect),
      focusMessages: (event) => this.focusMessages(event),
    };
  }

  reactions() {
    const { thread, composer, chat } = this;
    return {
      added: ({ message, history }) => this.added(message, history),
      changed: ({ message }) => thread.change(message),
      removed: ({ ids }) => {
        thread.remove(ids);
        this.drawFoot();
      },
      loaded: () => {
        thread.announce();
        this.drawFoot();
      },
      bot: () => this.head.draw(),
      status: () => this.head.draw(),
      action: () => this.head.draw(),
      blocked: () => this.drawFoot(),
      commands: () => composer.setCommands(chat.commands),
      toast: ({ text, alert }) => (alert ? alertBox(chat.bot.first_name, text) : this.toast(text)),
    };
  }

  build() {
    this.head = new Head(this.chat, this.desk, (blocked) => this.block(blocked));
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.welcome = el("div", { class: "welcome" });
    this.start = button(
      { class: "big start", "data-testid": "start", onclick: () => this.say("/start") },
      "START",
    );
    this.unblock = button(
      { class: "big", "data-testid": "unblock", onclick: () => this.block(false) },
      "Unblock the bot",
    );
    this.foot = el("div", { class: "foot" });
    this.body = el(
      "div",
      {
        class: "body",
        ondragover: (event) => this.drag(event),
        ondragleave: (event) => this.drag(event),
        ondrop: (event) => this.drop(event),
      },
      this.thread.node,
      this.welcome,
      this.toasts,
    );
    this.node = el("div", { class: "pane" }, this.head.node, this.body, this.foot);
  }

  drawAll() {
    this.composer.setCommands(this.chat.commands);
    this.head.draw();
    this.drawFoot();
  }

  drawFoot() {
    const { chat } = this;
    const empty = chat.loaded && chat.visible().length === 0;
    const part = chat.blocked ? this.unblock : empty ? this.start : this.composer.node;
    if (chat.loaded && this.foot.firstChild !== part) this.foot.replaceChildren(part);
    this.welcome.hidden = !empty;
    if (empty) this.drawWelcome();
    // Telegram itself keeps the bot's own keyboard out of the message; a sandbox may hand it over.
    const markup = chat.loaded ? chat.replyMarkup() : null;
    if (markup?.message !== this.markup?.message) this.composer.setMarkup(markup);
    this.markup = markup;
  }

  drawWelcome() {
    const { bot } = this.chat;
    const about = bot.description || "Press START below, and the bot will tell you what it does.";
    this.welcome.replaceChildren(
      botAvatar(),
      el("h2", {}, bot.description ? "What can this bot do?" : bot.first_name),
      el("p", {}, about),
    );
  }

  added(message, history) {
    this.thread.add(message, history);
    if (history) return; // "loaded" follows
    this.drawFoot();
    if (!message.outgoing && message.effect) celebrate(this.body, message.effect);
  }

  /** The answer to a send is the message as it was then; the events may know a newer state already. */
  async sent(request) {
    const message = await request;
    if (!this.chat.messages.has(message.message_id)) this.chat.put({ ...message, outgoing: true });
  }

  async say(text) {
    try {
      await this.actions.sendText(text);
      this.composer.focus();
    } catch (error) {
      this.toast(error.message);
    }
  }

  toast(text) {
    const node = el("div", { class: "toast", "data-testid": "toast" }, text);
    this.toasts.append(node);
    setTimeout(() => node.remove(), TOAST_MS + text.length * TOAST_MS_PER_LETTER);
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast("Copied.");
    } catch {
      this.toast(text); // without leave to use the clipboard, at least show it
    }
  }

  async block(blocked) {
    try {
      await api.block(this.chat.person.id, blocked);
      this.chat.set("blocked", blocked);
    } catch (error) {
      this.toast(error.message);
    }
  }

  messageMenu(message, rect) {
    const items = [
      {
        label: "Reply",
        icon: "reply",
        testid: "menu-reply",
        act: () => this.actions.reply(message),
      },
    ];
    const text = message.text ?? message.caption;
    if (text)
      items.push({
        label: "Copy text",
        icon: "copy",
        testid: "menu-copy",
        act: () => this.copy(text),
      });
    menu(rect, items, "Message");
  }

  focusMessages(event) {
    const last = this.thread.rows.at(-1);
    if (!last) return;
    event.preventDefault();
    this.thread.makeCurrent(last.node);
  }

  drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.body.classList.toggle("dropping", event.type === "dragover");
  }

  drop(event) {
    event.preventDefault();
    this.body.classList.remove("dropping");
    const [file] = event.dataTransfer.files;
    if (file && this.foot.contains(this.composer.node)) this.composer.takes.sendFile(file);
  }

  tick() {
    this.thread.tick();
  }
}
