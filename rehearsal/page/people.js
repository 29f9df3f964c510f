// Faces: coloured initials for people, the app's picture for the bot.

import { h } from "./dom.js";
import { isBot, personName, world } from "./store.js";

export const BOT_FACE = new URL("icon.svg", import.meta.url).pathname;

const COLOURS = ["#8f3f71", "#1f6f8b", "#7a5c00", "#3d6b35", "#5a4fb0", "#a34a28", "#2b6777", "#8a3b4a"];

function hash(text) {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return sum;
}

function colourOf(id) {
  const given = world.people.get(id)?.color ?? "";
  const hex = /^#?([0-9a-f]{6})$/i.exec(given)?.[1];
  return hex ? `#${hex}` : COLOURS[hash(id ?? "") % COLOURS.length];
}

/** Black or white, whichever reads better on a colour: one of them has a contrast of 4.5 or more on any. */
function inkOn(colour) {
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = [1, 3, 5].map((i) => linear(parseInt(colour.slice(i, i + 2), 16) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff";
}

function initials(name) {
  const words = name.split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.slice(0, 2).map((word) => [...word.replace(/^[^\p{L}\p{N}]+/u, "")][0]).join("").toUpperCase() || "?";
}

export function avatar(id, className = "avatar") {
  if (isBot(id)) return h("img", { class: className, src: BOT_FACE, alt: "" });
  const colour = colourOf(id);
  return h("span", { class: className, "aria-hidden": "true", vars: { "--face": colour, "--face-ink": inkOn(colour) } },
    initials(personName(id)));
}
