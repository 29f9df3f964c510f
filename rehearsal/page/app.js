// Puts the page together: loads the state, follows the stream, keeps channel and thread up to date.

import { get, listen, Refused } from "./api.js";
import { byId, icon } from "./dom.js";
import { authorOf } from "./message.js";
import { composer, startEdit } from "./composer.js";
import { drawHeader, drawPlay, startHeader } from "./header.js";
import { drawHome, syncHome } from "./home.js";
import { drawSidebar, markUnread, startSidebar } from "./sidebar.js";
import { announce, startTooltips, toast } from "./notes.js";
import { MessageList } from "./list.js";
import { ThreadPane } from "./thread.js";
import { syncView } from "./view.js";
import { directId, isDirect, personName, takeClock, takeState, world } from "./store.js";

const messages = new Map(); // of the channel on show: ts -> message, as the acting person sees them
const replies = new Map(); // ts of a thread's first message -> Set of its replies' ts
const dismissed = new Set(); // private messages put away: they are the page's to forget
const strangers = new Set(); // authors whom the stage does not name
const dirty = new Set();
let frame = null;
let main = null;
let thread = null;
let box = null;

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
const inChannel = (message) => !isReply(message) || message.subtype === "thread_broadcast";
const inOrder = (list) => list.sort((a, b) => (a.ts < b.ts ? -1 : 1));

// --- what the page knows -----------------------------------------------------------------------

function keep(message) {
  messages.set(message.ts, message);
  if (!isReply(message)) return;
  if (!replies.has(message.thread_ts)) replies.set(message.thread_ts, new Set());
  replies.get(message.thread_ts).add(message.ts);
}

function forget(ts) {
  const message = messages.get(ts);
  if (message && isReply(message)) replies.get(message.thread_ts)?.delete(ts);
  messages.delete(ts);
}

function repliesOf(message) {
  const all = [...(replies.get(message.ts) ?? [])].sort().map((ts) => messages.get(ts)).filter((m) => !m.is_ephemeral);
  if (!all.length) return null;
  return { count: all.length, users: [...new Set(all.map(authorOf))], latest: all.at(-1).ts };
}

const threadOf = (ts) => [messages.get(ts), ...inOrder([...(replies.get(ts) ?? [])].map((r) => messages.get(r)))].filter(Boolean);

const saved = {
  get: (key) => { try { return sessionStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* a page without storage just forgets */ } },
};

// --- drawing what changed, once per frame ------------------------------------------------------

function touch(ts) {
  dirty.add(ts);
  frame ??= requestAnimationFrame(flush);
}

function flush() {
  frame = null;
  for (const ts of [...dirty].sort()) {
    const message = messages.get(ts);
    if (!message || dismissed.has(ts)) {
      main.remove(ts);
      thread.list?.remove(ts);
      continue;
    }
    if (inChannel(message)) main.put(message);
    if (thread.ts && (ts === thread.ts || message.thread_ts === thread.ts)) thread.list.put(message);
  }
  dirty.clear();
}

function change(message) {
  const isNew = !messages.has(message.ts);
  keep(message);
  touch(message.ts);
  if (isReply(message) && messages.has(message.thread_ts)) touch(message.thread_ts);
  if (isNew && authorOf(message) !== world.me) announce(`${personName(authorOf(message))}: ${(message.text ?? "").slice(0, 200)}`);
  meet(authorOf(message));
}

/** Somebody new: asks the stage who is who, once for each. */
function meet(author) {
  if (world.people.has(author) || strangers.has(author)) return;
  strangers.add(author);
  soon(loadState);
}

function drop(ts) {
  const root = messages.get(ts)?.thread_ts;
  forget(ts);
  touch(ts);
  if (root && messages.has(root)) touch(root);
}

// --- loading -----------------------------------------------------------------------------------

async function loadState() {
  takeState(await get("stage/state"));
  if (!world.people.has(world.me)) world.me = world.people.get(saved.get("as"))?.id ?? world.actors[0]?.id ?? null;
  if (!isPlace(world.channel)) world.channel = saved.get("channel");
  if (!isPlace(world.channel)) world.channel = [...world.channels.keys()][0] ?? null;
  drawFrame();
}

function drawFrame() {
  drawSidebar();
  drawHeader();
  drawHome();
  box.refresh();
}

const isPlace = (channel) => world.channels.has(channel) || channel === directId(world.me);

const fetching = new Set(); // for each fetch under way, what the stream has told meanwhile

/** What the stage has, and what happened `since` it was asked: the answer may be from before that. */
async function fetchMessages() {
  const [channel, as] = [world.channel, world.me];
  const since = [];
  fetching.add(since);
  const answer = await get(`stage/channels/${encodeURIComponent(channel)}/messages?as=${encodeURIComponent(as)}`).catch((problem) => {
    if (isDirect(channel) && problem instanceof Refused) return { messages: [] }; // nobody has spoken to the bot yet
    throw problem;
  }).finally(() => fetching.delete(since));
  return channel === world.channel && as === world.me ? { all: answer.messages, since } : null;
}

