// Mentions, links and dates inside text.

import { h } from "./dom.js";
import { slackDate, fullTime } from "./time.js";
import { channelName, myZone, personName, playNow, world } from "./store.js";

const OPENABLE = new Set(["http:", "https:", "mailto:"]);
const PERMALINK = /\/archives\/([CDG]\w+)\/p(\d{10})(\d{6})$/;

export function userChip(id) {
  const known = id.split("|")[0];
  return h("span", { class: known === world.me ? "mention own" : "mention", dir: "auto" }, `@${personName(known)}`);
}

export const channelChip = (id, label) =>
  h("span", { class: "mention" }, `#${world.channels.has(id) ? channelName(id) : label || id}`);

export function broadcastChip(label) {
  return h("span", { class: "mention broadcast" }, label.startsWith("@") ? label : `@${label}`);
}

/** The address as a URL, or null when it is none that a chat opens. */
export function parsed(address) {
  try {
    const url = new URL(address);
    return OPENABLE.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** A link, or plain text when the address is not one that a chat opens. Links to messages jump to them. */
export function linkNode(address, label) {
  const url = parsed(address);
  const shown = label && label.length ? label : address;
  if (!url) return h("span", { dir: "auto" }, shown);
  const props = { href: url.href, target: "_blank", rel: "noopener noreferrer", dir: "auto" };
  const message = PERMALINK.exec(url.pathname);
  if (message && world.channels.has(message[1])) {
    props.data = { channel: message[1], jump: `${message[2]}.${message[3]}`,
      thread: url.searchParams.get("thread_ts") ?? "" };
  } else if (label && label.length) {
    props["data-tip"] = url.href; // a label can say anything: show where it goes
  }
  return h("a", props, shown);
}

export function dateNode(seconds, template, fallback, address) {
  if (!Number.isFinite(seconds)) return document.createTextNode(fallback);
  const text = slackDate(seconds, template, myZone(), playNow());
  if (address && parsed(address)) return linkNode(address, [text]);
  return h("time", { datetime: new Date(seconds * 1000).toISOString(), "data-tip": fullTime(seconds, myZone()) }, text);
}
