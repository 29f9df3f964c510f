"""What the person who asked is told about each thing that a use case has done."""

from functools import singledispatch
from itertools import accumulate, takewhile

from bot.render import corrections
from bot.render.countries import country_name
from bot.render.dialogs import SHOWN_AS
from bot.render.histories import history
from bot.render.pieces import SOON, Line, at, emoji, one_below_another, with_code
from bot.render.usage import EMOJI_DOES, CommandNames
from bot.render.votes import MAJORITY
from bot.render.wording import CAME_OUT, DONE, EMOJI, FLOOR_CHAIRED, KIND, ROLLS, counted, day, owners_and_date
from minutes.chairs import either
from minutes.emoji import EmojiShown, Meaning
from minutes.entry import EntryKind
from minutes.outcomes import (
    ActionDone,
    ActionPutOff,
    ActionReopened,
    DefaultsSet,
    DefaultsShown,
    EntryHistory,
    EntryRecorded,
    LookingUp,
    NothingToDo,
    Outcome,
    ProposalPut,
    RemindersSet,
    SessionDiscarded,
    SessionEnded,
    SessionExtended,
    SessionReopened,
    SessionStarted,
    SignedIn,
    TopicDone,
    TopicDropped,
    TopicList,
    TopicMoved,
    TopicOnFloor,
    TopicQueued,
    TopicRenamed,
    VoteClosed,
    VoteExtended,
    VoteResolved,
    VoteWithdrawn,
)
from minutes.rules import parse_quorum, parse_rule
from minutes.text import shorten

_TITLE = 200
_TEXT = 500
# Two lists and the line between them stay within a message's budget (slack.md §2.2).
_LIST_BYTES = 3_500
_NAME = 80


@singledispatch
def answer(outcome: Outcome, names: CommandNames) -> Line:
    """The words for one outcome; every kind of outcome has its own below."""
    raise TypeError(f"no words for {type(outcome).__name__}")


for kind, words in corrections.ANSWERS.items():
    answer.register(kind, words)


@answer.register
def _(outcome: SessionStarted, names: CommandNames) -> Line:
    first = with_code(" Put the first topic on the floor with `/topic <title>`.", names)
    floor = f" {FLOOR_CHAIRED}" if outcome.chaired else ""
    return (f"The session {_quoted(outcome.title)} is open until ", at(outcome.planned_end, SOON), f".{floor}", *first)


@answer.register
def _(outcome: SessionEnded, names: CommandNames) -> Line:
    minutes = outcome.digest_in_minutes
    when = f"follows in {counted(minutes, 'minute')}" if minutes else "follows at once"
    when += f", in #{outcome.digest_in}" if outcome.digest_in else ""
    back = with_code(" `/session reopen` opens it again, for half an hour from now.", names)
    return (f"The session {_quoted(outcome.title)} is closed. The digest {when}.", *back)


@answer.register
def _(outcome: SessionExtended, names: CommandNames) -> Line:
    return (f"The session {_quoted(outcome.title)} now goes on until ", at(outcome.planned_end, SOON), ".")


@answer.register
def _(outcome: SessionReopened, names: CommandNames) -> Line:
    return (f"The session {_quoted(outcome.title)} is open again, until ", at(outcome.planned_end, SOON), ".")


@answer.register
def _(outcome: SessionDiscarded, names: CommandNames) -> Line:
    return (f"The session {_quoted(outcome.title)} is discarded. There will be no digest of it.",)


@answer.register
def _(outcome: TopicOnFloor, names: CommandNames) -> Line:
    title = f"topic {outcome.number}, {_quoted(outcome.title)}"
    if outcome.already_there:
        return (f"Nothing has changed: {title}, is on the floor already.",)
    was = f"Back on the floor: {title}." if outcome.resumed else f"On the floor now: {title}."
    if outcome.began_session is None:
        return (was,)
    return (f"{was} No session was open here, so this has opened one. If that was a mistake, discard it.",)


