"""Use cases of actions: they are done, open again after all, or take longer. Each is a revision, with who and when."""

from datetime import date

from bot.services import chairs, duties, home_duties
from bot.services.visit import Asked, Visit
from minutes.action import local_day
from minutes.action_command import Named, put_off
from minutes.chairs import Act
from minutes.entry import EntryKind, Why
from minutes.outcomes import ActionDone, ActionPutOff, ActionReopened
from minutes.refusal import Refusal
from minutes.session import Session, SessionState
from minutes.text import one_line
from storage import entries, people, sessions
from storage.db import Db
from storage.entries import KeptEntry


def finish(visit: Visit, action: Named) -> ActionDone:
    """An action is done; its owners can say so, who recorded it, and the chairs."""
    session, kept = _own(visit, action)
    if kept.entry.done:
        raise Refusal("That is done already.")
    _revise(visit, session, kept, Why.DONE, done=True)
    return ActionDone(kept.channel, session.id, kept.entry.number, _text(visit, kept))


def reopen(visit: Visit, action: Named) -> ActionReopened:
    """It was not done after all."""
    session, kept = _own(visit, action)
    if not kept.entry.done:
        raise Refusal("That is open already.")
    _revise(visit, session, kept, Why.REOPENED, done=False)
    return ActionReopened(_text(visit, kept))


def postpone(visit: Visit, action: Named, until: str) -> ActionPutOff:
    """It takes longer: until the day that is named, or a week."""
    session, kept = _own(visit, action)
    day = put_off(kept.entry.due, until, now=visit.at, zone=_zone(visit))
    if day is None:
        raise Refusal("I cannot tell which day that is. Write it like `by Friday`, `by 21 May` or `by 2027-01-31`.")
    return _put_off(visit, session, kept, day)


def postpone_to(visit: Visit, action: Named, day: date) -> ActionPutOff:
    """It takes until this day."""
    return _put_off(visit, *_own(visit, action), day)


def offered(db: Db, asked: Asked, action: Named) -> tuple[str, date]:
    """An action that somebody is about to put off, and the day that is offered for it. Reads only."""
    workspace = people.known_workspace(db, asked.team)
    person = None if workspace is None else people.by_user(db, workspace, asked.user)
    if workspace is None or person is None:
        raise Refusal("There is no such action.")
    visit = Visit(db, workspace, asked.channel, "", person, asked.at, asked.key)
    _, kept = _own(visit, action)
    day = put_off(kept.entry.due, "", now=visit.at, zone=_zone(visit))
    return _text(visit, kept), day or visit.at.date()


def _put_off(visit: Visit, session: Session, kept: KeptEntry, day: date) -> ActionPutOff:
    if kept.entry.done:
        raise Refusal("That is done already. If it is not, open it again first.")
    if day < local_day(visit.at, _zone(visit)):
        raise Refusal("That day is past. Choose today or a later one.")
    if day != kept.entry.due:
        _revise(visit, session, kept, Why.PUT_OFF, due=day)
    return ActionPutOff(_text(visit, kept), day)


def _own(visit: Visit, action: Named) -> tuple[Session, KeptEntry]:
    """An action that this person may change; refused where it is none, without a word of what others have."""
    session = _session(visit, action)
    kept = None if session is None else entries.numbered(visit.db, visit.workspace, session.id, action.number)
    if session is None or kept is None or kept.entry.kind is not EntryKind.ACTION or not kept.standing:
        raise Refusal(f"There is no action {_label(action)} here. `/action list` shows yours, with their numbers.")
    if not _may(visit, session, kept):
        if kept.channel != visit.channel:
            raise Refusal(f"There is no action {_label(action)} of yours. `/action list` shows those that are.")
        chairs.demand(visit, session, Act.TEND_ACTION, kept.entry.author)
    return session, kept


def _session(visit: Visit, action: Named) -> Session | None:
    """The session that is meant; a number alone is of the latest one here."""
    if action.session is None:
        return sessions.latest_in(visit.db, visit.workspace, visit.channel)
    found = sessions.kept(visit.db, action.session)
    if found is None or found.workspace != visit.workspace or found.session.state is SessionState.DISCARDED:
        return None
    return found.session


def _may(visit: Visit, session: Session, kept: KeptEntry) -> bool:
    here = chairs.chairing(visit.db, visit.workspace, session)
    whose = (*kept.entry.owners, kept.entry.author)
    return any(here.may(visit.person.id, Act.TEND_ACTION, each) for each in whose)


def _revise(visit: Visit, session: Session, kept: KeptEntry, why: Why, **changes: bool | date) -> None:
    """Everything that shows the action follows."""
    entries.revise(visit.db, kept, by=visit.person.id, at=visit.at, why=why, **changes)
    duties.redraw_entry(visit.db, visit.workspace, session, kept.entry.number, visit.at)
    duties.redraw_digest(visit.db, visit.workspace, session, visit.at)
    for person in {visit.person.id, *kept.entry.owners}:
        home_duties.publish_where_shown(visit.db, visit.workspace, person, visit.at)


def _label(action: Named) -> str:
    return str(action.number) if action.session is None else f"{action.session}.{action.number}"


def _text(visit: Visit, kept: KeptEntry) -> str:
    return one_line(visit.shown(kept.entry.text))


def _zone(visit: Visit) -> str:
    return visit.person.zone or "UTC"
