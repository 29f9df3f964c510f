// Suggestions above a message box: slash commands, and people after an @.

import { h, freshId } from "./dom.js";
import { world } from "./store.js";

/** What fits what is typed before the caret: {from, items: [{insert, label, about, hint}]}. */
function fitting(text, caret, commands) {
  const before = text.slice(0, caret);
  if (commands && /^\/\S*$/.test(before)) return { from: 0, items: commandsLike(before.toLowerCase()) };
  const named = commands && /^(\/\S+)\s/.exec(text);
  const mention = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(before);
  if (mention) return { from: caret - mention[1].length - 1, items: peopleLike(mention[1].toLowerCase()) };
  const command = named && world.commands.find((c) => c.command === named[1]);
  return { from: 0, items: [], usage: command };
}

const commandsLike = (typed) => world.commands.filter((c) => c.command.toLowerCase().startsWith(typed))
  .map((c) => ({ insert: `${c.command} `, label: c.command, hint: c.usage_hint ?? "", about: c.description ?? "" }));

function peopleLike(typed) {
  const all = [...world.actors, ...(world.bot ? [world.bot] : [])];
  const fits = (p) => [p.name, p.real_name ?? ""].some((name) => name.toLowerCase().startsWith(typed));
  return all.filter(fits).slice(0, 8)
    .map((p) => ({ insert: `@${p.name} `, label: `@${p.name}`, hint: "", about: p.real_name === p.name ? "" : p.real_name ?? "" }));
}

export class Suggestions {
  /** `box` is the textarea; the list is put before it in `holder`. */
  constructor(box, holder, { commands }) {
    Object.assign(this, { box, commands, items: [], at: 0, from: 0 });
    const id = freshId("suggestions");
    this.list = h("div", { class: "suggestions", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
    this.usage = h("div", { class: "usage", id: freshId("usage"), hidden: true });
    holder.prepend(this.list, this.usage);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", id],
      ["aria-expanded", "false"], ["aria-haspopup", "listbox"], ["aria-describedby", this.usage.id]]) box.setAttribute(name, value);
    box.addEventListener("input", () => this.update());
    box.addEventListener("blur", () => this.close());
  }

  update() {
    const { from, items, usage } = fitting(this.box.value, this.box.selectionStart, this.commands);
    Object.assign(this, { from, items, at: 0 });
    this.usage.hidden = !usage;
    this.usage.replaceChildren(...(usage ? [h("b", null, usage.command), ` ${usage.usage_hint ?? ""}`,
      h("span", { class: "about" }, usage.description ?? "")] : []));
    this.draw();
  }

  draw() {
    const open = this.items.length > 0;
    this.list.hidden = !open;
    this.box.setAttribute("aria-expanded", String(open));
    this.list.replaceChildren(...this.items.map((item, i) => h("div", { class: "suggestion", role: "option",
      id: `${this.list.id}-${i}`, "aria-selected": String(i === this.at),
      on: { pointerdown: (event) => { event.preventDefault(); this.take(i); } } },
    h("b", null, item.label), " ", h("span", { class: "hint" }, item.hint), h("span", { class: "about" }, item.about))));
    if (open) {
      this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
      this.list.children[this.at].scrollIntoView({ block: "nearest" });
    } else this.box.removeAttribute("aria-activedescendant");
  }

  take(i) {
    const insert = this.items[i].insert;
    this.box.setRangeText(insert, this.from, this.box.selectionStart, "end");
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    this.box.focus();
  }

  close() {
    this.items = [];
    this.draw();
  }

  /** Handles a key while the list is open; true when it was ours. A fully typed name is sent by Enter, not completed. */
  onKey(event) {
    const n = this.items.length;
    if (!n || event.isComposing) return false;
    const typed = this.box.value.slice(this.from, this.box.selectionStart);
    const whole = this.items[this.at].label === typed;
    if (event.key === "ArrowDown") this.at = (this.at + 1) % n;
    else if (event.key === "ArrowUp") this.at = (this.at + n - 1) % n;
    else if (event.key === "Escape") this.items = [];
    else if (event.key === "Tab" && !event.shiftKey) return this.takeNow(event);
    else if (event.key === "Enter" && !event.shiftKey && !whole) return this.takeNow(event);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
    return true;
  }

  takeNow(event) {
    event.preventDefault();
    this.take(this.at);
    return true;
  }
}
