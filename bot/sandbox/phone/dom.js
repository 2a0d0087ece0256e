// The one way nodes are made here: text always becomes a text node, so nothing a bot, a learner or a
// question bank wrote can turn into markup.

const SVG = "http://www.w3.org/2000/svg";

function setProperty(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "class") node.className = value;
  else if (name in node && typeof value !== "string") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) setProperty(node, name, value);
  node.append(
    ...children.filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

/** A button that never submits a form by accident. */
export function button(properties, ...children) {
  return el("button", { type: "button", ...properties }, ...children);
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** The class of a person's own colour. */
export const hue = (id) => `hue-${Math.abs(Number(id) || 0) % 6}`;

/** A round picture made of the first letter. */
export function avatar(name, id) {
  const letter = [...(name || "?")][0].toUpperCase();
  return el("span", { class: `avatar ${hue(id)}`, "aria-hidden": "true" }, letter);
}

export function botAvatar() {
  return el("img", { class: "avatar", src: "/phone/icon.svg", alt: "", width: "40", height: "40" });
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
