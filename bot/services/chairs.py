"""Use cases of chairs: who chairs a session, whether its floor is theirs, and whether somebody may do something."""

from collections.abc import Iterable, Sequence

from bot.services import duties
from bot.services.visit import Visit, meet
from minutes.chair_command import ChangeChairs
from minutes.chairs import MOST_CHAIRS, Act, Chairing, both, changed, refused
from minutes.ids import PersonId, UserId
from minutes.outcomes import ChairsTold
from minutes.refusal import Refusal
from minutes.session import Session
from storage import chairs, people, sessions
from storage.db import Db
from storage.people import SOMEBODY


def chairing(db: Db, workspace: int, session: Session) -> Chairing:
    """Who chairs a session, and whether its floor is chaired, at this moment."""
    return Chairing(chairs.of_session(db, workspace, session.id), session.chaired)


def names(db: Db, workspace: int, session: int) -> tuple[str, ...]:
    """Those who chair a session, by name."""
    found = chairs.of_session(db, workspace, session)
    called = people.names(db, workspace, found)
    return tuple(called.get(person, SOMEBODY) for person in found)


def is_chair(db: Db, workspace: int, session: int, person: PersonId) -> bool:
    return person in chairs.of_session(db, workspace, session)


def may(visit: Visit, session: Session, act: Act, owner: PersonId | None = None) -> bool:
    """Whether whoever asks may do that in a session; `owner` is whose entry, vote or topic it is about."""
    return chairing(visit.db, visit.workspace, session).may(visit.person.id, act, owner)


def demand(visit: Visit, session: Session, act: Act, owner: PersonId | None = None) -> None:
    """Refuse whoever may not do that, and say who can."""
    here = chairing(visit.db, visit.workspace, session)
    if not here.may(visit.person.id, act, owner):
        theirs = visit.name(owner) if owner is not None and here.names_owner(act) else None
        raise refused(act, names(visit.db, visit.workspace, session.id), theirs)


def show(visit: Visit) -> ChairsTold:
    """Who chairs here, and whether the floor is theirs."""
    return _told(visit, visit.session(), changed=False)


def change(visit: Visit, wish: ChangeChairs) -> ChairsTold:
    """Name chairs and take some away, as `/session chairs` says."""
    session = visit.session()
    demand(visit, session, Act.NAME_CHAIRS)
    before = chairs.of_session(visit.db, visit.workspace, session.id)
    unnamed = known(visit, wish.unnamed)
    _check_steps_down(visit, session, before, unnamed)
    named = known(visit, wish.named)
    if not changed(before, named, unnamed):
        raise Refusal("Somebody has to chair. Name another chair with it: `/session chairs @ben -@ana`.")
    name_chairs(visit, session, named)
    chairs.unname(visit.db, visit.workspace, session.id, unnamed, at=visit.at)
    after = chairs.of_session(visit.db, visit.workspace, session.id)
    return _told(visit, session, changed=after != before)


def name_chairs(visit: Visit, session: Session, persons: Iterable[PersonId]) -> None:
    """Let people chair a session beside those who do, and tell each of them; the card follows."""
    demand(visit, session, Act.NAME_CHAIRS)
    before = chairs.of_session(visit.db, visit.workspace, session.id)
    new = [person for person in dict.fromkeys(persons) if person not in before]
    _check_can_chair(visit, new)
    if len(before) + len(new) > MOST_CHAIRS:
        raise Refusal(f"A session can have {MOST_CHAIRS} chairs at most.")
    for person in new:
        chairs.name(visit.db, visit.workspace, session.id, person, by=visit.person.id, at=visit.at)
        duties.told_to_chair(visit.db, visit.workspace, session, person, visit.at)
    duties.card(visit.db, visit.workspace, session, visit.at)


def set_floor(visit: Visit, chaired: bool) -> ChairsTold:
    """From now on the floor is the chairs', or anybody's."""
    session = visit.session()
    demand(visit, session, Act.SET_FLOOR)
    was = session.chaired
    session = sessions.change(visit.db, visit.workspace, session.id, chaired=chaired)
    duties.card(visit.db, visit.workspace, session, visit.at)
    return _told(visit, session, changed=chaired is not was)


def _check_steps_down(visit: Visit, session: Session, before: Sequence[PersonId], unnamed: Sequence[PersonId]) -> None:
    """Who started a session is not pushed off it: they hand over themselves, or stay."""
    for person in unnamed:
        if person not in before:
            raise Refusal("{who} does not chair. See who does with `/session chairs`.", who=visit.name(person))
        if person == session.started_by and person != visit.person.id:
            raise Refusal("{who} started this session, so only they can take themselves away.", who=visit.name(person))


def _check_can_chair(visit: Visit, persons: Sequence[PersonId]) -> None:
    bots = people.bots(visit.db, visit.workspace)
    robots = [visit.name(person) for person in persons if person in bots]
    if robots:
        raise Refusal("{who} cannot chair: only people can.", who=both(robots))


def known(visit: Visit, users: Iterable[UserId]) -> list[PersonId]:
    """People by our own numbers, for Slack's ids."""
    return [meet(visit.db, visit.workspace, user, visit.at).id for user in users]


def _told(visit: Visit, session: Session, *, changed: bool) -> ChairsTold:
    return ChairsTold(session.title, names(visit.db, visit.workspace, session.id), session.chaired, changed)
