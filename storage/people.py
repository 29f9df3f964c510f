"""People of a workspace: Slack's ids on one side, our own numbers on the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, bindparam, select

from minutes.ids import PersonId, UserId
from minutes.text import MENTION_OPEN, mentions, replace_mentions
from storage import prepared
from storage.db import Db, add, add_once
from storage.schema import IDENTITIES, PEOPLE, WORKSPACES

# Asked with every event, so they are put together once.
_WORKSPACE = select(WORKSPACES.c.id).where(
    WORKSPACES.c.enterprise_id == bindparam("enterprise"), WORKSPACES.c.team_id == bindparam("team")
)
_IN_WORKSPACE = select(IDENTITIES).where(IDENTITIES.c.workspace_id == bindparam("workspace"))
_BY_USER = _IN_WORKSPACE.where(IDENTITIES.c.slack_user_id == bindparam("which"))
_BY_PERSON = _IN_WORKSPACE.where(IDENTITIES.c.person_id == bindparam("which"))
_NUMBERS = select(IDENTITIES.c.person_id).where(IDENTITIES.c.workspace_id == bindparam("workspace"))
_BOTS = _NUMBERS.where(IDENTITIES.c.is_bot.is_(True))
_UNVERIFIED = _NUMBERS.where(IDENTITIES.c.is_bot.is_(None), IDENTITIES.c.learnt_at.is_not(None))

SOMEBODY = "somebody"
"""What stands for the name of a person who was forgotten."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody we know. `zone` is an IANA name; a member is of this very workspace, active and no guest.

    All but the name are None until Slack has told us; `learnt_at` is as of when it has.
    """

    id: PersonId
    user: UserId
    name: str
    zone: str | None
    is_bot: bool | None
    is_member: bool | None = None
    learnt_at: datetime | None = None


def workspace(db: Db, team: str, enterprise: str = "") -> int:
    """Our number for a workspace, made at first sight."""
    number = known_workspace(db, team, enterprise)
    if number is None:
        add_once(db, WORKSPACES, enterprise_id=enterprise, team_id=team, name="")
        number = known_workspace(db, team, enterprise)
    return cast(int, number)


def known_workspace(db: Db, team: str, enterprise: str = "") -> int | None:
    """Our number for a workspace that we have met."""
    return prepared.value(db, _WORKSPACE, {"enterprise": enterprise, "team": team})


def name_workspace(db: Db, team: str, name: str, url: str | None = None) -> None:
    number = workspace(db, team)
    db.execute(WORKSPACES.update().where(WORKSPACES.c.id == number).values(name=name, url=url))


def workspace_url(db: Db, workspace: int) -> str | None:
    """Slack's own address of the workspace, where it has told it."""
    found = select(WORKSPACES.c.url).where(WORKSPACES.c.id == workspace)
    return db.execute(found).scalar_one_or_none()


def workspace_name(db: Db, workspace: int) -> str:
    return str(db.execute(select(WORKSPACES.c.name).where(WORKSPACES.c.id == workspace)).scalar_one())


def team(db: Db, workspace: int) -> str:
    """Slack's id of a workspace."""
    return str(db.execute(select(WORKSPACES.c.team_id).where(WORKSPACES.c.id == workspace)).scalar_one())


def workspaces(db: Db) -> dict[int, str]:
    """Every workspace by name and Slack's id: two can have the same name."""
    rows = db.execute(select(WORKSPACES.c.id, WORKSPACES.c.name, WORKSPACES.c.team_id))
    return {row.id: f"{row.name} ({row.team_id})" if row.name else row.team_id for row in rows}


def own(db: Db, workspace: int) -> UserId | None:
    """Slack's id of the bot itself, where it is known."""
    mine = (WORKSPACES.c.id == workspace, IDENTITIES.c.workspace_id == workspace)
    found = select(IDENTITIES.c.slack_user_id).where(*mine, IDENTITIES.c.person_id == WORKSPACES.c.bot_person_id)
    return db.execute(found).scalar_one_or_none()


def this_is_us(db: Db, workspace: int, person: PersonId) -> None:
    db.execute(WORKSPACES.update().where(WORKSPACES.c.id == workspace).values(bot_person_id=person))


def by_user(db: Db, workspace: int, user: UserId) -> Known | None:
    return _one(db, _BY_USER, {"workspace": workspace, "which": user})


def by_id(db: Db, workspace: int, person: PersonId) -> Known | None:
    """None for a person who was forgotten."""
    return _one(db, _BY_PERSON, {"workspace": workspace, "which": person})


def meet(db: Db, workspace: int, user: UserId, name: str = "") -> Known:
    """A person seen for the first time; until Slack tells more, the name is the hint given or Slack's id."""
    person = add(db, PEOPLE, workspace_id=workspace, organisation=None, country=None)
    db.execute(
        IDENTITIES.insert().values(workspace_id=workspace, slack_user_id=user, person_id=person, name=name or user)
    )
    return Known(person, user, name or user, None, None)


def learn(
    db: Db,
    workspace: int,
    person: PersonId,
    *,
    name: str,
    zone: str | None,
    is_bot: bool,
    is_member: bool = True,
    at: datetime,
) -> None:
    db.execute(
        IDENTITIES.update()
        .where(IDENTITIES.c.workspace_id == workspace, IDENTITIES.c.person_id == person)
        .values(name=name, zone=zone, is_bot=is_bot, is_member=is_member, learnt_at=at)
    )


