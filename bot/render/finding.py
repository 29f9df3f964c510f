"""What somebody has found again: past sessions, what was recorded in them, and their own actions. Said privately."""

from collections.abc import Iterable, Iterator
from functools import singledispatch

from bot.render.buttons import Button
from bot.render.message import Block, Message, actions, button, context, message, rich, said, section
from bot.render.packing import measure
from bot.render.pieces import DAY_AND_CLOCK, Line, Part, Piece, at, bullets, line, link, text_of, with_code, words
from bot.render.usage import CommandNames
from bot.render.wording import CAME_OUT, DONE, EMOJI, KIND, VOTE, counted, day, owners_and_date
from minutes.entry import EntryKind
from minutes.found import Found, Hit, HitsIn, OwnAction, OwnActions, PastSession, PastSessions
from minutes.text import one_line, shorten

NOT_YOURS = "That session is not one of a channel that you are in, or it is kept no longer."
ONLY_HERE = "Slack does not tell me in which other channels you are, so this is from this channel only."
NARROW_DOWN = "There is more. Add a word to narrow it down."
_TITLE = 100
_TEXT = 240
_BYTES = 480
_NAMES = 60
_LABEL = 40
# With a head and a last line, within what one message takes (slack.md §2.2).
_ROOM = (7_000, 11_000)


@singledispatch
def told(found: Found | OwnActions, names: CommandNames) -> Message:
    """What was asked for, in words."""
    raise TypeError(f"no words for {type(found).__name__}")


@told.register
def _(found: Found, names: CommandNames) -> Message:
    sought = f"“{shorten(found.words, _TITLE)}”"
    if not found.sessions:
        hint = "All words have to be there: fewer of them find more."
        return _message([section(f"Nothing is found for {sought}. {hint}")], found.only_here)
    blocks, more = results(found, *_ROOM)
    last = [section(NARROW_DOWN)] if more else []
    return _message([section(f"Found for {sought}:"), *blocks, *last], found.only_here)


@told.register
def _(own: OwnActions, names: CommandNames) -> Message:
    if not own.here and not own.elsewhere:
        return _message([section("You have no open actions.")], own.only_here)
    blocks, left = [], list(_ROOM)
    shown = 0
    for heading, each in (("In this channel", own.here), ("In other channels", own.elsewhere)):
        drawn = [own_action(action, place=each is own.elsewhere) for action in each]
        taken = [pair for pair in drawn if _takes(left, list(pair))]
        shown += len(taken)
        if taken:
            blocks += [section(words(heading, bold=True)), *(block for pair in taken for block in pair)]
    number = len(own.here) + len(own.elsewhere) + own.more
    more = [section(f"… and {counted(number - shown, 'more action')}.")] if number > shown else []
    return _message([section(f"You have {counted(number, 'open action')}."), *blocks, *more], own.only_here)


def past_sessions(found: PastSessions, names: CommandNames) -> Message:
    """The latest sessions of a channel."""
    if not found.sessions:
        return said(*with_code("No session has ended here yet. `/session status` shows one that is open.", names))
    older = f"There are {counted(found.more, 'older one')}. `/session search` finds what was said in them."
    blocks = [block for each in found.sessions for block in past_session(each, place=False)]
    last = [section(*with_code(older, names))] if found.more else []
    return _message([section("The latest sessions of this channel:"), *blocks, *last])


def results(found: Found, chars: int, size: int) -> tuple[list[Block], bool]:
    """What was found, session by session, as far as there is room; and whether there is more."""
    blocks: list[Block] = []
    left = [chars, size]
    for each in found.sessions:
        head = _session_line(each.session, place=True)
        if not _takes(left, [rich(line(*head)), _recap(each.session)]):
            return blocks, True
        lines = list(_lines(each, left))
        blocks += [rich(line(*head), *([bullets(lines)] if lines else [])), _recap(each.session)]
        if len(lines) < len(each.hits):
            return blocks, True
    return blocks, found.more


