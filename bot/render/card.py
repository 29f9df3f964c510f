"""The session card, kept up to date in place, and what is said about the end of a session."""

from datetime import timedelta

from bot.render.buttons import Button
from bot.render.message import Block, Message, actions, asking, button, context, header, message, section
from bot.render.pieces import CLOCK, DAY_AND_CLOCK, SOON, Line, as_text, at, linked, one_below_another, words
from bot.render.wording import FLOOR_CHAIRED, chairs, counted, short_duration, spoken_duration
from minutes.board import Board
from minutes.session import LONGEST_OVERRUN, QUIET_LENGTH, SessionState
from minutes.text import shorten

KEEPS = (
    "Kept: commands, entries, votes and replies below them, sign-ins, tracker links and who spoke how often. "
    "Never the text of other messages."
)
# Beyond this, two clock times alone no longer tell the day.
_ONE_DAY = timedelta(hours=12)
_TITLE = 200


def session_card(board: Board, *, keeps: str = KEEPS) -> Message:
    """The state of the floor, and the buttons while the session is open."""
    lines = _facts(board)
    text = as_text(one_below_another([[_heading(board)], *lines, [keeps]]))
    blocks = [header(_heading(board)), section(*one_below_another(lines))]
    if board.state is SessionState.OPEN:
        blocks.append(_buttons(board))
    return message(text, *blocks, context(keeps))


def ending_soon(board: Board) -> Message:
    """Said once, some minutes before the planned end."""
    parts = ("⏳ This session ends at ", at(board.planned_end), ". Is more time needed?")
    return message(as_text(parts), section(*parts), actions(_extend(board)))


def runs_over(board: Board) -> Message:
    """Said once, at the planned end, while people are still speaking."""
    parts: Line = (
        "⏳ The planned end has passed, and you are still talking, so the session runs over. ",
        *_overrun(board),
    )
    return message(as_text(parts), section(*parts), actions(_extend(board)))


def board_lines(board: Board) -> list[Line]:
    """The card as plain lines, the title first, for where it is not the card."""
    return [[words(_heading(board), bold=True)], *_facts(board)]


def _facts(board: Board) -> list[Line]:
    """The card's lines: when and where, what is on the floor, what is next, how much is recorded."""
    place = [_place(board.place)] if board.place else []
    if board.state is SessionState.DISCARDED:
        return [("🗑 Discarded: this session was started by mistake.",)]
    lines: list[Line] = [*place, _times(board), _chairs(board)]
    if board.state is SessionState.OPEN:
        lines += [*_over(board), _now(board), _next(board)]
    return [*lines, (_counts(board),)]


def _heading(board: Board) -> str:
    return f"🗒 {shorten(board.title, _TITLE)}"


def _place(place: str) -> Line:
    return ("📍 ", linked(place))


def _times(board: Board) -> Line:
    end = board.ended_at or board.planned_end
    long = end - board.started_at > _ONE_DAY
    to = at(end, DAY_AND_CLOCK if long else CLOCK)
    if board.ended_at is None:
        return ("🕐 Began ", at(board.started_at, SOON), ", planned until ", to)
    began = at(board.started_at, DAY_AND_CLOCK)
    return ("🏁 Ended. It ran from ", began, " to ", to, f", {short_duration(end - board.started_at)}")


def _chairs(board: Board) -> Line:
    chaired = board.chaired and board.state is SessionState.OPEN
    return (f"🪑 {chairs(board.chairs)}. {FLOOR_CHAIRED}" if chaired else f"🪑 {chairs(board.chairs)}",)


def _over(board: Board) -> list[Line]:
    return [("⏳ Runs over. ", *_overrun(board))] if board.runs_over else []


def _overrun(board: Board) -> Line:
    last = at(board.planned_end + LONGEST_OVERRUN)
    return (f"It ends after {spoken_duration(QUIET_LENGTH)} without a message, or at ", last, ".")


def _now(board: Board) -> Line:
    if board.topic is None:
        return ("💬 Now: no topic on the floor",)
    topic = words(shorten(board.topic, _TITLE), bold=True)
    since: Line = (", since ", at(board.topic_since)) if board.topic_since else ()
    return ("💬 Now: ", topic, *since)


def _next(board: Board) -> Line:
    if not board.queued:
        return ("⏭ Next: nothing is queued",)
    more = len(board.queued) - 1
    return (f"⏭ Next: {shorten(board.queued[0], _TITLE)}", f" (and {more:,} more)" if more else "")


def _counts(board: Board) -> str:
    counts = (
        counted(board.open_proposals, "open proposal") if board.state is SessionState.OPEN else "",
        counted(board.decisions, "decision"),
        counted(board.actions, "action"),
        counted(board.notes, "note"),
        counted(board.questions, "open question") if board.questions else "",
        f"{board.parked:,} parked" if board.parked else "",
        counted(board.participants, "person", "people"),
    )
    return "📊 " + " · ".join(filter(None, counts))


def _buttons(board: Board) -> Block:
    session = str(board.session)
    sure = asking(
        "End the session?",
        "Votes that are still open are closed and counted, and the digest is posted.",
        yes="End it",
        no="Go on",
    )
    return actions(
        button("Sign in", Button.SIGN_IN, session, style="primary"),
        button("Add a topic", Button.ADD_TOPIC, session),
        button("Add an action", Button.ADD_ACTION, session),
        _extend(board),
        button("End", Button.END, session, style="danger", confirm=sure),
    )


def _extend(board: Board) -> Block:
    return button("Extend 15 min", Button.EXTEND, str(board.session))
