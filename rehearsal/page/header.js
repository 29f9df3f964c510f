// Above the messages: the channel, the play's clock, how far the play is.

import { byId, h, icon, iconButton } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { openMenu } from "./menu.js";
import { setClock } from "./acts.js";
import { toast } from "./notes.js";
import { drawPeopleTimes, toggleSidebar } from "./sidebar.js";
import { hourMinuteSecond, shortDay } from "./time.js";
import { isDirect, placeName, playNow, takeClock, world } from "./store.js";

const name = h("h2", { class: "channel-name", dir: "auto" });
const topic = h("div", { class: "channel-topic", dir: "auto" });
const time = h("span", { class: "clock-time" });
const day = h("span", { class: "clock-day" });
const speed = h("span", { class: "clock-speed" });
const clock = h("button", { type: "button", class: "clock", "aria-haspopup": "menu", "data-tip": "Play clock: speed, skip ahead" },
  icon("clock"), h("span", { class: "clock-face" }, time, day), speed, icon("chevron"));
const title = h("span", { class: "play-title", dir: "auto" });
const state = h("span", { class: "play-state" });
const progress = h("progress", { class: "play-progress", "aria-label": "How far the play is" });
const strip = h("div", { class: "play" }, title, progress, state);

export function startHeader() {
  const menu = iconButton("menu", "Channels and people", toggleSidebar, { id: "menu-button", class: "icon-button narrow-only",
    "aria-expanded": "false", "aria-controls": "sidebar", "data-tip": null });
  byId("header").replaceChildren(h("div", { class: "header-row" }, menu, h("div", { class: "channel" }, name, topic), clock), strip);
  clock.addEventListener("click", () => openMenu(clock, clockMenu(), "Play clock"));
  setInterval(tick, 250);
}

export function drawHeader() {
  const channel = world.channels.get(world.channel);
  name.textContent = placeName(world.channel);
  const about = isDirect(world.channel) ? "Between the two of you" : channel?.topic ?? "";
  topic.replaceChildren(...mrkdwn(about));
  drawPlay();
  tick();
}

function tick() {
  const now = playNow();
  set(time, `${hourMinuteSecond(now, "UTC")} UTC`);
  set(day, shortDay(now, "UTC"));
  set(speed, speedOf(world.clock.rate));
  drawPeopleTimes();
}

const set = (node, text) => { if (node.textContent !== text) node.textContent = text; };

function speedOf(rate) {
  if (rate === 0) return world.play?.state === "playing" ? "fastest" : "stopped";
  return `${Number(rate.toFixed(1))}×`;
}

const STATES = { idle: "Not started", playing: "Playing", done: "Over: now it is your turn", failed: "Stopped" };

export function drawPlay() {
  const play = world.play;
  strip.hidden = !play?.title;
  if (!play?.title) return;
  document.title = `${placeName(world.channel)} · ${play.title}`;
  strip.className = `play ${play.state}`;
  title.textContent = play.title;
  progress.max = play.lines || 1;
  progress.value = play.state === "done" ? progress.max : play.line ?? 0;
  const lines = play.lines ? ` · line ${play.line ?? 0} of ${play.lines}` : "";
  state.textContent = play.state === "done" ? STATES.done : `${STATES[play.state] ?? play.state}${lines}`;
  byId("notice").textContent = play.state === "failed" ? play.error || "The play has failed." : "";
}

function clockMenu() {
  const { rate } = world.clock;
  if (world.play?.state === "playing") return [{ heading: "The play drives the clock until its last line." }];
  const speeds = [[0, "Stopped"], [1, "As in life"], [10, "10 times as fast"], [60, "A minute each second"]];
  const skips = [[60, "1 minute"], [900, "15 minutes"], [3600, "1 hour"], [86400, "1 day"]];
  return [{ heading: "Speed" }, ...speeds.map(([to, label]) => ({ label, checked: rate === to, run: () => change({ rate: to }) })),
    { heading: "Skip ahead" }, ...skips.map(([s, label]) => ({ label, run: () => change({ advance_s: s }) }))];
}

async function change(what) {
  clock.setAttribute("aria-busy", "true");
  const answer = await setClock(what);
  clock.removeAttribute("aria-busy");
  if (!answer) return;
  takeClock({ now_us: answer.now_us, rate: answer.rate ?? what.rate });
  tick();
  if (what.advance_s) toast(`It is now ${hourMinuteSecond(playNow(), "UTC")} UTC.`);
}
