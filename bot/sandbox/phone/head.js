// The top of a chat: who the bot is, what it is doing, and the menu of the chat.

import { howToConnect } from "./dialogs.js";
import { botAvatar, button, el, icon } from "./dom.js";
import { menu } from "./menu.js";

const DOING = {
  typing: "typing…",
  upload_photo: "sending a picture…",
  upload_document: "uploading…",
  upload_voice: "uploading…",
  upload_video: "uploading…",
  upload_video_note: "uploading…",
  record_voice: "recording…",
  record_video: "recording…",
  record_video_note: "recording…",
  choose_sticker: "choosing…",
  find_location: "looking…",
};
const CONNECTION = {
  connecting: "connecting…",
  reconnecting: "reconnecting…",
  offline: "offline, trying again…",
};

const LOST = new Set(["reconnecting", "offline"]);

export class Head {
  /** block(blocked) blocks the bot or lets it in again. */
  constructor(chat, desk, block) {
    Object.assign(this, { chat, desk, block });
    this.name = el("span", { class: "head-name" });
    this.status = el("span", { class: "head-status", role: "status", "data-testid": "status" });
    this.more = button(
      {
        class: "icon-button",
        "aria-label": "More",
        "aria-haspopup": "menu",
        "data-testid": "more",
        onclick: () => this.menu(),
      },
      icon("more"),
    );
    this.node = el(
      "header",
      { class: "head" },
      botAvatar(),
      el("div", { class: "head-words" }, this.name, this.status),
      this.more,
    );
  }

  draw() {
    const { bot, status, action } = this.chat;
    const doing = CONNECTION[status] ?? (action && (DOING[action] ?? "busy…"));
    this.name.textContent = bot.first_name;
    this.status.textContent = doing || "bot";
    this.status.className = `head-status ${LOST.has(status) ? "lost" : action ? "doing" : ""}`;
  }

  menu() {
    const { chat, desk } = this;
    const items = [
      {
        label: "Clear this page’s copy",
        icon: "bin",
        testid: "menu-clear",
        act: () => chat.clear(),
      },
      chat.blocked
        ? {
            label: "Unblock bot",
            icon: "check",
            testid: "menu-unblock",
            act: () => this.block(false),
          }
        : {
            label: "Block bot",
            icon: "block",
            style: "danger",
            testid: "menu-block",
            act: () => this.block(true),
          },
      { label: "Connect real Telegram", icon: "out", testid: "menu-connect", act: howToConnect },
    ];
    if (desk.canSleep())
      items.unshift({
        label: "Put this phone to sleep",
        icon: "moon",
        testid: "menu-sleep",
        act: () => desk.sleep(chat.person.id),
      });
    menu(this.more.getBoundingClientRect(), items, "More");
  }
}
