// The side bar: workspace, channels, people.

import { byId, h, iconButton } from "./dom.js";
import { avatar } from "./people.js";
import { hourMinute } from "./time.js";
import { directId, personName, playNow, world } from "./store.js";

const unread = new Set();
let acts = null;
let clocks = [];

/** `onChannel(id)`, `onActAs(id)`. */
export function startSidebar(handlers) {
  acts = handlers;
  byId("scrim").addEventListener("click", closeSidebar);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeSidebar());
}

export function toggleSidebar() {
  const open = !document.body.classList.contains("sidebar-open");
  document.body.classList.toggle("sidebar-open", open);
  byId("scrim").hidden = !open;
  byId("menu-button").setAttribute("aria-expanded", String(open));
  if (open) byId("sidebar").querySelector("button")?.focus();
}

export function closeSidebar() {
  if (document.body.classList.contains("sidebar-open")) {
    toggleSidebar();
    byId("menu-button").focus();
  }
}

export function markUnread(channel) {
  if (unread.has(channel)) return;
  unread.add(channel);
  drawSidebar();
}

export function drawSidebar() {
  unread.delete(world.channel);
  clocks = [];
  const held = byId("sidebar").contains(document.activeElement) && document.activeElement.dataset.key;
  byId("sidebar").replaceChildren(
    h("div", { class: "workspace" }, h("span", { class: "workspace-mark", "aria-hidden": "true" }, [...(world.team.name || "?")][0]),
      h("h1", { dir: "auto" }, world.team.name), iconButton("close", "Close the side bar", closeSidebar, { class: "icon-button narrow-only" })),
    h("div", { class: "places" },
      h("h2", null, "Channels"),
      h("ul", null, [...world.channels.values()].map((c) => h("li", null, placeButton(c.id, h("span", { class: "hash", "aria-hidden": "true" }, "#"), c.name)))),
      h("h2", null, "People"),
      h("ul", null, world.actors.map((p) => h("li", null, personButton(p)))),
      world.bot && [h("h2", null, "Apps"), h("ul", null, h("li", null, placeButton(directId(world.me),
        avatar(world.bot.id, "avatar tiny"), personName(world.bot.id), h("span", { class: "badge" }, "APP"))))]),
    h("p", { class: "sidebar-note" }, "A rehearsal on this computer: a stand-in for Slack. Choose a person to act as them. ",
      world.play?.note, world.others.length > 0 && h("span", { id: "others" },
        ` There are more workspaces, which this page does not show: ${world.others.join(", ")}.`)));
  drawPeopleTimes();
  if (held) [...byId("sidebar").querySelectorAll("[data-key]")].find((button) => button.dataset.key === held)?.focus();
}

function placeButton(id, sign, name, ...more) {
  return h("button", { type: "button", "data-key": id, class: unread.has(id) ? "place unread" : "place",
    "aria-current": id === world.channel ? "page" : null, on: { click: () => { acts.onChannel(id); closeSidebar(); } } },
  sign, h("span", { class: "place-name", dir: "auto" }, name), more, unread.has(id) && h("span", { class: "sr-only" }, " (unread)"));
}

function personButton(person) {
  const mine = person.id === world.me;
  const clock = h("span", { class: "local-time", "data-tip": person.tz ?? "" });
  clocks.push([clock, person.tz ?? "UTC"]);
  return h("button", { type: "button", "data-key": person.id, class: "place", "aria-pressed": String(mine),
    on: { click: () => { acts.onActAs(person.id); closeSidebar(); } } },
  avatar(person.id, "avatar tiny"), h("span", { class: "place-name", dir: "auto" }, personName(person.id)),
  mine && h("span", { class: "you" }, "you"), clock);
}

/** What everybody's clock shows at this moment of the play. */
export function drawPeopleTimes() {
  for (const [node, zone] of clocks) {
    const text = hourMinute(playNow(), zone);
    if (node.textContent !== text) node.textContent = text;
  }
}
