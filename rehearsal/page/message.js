// One message, as a row.

import { h, icon, iconButton } from "./dom.js";
import { avatar } from "./people.js";
import { blocks } from "./blocks.js";
import { click, remove, toggleReaction } from "./acts.js";
import { confirmed } from "./dialogs.js";
import { emojiText, EMOJI } from "./emoji.js";
import { fileCard } from "./files.js";
import { mrkdwn } from "./mrkdwn.js";
import { openPicker } from "./picker.js";
import { shortcutMenu } from "./shortcuts.js";
import { fullTime, hourMinute, slackDate } from "./time.js";
import { SLACKBOT, myZone, personName, playNow, world } from "./store.js";

const QUIET = new Set(["channel_join", "channel_leave", "channel_topic", "channel_purpose", "pinned_item",
  "group_join", "group_leave", "tombstone"]);
const LONG = 2400;

export const authorOf = (message) => message.user ?? (message.bot_id && world.bot?.id) ?? message.bot_id ?? "";
const fromApp = (message) => Boolean(message.bot_id) || message.user === SLACKBOT;

/** `tools`: openThread(ts), startEdit(row, message), dismiss(ts); `replies`: {count, users, latest} or null. */
export function messageRow(message, { replies, inThread, tools }) {
  const author = authorOf(message);
  const when = Number(message.ts);
  const name = message.username || (world.people.has(author) ? personName(author) : message.bot_profile?.name ?? author);
  const classes = ["message", message.is_ephemeral && "ephemeral", message.pinned_to?.length && "pinned",
    QUIET.has(message.subtype) && "quiet"].filter(Boolean);
  const row = h("article", { class: classes.join(" "), tabindex: "-1", data: { ts: message.ts },
    "aria-label": `${name}, ${hourMinute(when, myZone())}` },
  marks(message),
  h("div", { class: "face" }, avatar(author),
    h("time", { class: "gutter-time", "data-tip": fullTime(when, myZone()) }, hourMinute(when, myZone()))),
  h("div", { class: "content" },
    h("div", { class: "byline" }, h("span", { class: "author", dir: "auto" }, name),
      fromApp(message) && h("span", { class: "badge" }, "APP"),
      h("time", { class: "time", datetime: new Date(when * 1000).toISOString(), "data-tip": fullTime(when, myZone()) },
        hourMinute(when, myZone()))),
    body(message),
    (message.files ?? []).map(fileCard),
    reactions(message),
    replies && replyLine(message, replies, tools)));
  toolbars.set(row, () => toolbar(message, inThread, tools));
  for (const event of ["pointerenter", "focusin"]) row.addEventListener(event, () => equip(row), { once: true });
  return row;
}

const toolbars = new WeakMap(); // row -> what makes its toolbar: made only when a pointer or the focus comes

export function equip(row) {
  if (!equipped(row)) row.append(toolbars.get(row)());
}

export const equipped = (row) => row.lastElementChild.classList.contains("tools");

function marks(message) {
  const lines = [];
  const pinner = message.pinned_info?.pinned_by;
  if (message.is_ephemeral) lines.push([icon("eye"), "Only visible to you"]);
  if (message.pinned_to?.length) lines.push([icon("pin"), pinner ? `Pinned by ${personName(pinner)}` : "Pinned to this channel"]);
  if (message.subtype === "thread_broadcast") lines.push([icon("thread"), "Also sent to the channel"]);
  return lines.map((line) => h("div", { class: "mark" }, line));
}

function body(message) {
  const edited = message.edited && message.subtype !== "tombstone" && h("span", { class: "edited" }, " (edited)");
  if (message.blocks?.length) {
    return h("div", { class: "blocks" }, blocks(message.blocks, (spec) => click(message.ts, spec)), edited);
  }
  const text = message.text ?? "";
  if (!text && !edited) return null;
  const jumbo = text.length < 200 && text.trim() && !text.replace(EMOJI, "").trim();
  const node = h("div", { class: jumbo ? "text jumbo" : "text", dir: "auto" }, mrkdwn(text), edited);
  return text.length > LONG ? foldable(node, message.ts) : node;
}

