// rich_text blocks.

import { h } from "./dom.js";
import { emojiNode } from "./mrkdwn.js";
import { broadcastChip, channelChip, dateNode, linkNode, userChip } from "./chips.js";

const ORDERED = ["decimal", "lower-alpha", "lower-roman"];
const BULLETS = ["disc", "circle", "square"];

export function richText(block) {
  return h("div", { class: "rich", dir: "auto" }, (block.elements ?? []).map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section": return h("div", { class: "rich-section", dir: "auto" }, inner(element));
    case "rich_text_quote": return h("blockquote", { dir: "auto" }, inner(element));
    case "rich_text_preformatted": return h("pre", null, (element.elements ?? []).map((e) => e.text ?? e.url ?? ""));
    case "rich_text_list": return list(element);
    default: return unknown(element.type);
  }
}

function list(element) {
  const ordered = element.style === "ordered";
  const indent = element.indent ?? 0;
  const node = h(ordered ? "ol" : "ul", { vars: { "--indent": indent,
    "list-style-type": (ordered ? ORDERED : BULLETS)[indent % 3] } },
  (element.elements ?? []).map((item) => h("li", { dir: "auto" }, inner(item))));
  if (ordered && element.offset) node.start = element.offset + 1;
  return node;
}

const inner = (element) => (element.elements ?? []).map(leaf);

function leaf(element) {
  return styled(bare(element), element.style ?? {});
}

function bare(element) {
  switch (element.type) {
    case "text": return document.createTextNode(element.text ?? "");
    case "link": return linkNode(element.url ?? "", element.text ? [element.text] : null);
    case "user": return userChip(element.user_id ?? "");
    case "channel": return channelChip(element.channel_id ?? "");
    case "broadcast": return broadcastChip(element.range ?? "");
    case "date": return dateNode(Number(element.timestamp), element.format ?? "", element.fallback ?? "", element.url);
    case "emoji": return emoji(element);
    default: return unknown(element.type);
  }
}

function emoji(element) {
  const name = element.skin_tone ? `${element.name}::skin-tone-${element.skin_tone}` : `${element.name}`;
  const hex = /^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/.test(element.unicode ?? "") ? element.unicode.split("-") : [];
  const given = hex.map((code) => parseInt(code, 16)).filter((code) => code <= 0x10ffff);
  return emojiNode(name, given.length ? String.fromCodePoint(...given) : `:${name}:`);
}

function styled(node, style) {
  for (const [key, tag] of [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"]]) {
    if (style[key]) node = h(tag, null, node);
  }
  return node;
}

export const unknown = (type) => h("span", { class: "unknown" }, `[${type}: not drawn here]`);
