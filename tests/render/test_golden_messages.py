"""What the bot says, word for word, as files. After a wanted change: `RENEW_GOLDEN=1 pytest tests/render`, then read
the difference before it is committed."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from found_samples import empty_home, found, home, overfull_home, own_actions, past_sessions
from render_samples import (
    BEGAN,
    CONTESTED,
    ENDED,
    ballot_of,
    board,
    empty_record,
    entry,
    followed_record,
    full_record,
    vote,
    votes_record,
)
from slack_limits import problems

from bot.command_names import named
from bot.render import ballot, card, dialogs, digest, finding, floor, forms, hints, own_dialogs, recap, replies
from bot.render.home import home_view
from bot.render.message import Message, late
from minutes import emoji, outcomes
from minutes.emoji import Meaning
from minutes.entry import EntryKind, Why
from minutes.proposal import ClosedBy, ProposalState
from minutes.record import Record
from minutes.refusal import Offer, Refusal
from minutes.session import SessionState

GOLDEN = Path(__file__).parent / "golden"
NAMES = replies.CommandNames()
RENAMED = named("ptg-", {"decide": "/agreed"})
END = BEGAN + timedelta(hours=1)

EMPTY_FLOOR = board(topic=None, topic_since=None, queued=(), place=None)
ACTION = entry(EntryKind.ACTION, "Order a seal", owners=("Ben", "Caro"), due=END.date())
DRAFT = forms.MessageDraft(
    session=7,
    channel="C0123456789",
    ts="1776171600.000100",
    said_by="U0BEN",
    edited=None,
    text="@Caro orders a seal by Friday",
    names={"@Caro": "U0CARO"},
    owners=("U0CARO",),
    due=END.date(),
)
CLOSED = {"closed_at": ENDED, "closed_by": "Ben"}
MESSAGES: dict[str, Callable[[], Message]] = {
    "card_open": lambda: card.session_card(board()),
    "card_before_the_first_topic": lambda: card.session_card(
        board(topic=None, topic_since=None, queued=(), place=None)
    ),
    "card_runs_over": lambda: card.session_card(board(runs_over=True)),
    "card_with_questions": lambda: card.session_card(board(questions=2, parked=1)),
    "card_chaired": lambda: card.session_card(board(chairs=("Ana", "Ben"), chaired=True)),
    "card_closed": lambda: card.session_card(board(state=SessionState.CLOSED, ended_at=ENDED, open_proposals=0)),
    "card_discarded": lambda: card.session_card(board(state=SessionState.DISCARDED, ended_at=ENDED)),
    "card_ending_soon": lambda: card.ending_soon(board()),
    "card_said_that_it_runs_over": lambda: card.runs_over(board(runs_over=True)),
    "floor_decision_late": lambda: late(floor.decision_message(entry(EntryKind.DECISION)), BEGAN),
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
    "floor_digest_pointer": lambda: floor.digest_pointer("Village", "news"),
    "floor_digest_pointer_to_a_private_channel": lambda: floor.digest_pointer("Village", ""),
    "floor_off_the_record": lambda: floor.undone_entry(entry(text="", number=7), "Ben"),
    "floor_note_moved": lambda: floor.entry_reply(entry(), "2. The feast"),
    "floor_decision_moved": lambda: floor.decision_message(entry(EntryKind.DECISION, "No lawns in July"), ""),
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
    "reply_session_started_chaired": lambda: replies.reply(
        outcomes.SessionStarted(7, "Village", END, None, chaired=True), NAMES
    ),
    "reply_session_ended": lambda: replies.reply(outcomes.SessionEnded("Village", 0), NAMES),
    "reply_session_ended_digest_later": lambda: replies.reply(outcomes.SessionEnded("Village", 10), NAMES),
    "reply_session_ended_digest_elsewhere": lambda: replies.reply(outcomes.SessionEnded("Village", 0, "news"), NAMES),
    "reply_session_extended": lambda: replies.reply(outcomes.SessionExtended("Village", END), NAMES),
    "reply_session_reopened": lambda: replies.reply(outcomes.SessionReopened("Village", END), NAMES),
    "reply_session_discarded": lambda: replies.reply(outcomes.SessionDiscarded("Village"), NAMES),
    "reply_topic": lambda: replies.reply(outcomes.TopicOnFloor(2, "The well", False, False, None), NAMES),
    "reply_topic_resumed": lambda: replies.reply(outcomes.TopicOnFloor(2, "The well", True, False, None), NAMES),
    "reply_topic_there": lambda: replies.reply(outcomes.TopicOnFloor(2, "The well", False, True, None), NAMES),
    "reply_topic_began": lambda: replies.reply(outcomes.TopicOnFloor(1, "The well", False, False, 7), NAMES),
    "reply_topic_queued": lambda: replies.reply(outcomes.TopicQueued("The feast", 2, False), NAMES),
    "reply_topic_queued_before": lambda: replies.reply(outcomes.TopicQueued("The feast", 2, True), NAMES),
    "reply_topic_queued_for_the_chairs": lambda: replies.reply(
        outcomes.TopicQueued("The feast", 2, False, ("Ana", "Ben")), NAMES
    ),
    "reply_topic_moved": lambda: replies.reply(outcomes.TopicMoved("The feast", 1), NAMES),
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
    "reply_undone": lambda: replies.reply(outcomes.EntryUndone(EntryKind.NOTE, 3, "It rains", "Village"), NAMES),
    "reply_redone": lambda: replies.reply(outcomes.EntryRedone(EntryKind.NOTE, 3, "It rains", "Village"), NAMES),
    "reply_moved": lambda: replies.reply(
        outcomes.EntryMoved(EntryKind.NOTE, 3, "It rains", "2. The feast", "Village"), NAMES
    ),
    "reply_moved_before_the_first": lambda: replies.reply(
        outcomes.EntryMoved(EntryKind.NOTE, 3, "It rains", None, "Village"), NAMES
    ),
    "reply_entries": lambda: replies.reply(outcomes.EntryList("Village", True, _listed(43)[3:]), NAMES),
    "reply_entries_of_a_session_that_is_over": lambda: replies.reply(
        outcomes.EntryList("Village", False, _listed(2)), NAMES
    ),
    "reply_entries_none": lambda: replies.reply(outcomes.EntryList("Village", True, ()), NAMES),
    "reply_chairs": lambda: replies.reply(outcomes.ChairsTold("Village", ("Ana",), False, False), NAMES),
    "reply_chairs_changed": lambda: replies.reply(outcomes.ChairsTold("Village", ("Ana", "Ben"), True, True), NAMES),
    "reply_proposal": lambda: replies.reply(outcomes.ProposalPut("V1", None, False), NAMES),
    "reply_proposal_for_a_chair_to_close": lambda: replies.reply(
        outcomes.ProposalPut("V1", None, False, own_to_close=False), NAMES
    ),
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
    "reply_emoji": lambda: replies.reply(emoji.EmojiShown(tuple(emoji.USUAL.items())), NAMES),
    "reply_emoji_set": lambda: replies.reply(
        emoji.EmojiShown(((Meaning.NOTE, ("paperclip", "our_own")), (Meaning.PARKED, ())), changed=True), NAMES
    ),
    "hint_chairs_decide": lambda: hints.chairs_decide(["Ana", "Ben"], NAMES),
    "hint_said_before": lambda: hints.said_before(NAMES),
    "hint_not_readable": lambda: hints.not_readable(NAMES),
    "hint_no_words": lambda: hints.no_words(NAMES),
    "hint_not_off_record": lambda: hints.not_off_record("Ben", ["Ana"]),
    "hint_not_off_record_of_the_chair": lambda: hints.not_off_record("Ana", ["Ana"]),
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
    "reply_history": lambda: replies.reply(_history(3), NAMES),
    "reply_history_that_is_long": lambda: replies.reply(_history(40), NAMES),
    "reply_nothing_to_do": lambda: replies.reply(outcomes.NothingToDo(), NAMES),
    "refusal_no_session": lambda: replies.refusal(Refusal("No session is open here.", Offer.START_SESSION), NAMES),
    "refusal_next": lambda: replies.refusal(Refusal("Go on already?", Offer.NEXT_ANYWAY, "7"), NAMES),
    "refusal_vote": lambda: replies.refusal(Refusal("V1 is still open.", Offer.CLOSE_BALLOT, "12"), NAMES),
    "refusal_plain": lambda: replies.refusal(Refusal("Write a title: `/topic add Release plans`."), NAMES),
    "apology": replies.apology,
    "help_all": lambda: replies.help_for("all", None, NAMES),
    "help_topic_with_problem": lambda: replies.help_for("topic", "Write the title after `add`.", NAMES),
    "refusal_renamed": lambda: replies.refusal(
        Refusal("{who} has said it already. Name it: `/session undo 7`.", who="`/session`"), RENAMED
    ),
    "help_all_renamed": lambda: replies.help_for("all", None, RENAMED),
    "reply_session_started_renamed": lambda: replies.reply(
        outcomes.SessionStarted(7, "Why `/topic`?", END, None), RENAMED
    ),
    "direct_message_renamed": lambda: replies.direct_message(RENAMED),
    "help_renamed": lambda: replies.help_for("topic", None, replace(NAMES, topic="/floor")),
    "hint_digest_channel": lambda: replies.digest_channel("Village", "news"),
    "hint_digest_channel_private": lambda: replies.digest_channel("Village", ""),
    "greeting": lambda: replies.greeting(NAMES),
    "greeting_renamed": lambda: replies.greeting(RENAMED),
    "direct_message": lambda: replies.direct_message(NAMES),
    "not_in_channel": lambda: replies.not_in_channel(NAMES),
    "not_installed": lambda: replies.not_installed(),
    "status": lambda: replies.status(board()),
    "hint_told_to_chair": lambda: replies.told_to_chair(board()),
    "hint_told_to_chair_a_chaired_floor": lambda: replies.told_to_chair(board(chaired=True)),
    "hint_chaired_line": lambda: replies.chaired_line(board(chairs=("Ana", "Ben"), chaired=True)),
    "ask_a_chair_to_close": lambda: replies.ask_to_close("V1", "Buy a new pump", 12, own=False),
    "floor_action_done": lambda: floor.entry_reply(replace(ACTION, done=True)),
    "reply_action_done": lambda: replies.reply(outcomes.ActionDone("C0123456789", 7, 4, "@Ben: a seal"), NAMES),
    "reply_action_reopened": lambda: replies.reply(outcomes.ActionReopened("@Ben: a seal"), NAMES),
    "reply_action_put_off": lambda: replies.reply(outcomes.ActionPutOff("@Ben: a seal", END.date()), NAMES),
    "reply_looking_up": lambda: replies.reply(outcomes.LookingUp(), NAMES),
    "found": lambda: finding.told(found(), NAMES),
    "found_more": lambda: finding.told(found(more=True, only_here=True), NAMES),
    "found_nothing": lambda: finding.told(found(sessions=()), NAMES),
    "own_actions": lambda: finding.told(own_actions(), NAMES),
    "own_actions_more": lambda: finding.told(own_actions(here=(), more=12), NAMES),
    "own_actions_none": lambda: finding.told(own_actions(here=(), elsewhere=(), only_here=True), NAMES),
    "past_sessions": lambda: finding.past_sessions(past_sessions(), NAMES),
    "past_sessions_more": lambda: finding.past_sessions(past_sessions(more=3), NAMES),
    "past_sessions_none": lambda: finding.past_sessions(past_sessions(sessions=()), NAMES),
    "ask_to_close": lambda: replies.ask_to_close("V1", "Buy a new pump", 12),
}
PAGES: dict[str, Callable[[], str]] = {
    "recap_full.md": lambda: recap.recap_markdown(full_record()).decode(),
    "recap_empty.md": lambda: recap.recap_markdown(empty_record()).decode(),
    "recap_book.md": lambda: recap.recap_book([full_record(), empty_record()]).decode(),
    "recap_full.txt": lambda: recap.recap_markdown(full_record(), "mail").decode(),
    "recap_full.json": lambda: b"".join(recap.recap_json(full_record())).decode(),
    "digest_full.json": lambda: _json([asdict(part) for part in digest.digest(full_record())]),
    "digest_empty.json": lambda: _json([asdict(part) for part in digest.digest(empty_record())]),
    "digest_after_an_absence.json": lambda: _json([asdict(part) for part in digest.digest(_missed())]),
    "recap_after_an_absence.md": lambda: recap.recap_markdown(_missed()).decode(),
    "recap_after_an_absence.txt": lambda: recap.recap_markdown(_missed(), "mail").decode(),
    "recap_votes.md": lambda: recap.recap_markdown(votes_record()).decode(),
    "recap_votes.txt": lambda: recap.recap_markdown(votes_record(), "mail").decode(),
    "recap_votes.json": lambda: b"".join(recap.recap_json(votes_record())).decode(),
    "digest_votes.json": lambda: _json([asdict(part) for part in digest.digest(votes_record())]),
    "digest_followed.json": lambda: _json([asdict(part) for part in digest.digest(followed_record())]),
    "recap_followed.md": lambda: recap.recap_markdown(followed_record()).decode(),
    "recap_followed.json": lambda: b"".join(recap.recap_json(followed_record())).decode(),
    "dialog_propose.json": lambda: _json(dialogs.propose("C0123456789", "Buy a new pump")),
    "dialog_propose_as_the_channel_has_it.json": lambda: _json(
        dialogs.propose("C0123456789", rule="60%-of-roll", quorum="5", roll="channel")
    ),
    "dialog_sign_in.json": lambda: _json(dialogs.sign_in("Mill", "BR", 7, "C0123456789")),
    "dialog_profile.json": lambda: _json(dialogs.profile("Mill", "BR")),
    "dialog_later.json": lambda: _json(own_dialogs.later("C0123456789:7:4", "@Ben: a seal", END.date())),
    "dialog_recap.json": lambda: _json(own_dialogs.recap(full_record())),
    "dialog_looking.json": lambda: _json(own_dialogs.looking()),
    "dialog_notice.json": lambda: _json(own_dialogs.notice("That is done already.", NAMES)),
    "home_empty.json": lambda: _json(home_view(empty_home(), NAMES)),
    "home_busy.json": lambda: _json(home_view(home(), NAMES)),
    "home_search.json": lambda: _json(home_view(home(found=found()), NAMES)),
    "home_search_without_result.json": lambda: _json(home_view(home(found=found(sessions=())), NAMES)),
    "home_untold.json": lambda: _json(home_view(empty_home(told=False), NAMES)),
    "home_overfull.json": lambda: _json(home_view(overfull_home(), NAMES)),
    "dialog_record_message.json": lambda: _json(forms.record_message(DRAFT, "https://example.org/answer")),
    "dialog_add_action.json": lambda: _json(forms.add_action(7, "C0123456789", "https://example.org/answer")),
    "dialog_start_session.json": lambda: _json(forms.start_session("C0123456789", "Village", "https://example.org/a")),
    "dialog_start_session_anywhere.json": lambda: _json(forms.start_session(None)),
    "dialog_propose_where.json": lambda: _json(forms.propose_where()),
    "dialog_add_topic.json": lambda: _json(dialogs.add_topic(7, "C0123456789")),
}


def _missed() -> Record:
    """The bot was away twice, the second time when the session ended."""
    away = ((BEGAN + minutes(10), BEGAN + minutes(15)), (ENDED - minutes(5), ENDED + minutes(90)))
    return empty_record(outages=away)


def _listed(number: int) -> tuple[outcomes.ListedEntry, ...]:
    """So many entries, the last of them taken back."""
    kinds = list(EntryKind)
    back = {number: "Ben"}
    return tuple(
        outcomes.ListedEntry(each, kinds[each % len(kinds)], "It rains", "Ana", each // 10, back.get(each))
        for each in range(1, number + 1)
    )


def _history(steps: int) -> outcomes.EntryHistory:
    """A note that was edited so often, and then its message was deleted."""
    said = [
        outcomes.HistoryStep(Why.EDITED if n else Why.SAID, "Ana", BEGAN + minutes(n), EntryKind.NOTE, f"The well, {n}")
        for n in range(steps)
    ]
    gone = replace(said[-1], why=Why.DELETED, at=ENDED)
    return outcomes.EntryHistory(7, False, (*said, gone))


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


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