def past_session(each: PastSession, *, place: bool) -> list[Block]:
    """A session in a line, with what came of it, and the button that shows its recap."""
    came = f" · {counted(each.decisions, 'decision')}, {counted(each.actions, 'action')}"
    return [section(*_session_line(each, place=place), came), _recap(each)]


def own_action(action: OwnAction, *, place: bool = True) -> tuple[Block, Block]:
    """An action in a line, and what its owner can say of it."""
    where = f"#{action.channel_name}, " if place and action.channel_name else ""
    due = "" if action.due is None else f"was due {day(action.due)}" if action.overdue else f"by {day(action.due)}"
    small = " · ".join(filter(None, (due, f"{where}{shorten(action.title, _TITLE)}")))
    drawn = section(words(f"{action.label} ", bold=True), _linked(action.text, action.url), words(f" — {small}"))
    value = f"{action.channel}:{action.session}:{action.number}"
    done = button(f"Done: {action.label}", Button.ACTION_DONE, value)
    return drawn, actions(done, button(f"Later: {action.label}", Button.ACTION_LATER, value))


def done_action(action: OwnAction) -> list[Block]:
    """One that is done, which may have been a mistake."""
    value = f"{action.channel}:{action.session}:{action.number}"
    undo = button(f"Undo: {action.label}", Button.ACTION_OPEN, value)
    return [section(f"{DONE} Done: ", _linked(action.text, action.url)), actions(undo)]


def _takes(left: list[int], blocks: Iterable[Block | Piece]) -> bool:
    """Whether there is room for these; it is taken then."""
    chars, size = measure(list(blocks))
    if chars > left[0] or size > left[1]:
        return False
    left[0] -= chars
    left[1] -= size
    return True


def _lines(found: HitsIn, left: list[int]) -> Iterator[Piece]:
    for hit in found.hits:
        piece = line(*_hit(hit))
        if not _takes(left, [piece]):
            return
        yield piece


def _hit(hit: Hit) -> Line:
    lead, detail = _kind(hit)
    more = [words(f" — {detail}", italic=True)] if detail else []
    return (f"{lead}: ", _linked(hit.text, hit.url), *more)


def _kind(hit: Hit) -> tuple[str, str]:
    """What it is, and what else there is to say of it."""
    if hit.vote is not None:
        return f"{VOTE} {hit.label}", CAME_OUT[hit.vote]
    if hit.entry is None:
        return f"💬 Topic {hit.number}", ""
    emoji = DONE if hit.done else EMOJI[hit.entry]
    is_action = hit.entry is EntryKind.ACTION
    detail = owners_and_date(hit.owners, hit.due, _NAMES, done=hit.done) if is_action else ""
    return f"{emoji} {KIND[hit.entry]} {hit.number}", detail


def _session_line(each: PastSession, *, place: bool) -> list[Part]:
    where = f"#{each.channel_name}, " if place and each.channel_name else ""
    title = _linked(each.title, each.url) | {"style": {"bold": True}}
    return [title, f" · {where}", at(each.started_at, DAY_AND_CLOCK)]


def _recap(each: PastSession) -> Block:
    """Each says which: whoever hears the buttons only must tell them apart."""
    label = f"Recap: {shorten(one_line(each.title), _LABEL)}, {day(each.started_at)}"
    return actions(button(label, Button.RECAP, str(each.session)))


def _linked(text: str, url: str | None) -> Piece:
    return link(url, _brief(text)) if url else words(_brief(text))


def _brief(text: str) -> str:
    """So much of a text as tells which it is."""
    brief, size = shorten(one_line(text), _TEXT), _TEXT
    while len(brief.encode()) > _BYTES:
        size = size * 3 // 4
        brief = shorten(brief, size)
    return brief


def _message(blocks: list[Block], only_here: bool = False) -> Message:
    drawn = [*blocks, *([context(ONLY_HERE)] if only_here else [])]
    return message(text_of(drawn), *drawn)
