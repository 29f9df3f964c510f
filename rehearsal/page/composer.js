// The message box, below the channel and below a thread.

import { h, icon, freshId } from "./dom.js";
import { command, edit, say } from "./acts.js";
import { toast } from "./notes.js";
import { shortcutMenu } from "./shortcuts.js";
import { Suggestions } from "./suggest.js";
import { channelName, me, personName, placeName, world } from "./store.js";

/** Builds a composer. `thread`: ts or null; `onSent()`; `onActAs(id)` adds the "act as" switch. Returns {node, box, refresh}. */
export function composer({ id, thread = null, onSent, onActAs }) {
  const box = h("textarea", { id, rows: 1, class: "composer-text", dir: "auto", autocomplete: "off", enterkeyhint: "send" });
  const send = h("button", { type: "button", class: "send", "aria-label": "Send", "data-tip": "Send" }, icon("send"));
  const foot = h("div", { class: "composer-foot" }, onActAs && actAs(onActAs),
    h("span", { class: "composer-keys" }, "Enter sends · Shift + Enter makes a new line"), send);
  const node = h("div", { class: "composer" }, box, foot);
  const suggestions = new Suggestions(box, node, { commands: thread === null });
  const go = () => deliver(box, thread, onSent);
  box.addEventListener("keydown", (event) => {
    if (suggestions.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      suggestions.close();
      go();
    }
  });
  box.addEventListener("input", () => grow(box));
  send.addEventListener("click", () => { go(); box.focus(); });
  const refresh = () => label(box, foot, thread);
  refresh();
  return { node, box, refresh };
}

function label(box, foot, thread) {
  const where = thread ? "Reply in the thread" : `Message ${placeName(world.channel)}`;
  const who = me() ? ` as ${personName(world.me)}` : "";
  box.placeholder = where + who;
  box.setAttribute("aria-label", where + who);
  const menu = !thread && !foot.querySelector("[data-key=shortcuts]") && shortcutMenu("Shortcuts", "plus", null, { "data-key": "shortcuts" });
  if (menu) foot.prepend(menu);
  const select = foot.querySelector("select");
  if (!select) return;
  const names = world.actors.map((p) => `${p.id} ${personName(p.id)}`).join("\n");
  if (select.dataset.names !== names) { // an open list must not close under the hands
    select.replaceChildren(...world.actors.map((p) => h("option", { value: p.id }, personName(p.id))));
    select.dataset.names = names;
  }
  select.value = world.me ?? "";
}

function actAs(onActAs) {
  const id = freshId("act-as");
  return h("span", { class: "act-as" }, h("label", { for: id }, "Act as"),
    h("select", { id, on: { change: (event) => onActAs(event.target.value) } }));
}

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, innerHeight * 0.4)}px`;
}

function setText(box, text) {
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Sends what is typed; when the stage refuses, the words come back into the box. */
async function deliver(box, thread, onSent) {
  const text = box.value;
  if (!text.trim()) return;
  if (thread && text.startsWith("/")) {
    toast("Slash commands cannot be used in threads. Write it in the channel's message box.");
    return;
  }
  setText(box, "");
  const done = await (text.startsWith("/") ? command(text.trim()) : say(text.trimEnd(), thread));
  if (done) onSent?.(done);
  else if (!box.value) setText(box, text);
}

/** What a stored message looked like when it was typed. */
function asTyped(text) {
  return text
    .replace(/<@([^>|]+)[^>]*>/g, (_, id) => `@${world.people.get(id)?.name ?? id}`)
    .replace(/<#([^>|]+)[^>]*>/g, (_, id) => `#${channelName(id)}`)
    .replace(/<!(here|channel|everyone)[^>]*>/g, "@$1")
    .replace(/<([^>|]+)\|([^>]*)>/g, "[$2]($1)")
    .replace(/<([^>]+)>/g, "$1")
    .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** Turns a message's row into a box for changing it; `done()` redraws the row. */
export function startEdit(row, message, done) {
  const box = h("textarea", { class: "composer-text", "aria-label": "Edit message", dir: "auto", value: asTyped(message.text ?? "") });
  const leave = () => {
    holder.remove();
    done();
  };
  const save = async () => {
    const text = box.value.trim();
    if (text && (await edit(message.ts, text)) === false) return;
    leave();
  };
  const cancel = h("button", { type: "button", class: "b-button", on: { click: leave } }, "Cancel");
  const keep = h("button", { type: "button", class: "b-button primary", on: { click: save } }, "Save");
  box.addEventListener("input", () => grow(box));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const holder = h("div", { class: "composer editing" }, box, h("div", { class: "composer-foot" }, cancel, keep));
  row.querySelector(".text")?.replaceWith(holder);
  grow(box);
  box.focus();
}
