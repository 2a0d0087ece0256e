// The list of the bot's commands over the text field: by its button, or by typing a slash.

import { el } from "./dom.js";

let lists = 0;

export class CommandList {
  /** pick(command) is called with the chosen command, without its slash. */
  constructor(pick) {
    this.pick = pick;
    this.commands = [];
    this.id = `commands-${(lists += 1)}`;
    this.node = el("ul", {
      class: "commands",
      id: this.id,
      role: "listbox",
      "aria-label": "Commands",
      hidden: true,
      "data-testid": "command-list",
    });
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /** Shows the commands that begin with what was typed after the slash; none closes the list. */
  open(typed = "") {
    this.matches = this.commands.filter(({ command }) => command.startsWith(typed.toLowerCase()));
    this.at = 0;
    this.node.replaceChildren(...this.matches.map((entry, n) => this.item(entry, n)));
    this.node.hidden = this.matches.length === 0;
    this.mark();
  }

  close() {
    this.node.hidden = true;
  }

  item({ command, description }, n) {
    const keepFocus = (event) => event.preventDefault(); // in the text field
    return el(
      "li",
      {
        id: `${this.id}-${n}`,
        role: "option",
        "data-testid": `command-${command}`,
        onmousedown: keepFocus,
        onclick: () => this.choose(n),
        onmousemove: () => this.mark(n),
      },
      el("span", { class: "command-name" }, `/${command}`),
      el("span", { class: "command-about" }, description),
    );
  }

  mark(n = this.at) {
    this.at = n;
    [...this.node.children].forEach((item, index) =>
      item.setAttribute("aria-selected", String(index === n)),
    );
  }

  choose(n = this.at) {
    const { command } = this.matches[n];
    this.close();
    this.pick(command);
  }

  /** True when the key was one for the list. */
  key(event) {
    if (!this.isOpen) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      this.mark((this.at + steps[event.key] + this.matches.length) % this.matches.length);
      this.node.children[this.at].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && !event.shiftKey) this.choose();
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  get active() {
    return this.isOpen ? `${this.id}-${this.at}` : "";
  }
}