def names(db: Db, workspace: int, people: Iterable[PersonId]) -> Mapping[PersonId, str]:
    """Names by number; who was forgotten is missing."""
    wanted = set(people)
    if len(wanted) <= prepared.FEW:
        each_of = (prepared.one(db, _BY_PERSON, {"workspace": workspace, "which": person}) for person in wanted)
        return {row.person_id: row.name for row in each_of if row is not None}
    found = select(IDENTITIES.c.person_id, IDENTITIES.c.name).where(IDENTITIES.c.workspace_id == workspace)
    if len(wanted) <= 500:
        found = found.where(IDENTITIES.c.person_id.in_(wanted))
    return {row.person_id: row.name for row in db.execute(found)}


def everybody(db: Db, workspace: int) -> list[tuple[PersonId, str]]:
    """Everybody whom we have met, by name."""
    found = select(IDENTITIES.c.person_id, IDENTITIES.c.name).where(IDENTITIES.c.workspace_id == workspace)
    return [(row.person_id, row.name) for row in db.execute(found.order_by(IDENTITIES.c.person_id))]


def written_out(db: Db, workspace: int, text: str) -> str:
    """A stored text as people read it: mentions as names, which ping nobody."""
    known = names(db, workspace, map(int, mentions(text))) if MENTION_OPEN in text else {}
    return replace_mentions(text, lambda key: "@" + known.get(int(key), SOMEBODY))


def bots(db: Db, workspace: int) -> frozenset[PersonId]:
    """Who is known not to be a person: nothing they do counts."""
    return frozenset(each[0] for each in prepared.rows(db, _BOTS, {"workspace": workspace}))


def unverified(db: Db, workspace: int) -> frozenset[PersonId]:
    """Of whom Slack, asked, has not told whether they are people (voting.md §1.5, 9)."""
    return frozenset(each[0] for each in prepared.rows(db, _UNVERIFIED, {"workspace": workspace}))


def not_told(db: Db, workspace: int, person: PersonId, at: datetime) -> None:
    """Slack was asked who somebody is, and does not tell."""
    mine = (IDENTITIES.c.workspace_id == workspace, IDENTITIES.c.person_id == person)
    db.execute(IDENTITIES.update().where(*mine).values(learnt_at=at))


def members(db: Db, workspace: int, people: Iterable[PersonId]) -> frozenset[PersonId]:
    """Of these people, those who are members of the workspace, as far as Slack has told us."""
    found = select(IDENTITIES.c.person_id).where(
        IDENTITIES.c.workspace_id == workspace, IDENTITIES.c.is_member.is_(True)
    )
    return frozenset(db.execute(found).scalars()) & frozenset(people)


def unknown_users(db: Db, workspace: int, users: Iterable[UserId], since: datetime) -> list[UserId]:
    """Of these Slack ids, those of whom Slack has not told us, since then, whether they are members."""
    found = select(IDENTITIES.c.slack_user_id).where(
        IDENTITIES.c.workspace_id == workspace, IDENTITIES.c.is_member.is_not(None), IDENTITIES.c.learnt_at >= since
    )
    known = set(db.execute(found).scalars())
    return [user for user in dict.fromkeys(users) if user not in known]


def users(db: Db, workspace: int, people: Iterable[PersonId]) -> list[UserId]:
    """Slack's ids of people; who was forgotten is missing."""
    found = select(IDENTITIES.c.person_id, IDENTITIES.c.slack_user_id).where(IDENTITIES.c.workspace_id == workspace)
    wanted = set(people)
    return [row.slack_user_id for row in db.execute(found) if row.person_id in wanted]


def reminders(db: Db, workspace: int, person: PersonId) -> tuple[bool, datetime | None]:
    """Whether somebody likes to be reminded of votes, and when that was last done."""
    mine = (PEOPLE.c.workspace_id == workspace, PEOPLE.c.id == person)
    row = db.execute(select(PEOPLE.c.wants_reminders, PEOPLE.c.reminded_at).where(*mine)).one()
    return row.wants_reminders, row.reminded_at


def reminded(db: Db, workspace: int, person: PersonId, at: datetime) -> None:
    mine = (PEOPLE.c.workspace_id == workspace, PEOPLE.c.id == person)
    db.execute(PEOPLE.update().where(*mine).values(reminded_at=at))


def want_reminders(db: Db, workspace: int, person: PersonId, wanted: bool) -> None:
    mine = (PEOPLE.c.workspace_id == workspace, PEOPLE.c.id == person)
    db.execute(PEOPLE.update().where(*mine).values(wants_reminders=wanted))


def tell(db: Db, workspace: int, person: PersonId, *, organisation: str | None, country: str | None) -> None:
    """Keep what somebody chose to tell of themselves, for this time and the next."""
    db.execute(
        PEOPLE.update()
        .where(PEOPLE.c.workspace_id == workspace, PEOPLE.c.id == person)
        .values(organisation=organisation, country=country)
    )


def told(db: Db, workspace: int, person: PersonId) -> tuple[str | None, str | None]:
    """The organisation and country that somebody told."""
    row = db.execute(
        select(PEOPLE.c.organisation, PEOPLE.c.country).where(PEOPLE.c.workspace_id == workspace, PEOPLE.c.id == person)
    ).one()
    return row.organisation, row.country


def _one(db: Db, found: Select[Any], which: Mapping[str, object]) -> Known | None:
    row = prepared.one(db, found, which)
    if row is None:
        return None
    return Known(
        row.person_id, row.slack_user_id, row.name, row.zone, row.is_bot, row.is_member, learnt_at=row.learnt_at
    )
