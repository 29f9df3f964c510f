"""What is found again, and what of it stays with those whom it concerns."""

from datetime import timedelta
from typing import Any

import pytest

from bot.services import due, home_duties, lookups, memberships
from minutes.entry import EntryKind
from minutes.found import Found, OwnActions
from storage import entries, finding, homes, outbox, people, sessions
from storage import memberships as kept_memberships
from storage.entries import Source
from tests.storage.sample import CHANNEL, START, Gathering, after, open_session

OTHER = "C0OTHER"


def says(moot: Gathering, text: str, kind: EntryKind = EntryKind.DECISION, **more: Any) -> entries.KeptEntry:
    known = {"kind": kind, "text": text, "author": moot.ana, "at": after(2), "topic": None} | more
    kept = entries.record(moot.db, moot.workspace, CHANNEL, moot.session.id, Source(f"/{text}"), **known)
    assert kept is not None
    return kept


def is_in(moot: Gathering, person: int, *channels: str, minutes: float = 0) -> None:
    memberships.told(moot.db, moot.workspace, person, channels, after(minutes))


def finds(moot: Gathering, person: int, words: str, minutes: float = 1, workspace: int | None = None) -> list[str]:
    known = people.by_id(moot.db, workspace or moot.workspace, person)
    assert known
    where = workspace or moot.workspace
    found = lookups.answer(moot.db, where, known, "search", "C0HERE", words, after(minutes))
    assert isinstance(found, Found)
    return [hit.text for each in found.sessions for hit in each.hits]


def test_nothing_of_one_workspace_is_found_in_another(moot: Gathering) -> None:
    says(moot, "Buy the pump", owners=[moot.ana])
    theirs = people.workspace(moot.db, "T0OTHER")
    zoe = people.meet(moot.db, theirs, "U0ANA", "Zoe").id
    # Slack's ids of channels are the same in both where they share a channel; what each records there is its own.
    memberships.told(moot.db, theirs, zoe, [CHANNEL], START)
    is_in(moot, moot.ana, CHANNEL)

    assert finds(moot, zoe, "pump", workspace=theirs) == []
    assert finds(moot, moot.ana, "pump") == ["Buy the pump"]
    known = people.by_id(moot.db, theirs, zoe)
    assert known
    assert lookups.may_see(moot.db, theirs, known, moot.session.id, START) is False
    assert lookups.recap_at_once(moot.db, "T0OTHER", "U0ANA", moot.session.id, CHANNEL, START) == (False, None)
    actions = lookups.answer(moot.db, theirs, known, "actions", CHANNEL, "", START)
    assert isinstance(actions, OwnActions)
    assert (actions.here, actions.elsewhere) == ((), ())


def test_what_was_asked_before_somebody_left_is_not_believed_whenever_it_arrives(moot: Gathering) -> None:
    is_in(moot, moot.ben, CHANNEL, OTHER)
    assert memberships.known(moot.db, moot.workspace, moot.ben, after(1)) is not None

    memberships.moved(moot.db, "T0MOOT", "U0BEN", after(2))
    assert memberships.known(moot.db, moot.workspace, moot.ben, after(2.5)) is None
    is_in(moot, moot.ben, CHANNEL, OTHER, minutes=1.9)
    assert memberships.known(moot.db, moot.workspace, moot.ben, after(2.5)) is None
    is_in(moot, moot.ben, CHANNEL, minutes=2.1)
    known = memberships.known(moot.db, moot.workspace, moot.ben, after(2.5))
    assert known is not None
    assert known.channels == {CHANNEL}
    assert memberships.known(moot.db, moot.workspace, moot.ben, after(7.2)) is None, "nor for ever"


def test_who_came_before_they_were_asked_about_is_asked_about(moot: Gathering) -> None:
    memberships.moved(moot.db, "T0MOOT", "U0BEN", after(1))
    memberships.moved(moot.db, "T0MOOT", "U0STRANGER", after(1))
    memberships.moved(moot.db, "T0ELSEWHERE", "U0BEN", after(1))
    assert memberships.known(moot.db, moot.workspace, moot.ben, after(1)) is None
    assert people.known_workspace(moot.db, "T0ELSEWHERE") is None


def test_only_what_stands_is_found_in_the_words_that_it_has_now(moot: Gathering) -> None:
    is_in(moot, moot.ana, CHANNEL)
    wrong = says(moot, "Buy the blue pump")
    entries.revise(moot.db, wrong, by=moot.ana, at=after(3), text="Buy the green pump")
    gone = says(moot, "Sell the pump")
    entries.revise(moot.db, gone, by=moot.ana, at=after(3), standing=False)

    assert finds(moot, moot.ana, "blue") == []
    assert finds(moot, moot.ana, "pump") == ["Buy the green pump"]


