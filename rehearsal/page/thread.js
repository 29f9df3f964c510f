// The thread pane.

import { byId, h, iconButton } from "./dom.js";
import { composer } from "./composer.js";
import { MessageList } from "./list.js";
import { placeName, world } from "./store.js";

/** One thread at a time. `repliesTo(ts)` gives the messages, root first. */
export class ThreadPane {
  constructor({ repliesTo, tools, onClose }) {
    Object.assign(this, { repliesTo, tools, onClose, ts: null, list: null });
    this.pane = byId("thread");
    this.pane.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.close();
    });
  }

  open(ts) {
    this.list?.discard();
    this.ts = ts;
    const scroller = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": "Replies", tabindex: "0" });
    this.composer = composer({ id: "thread-text", thread: ts, onSent: () => this.list.toBottom() });
    this.pane.replaceChildren(
      h("header", { class: "thread-head" }, h("h2", null, "Thread"), h("span", { class: "thread-where" }, placeName(world.channel)),
        iconButton("close", "Close the thread", () => this.close(), { "data-tip": null })),
      scroller, h("div", { class: "composer-box" }, this.composer.node));
    this.pane.hidden = false;
    document.body.classList.add("thread-open");
    this.list = new MessageList(scroller, { inThread: true, tools: this.tools });
    this.reset();
    this.composer.box.focus();
  }

  reset() {
    if (!this.ts) return;
    this.list.reset(this.repliesTo(this.ts));
    this.composer.refresh();
  }

  close() {
    if (!this.ts) return;
    const ts = this.ts;
    this.ts = null;
    this.list.discard();
    this.pane.hidden = true;
    this.pane.replaceChildren();
    document.body.classList.remove("thread-open");
    this.onClose(ts);
  }
}
