// Builds elements. Everything shown goes through here as text nodes and attributes: no HTML is ever parsed.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  react: "M20 13.5A8 8 0 1 1 12.5 5M8.5 14.5s1.2 2 3.5 2 3.5-2 3.5-2M9.2 10.2h.01M14.8 10.2h.01M19 3v6M16 6h6",
  thread: "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-8l-4 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8 9h8M8 12h5",
  edit: "M4 20l1-4L16 5l3 3L8 19l-4 1zM14 7l3 3",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  send: "M4 12l16-8-5 16-3.5-6.5L4 12zM11.5 13.5L20 4",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z",
  pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3-1-6zM12 15v6",
  file: "M6 3h8l4 4v14H6V3zM14 3v4h4M9 12h6M9 15.5h6",
  download: "M12 4v11M7.5 11L12 15.5 16.5 11M5 20h14",
  down: "M12 5v14M6 13l6 6 6-6",
  dots: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  plus: "M12 5v14M5 12h14",
  clock: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 7.5V12l3 2",
  chevron: "M7 10l5 5 5-5",
};

/** Makes an element; `props` are attributes, `on` listeners, `data` dataset, `vars` CSS custom properties. */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) setProp(node, key, value);
  append(node, children);
  return node;
}

function setProp(node, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  else if (key === "data") Object.assign(node.dataset, value);
  else if (key === "vars") for (const [name, v] of Object.entries(value)) node.style.setProperty(name, v);
  else if (key === "value" || key === "checked") node[key] = value;
  else node.setAttribute(key, value === true ? "" : String(value));
}

export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows an icon; its name is both the accessible name and the tooltip. */
export function iconButton(name, label, onClick, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, "data-tip": label,
    ...props, on: { click: onClick } }, icon(name));
}

export const byId = (id) => document.getElementById(id);

let serial = 0;
export const freshId = (prefix) => `${prefix}-${++serial}`;
