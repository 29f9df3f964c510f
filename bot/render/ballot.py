"""A proposal's ballot: the frozen text, the rule, the deadline and the live tally; afterwards the outcome."""

from bot.render.buttons import Button
from bot.render.message import Block, Message, actions, asking, button, context, header, message, rich, section
from bot.render.pieces import SOON, Line, as_text, at, excerpt, one_below_another, quote, words
from bot.render.wording import CAME_OUT, VOTE, people
from minutes.board import Ballot
from minutes.proposal import ClosedBy, ProposalState
from minutes.text import shorten

RULE = "Passes with more for than against."
HOW = "React with 👍 for, 👎 against, or ⚪ to abstain. You may change your mind until the vote closes."
_OUTCOME = {
    ProposalState.ACCEPTED: "✅",
    ProposalState.REJECTED: "❌",
    ProposalState.TIED: "⚖️",
    ProposalState.NO_VOTES: "⚪",
}
_NAME = 80
_TOPIC = 200


def ballot(ballot: Ballot) -> Message:
    """The ballot as it stands now."""
    heading = _heading(ballot)
    lines = _open_lines(ballot) if ballot.state.is_open else _closed_lines(ballot)
    text = excerpt(ballot.text)
    said = as_text(one_below_another([[heading], [text], *lines]))
    blocks = [header(heading), rich(quote(text)), section(*one_below_another(lines))]
    if ballot.state.is_open:
        blocks += [_close_button(ballot), context(f"{RULE} {HOW}")]
    return message(said, *blocks, context(_origin(ballot)))


def close_now(proposal: int) -> Block:
    """The button that closes a vote, asking first."""
    sure = asking(
        "Close the vote?", "It is counted as it stands, and nobody can vote any more.", yes="Close it", no="Go on"
    )
    return button("Close now", Button.CLOSE_BALLOT, str(proposal), confirm=sure)


def _heading(ballot: Ballot) -> str:
    if ballot.state.is_open:
        return f"{VOTE} Proposal {ballot.label}"
    return f"{_OUTCOME[ballot.state]} {ballot.label}: {CAME_OUT[ballot.state]}"


def _open_lines(ballot: Ballot) -> list[Line]:
    return [_tally(ballot), *_sides(ballot), _deadline(ballot)]


def _closed_lines(ballot: Ballot) -> list[Line]:
    return [_tally(ballot), *_sides(ballot), _closing(ballot)]


def _tally(ballot: Ballot) -> Line:
    return ("📊 ", words(ballot.tally, bold=True))


def _sides(ballot: Ballot) -> list[Line]:
    """Who stands where; a side without anybody is left out."""
    sides = (
        ("👍 For", ballot.in_favour),
        ("👎 Against", ballot.against),
        ("⚪ Abstaining", ballot.abstaining),
        ("⚠️ For and against at once, counts for neither", ballot.conflicting),
    )
    return [(f"{side}: {people(names)}",) for side, names in sides if names]


def _deadline(ballot: Ballot) -> Line:
    if ballot.deadline is None:
        return ("⏱ Open until the session ends or it is closed",)
    return ("⏱ Open until ", at(ballot.deadline, SOON))


def _closing(ballot: Ballot) -> Line:
    when: Line = (" at ", at(ballot.closed_at)) if ballot.closed_at else ()
    if ballot.closed_why is ClosedBy.PERSON and ballot.closed_by:
        return (f"🔒 Closed by {shorten(ballot.closed_by, _NAME)}", *when)
    if ballot.closed_why is ClosedBy.SESSION:
        return ("🔒 Closed with the session", *when)
    return ("🔒 Closed at its deadline" if ballot.closed_why else "🔒 Closed", *when)


def _close_button(ballot: Ballot) -> Block:
    return actions(close_now(ballot.proposal))


def _origin(ballot: Ballot) -> str:
    by = f"Proposed by {shorten(ballot.proposer, _NAME)}"
    return f"{by}, on topic “{shorten(ballot.topic, _TOPIC)}”" if ballot.topic else by
