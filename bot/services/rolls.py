"""Rolls: who may vote, frozen before the ballot is posted, and never silently wider than what was wished for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.services import duties
from bot.services.visit import Visit, meet
from minutes.ids import PersonId, UserId
from minutes.proposal import ClosedBy
from minutes.proposal import ProposalState as State
from minutes.propose_command import RollWish
from minutes.refusal import Refusal
from minutes.session import Session
from storage import people, sessions, votes
from storage.db import Db
from storage.votes import KeptProposal

KNOWN_FOR = timedelta(days=1)
"""So long we take Slack's word on who is a member; then it is asked again."""

__all__ = ["KNOWN_FOR", "RollWish", "by_default", "failed", "known", "settle", "wish_json"]


def by_default(kind: str | None) -> RollWish | None:
    """The roll that a channel has set; none where it has set none."""
    match kind:
        case "session" | "channel":
            return RollWish(kind=kind)
        case _:
            return None


def known(visit: Visit, session: Session, wish: RollWish | None) -> frozenset[PersonId] | None:
    """The roll where we know it ourselves; None where there is none, or Slack has to be asked."""
    if wish is None or wish.kind in ("channel", "none") or any(_is_group(key) for key in wish.people):
        return None
    if wish.kind == "session":
        parts = _taking_part(visit, session)
        since = visit.at - KNOWN_FOR
        if people.unknown_users(visit.db, visit.workspace, people.users(visit.db, visit.workspace, parts), since):
            return None
        named = set(people.members(visit.db, visit.workspace, parts))
    else:
        named = _met(visit, wish.people)
    bots = people.bots(visit.db, visit.workspace)
    return frozenset((named | _met(visit, wish.added)) - _met(visit, wish.recused) - bots)


def wish_json(visit: Visit, session: Session, wish: RollWish) -> dict[str, Any]:
    """The wish as it is stored, with our own numbers for people; user groups keep Slack's id."""
    return {
        "kind": wish.kind,
        "session": sorted(_taking_part(visit, session)) if wish.kind == "session" else [],
        "people": sorted(_met(visit, [key for key in wish.people if not _is_group(key)])),
        "groups": [key.partition("|")[0] for key in wish.people if _is_group(key)],
        "added": sorted(_met(visit, wish.added)),
        "recused": sorted(_met(visit, wish.recused)),
    }


def settle(db: Db, workspace: int, proposal: int, users: Iterable[UserId], now: datetime) -> None:
    """Slack has told who is in the channel or group: members of this workspace among them are the roll."""
    kept = votes.get(db, workspace, proposal)
    wish = kept.roll_wish or {}
    asked_for = {meet(db, workspace, user, now).id for user in users} | set(wish.get("session", ()))
    named = people.members(db, workspace, asked_for) | set(wish.get("people", ()))
    not_wanted = people.bots(db, workspace).union(wish.get("recused", ()))
    roll = sorted((named | set(wish.get("added", ()))) - not_wanted)
    if not roll:
        _refuse(db, kept, "roll_empty", now)
    elif votes.change(db, kept, State.DRAFT, roll=roll):
        duties.ballot(db, votes.get(db, workspace, proposal), now)


def failed(db: Db, workspace: int, proposal: int, now: datetime) -> None:
    """Slack does not tell: no ballot is opened, for a wider roll would count people whom nobody meant."""
    _refuse(db, votes.get(db, workspace, proposal), "roll_failed", now)


def _refuse(db: Db, kept: KeptProposal, why: str, now: datetime) -> None:
    proposal = kept.proposal.id
    ended = votes.change(db, kept, State.DRAFT, state=State.CANCELLED, closed_at=now, closed_why=ClosedBy.NO_ROLL)
    if ended:
        person, key = kept.proposal.proposer, f"{why}:{proposal}"
        duties.hint(db, kept.workspace, kept.channel, person, why, key, now, proposal=proposal)


def _taking_part(visit: Visit, session: Session) -> set[PersonId]:
    """Who takes part by now; the proposer does by proposing."""
    parts = sessions.participants(visit.db, visit.workspace, session.id)
    return {part.person for part in parts} | {visit.person.id}


def _met(visit: Visit, keys: Iterable[str]) -> set[PersonId]:
    keys = tuple(keys)
    if any(map(_is_group, keys)):
        raise Refusal("A user group can be the roll, as in `roll=@group`; to add or leave out people, name each.")
    return {meet(visit.db, visit.workspace, key, visit.at).id for key in keys}


def _is_group(key: str) -> bool:
    """Slack's ids of user groups begin with S, those of people with U or W."""
    return key.startswith("S")
