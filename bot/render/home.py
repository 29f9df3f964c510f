"""Home: a page for one person, with what goes on in their channels, what they have to do, and what was before."""

from bot.render.buttons import Button
from bot.render.countries import country_name
from bot.render.finding import NARROW_DOWN, done_action, own_action, past_session, results
from bot.render.message import Block, actions, button, context, divider, field, header, plain, section
from bot.render.pieces import SOON, Line, at, link, one_below_another, with_code, words
from bot.render.usage import CommandNames
from bot.render.wording import counted
from minutes.found import Home, OpenSession
from minutes.text import shorten

LONGEST_SEARCH = 200
_TITLE = 100
# A view takes 250 KB; the results are the largest part of it.
_ROOM = (30_000, 60_000)
_UNTOLD = (
    "Slack does not tell me which channels you are in, so I can show you nothing of them here. In a channel, "
    "`/session list` and `/action list` show what is of that one."
)


def home_view(home: Home, names: CommandNames) -> Block:
    """All of it, within the limits of a view."""
    if not home.told:
        untold = with_code(_UNTOLD, names)
        return _view([section(*untold), divider(), *_you(home)])
    parts = (_open(home, names), _actions(home, names), _past(home), _you(home))
    return _view([block for part in parts for block in (*part, divider())][:-1])


def _view(blocks: list[Block]) -> Block:
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def _open(home: Home, names: CommandNames) -> list[Block]:
    title = header("Open sessions")
    if not home.sessions:
        return [title, section(*with_code("None now. `/session start` opens one in your channel.", names))]
    more = [context(f"… and {home.more_sessions:,} more.")] if home.more_sessions else []
    return [title, *map(_session, home.sessions), *more]


def _session(each: OpenSession) -> Block:
    title = shorten(each.title, _TITLE)
    named = link(each.url, title) if each.url else words(title)
    where = f" in #{each.channel_name}" if each.channel_name else ""
    head: Line = (named | {"style": {"bold": True}}, f"{where}, until ", at(each.planned_end, SOON))
    since: Line = (", since ", at(each.topic_since)) if each.topic_since else ()
    topic = shorten(each.topic, _TITLE) if each.topic else "no topic on the floor"
    floor: Line = (f"💬 Now: {topic}", *since)
    counts = f"📊 {counted(each.queued, 'topic')} queued · {counted(each.open_votes, 'open vote')}"
    return section(*one_below_another([head, floor, (counts,)]))


def _actions(home: Home, names: CommandNames) -> list[Block]:
    number = len(home.actions) + home.more_actions
    title = header(f"Your open actions: {number:,}" if number else "Your open actions")
    none = [] if number else [section("None. What you take on in a session is listed here.")]
    listed = [block for each in home.actions for block in own_action(each)]
    more = [section(f"… and {home.more_actions:,} more, which move up as these are done.")] if home.more_actions else []
    done = [block for each in home.done for block in done_action(each)]
    return [title, *none, *listed, *more, *done]


def _past(home: Home) -> list[Block]:
    looked_for = [header("Past sessions"), _search(home)]
    if home.found is None:
        none = [] if home.recent else [section("None yet.")]
        return [*looked_for, *none, *(block for each in home.recent for block in past_session(each, place=True))]
    blocks, more = results(home.found, *_ROOM)
    none = [] if blocks else [section("Nothing is found. All words have to be there: fewer of them find more.")]
    last = [section(NARROW_DOWN)] if more else []
    back = actions(button("Show the latest sessions", Button.SHOW_ALL, "all"))
    return [*looked_for, *none, *blocks, *last, back]


def _search(home: Home) -> Block:
    """Its id changes with every search: Slack keeps what was typed into a field of the same id."""
    filled = {"initial_value": shorten(home.found.words, LONGEST_SEARCH)} if home.found else {}
    element: Block = {
        "type": "plain_text_input",
        "placeholder": plain("Words that all have to be there"),
        "max_length": LONGEST_SEARCH,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        **filled,
    }
    name = f"search:{int(home.opened_at.timestamp() * 1000)}"
    asked = field(name, "Look for decisions, actions, notes and topics, and press Enter", element, optional=True)
    return asked | {"dispatch_action": True, "element": element | {"action_id": Button.SEARCH.value}}


def _you(home: Home) -> list[Block]:
    country = country_name(home.country) if home.country else "not told"
    told = f"Organisation: {shorten(home.organisation or 'not told', _TITLE)} · Country: {country}"
    small = context("For the next time that you sign in. It is shown only as counts and names of organisations.")
    return [header("You"), section(told), small, actions(button("Change", Button.PROFILE, "me"))]
