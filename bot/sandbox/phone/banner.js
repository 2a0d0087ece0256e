// The notification that slides in when a loud message reaches a phone that is not in view.

import { avatar, button, el, icon } from "./dom.js";
import { discreet } from "./media.js";

const LASTS_MS = 6_000;

export class Banner {
  /** open(personId) shows that person's phone. */
  constructor(root, open) {
    Object.assign(this, { root, open });
  }

  show(person, bot, message) {
    this.hide();
    const body = button(
      {
        class: "banner-body",
        "data-testid": "banner",
        onclick: () => {
          this.hide();
          this.open(person.id);
        },
      },
      avatar(person.first_name, person.id),
      el(
        "span",
        { class: "banner-words" },
        el("span", { class: "banner-who" }, `${bot.first_name} → ${person.first_name}’s phone`),
        el("span", { class: "banner-text" }, discreet(message)),
      ),
    );
    const close = button(
      { class: "icon-button", "aria-label": "Dismiss", onclick: () => this.hide() },
      icon("close"),
    );
    this.root.replaceChildren(el("div", { class: "banner" }, body, close));
    this.timer = setTimeout(() => this.hide(), LASTS_MS);
  }

  hide() {
    clearTimeout(this.timer);
    this.root.replaceChildren();
  }
}
