// The stage's JSON API and its stream of events.

/** Why the stage would not do something: one sentence for the person at the page. */
export class Refused extends Error {}

export async function get(path) {
  return answerOf(await reach(path));
}

export async function post(path, body) {
  return answerOf(await reach(path, { method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify(body) }));
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Refused("The stage does not answer: is the rehearsal still running?");
  }
}

async function answerOf(response) {
  const data = await response.json().catch(() => null);
  if (!response.ok || !data || data.ok === false) {
    throw new Refused(data?.error || `The stage answered ${response.status}.`);
  }
  return data;
}

/** Calls `onEvent` for each event; `onBack` when the stream comes back after a break, `onLost` when it breaks. */
export function listen(handlers, lost = false) {
  const source = new EventSource("stage/stream");
  source.onmessage = (frame) => handlers.onEvent(JSON.parse(frame.data));
  source.onopen = () => {
    if (lost) handlers.onBack();
    lost = false;
  };
  source.onerror = () => {
    if (!lost) handlers.onLost();
    lost = true;
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(handlers, true), 2000);
  };
}
