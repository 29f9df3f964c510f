"""Erasing: nothing of an old session stays, and nothing of any other goes."""

from sqlalchemy import Connection, Table, func, select

from bot.services import sessions
from minutes.session_command import Start
from storage import gates, homes, installations, lanes, memberships, outbox
from storage.gates import Gate
from storage.retention import erase_sessions
from storage.schema import IDENTITIES
from storage.tables import TABLES
from tests.storage.channel import Channel
from tests.storage.sample import CHANNEL, after

STAY = {
    *("workspaces", "people", "identities", "channels", "inbox", "outages", "gates"),
    *("installations", "oauth_states", "homes", "memberships"),
}
"""What is no session's: who there is and where, what was handled, when we could not hear Slack, and its limits."""


def rows(db: Connection) -> dict[str, int]:
    def count(table: Table) -> int:
        return db.execute(select(func.count()).select_from(table)).scalar_one()

    return {table.name: count(table) for table in TABLES}


def test_everything_of_an_old_session_is_erased(db: Connection) -> None:
    channel = Channel(db, CHANNEL)
    channel.gather(0)
    gates.keep(db, channel.workspace, "post", Gate(full_at=after(0)))
    person = db.execute(select(func.min(IDENTITIES.c.person_id))).scalar_one()
    homes.opened(db, channel.workspace, person, after(0))
    memberships.learn(db, channel.workspace, person, [CHANNEL], after(0))
    channel.installs(1)
    installations.issue(db, "a state", after(1))
    before = rows(db)
    assert all(before[name] for name in before), f"the session lacks something of {before}"

    assert erase_sessions(db, after(41)) == 1

    left = {name: number for name, number in rows(db).items() if number}
    assert set(left) <= STAY | {"outbox"}
    assert [key for key in db.execute(select(outbox.OUTBOX.c.key)).scalars() if not key.startswith("person:")] == []


def test_a_session_whose_posts_never_left_is_erased_with_what_it_owed(db: Connection) -> None:
    channel = Channel(db, CHANNEL)
    channel.gather(0, deliver=False)

    erase_sessions(db, after(41))

    assert not lanes.ready(db, after(100)).due or all(
        duty.key.startswith("person:") for duty in lanes.ready(db, after(100)).due
    )


def test_what_is_newer_or_elsewhere_or_open_stays_whole(db: Connection) -> None:
    newer, elsewhere = Channel(db, CHANNEL), Channel(db, "C0OTHER")
    newer.gather(100)
    elsewhere.gather(110)
    elsewhere.asks(200, sessions.start, Start("Open", None, None))
    kept = rows(db)
    Channel(db, "C0OLD").gather(0)

    assert erase_sessions(db, after(41)) == 1

    left = rows(db)
    assert {name: left[name] for name in left if name not in STAY} == {
        name: kept[name] for name in kept if name not in STAY
    }
    assert erase_sessions(db, after(41)) == 0
