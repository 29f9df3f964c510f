// A list of messages in ts order that changes row by row, and keeps to the bottom unless its reader has scrolled up.

import { h } from "./dom.js";
import { authorOf, equip, equipped, messageRow } from "./message.js";
import { dayKey, dayName } from "./time.js";
import { myZone } from "./store.js";

const GROUP_SECONDS = 300;
const NEAR = 60;

export class MessageList {
  /** `scroller` scrolls; `options`: inThread, tools, repliesOf(message), onUnread(count), lead: nodes above the rows. */
  constructor(scroller, options) {
    this.scroller = scroller;
    this.options = options;
    this.rows = new Map();
    this.order = [];
    this.unread = 0;
    this.stuck = true;
    this.box = h("div", { class: "rows" });
    scroller.replaceChildren(...(options.lead ?? []), this.box);
    this.watch();
  }

  watch() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.scroller.addEventListener("scroll", () => this.onScroll(), { passive: true, signal });
    this.scroller.addEventListener("keydown", (event) => this.onKey(event), { signal });
    this.resizes = new ResizeObserver(() => this.stuck && this.toBottom());
    this.resizes.observe(this.box);
    this.resizes.observe(this.scroller);
  }

  discard() {
    this.abort.abort();
    this.resizes.disconnect();
  }

  onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.stuck) this.setUnread(0);
  }

  toBottom() {
    this.stuck = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.setUnread(0);
  }

  setUnread(count) {
    this.unread = count;
    this.options.onUnread?.(count);
  }

  /** What is on show is about to be replaced: nothing in it can be pressed meanwhile, for it would be lost. */
  busy(busy) {
    this.box.setAttribute("aria-busy", String(busy));
  }

  /** Puts all messages in place of what was there. */
  reset(messages) {
    this.busy(false);
    const top = this.scroller.scrollTop;
    const held = this.box.contains(document.activeElement) ? document.activeElement.closest(".message") : null;
    const key = document.activeElement.dataset.key;
    this.rows.clear();
    this.order = messages.map((message) => message.ts);
    const all = document.createDocumentFragment();
    messages.forEach((message, i) => {
      const row = this.draw(message);
      this.rows.set(message.ts, row);
      this.settle(row, i > 0 ? this.rows.get(this.order[i - 1]) : null);
      if (row.day) all.append(row.day);
      all.append(row.node);
    });
    this.box.replaceChildren(all);
    this.setUnread(0);
    if (this.stuck) this.toBottom();
    else this.scroller.scrollTop = top;
    if (held) this.takeFocus(held.dataset.ts, held, key);
  }

  /** A row redrawn under the reader's hands keeps the focus where it was. */
  takeFocus(ts, old, key) {
    const node = this.rows.get(ts)?.node;
    if (!node) return;
    if (equipped(old)) equip(node);
    node.focus({ preventScroll: true }); // first, as a row shows its toolbar only while it has the focus
    const same = [...node.querySelectorAll("[data-key]")].find((element) => key && element.dataset.key === key);
    same?.focus({ preventScroll: true });
  }

  draw(message) {
    const replies = this.options.repliesOf?.(message) ?? null;
    return { message, day: null, node: messageRow(message, { ...this.options, replies }) };
  }

  /** Grouped with the row before, or the first of a day. */
  settle(row, before) {
    const zone = myZone();
    const newDay = !before || dayKey(Number(row.message.ts), zone) !== dayKey(Number(before.message.ts), zone);
    row.node.classList.toggle("grouped", !newDay && together(before.message, row.message));
    const wanted = newDay && !this.options.inThread;
    if (wanted === Boolean(row.day)) return;
    row.day?.remove();
    row.day = wanted ? dayDivider(Number(row.message.ts), zone) : null;
    if (row.day && row.node.isConnected) row.node.before(row.day);
  }

  put(message) {
    if (this.rows.has(message.ts)) this.replace(message);
    else this.insert(message);
  }

  replace(message) {
    const old = this.rows.get(message.ts);
    if (old.node.querySelector(".editing")) return; // its writer is at it: drawn anew when they are done
    const held = old.node.contains(document.activeElement);
    const key = document.activeElement.dataset.key;
    const row = this.draw(message);
    row.day = old.day;
    this.rows.set(message.ts, row);
    old.node.replaceWith(row.node);
    this.settleAround(this.order.indexOf(message.ts));
    if (held) this.takeFocus(message.ts, old.node, key);
  }

  insert(message) {
    let at = this.order.length;
    while (at > 0 && this.order[at - 1] > message.ts) at--;
    const row = this.draw(message);
    const next = this.rows.get(this.order[at]);
    this.order.splice(at, 0, message.ts);
    this.rows.set(message.ts, row);
    this.box.insertBefore(row.node, next ? next.day ?? next.node : null);
    this.settleAround(at);
    if (!this.stuck) this.setUnread(this.unread + 1); // else the resize observer goes to the bottom, once per frame
  }

  remove(ts) {
    const row = this.rows.get(ts);
    if (!row) return;
    const at = this.order.indexOf(ts);
    this.order.splice(at, 1);
    this.rows.delete(ts);
    row.day?.remove();
    row.node.remove();
    this.settleAround(at);
  }

  settleAround(at) {
    for (const i of [at, at + 1]) {
      const row = this.rows.get(this.order[i]);
      if (row) this.settle(row, this.rows.get(this.order[i - 1]) ?? null);
    }
  }

  /** Scrolls to a message and marks it for a moment; false when it is not here. */
  reveal(ts) {
    const row = this.rows.get(ts);
    if (!row) return false;
    this.stuck = false;
    row.node.scrollIntoView({ block: "center" });
    row.node.focus({ preventScroll: true });
    row.node.classList.add("revealed");
    setTimeout(() => row.node.classList.remove("revealed"), 2500);
    return true;
  }

  /** Up and down go from message to message, as in Slack; Tab goes into the message. */
  onKey(event) {
    const ownKey = event.target === this.scroller || event.target.classList.contains("message");
    const here = this.order.indexOf(event.target.dataset.ts);
    const last = this.order.length - 1;
    const start = here < 0 ? last + 1 : here;
    const to = { ArrowUp: start - 1, ArrowDown: Math.min(start + 1, last), Home: 0, End: last }[event.key];
    if (!ownKey || to === undefined || last < 0) return;
    event.preventDefault();
    this.rows.get(this.order[Math.max(0, to)]).node.focus();
  }
}

function together(before, message) {
  return authorOf(before) === authorOf(message) && before.username === message.username && !message.is_ephemeral &&
    !before.is_ephemeral && !message.subtype && !before.subtype && !message.pinned_to?.length && !message.blocks?.length &&
    Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
}

function dayDivider(seconds, zone) {
  return h("div", { class: "day", role: "separator" }, h("span", null, dayName(seconds, zone)));
}
