// Slack's mrkdwn and plain text, turned into nodes. A scanner rather than regular expressions: hostile text must
// neither make elements nor make the page slow.

import { EMOJI, emojiCharacter } from "./emoji.js";
import { h } from "./dom.js";
import { broadcastChip, channelChip, dateNode, linkNode, userChip } from "./chips.js";
import { channelByName } from "./store.js";

const decode = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

export function emojiNode(name, written) {
  const character = emojiCharacter(name);
  return character ? h("span", { class: "emoji", title: `:${name}:` }, character) : document.createTextNode(written);
}

/** Literal text with `:emoji:` names drawn, and emoji characters in the emoji font. */
export function withEmoji(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(EMOJI)) {
    const [written] = match;
    nodes.push(text.slice(from, match.index),
      written[0] === ":" ? emojiNode(written.slice(1, -1), written) : h("span", { class: "emoji" }, written));
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

/** A Block Kit text object: `plain_text` is literal but for emoji, `mrkdwn` is formatted. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text ?? "", { links: !object.verbatim, names: !object.verbatim });
  return object.emoji === false ? [object.text ?? ""] : withEmoji(object.text ?? "");
}

/** Nodes for mrkdwn. `links`: bare addresses become links; `names`: so do #channel and @here (Slack's non-verbatim). */
export function mrkdwn(text, options = { links: true, names: false }) {
  const nodes = [];
  text.split("```").forEach((part, i, parts) => {
    const closed = i < parts.length - 1;
    if (i % 2 === 1 && closed && part.trim()) nodes.push(h("pre", null, decode(strip(part))));
    else nodes.push(...lines(i % 2 === 1 ? (closed ? `\`\`\`${part}\`\`\`` : `\`\`\`${part}`) : part, options, i > 0));
  });
  return nodes;
}

const strip = (code) => code.replace(/^\n/, "").replace(/\n$/, "");

/** Lines, with runs of `>` lines gathered into quotes. */
function lines(text, options, afterCode) {
  const nodes = [];
  const all = (afterCode ? text.replace(/^\n/, "") : text).split("\n").map((line) => line.replace(/^>+/, (m) => "&gt;".repeat(m.length)));
  for (let i = 0; i < all.length; i++) {
    if (all[i].startsWith("&gt;&gt;&gt;")) {
      nodes.push(quote([all[i].slice(12).replace(/^ /, ""), ...all.slice(i + 1)], options));
      break;
    }
    if (all[i].startsWith("&gt;")) {
      const run = [];
      while (i < all.length && all[i].startsWith("&gt;")) run.push(all[i++].slice(4).replace(/^ /, ""));
      nodes.push(quote(run, options));
      i--;
    } else {
      nodes.push(...inline(all[i], options));
      if (i < all.length - 1 && !all[i + 1].startsWith("&gt;")) nodes.push("\n");
    }
  }
  return nodes;
}

function quote(run, options) {
  const rest = run.flatMap((line, i) => (i ? ["\n", ...inline(line, options)] : inline(line, options)));
  return h("blockquote", null, rest);
}

const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;

/** One line: code, control sequences, bold, italic, strike; what is left is text. */
function inline(line, options, inside = "") {
  const nodes = [];
  const hopeless = new Set(); // marks that have no closing partner in the rest of this line: keeps the scan linear
  let from = 0;
  for (let i = 0; i < line.length; i++) {
    const found = hopeless.has(line[i]) ? null : spanAt(line, i, options, inside, hopeless);
    if (!found) continue;
    nodes.push(...leaf(line.slice(from, i), options), found.node);
    from = found.end;
    i = from - 1;
  }
  nodes.push(...leaf(line.slice(from), options));
  return nodes;
}

function spanAt(line, i, options, inside, hopeless) {
  const mark = line[i];
  if (mark === "<") return control(line, i, hopeless);
  if (mark === "`") return code(line, i, hopeless);
  if (!MARKS[mark] || inside.includes(mark) || !opens(line, i)) return null;
  const end = closing(line, i, mark);
  if (end < 0) {
    hopeless.add(mark);
    return null;
  }
  return { node: h(MARKS[mark], null, inline(line.slice(i + 1, end), options, inside + mark)), end: end + 1 };
}

const opens = (line, i) => !(i > 0 && WORD.test(line[i - 1])) && i + 1 < line.length && !/\s/.test(line[i + 1]);

function closing(line, i, mark) {
  for (let j = i + 1; j < line.length; j++) {
    if (line[j] === "`" || line[j] === "<") j = skip(line, j);
    else if (line[j] === mark && j > i + 1 && !/\s/.test(line[j - 1]) && !(j + 1 < line.length && WORD.test(line[j + 1]))) {
      return j;
    }
  }
  return -1;
}

function skip(line, j) {
  const end = line.indexOf(line[j] === "<" ? ">" : "`", j + 1);
  return end < 0 ? j : end;
}

function code(line, i, hopeless) {
  const end = line.indexOf("`", i + 1);
  if (end < 0) hopeless.add("`");
  return end > i + 1 ? { node: h("code", null, decode(line.slice(i + 1, end))), end: end + 1 } : null;
}

function control(line, i, hopeless) {
  const end = line.indexOf(">", i);
  if (end < 0) hopeless.add("<");
  return end > i + 1 ? { node: controlNode(line.slice(i + 1, end)), end: end + 1 } : null;
}

function controlNode(inner) {
  const bar = inner.indexOf("|");
  const [target, label] = bar < 0 ? [inner, null] : [inner.slice(0, bar), inner.slice(bar + 1)];
  if (target.startsWith("@")) return userChip(target.slice(1));
  if (target.startsWith("#")) return channelChip(target.slice(1), label);
  if (target.startsWith("!date^")) return dateFrom(target, label);
  if (target.startsWith("!")) return broadcastChip(label || target.slice(1).split("^")[0]);
  return linkNode(decode(target), label === null ? null : withEmoji(decode(label)));
}

function dateFrom(target, label) {
  const [, seconds, template, url] = target.split("^");
  return dateNode(Number(seconds), decode(template ?? ""), decode(label ?? ""), url && decode(url));
}

/** Text between the marks: emoji, and where Slack would do so, bare addresses and names. */
function leaf(text, options) {
  if (!text) return [];
  if (!options.links) return withEmoji(decode(text));
  const nodes = [];
  let from = 0;
  const pattern = options.names ? /https?:\/\/[^\s<>]+|#[\w-]+|@(?:here|channel|everyone)\b/g : /https?:\/\/[^\s<>]+/g;
  for (const match of text.matchAll(pattern)) {
    const node = bare(match[0]);
    if (!node) continue;
    nodes.push(...withEmoji(decode(text.slice(from, match.index))), node.node);
    from = match.index + node.length;
  }
  nodes.push(...withEmoji(decode(text.slice(from))));
  return nodes;
}

function bare(word) {
  if (word[0] === "@") return { node: broadcastChip(word.slice(1)), length: word.length };
  if (word[0] === "#") {
    const channel = channelByName(word.slice(1));
    return channel && { node: channelChip(channel.id), length: word.length };
  }
  const address = word.replace(/[.,;:!?'")\]}]+$/, "");
  return { node: linkNode(decode(address), null), length: address.length };
}
