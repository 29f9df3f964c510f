// The app's shortcuts: those on a message, and those that are found anywhere.

import { iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { shortcut } from "./acts.js";
import { world } from "./store.js";

/** A button with the menu of a message's shortcuts, or of the global ones; nothing where the app has none. */
export function shortcutMenu(label, glyph, ts, props = {}) {
  const kind = ts ? "message" : "global";
  const entries = () => world.shortcuts.filter((each) => each.type === kind)
    .map((each) => ({ label: each.name, run: () => shortcut(each.name, ts) }));
  if (!entries().length) return null;
  const node = iconButton(glyph, label, () => openMenu(node, entries(), label), { "aria-haspopup": "menu", ...props });
  return node;
}
