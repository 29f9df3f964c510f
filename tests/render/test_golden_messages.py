"""What the bot says, word for word, as files. After a wanted change: `RENEW_GOLDEN=1 pytest tests/render`, then read
the difference before it is committed."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from render_samples import (
    BEGAN,
    CONTESTED,
    ENDED,
    ballot_of,
    board,
    empty_record,
    entry,
    full_record,
    vote,
    votes_record,
)
from slack_limits import problems

from bot.render import ballot, card, dialogs, digest, floor, recap, replies
from bot.render.message import Message
from minutes import outcomes
from minutes.entry import EntryKind
from minutes.proposal import ClosedBy, ProposalState
from minutes.refusal import Offer, Refusal
from minutes.session import SessionState

GOLDEN = Path(__file__).parent / "golden"
NAMES = replies.CommandNames()
END = BEGAN + timedelta(hours=1)

EMPTY_FLOOR = board(topic=None, topic_since=None, queued=(), place=None)
ACTION = entry(EntryKind.ACTION, "Order a seal", owners=("Ben", "Caro"), due=END.date())
CLOSED = {"closed_at": ENDED, "closed_by": "Ben"}
MESSAGES: dict[str, Callable[[], Message]] = {
    "card_open": lambda: card.session_card(board()),
    "card_before_the_first_topic": lambda: card.session_card(
        board(topic=None, topic_since=None, queued=(), place=None)
    ),
    "card_runs_over": lambda: card.session_card(board(runs_over=True)),
    "card_closed": lambda: card.session_card(board(state=SessionState.CLOSED, ended_at=ENDED, open_proposals=0)),
    "card_discarded": lambda: card.session_card(board(state=SessionState.DISCARDED, ended_at=ENDED)),
    "card_ending_soon": lambda: card.ending_soon(board()),
    "card_said_that_it_runs_over": lambda: card.runs_over(board(runs_over=True)),
    "floor_topic": lambda: floor.topic_message(3, "The well", "Ana", False),
    "floor_topic_resumed": lambda: floor.topic_message(3, "The well", "Ana", True),
    "floor_note": lambda: floor.entry_reply(entry()),
    "floor_action": lambda: floor.entry_reply(
        entry(EntryKind.ACTION, "Order a seal", owners=("Ben", "Caro"), due=END.date())
    ),
    "floor_link": lambda: floor.entry_reply(entry(EntryKind.LINK, "https://example.org/plans")),
    "floor_decision": lambda: floor.decision_message(entry(EntryKind.DECISION, "No lawns in July")),
    "floor_vote_decision": lambda: floor.vote_decision(vote()),
    "floor_vote_outcome": lambda: floor.vote_outcome(vote(ProposalState.TIED, tally="1 for, 1 against")),
    "floor_vote_decision_contested": lambda: floor.vote_decision(vote(**CONTESTED)),
    "floor_vote_in_doubt": lambda: floor.vote_outcome(vote(ProposalState.UNDETERMINED, **CONTESTED)),
    "floor_vote_void": lambda: floor.vote_outcome(vote(ProposalState.VOID, closed_why=ClosedBy.BALLOT_GONE)),
    "floor_counting_delayed": lambda: floor.counting_delayed(vote(ProposalState.CLOSING)),
    "floor_undone": lambda: floor.undone_entry(entry(), "Ben"),
    "ballot_open": lambda: ballot.ballot(ballot_of()),
    "ballot_open_without_deadline": lambda: ballot.ballot(ballot_of(deadline=None, topic=None)),
    "ballot_with_all_sides": lambda: ballot.ballot(ballot_of(abstaining=("Dele",), conflicting=("Eva", "Finn"))),
    "ballot_accepted": lambda: ballot.ballot(
        ballot_of(ProposalState.ACCEPTED, closed_why=ClosedBy.DEADLINE, closed_at=ENDED)
    ),
    "ballot_rejected": lambda: ballot.ballot(ballot_of(ProposalState.REJECTED, closed_why=ClosedBy.PERSON, **CLOSED)),
    "ballot_tied": lambda: ballot.ballot(ballot_of(ProposalState.TIED, closed_why=ClosedBy.SESSION, **CLOSED)),
    "ballot_no_votes": lambda: ballot.ballot(
        ballot_of(ProposalState.NO_VOTES, in_favour=(), against=(), tally="0 for, 0 against", closed_at=ENDED)
    ),
    "ballot_open_with_a_roll": lambda: ballot.ballot(ballot_of(**CONTESTED, supersedes="V7")),
    "ballot_closing": lambda: ballot.ballot(ballot_of(ProposalState.CLOSING)),
    "ballot_accepted_contested": lambda: ballot.ballot(
        ballot_of(ProposalState.ACCEPTED, **CONTESTED, **CLOSED, closed_why=ClosedBy.EVERYONE_VOTED)
    ),
    "ballot_accepted_by_the_chair": lambda: ballot.ballot(
        ballot_of(
            ProposalState.ACCEPTED,
            untimed=("Eva",),
            resolved_by="Ana",
            closed_why=ClosedBy.DEADLINE,
            by_events_only=True,
        )
    ),
    "ballot_superseded": lambda: ballot.ballot(ballot_of(ProposalState.ACCEPTED, superseded_by="V2", **CLOSED)),
    "ballot_after_the_session": lambda: ballot.ballot(ballot_of(ProposalState.ACCEPTED, in_session=False, **CLOSED)),
    "ballot_no_quorum": lambda: ballot.ballot(
        ballot_of(ProposalState.NO_QUORUM, quorum="4 votes", quorum_needs=4, quorum_has=3, **CLOSED)
    ),
    "ballot_nobody_for_it": lambda: ballot.ballot(
        ballot_of(ProposalState.REJECTED, in_favour=(), tally="0 for, 1 against", has=0, needs=1, **CLOSED)
    ),
    "ballot_withdrawn": lambda: ballot.ballot(
        ballot_of(ProposalState.WITHDRAWN, closed_why=ClosedBy.WITHDRAWN, **CLOSED)
    ),
    "ballot_cancelled": lambda: ballot.ballot(
        ballot_of(ProposalState.CANCELLED, closed_why=ClosedBy.WITHDRAWN, **CLOSED)
    ),
    "ballot_void": lambda: ballot.ballot(
        ballot_of(ProposalState.VOID, closed_why=ClosedBy.BALLOT_GONE, closed_at=ENDED)
    ),
    "ballot_in_doubt_after_an_outage": lambda: ballot.ballot(
        ballot_of(
            ProposalState.UNDETERMINED, closed_why=ClosedBy.DEADLINE, untimed=("Eva",), outages=CONTESTED["outages"]
        )
    ),
    "ballot_in_doubt_for_a_short_list": lambda: ballot.ballot(
        ballot_of(ProposalState.UNDETERMINED, closed_why=ClosedBy.SESSION, closed_at=ENDED)
    ),
    "ballot_in_doubt_without_access": lambda: ballot.ballot(
        ballot_of(ProposalState.UNDETERMINED, closed_why=ClosedBy.DEADLINE, closed_at=ENDED, access_lost_at=ENDED)
    ),
    "reply_session_started": lambda: replies.reply(outcomes.SessionStarted(7, "Village", END, None), NAMES),
    "reply_session_ended": lambda: replies.reply(outcomes.SessionEnded("Village", 0), NAMES),
    "reply_session_ended_digest_later": lambda: replies.reply(outcomes.SessionEnded("Village", 10), NAMES),
    "reply_session_extended": lambda: replies.reply(outcomes.SessionExtended("Village", END), NAMES),
    "reply_session_reopened": lambda: replies.reply(outcomes.SessionReopened("Village", END), NAMES),
    "reply_session_discarded": lambda: replies.reply(outcomes.SessionDiscarded("Village"), NAMES),
    "reply_topic": lambda: replies.reply(outcomes.TopicOnFloor(2, "The well", False, False, None), NAMES),
    "reply_topic_resumed": lambda: replies.reply(outcomes.TopicOnFloor(2, "The well", True, False, None), NAMES),
    "reply_topic_there": lambda: replies.reply(outcomes.TopicOnFloor(2, "The well", False, True, None), NAMES),
    "reply_topic_began": lambda: replies.reply(outcomes.TopicOnFloor(1, "The well", False, False, 7), NAMES),
    "reply_topic_queued": lambda: replies.reply(outcomes.TopicQueued("The feast", 2, False), NAMES),
    "reply_topic_queued_before": lambda: replies.reply(outcomes.TopicQueued("The feast", 2, True), NAMES),
    "reply_topic_done": lambda: replies.reply(outcomes.TopicDone("The well", "The feast"), NAMES),
    "reply_topic_done_last": lambda: replies.reply(outcomes.TopicDone("The well", None), NAMES),
    "reply_topic_dropped": lambda: replies.reply(outcomes.TopicDropped("The feast"), NAMES),
    "reply_topic_renamed": lambda: replies.reply(outcomes.TopicRenamed("The well", "The pump"), NAMES),
    "reply_topic_list": lambda: replies.reply(
        outcomes.TopicList("The well", BEGAN, ("The roof",), ("The feast", "The bridge")), NAMES
    ),
    "reply_topic_list_empty": lambda: replies.reply(outcomes.TopicList(None, None, (), ()), NAMES),
    "reply_note": lambda: replies.reply(outcomes.EntryRecorded(7, 3, EntryKind.NOTE, "It rains", None), NAMES),
    "reply_action": lambda: replies.reply(
        outcomes.EntryRecorded(7, 4, EntryKind.ACTION, "@Ben: a seal", "The well", ("Ben",), END.date()), NAMES
    ),
    "reply_undone": lambda: replies.reply(outcomes.EntryUndone(EntryKind.NOTE, 3, "It rains"), NAMES),
    "reply_proposal": lambda: replies.reply(outcomes.ProposalPut("V1", None, False), NAMES),
    "reply_proposal_timed": lambda: replies.reply(outcomes.ProposalPut("V1", 10, False), NAMES),
    "reply_proposal_there": lambda: replies.reply(outcomes.ProposalPut("V1", None, True), NAMES),
    "reply_vote_closed": lambda: replies.reply(outcomes.VoteClosed("V1"), NAMES),
    "reply_vote_extended": lambda: replies.reply(outcomes.VoteExtended("V1", END), NAMES),
    "reply_vote_withdrawn": lambda: replies.reply(outcomes.VoteWithdrawn("V1"), NAMES),
    "reply_vote_resolved": lambda: replies.reply(outcomes.VoteResolved("V1", ProposalState.REJECTED), NAMES),
    "reply_defaults_set": lambda: replies.reply(outcomes.DefaultsSet("60%", "5", None, False), NAMES),
    "reply_defaults_set_to_nothing": lambda: replies.reply(outcomes.DefaultsSet(None, None, None, True), NAMES),
    "reply_defaults_set_without_quorum": lambda: replies.reply(
        outcomes.DefaultsSet(None, "none", "none", False), NAMES
    ),
    "reply_defaults": lambda: replies.reply(outcomes.DefaultsShown("two-thirds", "50%", "session", True), NAMES),
    "reply_defaults_untouched": lambda: replies.reply(outcomes.DefaultsShown(None, None, None, False), NAMES),
    "hint_late_vote": lambda: replies.late_vote("V1", ENDED),
    "hint_advisory_vote": lambda: replies.advisory_vote("V1"),
    "hint_conflicting_vote": lambda: replies.conflicting_vote("V1"),
    "hint_unverified_vote": lambda: replies.unverified_vote("V1"),
    "hint_roll_empty": lambda: replies.roll_empty("V1", "Buy a new pump"),
    "hint_roll_failed": lambda: replies.roll_failed("V1", "Buy a new pump"),
    "reminder": lambda: replies.reminder("V1", "Buy a new pump", "moot", END),
    "reply_no_reminders": lambda: replies.reply(outcomes.RemindersSet(False), NAMES),
    "reply_reminders": lambda: replies.reply(outcomes.RemindersSet(True), NAMES),
    "reply_signed_in": lambda: replies.reply(outcomes.SignedIn("Mill", "BR"), NAMES),
    "reply_signed_in_silently": lambda: replies.reply(outcomes.SignedIn(None, None), NAMES),
    "reply_nothing_to_do": lambda: replies.reply(outcomes.NothingToDo(), NAMES),
    "refusal_no_session": lambda: replies.refusal(Refusal("No session is open here.", Offer.START_SESSION)),
    "refusal_next": lambda: replies.refusal(Refusal("Go on already?", Offer.NEXT_ANYWAY, "7")),
    "refusal_vote": lambda: replies.refusal(Refusal("V1 is still open.", Offer.CLOSE_BALLOT, "12")),
    "refusal_plain": lambda: replies.refusal(Refusal("Write a title: `/topic add Release plans`.")),
    "apology": replies.apology,
    "help_all": lambda: replies.help_for("all", None, NAMES),
    "help_topic_with_problem": lambda: replies.help_for("topic", "Write the title after `add`.", NAMES),
    "help_renamed": lambda: replies.help_for("topic", None, replace(NAMES, topic="/floor")),
    "direct_message": lambda: replies.direct_message(NAMES),
    "not_in_channel": lambda: replies.not_in_channel(NAMES),
    "status": lambda: replies.status(board()),
    "ask_to_close": lambda: replies.ask_to_close("V1", "Buy a new pump", 12),
}
PAGES: dict[str, Callable[[], str]] = {
    "recap_full.md": lambda: recap.recap_markdown(full_record()),
    "recap_empty.md": lambda: recap.recap_markdown(empty_record()),
    "recap_book.md": lambda: recap.recap_book([full_record(), empty_record()]),
    "recap_full.txt": lambda: recap.recap_markdown(full_record(), "mail"),
    "recap_full.json": lambda: recap.recap_json(full_record()),
    "digest_full.json": lambda: _json([asdict(part) for part in digest.digest(full_record())]),
    "digest_empty.json": lambda: _json([asdict(part) for part in digest.digest(empty_record())]),
    "recap_votes.md": lambda: recap.recap_markdown(votes_record()),
    "recap_votes.txt": lambda: recap.recap_markdown(votes_record(), "mail"),
    "recap_votes.json": lambda: recap.recap_json(votes_record()),
    "digest_votes.json": lambda: _json([asdict(part) for part in digest.digest(votes_record())]),
    "dialog_propose.json": lambda: _json(dialogs.propose("C0123456789", "Buy a new pump")),
    "dialog_propose_as_the_channel_has_it.json": lambda: _json(
        dialogs.propose("C0123456789", rule="60%-of-roll", quorum="5", roll="channel")
    ),
    "dialog_sign_in.json": lambda: _json(dialogs.sign_in("Mill", "BR", 7, "C0123456789")),
    "dialog_add_topic.json": lambda: _json(dialogs.add_topic(7, "C0123456789")),
}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _is_as_in(file: str, drawn: str) -> None:
    path = GOLDEN / file
    if os.environ.get("RENEW_GOLDEN"):
        path.write_text(drawn, encoding="utf-8")
    assert path.exists(), f"no {file}: run RENEW_GOLDEN=1 pytest tests/render and read it"
    assert drawn == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_reads_as_it_did(name: str) -> None:
    _is_as_in(f"{name}.json", _json(asdict(MESSAGES[name]())))


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_within_the_limits_of_slack(name: str) -> None:
    assert problems(MESSAGES[name]()) == []


@pytest.mark.parametrize("file", PAGES)
def test_a_page_reads_as_it_did(file: str) -> None:
    _is_as_in(file, PAGES[file]())


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.json" for name in MESSAGES} | set(PAGES)
