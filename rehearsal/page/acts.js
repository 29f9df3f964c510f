// What the person at the page does, as the one they act as. A failed act becomes a toast; `false` tells the caller.

import { post, Refused } from "./api.js";
import { toast } from "./notes.js";
import { isDirect, world } from "./store.js";

/** The stage's answer; throws Refused. */
export const tryAct = (fields) => post("stage/act", { as: world.me, channel: place(), ...fields });

/** The bot's handle stands for the conversation with it, which may have to be opened first. */
const place = () => (isDirect(world.channel) ? `@${world.bot.name}` : world.channel);

async function act(fields) {
  try {
    return await tryAct(fields);
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    toast(problem.message);
    return false;
  }
}

export const say = (text, thread) => act({ do: "say", text, ...(thread ? { thread } : {}) });
export const command = (text) => act({ do: "command", text });
export const edit = (ts, text) => act({ do: "edit", on: ts, text });
export const remove = (ts) => act({ do: "delete", on: ts });
/** Chooses one of the app's shortcuts, on a message or (without `ts`) anywhere. */
export const shortcut = (name, ts) => act({ do: "shortcut", name, ...(ts ? { on: ts } : {}) });
/** Clicks in a message, or with no `ts` in the dialog that is open. */
export const click = (ts, spec) => act({ do: "click", ...(ts ? { on: ts } : {}), ...spec });

/** Clicks in the bot's Home. */
export const clickHome = (spec) => act({ do: "click", home: true, ...spec });
/** Goes to a tab of the bot's: `home`, or `messages`. */
export const openHome = (tab) => act({ do: "open_home", tab });

export function toggleReaction(message, emoji) {
  const mine = (message.reactions ?? []).some((r) => r.name === emoji && r.users?.includes(world.me));
  return act({ do: mine ? "unreact" : "react", on: message.ts, emoji });
}

export async function setClock(change) {
  try {
    return await post("stage/clock", change);
  } catch (problem) {
    toast(problem.message);
    return false;
  }
}