def test_a_session_that_was_discarded_is_not_found(moot: Gathering) -> None:
    is_in(moot, moot.ana, CHANNEL)
    says(moot, "Buy the pump", EntryKind.ACTION, owners=[moot.ana])
    assert finding.actions_of(moot.db, moot.workspace, moot.ana, [CHANNEL])

    sessions.change(moot.db, moot.workspace, moot.session.id, state="discarded", ended_at=after(5))

    assert finds(moot, moot.ana, "pump") == []
    assert finding.actions_of(moot.db, moot.workspace, moot.ana, [CHANNEL]) == []


def test_ones_own_actions_are_not_those_of_somebody_whose_number_begins_alike(moot: Gathering) -> None:
    strangers = [people.meet(moot.db, moot.workspace, f"U0N{each}", "N").id for each in range(12)]
    for person in strangers:
        says(moot, f"for {person}", EntryKind.ACTION, owners=[person])

    mine = finding.actions_of(moot.db, moot.workspace, moot.ana, [CHANNEL])

    assert mine == []
    for person in strangers:
        found = finding.actions_of(moot.db, moot.workspace, person, [CHANNEL])
        assert [each.entry.text for each in found] == [f"for {person}"]


@pytest.mark.parametrize("minutes", [59, 61])
def test_what_was_asked_for_privately_is_forgotten_within_an_hour(moot: Gathering, minutes: int) -> None:
    home_duties.answer(
        moot.db, moot.workspace, moot.ana, "search", "K1", START, response_url="https://x.example/1", words="pump"
    )
    duty = moot.duty("answer:K1")
    outbox.sent(moot.db, duty, None, START)
    homes.opened(moot.db, moot.workspace, moot.ana, START, "pump")
    kept_memberships.learn(moot.db, moot.workspace, moot.ana, [CHANNEL], START)

    due.clean_up(moot.db, after(minutes), None, timedelta(days=30))

    there = minutes < 60
    assert (outbox.by_key(moot.db, moot.workspace, "answer:K1") is not None) is there
    assert (homes.of(moot.db, moot.workspace, moot.ana) is not None) is there
    assert (kept_memberships.of(moot.db, moot.workspace, moot.ana) is not None) is there


def test_home_is_kept_up_to_date_for_those_in_the_channel_who_opened_it_last(moot: Gathering) -> None:
    crowd = [people.meet(moot.db, moot.workspace, f"U0N{each}", "N").id for each in range(5)]
    for number, person in enumerate(crowd):
        homes.opened(moot.db, moot.workspace, person, after(number))
        is_in(moot, person, OTHER if number == 3 else CHANNEL)

    assert homes.showing(moot.db, moot.workspace, CHANNEL, after(1), 3) == [crowd[4], crowd[2]]
    assert homes.showing(moot.db, moot.workspace, CHANNEL, after(5), 3) == []


def test_what_is_drawn_together_is_due_no_later_for_more_changes_and_at_once_for_ones_own(moot: Gathering) -> None:
    homes.opened(moot.db, moot.workspace, moot.ana, START)
    is_in(moot, moot.ana, CHANNEL)
    for minutes in (0, 0.2, 0.4):
        home_duties.session_changed(moot.db, moot.workspace, CHANNEL, after(minutes))
    assert moot.duty(f"home:{moot.ana}").not_before == START + home_duties.EVERY

    home_duties.publish_where_shown(moot.db, moot.workspace, moot.ana, after(0.45))
    assert moot.duty(f"home:{moot.ana}").not_before == after(0.45)
    home_duties.publish_where_shown(moot.db, moot.workspace, moot.ben, after(0.45))
    assert outbox.by_key(moot.db, moot.workspace, f"home:{moot.ben}") is None


def test_the_sessions_that_are_found_are_the_newest(moot: Gathering) -> None:
    is_in(moot, moot.ana, CHANNEL, OTHER)
    other = open_session(moot.db, moot.workspace, moot.ana, channel=OTHER, minutes=10)
    sessions.change(moot.db, moot.workspace, other.id, state="closed", ended_at=after(20))

    found = finding.in_channels(moot.db, moot.workspace, [CHANNEL, OTHER], 5, "open", "closed")  # type: ignore[arg-type]

    assert [each.id for each in found] == [other.id, moot.session.id]
    assert finding.count_in(moot.db, moot.workspace, [OTHER], "open") == 0  # type: ignore[arg-type]
    assert finding.held_in(moot.db, moot.workspace, [OTHER, "C0NEVER"]) == [OTHER]
    assert timedelta(0) < found[0].started_at - found[1].started_at
