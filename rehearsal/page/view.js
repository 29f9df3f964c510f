// The dialog that the bot has opened for the person one acts as.

import { get, Refused } from "./api.js";
import { h, freshId, iconButton } from "./dom.js";
import { blocks } from "./blocks.js";
import { field } from "./fields.js";
import { click, tryAct } from "./acts.js";
import { BOT_FACE } from "./people.js";
import { textObject } from "./mrkdwn.js";
import { world } from "./store.js";

let open = null; // {view, as, dialog, fields: Map(block_id -> field), trouble}

/** Fetches and shows what the stage says is open for the acting person; errors go to their fields. */
export async function syncView() {
  const as = world.me;
  const { view, errors } = await get(`stage/views?as=${encodeURIComponent(as)}`);
  if (as !== world.me) return;
  if (!view) return dismiss();
  if (!open || open.as !== as || changed(open.view, view)) draw(view, as);
  faults(errors ?? {});
}

const changed = (before, after) => JSON.stringify(before) !== JSON.stringify(after);

function dismiss() {
  const was = open;
  open = null;
  was?.dialog.close();
}

function draw(view, as) {
  const typed = open?.view.id === view.id ? new Map([...open.fields.values()].map((f) => [f.key, f.read()])) : new Map();
  const dialog = open?.dialog ?? makeDialog();
  const fields = new Map();
  const title = freshId("title");
  const trouble = h("div", { class: "trouble", role: "alert", hidden: true });
  open = { view, as, dialog, fields, trouble };
  const input = (block) => {
    const made = { ...field(block), key: `${block.block_id}/${block.element?.action_id}` };
    if (typed.has(made.key)) made.write(typed.get(made.key)); // as Slack: the same ids keep what was put into them
    fields.set(block.block_id, made);
    return made.node;
  };
  dialog.setAttribute("aria-labelledby", title);
  dialog.replaceChildren(h("form", { novalidate: true, on: { submit } },
    h("header", { class: "dialog-head" }, h("img", { src: BOT_FACE, alt: "", class: "avatar" }),
      h("h2", { id: title, dir: "auto" }, textObject(view.title)), iconButton("close", "Close", close, { "data-tip": null })),
    h("div", { class: "dialog-body" }, trouble, blocks(view.blocks, (spec) => click(null, spec), input)),
    footer(view)));
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[autofocus], .dialog-body :is(input, select, textarea)") ?? dialog).focus();
}

function footer(view) {
  return h("footer", { class: "dialog-foot" },
    h("button", { type: "button", class: "b-button", on: { click: close } }, view.close ? textObject(view.close) : view.submit ? "Cancel" : "Close"),
    view.submit && h("button", { type: "submit", class: "b-button primary" }, textObject(view.submit)));
}

function makeDialog() {
  const dialog = h("dialog", { class: "dialog view", tabindex: "-1" });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (open?.dialog === dialog) open = null;
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form").requestSubmit();
  });
  document.body.append(dialog);
  return dialog;
}

async function submit(event) {
  event.preventDefault();
  const button = event.target.querySelector("[type=submit]");
  if (!button || button.disabled || !open) return;
  button.disabled = true;
  faults({});
  await send({ do: "submit", fields: Object.fromEntries([...open.fields].map(([id, f]) => [id, f.read()])) });
  button.disabled = false;
}

const close = () => send({ do: "close" });

async function send(fields) {
  try {
    await tryAct(fields);
    await syncView();
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    await syncView().catch(() => {});
    if (open && !open.dialog.querySelector(".fault:not([hidden])")) say(problem.message);
  }
}

function say(sentence) {
  open.trouble.textContent = sentence;
  open.trouble.hidden = false;
}

/** Shows errors at their fields and goes to the first; those of no field stand above all. */
function faults(errors) {
  if (!open) return;
  open.trouble.hidden = true;
  for (const [id, f] of open.fields) f.fault(errors[id]);
  const stray = Object.keys(errors).filter((id) => !open.fields.has(id));
  if (stray.length) say(errors[stray[0]]);
  if (Object.keys(errors).length) open.dialog.querySelector("[aria-invalid]")?.focus();
}
