// Times as a person in a given time zone reads them.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, make(zone, options));
  return formats.get(key);
}

function make(zone, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }); // an unknown zone must not stop the page
  }
}

const say = (seconds, zone, options) => format(zone, options).format(new Date(seconds * 1000));

const HM = { hour: "2-digit", minute: "2-digit" };
const HMS = { ...HM, second: "2-digit" };

export const hourMinute = (seconds, zone) => say(seconds, zone, HM);
export const hourMinuteSecond = (seconds, zone) => say(seconds, zone, HMS);
export const dayKey = (seconds, zone) => say(seconds, zone, { year: "numeric", month: "2-digit", day: "2-digit" });
export const dayName = (seconds, zone) =>
  say(seconds, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const shortDay = (seconds, zone) => say(seconds, zone, { weekday: "short", day: "numeric", month: "short" });
export const fullTime = (seconds, zone) =>
  say(seconds, zone, { weekday: "short", day: "numeric", month: "long", year: "numeric", ...HMS, timeZoneName: "short" });

const DATES = {
  date_num: (s, z) => say(s, z, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-"),
  date_slash: (s, z) => say(s, z, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (s, z) => say(s, z, { day: "numeric", month: "long", year: "numeric" }),
  date_short: (s, z) => say(s, z, { day: "numeric", month: "short", year: "numeric" }),
  date_long: dayName,
  day_divider_pretty: dayName,
  time: hourMinute,
  time_secs: hourMinuteSecond,
};

function relative(seconds, zone, now) {
  for (const [offset, word] of [[0, "today"], [-86400, "yesterday"], [86400, "tomorrow"]]) {
    if (dayKey(seconds, zone) === dayKey(now + offset, zone)) return word;
  }
  return null;
}

function ago(seconds, now) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const far = Math.abs(seconds - now);
  const [unit, size] = units.find(([, s]) => far >= s) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round((seconds - now) / size), unit);
}

/** Slack's date format such as `{date_short} at {time}`, told in a zone; unknown placeholders stay as they are. */
export function slackDate(seconds, template, zone, now) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === "ago") return ago(seconds, now);
    const pretty = name.endsWith("_pretty") && relative(seconds, zone, now);
    if (pretty) return pretty;
    const plain = DATES[name] ?? DATES[name.replace(/_pretty$/, "")];
    return plain ? plain(seconds, zone) : whole;
  });
}
