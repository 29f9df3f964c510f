// Menus that hang from a button: native popovers, with arrow keys.

import { h } from "./dom.js";

/** Puts a popover beside its button, inside the window. */
export function openBeside(anchor, node) {
  (anchor.closest("dialog") ?? document.body).append(node);
  node.popover = "auto";
  node.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const inside = node.contains(document.activeElement) || document.activeElement === document.body;
    node.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (inside && anchor.isConnected) anchor.focus();
  });
  anchor.setAttribute("aria-expanded", "true");
  node.showPopover();
  place(anchor.getBoundingClientRect(), node);
}

function place(at, node) {
  const { width, height } = node.getBoundingClientRect();
  const below = at.bottom + 6;
  const top = below + height < innerHeight - 8 ? below : Math.max(8, at.top - height - 6);
  node.style.top = `${top}px`;
  node.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
}

/** Moves focus among `items` with the arrow keys; `columns` > 1 makes it a grid. */
export function arrowKeys(node, items, columns = 1) {
  const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
  node.addEventListener("keydown", (event) => {
    const list = items();
    const at = list.indexOf(document.activeElement);
    let to = null;
    if (event.key === "Home") to = 0;
    else if (event.key === "End") to = list.length - 1;
    else if (event.key in steps) to = (at + steps[event.key] + list.length) % list.length;
    if (to === null || !list.length) return;
    event.preventDefault();
    list[to].focus();
  });
}

/** A menu of `{label, run, checked?}`. */
export function openMenu(anchor, entries, label = "Actions") {
  const buttons = entries.map((entry) => entry.heading
    ? h("div", { class: "menu-heading", role: "presentation" }, entry.heading)
    : h("button", { type: "button", role: entry.checked === undefined ? "menuitem" : "menuitemradio", class: "menu-item",
      "aria-checked": entry.checked === undefined ? null : String(entry.checked), dir: "auto",
      on: { click: () => { node.hidePopover(); entry.run(); } } }, entry.label));
  const node = h("div", { class: "menu", role: "menu", "aria-label": label }, buttons);
  arrowKeys(node, () => [...node.querySelectorAll("button")]);
  openBeside(anchor, node);
  (node.querySelector("[aria-checked=true]") ?? node.querySelector("button"))?.focus();
}
