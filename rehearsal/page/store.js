// What the page knows: the workspace, who is who, the play clock, and who one is acting as.

export const world = {
  team: { id: "", name: "" },
  others: [],
  bot: null,
  hasHome: false,
  people: new Map(),
  actors: [],
  channels: new Map(),
  commands: [],
  shortcuts: [],
  me: null,
  channel: null,
  play: null,
  clock: { now_us: 0, rate: 0, read_at: 0 },
};

export const SLACKBOT = "USLACKBOT"; // speaks for Slack itself

export function takeState(state) {
  world.team = state.team ?? world.team;
  world.others = state.others ?? [];
  world.bot = state.bot ?? null;
  world.hasHome = state.has_home ?? false;
  world.actors = state.you_can_act_as ?? [];
  world.people = new Map([...(state.bots ?? []), ...world.actors].map((p) => [p.id, p]));
  if (world.bot) world.people.set(world.bot.id, { ...world.bot, is_bot: true });
  world.people.set(SLACKBOT, { id: SLACKBOT, name: "slackbot", real_name: "Slackbot", is_bot: true });
  world.channels = new Map((state.channels ?? []).map((c) => [c.id, c]));
  world.commands = state.commands ?? [];
  world.shortcuts = state.shortcuts ?? [];
  world.play = state.play ?? null;
  takeClock(state.clock);
}

export function takeClock(clock) {
  if (clock && Number.isFinite(clock.now_us)) {
    world.clock = { now_us: clock.now_us, rate: clock.rate ?? world.clock.rate, read_at: performance.now() };
  }
}

/** Play time now, in seconds since the epoch: what was last told, carried on at the clock's rate. */
export function playNow() {
  const { now_us, rate, read_at } = world.clock;
  return now_us / 1e6 + ((performance.now() - read_at) / 1000) * rate;
}

export const me = () => world.people.get(world.me);
export const myZone = () => me()?.tz || "UTC";
export const isBot = (id) => id === world.bot?.id;

export function personName(id) {
  const person = world.people.get(id);
  return person ? person.real_name || person.name : id;
}

export const channelName = (id) => world.channels.get(id)?.name ?? id;

/** The id of somebody's conversation with the bot, as the stage makes it. */
export const directId = (person) => `D${(person ?? "").slice(1)}`;

export const isDirect = (channel) => channel?.startsWith("D") ?? false;

/** A place as it is called in titles: `#general`, or the bot's name for the conversation with it. */
export const placeName = (id) => (isDirect(id) ? personName(world.bot?.id) : `#${channelName(id)}`);

export function channelByName(name) {
  for (const channel of world.channels.values()) if (channel.name === name) return channel;
  return null;
}
