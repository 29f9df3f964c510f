// The bot's Home: a tab beside the messages of somebody's conversation with it, drawn from what it has published.

import { get } from "./api.js";
import { byId, h } from "./dom.js";
import { blocks } from "./blocks.js";
import { field } from "./fields.js";
import { clickHome, openHome } from "./acts.js";
import { isDirect, personName, world } from "./store.js";

let open = false;
let drawn = ""; // what is on show, as text: what has not changed is left alone
let fields = new Map(); // `block_id/action_id` -> field

const TABS = [["home", "Home"], ["messages", "Messages"]];

/** Shows the tabs where there are any, and the one that is chosen. */
export function drawHome() {
  const possible = isDirect(world.channel) && world.hasHome;
  open = open && possible;
  byId("tabs").hidden = !possible;
  byId("tabs").replaceChildren(...TABS.map(([name, label]) => h("button", { type: "button", role: "tab", id: `tab-${name}`,
    class: "tab", "aria-selected": String(open === (name === "home")), "aria-controls": name === "home" ? "home" : "log",
    tabindex: open === (name === "home") ? "0" : "-1", on: { click: () => choose(name), keydown: byArrow } }, label)));
  byId("home").hidden = !open;
  byId("home").setAttribute("aria-label", `Home of ${personName(world.bot?.id)}`);
  for (const part of [byId("log").parentElement, byId("composer")]) part.hidden = open;
}

function byArrow(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  event.preventDefault();
  choose(open ? "messages" : "home");
  byId("tabs").querySelector("[aria-selected=true]").focus();
}

async function choose(name) {
  open = name === "home";
  drawHome();
  await openHome(name);
  await syncHome();
}

/** Fetches what the acting person's Home shows. */
export async function syncHome() {
  if (!open) return;
  const as = world.me;
  const { view } = await get(`stage/home?as=${encodeURIComponent(as)}`);
  if (as !== world.me || !open) return;
  const now = `${as} ${JSON.stringify(view)}`;
  if (now === drawn) return;
  drawn = now;
  const typed = new Map([...fields].map(([key, f]) => [key, f.read()]));
  const held = byId("home").contains(document.activeElement) && keyOf(document.activeElement);
  fields = new Map();
  byId("home").replaceChildren(...(view ? blocks(view.blocks, clickHome, (block) => input(block, typed))
    : [h("p", { class: "empty" }, "There is nothing here yet.")]));
  if (held) [...byId("home").querySelectorAll("[data-key], input")].find((node) => keyOf(node) === held)?.focus();
}

const keyOf = (node) => node.dataset.key ?? node.closest("[data-block]")?.dataset.block;

/** A field; one that acts at once does so with Enter. What was typed into the same field before stays. */
function input(block, typed) {
  const made = field(block);
  const key = `${block.block_id}/${block.element?.action_id}`;
  fields.set(key, made);
  if (typed.has(key)) made.write(typed.get(key));
  if (block.dispatch_action) {
    made.node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      clickHome({ button: block.element.action_id, block_id: block.block_id, choose: made.read() });
    });
  }
  return made.node;
}
