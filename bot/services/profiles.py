"""Profiles: what Slack tells of somebody's account, and what of it concerns the record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.services import people
from minutes.ids import PersonId
from minutes.text import clean, one_line
from storage import people as known_people
from storage.db import Db
from storage.people import Known

OUTSIDE = ("deleted", "is_restricted", "is_ultra_restricted", "is_stranger")
"""Deactivated, guests, and colleagues over Slack Connect (voting.md §2, S17)."""


def learn(db: Db, workspace: int, user: Mapping[str, Any], asked_at: datetime) -> None:
    """Slack was asked who somebody is, and this is its answer; what it has told since then is newer."""
    known = known_people.by_user(db, workspace, user["id"]) or known_people.meet(db, workspace, user["id"])
    if known.learnt_at is None or known.learnt_at <= asked_at:
        _keep(db, workspace, known, user, asked_at)


def told(db: Db, workspace: int, person: PersonId, user: Mapping[str, Any], asked_at: datetime) -> None:
    """The same of somebody we knew when we asked; who was forgotten meanwhile stays so."""
    if known_people.by_id(db, workspace, person) is not None:
        learn(db, workspace, user, asked_at)


def changed(db: Db, team: str, user: Mapping[str, Any], at: datetime) -> None:
    """Slack tells that somebody has changed something of theirs, mostly their status: none of our business.

    Whoever never had to do with a gathering stays unknown.
    """
    workspace = known_people.known_workspace(db, team)
    known = None if workspace is None else known_people.by_user(db, workspace, user["id"])
    if workspace is None or known is None or known.learnt_at is None or at < known.learnt_at:
        return
    name, is_bot = _name(user), _is_no_person(user)
    told = (name, user.get("tz"), is_bot, _is_member(user, is_bot))
    if told != (known.name, known.zone, known.is_bot, known.is_member):
        _keep(db, workspace, known, user, at)


def _keep(db: Db, workspace: int, known: Known, user: Mapping[str, Any], at: datetime) -> None:
    is_bot = _is_no_person(user)
    people.learn(
        db,
        workspace,
        known.id,
        name=_name(user),
        zone=user.get("tz"),
        is_bot=is_bot,
        is_member=_is_member(user, is_bot),
        now=at,
    )


def _name(user: Mapping[str, Any]) -> str:
    """A record is read by people who know each other by name rather than by handle."""
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    return next((name for name in map(_tidy, names) if name), str(user["id"]))


def _tidy(name: str | None) -> str:
    """People write their own names: PostgreSQL refuses some of what could stand there, and records have lines."""
    return one_line(clean(name or ""))


def _is_member(user: Mapping[str, Any], is_bot: bool) -> bool:
    return not is_bot and not any(user.get(flag) for flag in OUTSIDE)


def _is_no_person(user: Mapping[str, Any]) -> bool:
    """Bots, workflows and Slackbot (voting.md §2, S16)."""
    flags = ("is_bot", "is_workflow_bot", "is_connector_bot")
    return user.get("id") == "USLACKBOT" or any(user.get(flag) for flag in flags)
