// A small menu beside the thing it belongs to: arrows move, Enter chooses, Escape closes.

import { button, el, icon } from "./dom.js";

/** A menu at a place on the screen. items: {label, icon, act, style, testid}. */
export function menu(rect, items, label) {
  const back = document.activeElement;
  const close = (refocus = true) => {
    node.remove();
    document.removeEventListener("pointerdown", outside, true);
    if (refocus && back?.isConnected) back.focus({ preventScroll: true });
  };
  const outside = (event) => node.contains(event.target) || close(false);
  const buttons = items.map((item) =>
    button(
      {
        class: `menu-item ${item.style ?? ""}`,
        role: "menuitem",
        tabindex: "-1",
        "data-testid": item.testid,
        onclick: () => {
          close();
          item.act();
        },
      },
      icon(item.icon),
      item.label,
    ),
  );
  const keys = (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1 + buttons.length,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (to !== undefined) buttons[to % buttons.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const node = el(
    "div",
    { class: "menu", role: "menu", "aria-label": label, onkeydown: keys },
    ...buttons,
  );
  document.body.append(node);
  const left = Math.max(8, Math.min(rect.left, innerWidth - node.offsetWidth - 8));
  const below = rect.bottom + node.offsetHeight + 8 < innerHeight;
  node.style.left = `${left}px`;
  node.style.top = `${below ? rect.bottom + 4 : Math.max(8, rect.top - node.offsetHeight - 4)}px`;
  buttons[0].focus({ preventScroll: true });
  document.addEventListener("pointerdown", outside, true);
}