const unfolded = new Set(); // long messages that the reader has opened

function foldable(node, ts) {
  const more = h("button", { type: "button", class: "link-button", "data-key": "fold" });
  const show = () => {
    node.classList.toggle("folded", !unfolded.has(ts));
    more.textContent = unfolded.has(ts) ? "Show less" : "Show more";
    more.setAttribute("aria-expanded", String(unfolded.has(ts)));
  };
  more.addEventListener("click", () => {
    if (!unfolded.delete(ts)) unfolded.add(ts);
    show();
  });
  show();
  return [node, more];
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((r) => pill(message, r)), addReaction(message, "pill add"));
}

function pill(message, reaction) {
  const users = reaction.users ?? [];
  const own = users.includes(world.me);
  const names = users.map((id) => (id === world.me ? "You" : personName(id)));
  const who = `${listed(names, reaction.count - users.length)} reacted with :${reaction.name}:`;
  return h("button", { type: "button", class: own ? "pill own" : "pill", "aria-pressed": String(own), "data-tip": who,
    "aria-label": `${reaction.name}, ${reaction.count}. ${who}`, "data-key": `react/${reaction.name}`,
    on: { click: () => toggleReaction(message, reaction.name) } },
  h("span", { class: "pill-emoji" }, emojiText(reaction.name)), h("span", { class: "pill-count" }, reaction.count));
}

function listed(names, hidden) {
  const all = hidden > 0 ? [...names, `${hidden} more`] : names;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

function addReaction(message, className) {
  const node = iconButton("react", "Add reaction", () => openPicker(node, (name) => toggleReaction(message, name)),
    { class: className, "aria-haspopup": "dialog", "data-key": `add/${className}` });
  return node;
}

function replyLine(message, { count, users, latest }, tools) {
  return h("button", { type: "button", class: "replies", "data-key": "replies",
    on: { click: () => tools.openThread(message.ts) } },
  users.slice(0, 5).map((id) => avatar(id, "avatar tiny")),
  h("span", { class: "replies-count" }, count === 1 ? "1 reply" : `${count} replies`),
  h("span", { class: "replies-when" },
    `Last reply ${slackDate(Number(latest), "{date_short_pretty} at {time}", myZone(), playNow())}`));
}

function toolbar(message, inThread, tools) {
  if (message.is_ephemeral) {
    return h("div", { class: "tools" }, iconButton("close", "Dismiss", () => tools.dismiss(message.ts), { "data-key": "dismiss" }));
  }
  const quick = ["+1", "-1"].map((name) => h("button", { type: "button", class: "icon-button", "data-tip": `React with :${name}:`,
    "aria-label": `React with ${name}`, "data-key": `quick/${name}`, on: { click: () => toggleReaction(message, name) } }, emojiText(name)));
  const own = message.user === world.me && !QUIET.has(message.subtype);
  return h("div", { class: "tools", role: "group", "aria-label": "Message actions" }, quick,
    addReaction(message, "icon-button"),
    !inThread && iconButton("thread", "Reply in thread", () => tools.openThread(message.ts), { "data-key": "thread" }),
    own && iconButton("edit", "Edit", (event) => tools.startEdit(event.currentTarget.closest(".message"), message), { "data-key": "edit" }),
    own && iconButton("trash", "Delete", () => askAndDelete(message), { "data-key": "delete" }),
    shortcutMenu("More actions", "dots", message.ts, { "data-key": "more" }));
}

async function askAndDelete(message) {
  const plain = (text) => ({ type: "plain_text", text });
  const sure = await confirmed({ title: plain("Delete message"), text: plain("It is gone for everybody. Delete it?"),
    confirm: plain("Delete"), deny: plain("Cancel"), style: "danger" });
  if (sure) remove(message.ts);
}
