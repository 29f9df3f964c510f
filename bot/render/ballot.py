"""A proposal's ballot: the frozen text, the rule, the deadline and the live tally; afterwards the outcome."""

from bot.render import votes
from bot.render.buttons import Button
from bot.render.message import Block, Message, actions, asking, button, header, message, rich, section, small_print
from bot.render.pieces import SOON, Line, as_text, at, excerpt, one_after_another, one_below_another, quote, words
from bot.render.wording import VOTE, people
from minutes.board import Ballot
from minutes.proposal import ProposalState
from minutes.record import RecordedVote
from minutes.text import shorten

HOW = "React with 👍 for, 👎 against, or ⚪ to abstain. You may change your mind until the vote closes."
_WITH_A_ROLL = "Only people on the roll decide; other votes are shown apart."
_BUTTONS = "The buttons are for the proposer and the chair."
_STATE = {
    ProposalState.CLOSING: "⏳",
    ProposalState.ACCEPTED: "✅",
    ProposalState.REJECTED: "❌",
    ProposalState.TIED: "⚖️",
    ProposalState.NO_VOTES: "⚪",
    ProposalState.NO_QUORUM: "👥",
    ProposalState.WITHDRAWN: "↩️",
    ProposalState.CANCELLED: "🚫",
    ProposalState.VOID: "🗑",
    ProposalState.UNDETERMINED: "❓",
}
_NAME = 80
_TOPIC = 200
# Shared by all lists of names, so that text and names stay within a message's budget (slack.md §2.2).
_NAMES = 1_000


def ballot(ballot: Ballot) -> Message:
    """The ballot as it stands now."""
    vote = ballot.vote
    heading, text, lines = _heading(vote), excerpt(vote.text), _lines(vote)
    small: list[Line] = [*_small_print(ballot), (_origin(ballot),)]
    said = as_text(one_below_another([[heading], [text], *lines, *small]))
    buttons = _buttons(ballot)
    return message(
        said,
        header(heading),
        rich(quote(text)),
        section(*one_below_another(lines)),
        *([actions(*buttons)] if buttons else []),
        *map(small_print, small),
    )


def close_now(proposal: int) -> Block:
    """The button that closes a vote, asking first."""
    sure = asking(
        "Close the vote?", "It is counted as it stands, and nobody can vote any more.", yes="Close it", no="Go on"
    )
    return button("Close now", Button.CLOSE_BALLOT, str(proposal), confirm=sure)


def _heading(vote: RecordedVote) -> str:
    if vote.state.is_open:
        return f"{VOTE} Proposal {vote.label}"
    emoji = VOTE if vote.superseded_by else _STATE[vote.state]
    return f"{emoji} {vote.label}: {votes.came_out(vote)}"


def _lines(vote: RecordedVote) -> list[Line]:
    """What is counted, by which rule, and until when; first of all why, where nothing can be said for certain."""
    doubt = [votes.in_doubt(vote)] if vote.state is ProposalState.UNDETERMINED else []
    return [*doubt, _tally(vote), *_sides(vote), *_measures(vote), _time(vote)]


def _tally(vote: RecordedVote) -> Line:
    doubtful = " as far as is known" if vote.state is ProposalState.UNDETERMINED else ""
    stopped = " when it was stopped" if vote.state in votes.STOPPED else ""
    least = "At least " if vote.at_least else ""
    return ("📊 ", least, words(vote.tally, bold=True), doubtful or stopped)


def _sides(vote: RecordedVote) -> list[Line]:
    return [(f"{emoji} {side}: {people(names, _room(vote))}",) for emoji, side, names in votes.sides(vote)]


def _room(vote: RecordedVote) -> int:
    """How many characters each list of names may take."""
    lists = (*(names for _, _, names in votes.sides(vote)), vote.untimed, vote.late, vote.changed)
    return _NAMES // max(1, sum(map(bool, lists)))


def _measures(vote: RecordedVote) -> list[Line]:
    measures = (("💬", votes.advisory(vote)), ("📏", votes.rule(vote)), ("👥", votes.quorum(vote)))
    return [(f"{emoji} {measure}",) for emoji, measure in measures if measure]


def _time(vote: RecordedVote) -> Line:
    if vote.state is ProposalState.CLOSING:
        return ("⏳ Counting… Nobody can vote any more, and the result will stand here.",)
    if not vote.state.is_open:
        when: Line = (", ", at(vote.closed_at, SOON)) if vote.closed_at else ()
        return (f"🔒 {votes.closing(vote)}", *when)
    if vote.deadline is None:
        return ("⏱ Open until the session ends or it is closed",)
    return ("⏱ Open until ", at(vote.deadline, SOON))


def _buttons(ballot: Ballot) -> list[Block]:
    """What the proposer and the chair can do about it now; who else clicks is told that."""
    proposal, vote = str(ballot.proposal), ballot.vote
    if vote.state.is_open:
        extend = [_extend(proposal)] if vote.deadline else []
        return [close_now(ballot.proposal), *extend, _withdraw(proposal)]
    if vote.state is ProposalState.UNDETERMINED:
        return [_accept(proposal), _extend(proposal)]
    again = vote.state.is_over and ballot.in_session and not vote.superseded_by
    return [_vote_again(proposal)] if again else []


def _extend(proposal: str) -> Block:
    return button("Extend 10 min", Button.EXTEND_BALLOT, proposal)


def _withdraw(proposal: str) -> Block:
    sure = asking(
        "Withdraw the proposal?",
        "The vote ends without a decision, and the record says so.",
        yes="Withdraw",
        no="Go on",
    )
    return button("Withdraw", Button.WITHDRAW, proposal, confirm=sure)


def _accept(proposal: str) -> Block:
    sure = asking(
        "Accept the count?",
        "The votes that were found decide, and the record names you for it.",
        yes="Accept it",
        no="Not yet",
    )
    return button("Accept the count", Button.ACCEPT_COUNT, proposal, confirm=sure)


def _vote_again(proposal: str) -> Block:
    sure = asking(
        "Vote on it again?",
        "The chair can open a new vote on the same text. This result stays on record, as superseded.",
        yes="Vote again",
        no="Leave it",
    )
    return button("Vote again", Button.REOPEN_BALLOT, proposal, confirm=sure)


def _small_print(ballot: Ballot) -> list[Line]:
    vote = ballot.vote
    if vote.state.is_open:
        return [(" ".join([HOW, *([_WITH_A_ROLL] if vote.has_roll else []), _BUTTONS]),)]
    found = votes.irregularities(vote, _room(vote))
    return [one_after_another(found)] if found else []


def _origin(ballot: Ballot) -> str:
    vote = ballot.vote
    topic = f", on topic “{shorten(ballot.topic, _TOPIC)}”" if ballot.topic else ""
    again = f", in place of {vote.supersedes}" if vote.supersedes and not vote.state.is_over else ""
    return f"Proposed by {shorten(vote.proposer, _NAME)}{topic}{again}"
