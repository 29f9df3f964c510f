"""Installations: one stands in each workspace at most, and where none does nothing is owed or due."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.services import comparing, due, installing, sessions
from minutes.consistency import Fault
from minutes.session_command import Start
from storage import backlog, consistency, installations, lanes, outages, outbox, people, vote_agenda, votes
from storage.installation_schema import INSTALLATIONS
from storage.installations import CONSENT_WITHIN
from storage.sessions import all_kept
from storage.vote_agenda import Due
from tests.storage.channel import Channel
from tests.storage.sample import CHANNEL, after


@pytest.fixture
def moot(db: Connection) -> Channel:
    """A workspace in which the app was installed."""
    channel = Channel(db, CHANNEL)
    channel.installs(0)
    return channel


@pytest.fixture
def village(db: Connection) -> Channel:
    """Another one, with a channel of the same id."""
    channel = Channel(db, CHANNEL, "T0VILLAGE")
    channel.installs(0)
    return channel


def standing(channel: Channel) -> installations.Installation:
    found = installations.of_team(channel.db, channel.team)
    assert found is not None
    return found


def leaves(channel: Channel, minutes: float, *, told: float | None = None) -> bool:
    """Slack says that the app was uninstalled after so many minutes; it may tell it later."""
    at = after(minutes)
    return installing.uninstalled(channel.db, channel.team, at, at if told is None else after(told))


def due_at(channel: Channel, minutes: float) -> set[int]:
    """The workspaces in which something falls due."""
    found = due.find(channel.db, after(minutes))
    whose = {each.session.id: each.workspace for each in all_kept(channel.db)}
    in_sessions = {whose[work.session] for work in found if work.session}
    return in_sessions | {work.vote.workspace for work in found if work.vote}


def stuck(channel: Channel) -> set[str]:
    """The duties that `folkmoot check` finds waiting for more than a day."""
    found = consistency.find(channel.db, after(60 * 48))
    return {each.subject for each in found if each.fault is Fault.STUCK}


def test_the_newest_installation_is_the_one_that_stands(moot: Channel) -> None:
    first = standing(moot)
    moot.installs(10)

    second = standing(moot)
    assert second.sealed != first.sealed
    assert installations.of_workspace(moot.db, moot.workspace) == second
    assert installations.standing(moot.db) == [second]
    tokens = moot.db.execute(select(INSTALLATIONS.c.sealed_token).order_by(INSTALLATIONS.c.id)).scalars().all()
    assert tokens == [None, second.sealed], "an old token is of no use to anybody"


def test_who_installed_it_is_a_person_by_our_own_number(moot: Channel) -> None:
    by = moot.db.execute(select(INSTALLATIONS.c.installed_by)).scalar_one()

    ana = people.by_user(moot.db, moot.workspace, "U0ANA")
    assert ana is not None
    assert ana.id == by
    assert people.own(moot.db, moot.workspace) == "U0BOT"
    assert people.workspace_name(moot.db, moot.workspace) == "Moot"


def test_nobody_stands_for_a_workspace_that_was_never_installed(moot: Channel) -> None:
    assert installations.of_team(moot.db, "T0NOWHERE") is None
    assert installations.of_workspace(moot.db, moot.workspace + 1) is None
    assert not installing.uninstalled(moot.db, "T0NOWHERE", after(1), after(1))
    assert people.known_workspace(moot.db, "T0NOWHERE") is None


def test_an_uninstalled_workspace_has_no_token_any_more(moot: Channel, village: Channel) -> None:
    assert leaves(moot, 5)

    assert installations.of_team(moot.db, moot.team) is None
    assert [each.team for each in installations.standing(moot.db)] == [village.team]
    assert not leaves(moot, 5), "told twice, it is done once"


def test_an_uninstalling_that_is_told_late_does_not_undo_a_newer_installation(moot: Channel) -> None:
    old = standing(moot)
    leaves(moot, 5)
    moot.installs(10)

    assert not leaves(moot, 5, told=11)
    assert not installing.refused(moot.db, old.id, after(12)), "nor does the old token, which Slack refuses now"
    assert standing(moot).id != old.id


def test_an_uninstalling_in_the_second_of_the_installation_is_one(moot: Channel) -> None:
    moot.installs(1.001)

    assert leaves(moot, 1), "Slack tells it in whole seconds"


def test_a_refused_token_ends_the_installation_that_it_is_of(moot: Channel) -> None:
    assert installing.refused(moot.db, standing(moot).id, after(1))

    assert installations.of_team(moot.db, moot.team) is None


def test_what_is_owed_in_an_uninstalled_workspace_is_not_taken_up_and_goes_on_after_a_new_one(
    moot: Channel, village: Channel
) -> None:
    for channel in (moot, village):
        channel.asks(1, sessions.start, Start("Moot", None, None))
    ready = lanes.ready(moot.db, after(2)).due
    (mine,) = [duty for duty in ready if duty.workspace == moot.workspace and duty.key.startswith("card:")]
    waiting, both = backlog.look(moot.db, after(2)).waiting, stuck(moot)
    leaves(moot, 2)

    heads = lanes.ready(moot.db, after(3))
    assert {duty.workspace for duty in heads.due} == {village.workspace}
    assert outbox.claim(moot.db, mine, "a courier", after(4), after(3)) is None, "it was looked at before"
    assert backlog.look(moot.db, after(3)).waiting < waiting
    assert stuck(moot) < both, "nobody is told of what waits for nothing"

    moot.installs(10)
    assert mine.key in {duty.key for duty in lanes.ready(moot.db, after(11)).due if duty.workspace == moot.workspace}


def test_nothing_falls_due_in_an_uninstalled_workspace(moot: Channel, village: Channel) -> None:
    for channel in (moot, village):
        channel.gather(0)
        channel.asks(50, sessions.start, Start("Next", None, None))
        comparing.reconnected(channel.db, after(50))
    assert due_at(moot, 600) == {moot.workspace, village.workspace}

    leaves(moot, 51)

    assert due_at(moot, 600) == {village.workspace}
    leaves(village, 51)
    assert due_at(moot, 600) == set()
    assert due.earliest(moot.db) is None


def test_votes_of_an_uninstalled_workspace_are_left_alone(moot: Channel) -> None:
    moot.gather(0)
    (kept,) = votes.every(moot.db)
    votes.change(moot.db, kept, kept.proposal.state, next_due_at=after(60), snapshot_due_at=after(60))
    assert vote_agenda.falling_due(moot.db, Due.STEP, after(61))
    assert vote_agenda.earliest_due(moot.db) == after(60)

    leaves(moot, 50)

    assert not vote_agenda.falling_due(moot.db, Due.STEP, after(61))
    assert vote_agenda.earliest_due(moot.db) is None


def test_the_time_without_the_app_is_an_outage_of_that_workspace_alone(moot: Channel, village: Channel) -> None:
    outages.heard(moot.db, after(1))
    leaves(moot, 1)
    outages.heard(moot.db, after(30))

    moot.installs(31)

    assert outages.between(moot.db, moot.workspace, after(0), after(60)) == [(after(1), after(31))]
    assert outages.between(moot.db, village.workspace, after(0), after(60)) == []


def test_a_workspace_is_erased_when_its_time_is_over_and_not_before(moot: Channel, village: Channel) -> None:
    leaves(moot, 0)
    days = timedelta(days=30)

    assert due.clean_up(moot.db, after(0) + days - timedelta(seconds=1), None, days) == []
    assert due.clean_up(moot.db, after(0) + days, None, days) == [moot.workspace]
    assert due.clean_up(moot.db, after(0) + days, None, days) == []
    assert people.known_workspace(moot.db, moot.team) is None
    assert installations.of_team(moot.db, village.team) is not None


def test_who_installs_it_again_in_time_keeps_everything(moot: Channel) -> None:
    moot.gather(0)
    leaves(moot, 60)
    moot.installs(600)

    assert due.clean_up(moot.db, after(0) + timedelta(days=365), None, timedelta(days=30)) == []
    assert len(votes.every(moot.db)) == 1


def test_a_workspace_by_a_token_from_the_environment_is_there_whatever_was_before(moot: Channel) -> None:
    leaves(moot, 0)
    installations.present(moot.db, moot.workspace)

    assert installations.uninstalled_before(moot.db, after(1)) == []


def test_a_state_is_good_once_and_in_time(db: Connection) -> None:
    installations.issue(db, "one", after(0))
    installations.issue(db, "two", after(0))

    assert installations.consume(db, "one", after(1))
    assert not installations.consume(db, "one", after(1))
    assert not installations.consume(db, "never issued", after(1))
    assert not installations.consume(db, "two", after(0) + CONSENT_WITHIN + timedelta(seconds=1))


def test_states_of_those_who_never_came_back_do_not_stay(db: Connection) -> None:
    for number in range(3):
        installations.issue(db, f"of {number}", after(number * 20))

    left = db.execute(select(installations.STATES.c.state)).scalars().all()
    assert left == ["of 2"]


def test_however_often_the_page_is_opened_only_the_newest_states_stay(
    db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installations, "MOST_STATES", 3)
    for number in range(5):
        installations.issue(db, f"of {number}", after(number / 60))

    left = db.execute(select(installations.STATES.c.state)).scalars().all()
    assert sorted(left) == ["of 2", "of 3", "of 4"]


def test_a_token_is_sealed_anew_only_where_it_is_the_one_that_was_read(moot: Channel) -> None:
    before = standing(moot)
    moot.installs(10)

    assert not installations.reseal(moot.db, before, "sealed anew")
    assert installations.reseal(moot.db, standing(moot), "sealed anew")
    assert standing(moot).sealed == "sealed anew"