@answer.register
def _(outcome: TopicQueued, names: CommandNames) -> Line:
    whom = either([shorten(name, _NAME) for name in outcome.for_chairs])
    chaired = f" The floor is chaired: ask {whom} to put it there." if whom else ""
    if outcome.already_there:
        return (f"{_quoted(outcome.title)} is in the queue already, at place {outcome.place_in_queue}.{chaired}",)
    return (f"Added to the queue at place {outcome.place_in_queue}: {_quoted(outcome.title)}.{chaired}",)


@answer.register
def _(outcome: TopicMoved, names: CommandNames) -> Line:
    return (f"Moved: {_quoted(outcome.title)} is at place {outcome.place_in_queue} of the queue now.",)


@answer.register
def _(outcome: TopicDone, names: CommandNames) -> Line:
    done = f"Done: {_quoted(outcome.title)}."
    if outcome.next_title is None:
        return (f"{done} Nothing is queued.",)
    take = with_code(" Take it with `/topic next`.", names)
    return (f"{done} Next in the queue: {_quoted(outcome.next_title)}.", *take)


@answer.register
def _(outcome: TopicDropped, names: CommandNames) -> Line:
    return (f"Taken out of the queue: {_quoted(outcome.title)}.",)


@answer.register
def _(outcome: TopicRenamed, names: CommandNames) -> Line:
    return (f"Renamed: {_quoted(outcome.old)} is now {_quoted(outcome.new)}.",)


@answer.register
def _(outcome: EntryRecorded, names: CommandNames) -> Line:
    where = f"under {_quoted(outcome.topic)}" if outcome.topic else "under the session, before its first topic"
    action = outcome.kind is EntryKind.ACTION
    fields = f" ({owners_and_date(outcome.owners, outcome.due)})" if action else ""
    what = f"{EMOJI[outcome.kind]} {KIND[outcome.kind]} {outcome.number} is recorded {where}"
    return (f"{what}: {shorten(outcome.text, _TEXT)}{fields}",)


@answer.register
def _(outcome: EntryHistory, names: CommandNames) -> Line:
    return history(outcome)


@answer.register
def _(outcome: ProposalPut, names: CommandNames) -> Line:
    if outcome.already_open:
        return (f"This text is put to the vote already, as {outcome.label}.",)
    if outcome.deadline_minutes is None:
        who = "you close" if outcome.own_to_close else "a chair closes"
        return (f"{outcome.label} is put to the vote, until the session ends or {who} it.",)
    return (f"{outcome.label} is put to the vote, for {counted(outcome.deadline_minutes, 'minute')}.",)


@answer.register
def _(outcome: VoteClosed, names: CommandNames) -> Line:
    return (f"The vote on {outcome.label} is closed.",)


@answer.register
def _(outcome: VoteExtended, names: CommandNames) -> Line:
    return (f"The vote on {outcome.label} is now open until ", at(outcome.deadline, SOON), ".")


@answer.register
def _(outcome: VoteWithdrawn, names: CommandNames) -> Line:
    return (f"{outcome.label} is withdrawn. It stays on record, and is not a decision.",)


@answer.register
def _(outcome: VoteResolved, names: CommandNames) -> Line:
    return (f"You have accepted the count of {outcome.label}: {CAME_OUT[outcome.state]}.",)


@answer.register
def _(outcome: RemindersSet, names: CommandNames) -> Line:
    if outcome.wanted:
        return ("You will be reminded of votes that wait for yours, at most once an hour.",)
    return ("You will not be reminded of votes any more.",)


@answer.register
def _(outcome: DefaultsSet, names: CommandNames) -> Line:
    ways = " ".join(f"{name}: {way}." for name, way in _ways(outcome) if way)
    return (f"Set for votes in {_where(outcome)} that do not say otherwise. {ways or 'Nothing has changed.'}",)


@answer.register
def _(outcome: DefaultsShown, names: CommandNames) -> Line:
    untouched = (MAJORITY, "none", ROLLS["none"])
    ways = " ".join(f"{name}: {way or usual}." for (name, way), usual in zip(_ways(outcome), untouched, strict=True))
    change = with_code(" Change it with `/session defaults rule=two-thirds`.", names)
    return (f"Votes in {_where(outcome)} that do not say otherwise. {ways}", *change)


