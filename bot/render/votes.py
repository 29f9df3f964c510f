"""What is said of a vote, in the same words wherever it is shown: on its ballot, on the floor, in digest and recap."""

from collections.abc import Iterator
from datetime import datetime

from bot.render.pieces import DAY_AND_SECONDS, SECONDS, SOON, Line, at
from bot.render.wording import CAME_OUT, people
from minutes.proposal import ClosedBy
from minutes.proposal import ProposalState as State
from minutes.record import RecordedVote
from minutes.rules import Rule, RuleName
from minutes.text import one_line, shorten

MAJORITY = Rule(RuleName.MAJORITY).words
STOPPED = (State.WITHDRAWN, State.CANCELLED, State.VOID)
"""What ended without a count: its last tally stays on record."""
_NAME = 80
# So many characters of names leave room for one outage.
_OUTAGE = 40
_ENDED = {State.WITHDRAWN: "Withdrawn", State.CANCELLED: "Cancelled"}


def is_decision(vote: RecordedVote) -> bool:
    """Accepted, and not put to the vote again since."""
    return vote.state is State.ACCEPTED and vote.superseded_by is None


def came_out(vote: RecordedVote) -> str:
    """`accepted`, `a tie, so no decision`: no word of it takes for a decision what is none."""
    said = CAME_OUT[vote.state]
    if vote.state is State.REJECTED and not vote.in_favour:
        said = f"{said}, no vote in favour"
    return f"superseded by {vote.superseded_by}; first result: {said}" if vote.superseded_by else said


def sides(vote: RecordedVote) -> list[tuple[str, str, tuple[str, ...]]]:
    """Who stands where, as emoji, words and names; a side without anybody is left out."""
    silent = "Not voted" if vote.state.is_over else "Not voted yet"
    found = (
        ("👍", "For", vote.in_favour),
        ("👎", "Against", vote.against),
        ("⚪", "Abstaining", vote.abstaining),
        ("⚠️", "On more than one side at once, so counted on none", vote.conflicting),
        ("💤", silent, vote.silent if vote.has_roll else ()),
    )
    return [each for each in found if each[2]]


def voters(vote: RecordedVote, room: int) -> str:
    """Everybody by side, as sentences."""
    return " ".join(f"{side}: {people(names, room)}." for _, side, names in sides(vote))


def advisory(vote: RecordedVote) -> str:
    """The votes that are shown and do not count."""
    if not vote.advisory:
        return ""
    why = "not on the roll" if vote.has_roll else "from accounts not known to be people"
    return f"Advisory, {why}: {vote.advisory}"


def rule(vote: RecordedVote) -> str:
    """What it takes to pass and what there is: `Passes with two thirds of the votes cast: needs 5, has 4`."""
    words = vote.rule or MAJORITY
    if not vote.state.is_over:
        return f"Passes with {words}" + (f": needs {vote.needs:,}, has {vote.has:,}" if vote.needs else "")
    if not vote.needs or vote.state in STOPPED:
        return f"Rule: {words}"
    return f"Rule: {words}; needed {vote.needs:,}, had {vote.has:,}{_in_spite(vote)}"


def quorum(vote: RecordedVote) -> str:
    """How many have to vote, and how many did; empty where there is no quorum."""
    if vote.quorum_needs is None:
        return ""
    share = f" ({vote.quorum})" if vote.quorum and "%" in vote.quorum else ""
    return f"Quorum {vote.quorum_needs:,}{share}: {vote.quorum_has:,} {'voted' if vote.state.is_over else 'so far'}"


def closing(vote: RecordedVote) -> str:
    """Who or what closed it, without the time."""
    ended = _ENDED.get(vote.state, "Closed")
    match vote.closed_why:
        case ClosedBy.DEADLINE:
            return f"{ended} at its deadline"
        case ClosedBy.SESSION:
            return f"{ended} with the session"
        case ClosedBy.EVERYONE_VOTED:
            return f"{ended} when everybody on the roll had voted"
        case ClosedBy.BALLOT_GONE:
            return "Stopped because the ballot was deleted"
        case ClosedBy.NO_ROLL:
            return "Never opened, because it could not be told who is on its roll"
        case _:
            return f"{ended} by {shorten(vote.closed_by, _NAME)}" if vote.closed_by else ended


def in_doubt(vote: RecordedVote) -> Line:
    """Why an undetermined count is none, and what its chair can do."""
    choice = " The chair can accept the count as it is, or give everybody ten more minutes."
    if vote.access_lost_at is not None:
        since = at(vote.access_lost_at, SOON)
        return ("The bot has had no access to the channel since ", since, f".{choice}")
    if vote.untimed:
        why = "The bot was away when the vote closed, and marks that may have come too late could turn the result."
    else:
        why = "Slack did not give the whole list of votes, so some may be missing."
    return (f"{why}{choice}",)


def irregularities(vote: RecordedVote, room: int) -> list[Line]:
    """All that a reader should know who trusts the count, as sentences; none before it is over."""
    if not vote.state.is_over:
        return []
    away = [("The bot was away ", *_outages(vote, room), ".")] if vote.outages else []
    return [*away, *((f"{each}.",) for each in _irregularities(vote, room))]


def dissent(vote: RecordedVote, longest: int) -> list[str]:
    """Why people voted against: `Against: Lee: “no rollback yet”`, each reason in at most so many characters."""
    reasons = ((shorten(each.name, _NAME), shorten(one_line(each.text), longest)) for each in vote.dissent)
    return [f"Against: {name}: “{text}”" for name, text in reasons]


def _in_spite(vote: RecordedVote) -> str:
    """A vote of all can have the numbers and still fail."""
    failed = vote.state is State.REJECTED and vote.conflicting and vote.has >= vote.needs
    return ", but nobody may be on more than one side" if failed else ""


def _irregularities(vote: RecordedVote, room: int) -> Iterator[str]:
    if vote.by_events_only:
        yield "Counted from Slack's events alone: the list of marks cannot be read here"
    if vote.untimed:
        yield f"Nobody can tell whether these marks came in time: {people(vote.untimed, room)}"
    if vote.resolved_by:
        yield f"{shorten(vote.resolved_by, _NAME)} accepted the count as it was"
    if vote.late:
        yield f"Too late to count: {people(vote.late, room)}"
    if vote.changed:
        yield f"Changed sides: {people(vote.changed, room)}"
    if vote.supersedes:
        yield f"Takes the place of {vote.supersedes}"


def _outages(vote: RecordedVote, room: int) -> Line:
    """One after the other, as in `listed`: as many as there is room for, and how many more there were."""
    most = max(1, room // _OUTAGE)
    left = len(vote.outages) - most
    told = [_span(start, end) for start, end in vote.outages[:most]] + ([(f"{left:,} more times",)] if left > 0 else [])
    last = " and " if len(told) == 2 else ", and "
    between = [", "] * (len(told) - 2) + [last]
    return [*told[0], *(part for and_, each in zip(between, told[1:], strict=False) for part in (and_, *each))]


def _span(start: datetime, end: datetime) -> Line:
    """To the second: what is small print here may decide a vote."""
    another_day = start.date() != end.date()
    return ("from ", at(start, DAY_AND_SECONDS), " to ", at(end, DAY_AND_SECONDS if another_day else SECONDS))
