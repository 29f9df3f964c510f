// The emoji picker.

import { h } from "./dom.js";
import { PICKER, emojiText } from "./emoji.js";
import { arrowKeys, openBeside } from "./menu.js";

export function openPicker(anchor, onPick) {
  const node = h("div", { class: "picker", role: "dialog", "aria-label": "Pick a reaction" },
    PICKER.map((name) => h("button", { type: "button", class: "picker-emoji", "aria-label": name.replace("::", ", "),
      title: `:${name}:`, on: { click: () => { node.hidePopover(); onPick(name); } } }, emojiText(name))));
  arrowKeys(node, () => [...node.children], 5);
  openBeside(anchor, node);
  node.firstElementChild.focus();
}