@answer.register
def _(outcome: EmojiShown, names: CommandNames) -> Line:
    first = "Set." if outcome.changed else "Press one of these on a message, while a session is open."
    lines: list[Line] = [(first,), *(_emoji_line(meaning, wanted) for meaning, wanted in outcome.names)]
    change = with_code("Change it with `/session emoji note=:paperclip: parked=off`.", names)
    return one_below_another([*lines, change])


def _emoji_line(meaning: Meaning, wanted: tuple[str, ...]) -> Line:
    if not wanted:
        return (f"{meaning}: switched off",)
    shown = [part for name in wanted for part in (" or ", emoji(name))][1:]
    return (f"{meaning}: ", *shown, f" – {EMOJI_DOES[meaning]}")


@answer.register
def _(outcome: SignedIn, names: CommandNames) -> Line:
    country = country_name(outcome.country) if outcome.country else None
    told = ", ".join(filter(None, (outcome.organisation, country)))
    if not told:
        return ("You are signed in.",)
    return (f"You are signed in: {told}. This is remembered for the next time. {SHOWN_AS}",)


@answer.register
def _(outcome: ActionDone, names: CommandNames) -> Line:
    return (f"{DONE} Done: {_quoted(shorten(outcome.text, _TEXT))}.",)


@answer.register
def _(outcome: ActionReopened, names: CommandNames) -> Line:
    return (f"Open again: {_quoted(shorten(outcome.text, _TEXT))}.",)


@answer.register
def _(outcome: ActionPutOff, names: CommandNames) -> Line:
    return (f"Put off until {day(outcome.due)}: {_quoted(shorten(outcome.text, _TEXT))}.",)


@answer.register
def _(outcome: LookingUp, names: CommandNames) -> Line:
    return ("Looking … I ask Slack first which channels you are in. The answer follows here.",)


@answer.register
def _(outcome: NothingToDo, names: CommandNames) -> Line:
    return ("That was done already.",)


@answer.register
def _(outcome: TopicList, names: CommandNames) -> Line:
    since: Line = (", since ", at(outcome.since)) if outcome.since else ()
    now: Line = (f"💬 Now: {_quoted(outcome.now)}", *since) if outcome.now else ("💬 Now: no topic on the floor",)
    done = [f"✔️ {shorten(title, _TITLE)}" for title in outcome.done]
    queued = [f"{place}. {shorten(title, _TITLE)}" for place, title in enumerate(outcome.queued, 1)]
    waiting = ("⏭ In the queue:" if queued else "⏭ The queue is empty.",)
    return one_below_another([*_as_far_as_fits(done), now, waiting, *_as_far_as_fits(queued)])


def _as_far_as_fits(lines: list[str]) -> list[Line]:
    """The lines in one piece, or as many as a message has room for and how many more there are."""
    sizes = accumulate(len(line.encode()) + 2 for line in lines)
    taken = sum(1 for _ in takewhile(lambda size: size <= _LIST_BYTES, sizes))
    left = len(lines) - taken
    shown = [*lines[:taken], *([f"… and {left:,} more"] if left else [])]
    return [("\n".join(shown),)] if shown else []


def _quoted(title: str) -> str:
    return f"“{shorten(title, _TITLE)}”"


def _where(outcome: DefaultsSet | DefaultsShown) -> str:
    return "this workspace" if outcome.everywhere else "this channel"


def _ways(outcome: DefaultsSet | DefaultsShown) -> list[tuple[str, str]]:
    """How votes are held, in words; empty where that is not set."""
    rule, quorum = parse_rule(outcome.rule or ""), parse_quorum(outcome.quorum or "")
    return [
        ("To pass", rule.words if rule else ""),
        ("Quorum", quorum.words if quorum else "none" if outcome.quorum == "none" else ""),
        ("Who decides", ROLLS.get(outcome.roll or "", "")),
    ]