/** Everything anew: another channel, another person, or a stream that had been broken. */
async function reload() {
  const fetched = await fetchMessages().catch((problem) => {
    main.busy(false);
    throw problem;
  });
  if (!fetched) return; // of a place or a person left meanwhile: another reload is under way
  const { all, since } = fetched;
  messages.clear();
  replies.clear();
  dirty.clear();
  all.forEach(keep);
  main.reset(inOrder(all.filter((m) => inChannel(m) && !dismissed.has(m.ts))));
  if (thread.ts && messages.has(thread.ts)) thread.reset();
  else thread.close();
  since.forEach(onMessage);
  await syncView();
  await syncHome();
}

/** Compares what the stage has with what is on show, and redraws only the differences. */
async function resync() {
  const fetched = await fetchMessages();
  if (!fetched) return;
  const { all, since } = fetched;
  const seen = new Set(all.map((m) => m.ts));
  for (const ts of [...messages.keys()]) if (!seen.has(ts)) drop(ts);
  for (const m of all) if (JSON.stringify(m) !== JSON.stringify(messages.get(m.ts))) change(m);
  since.forEach(onMessage);
}

const pending = new Map();

/** Runs `job` shortly, once, however often it is asked for; failures are shown, not lost. */
function soon(job) {
  if (pending.has(job)) return;
  pending.set(job, setTimeout(() => {
    pending.delete(job);
    job().catch((problem) => toast(problem.message));
  }, 60));
}

// --- the stream --------------------------------------------------------------------------------

function onEvent(event) {
  if (event.as && event.as !== world.me) return;
  if (event.type === "clock") takeClock(event.clock ?? event);
  else if (event.type === "play") onPlay(event.play ?? event);
  else if (event.type === "view") soon(syncView);
  else if (event.type === "home") soon(syncHome);
  else if (event.type === "reset") soon(async () => { await loadState(); await reload(); });
  else if (event.channel && event.channel !== world.channel) elsewhere(event);
  else onMessage(event);
}

function onPlay(play) {
  const note = world.play?.note;
  world.play = { ...world.play, ...play };
  drawPlay();
  if (world.play.note !== note) drawSidebar();
}

function elsewhere(event) {
  if (isDirect(event.channel) && event.channel !== directId(world.me)) return; // somebody else's with the bot
  if (!isPlace(event.channel)) soon(loadState);
  else if (event.type === "message") markUnread(event.channel);
}

function onMessage(event) {
  if (event.channel && event.channel !== world.channel) return; // told for a fetch, of a place left meanwhile
  for (const since of fetching) since.push(event);
  const ts = event.message?.ts ?? event.ts ?? event.deleted_ts;
  if (event.type.endsWith("deleted") && ts) drop(ts);
  else if (event.message?.ts) change(event.message);
  else if (event.type === "reactions" && event.reactions && messages.has(ts)) change({ ...messages.get(ts), reactions: event.reactions });
  else soon(resync);
}

// --- what the person does ----------------------------------------------------------------------

function actAs(id) {
  if (id === world.me) return;
  const direct = isDirect(world.channel);
  world.me = id;
  if (direct) world.channel = directId(id);
  saved.set("as", id);
  main.busy(true);
  drawFrame();
  soon(reload);
}

function goTo(id) {
  if (id === world.channel) return Promise.resolve();
  world.channel = id;
  saved.set("channel", id);
  thread.close();
  main.stuck = true;
  main.busy(true);
  drawFrame();
  return reload();
}

/** Follows a link to a message of this workspace. */
async function jump({ channel, jump: ts, thread: root }) {
  await goTo(channel);
  const message = messages.get(ts);
  if (!message) return toast("That message is not here any more.");
  if (!isReply(message)) return main.reveal(ts);
  thread.open(root || message.thread_ts);
  return thread.list.reveal(ts);
}

const tools = {
  openThread: (ts) => thread.open(ts),
  dismiss: (ts) => { dismissed.add(ts); touch(ts); },
  startEdit: (row, message) => startEdit(row, message, () => touch(message.ts)),
};

function showUnread(count) {
  const button = byId("newer");
  button.hidden = !count;
  button.replaceChildren(icon("down"), count === 1 ? "1 new message" : `${count} new messages`);
}

function onSent(answer) {
  if (answer.answer?.ts) change(answer.answer);
  main.toBottom();
}

async function start() {
  main = new MessageList(byId("log"), { tools, repliesOf, onUnread: showUnread });
  thread = new ThreadPane({ repliesTo: threadOf, tools, onClose: (ts) => main.rows.get(ts)?.node.focus({ preventScroll: true }) });
  box = composer({ id: "composer-text", onSent, onActAs: actAs });
  byId("composer").append(box.node);
  byId("newer").addEventListener("click", () => { main.toBottom(); box.box.focus(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-jump]");
    if (!link) return;
    event.preventDefault();
    jump(link.dataset);
  });
  startHeader();
  startSidebar({ onChannel: goTo, onActAs: actAs });
  startTooltips();
  listen({ onEvent, onBack: () => soon(async () => { await loadState(); await reload(); }),
    onLost: () => toast("The stage is away. The page goes on by itself when it is back.") });
  await loadState();
  await reload();
  box.box.focus();
}

start().catch((problem) => toast(problem.message));
