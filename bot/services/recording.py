"""Use cases of the dialogs that record: a message of somebody's, and an action with its owners and its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.services import chairs, links, off_record, signs
from bot.services.entries import Recorded, beside_its_lines, may_record, record, record_and_show, recorded
from bot.services.sessions import spoken
from bot.services.visit import Visit, meet
from minutes.action import ActionFields, read_action
from minutes.chairs import Act
from minutes.entry import EntryKind, Why
from minutes.ids import ChannelId, PersonId, Ts, UserId, micros
from minutes.moment import from_micros
from minutes.outcomes import NothingToDo
from minutes.refusal import Refusal
from minutes.text import is_blank, mentions, replace_mentions
from storage import entries, people, sessions, wordings
from storage.db import Db
from storage.people import SOMEBODY


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message is to be recorded as: its words as people read them, and whom they name, by Slack's ids."""

    session: int
    text: str
    names: Mapping[str, UserId]
    read: ActionFields


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody has filled in. `owners` are Slack's ids; they and `due` count for an action only.

    `as_said`: the words are the message's own.
    """

    kind: EntryKind
    text: str
    owners: Sequence[UserId] = ()
    due: date | None = None
    as_said: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it was when its dialog was opened: who said it, and when it had been edited last."""

    ts: Ts
    by: UserId | None
    edited: Ts | None


def open_session(db: Db, team: str, channel: ChannelId) -> int | None:
    """The channel's open session. Reads only."""
    workspace = people.known_workspace(db, team)
    session = None if workspace is None else sessions.open_in(db, workspace, channel)
    return None if session is None else session.id


def draft(db: Db, team: str, channel: ChannelId, by: UserId, text: str, said_at: datetime) -> Draft | None:
    """A message for the dialog; None where no session is open. Reads only: people stand in `text` by Slack's ids."""
    workspace, session = people.known_workspace(db, team), open_session(db, team, channel)
    if workspace is None or session is None:
        return None
    names = _named(db, workspace, mentions(text))
    by_user = {user: name for name, user in names.items()}
    speaker = people.by_user(db, workspace, by)
    read = read_action(text, now=said_at, tz=(speaker and speaker.zone) or "UTC")
    return Draft(session, replace_mentions(text, by_user.__getitem__), names, read)


def record_message(visit: Visit, session: int, message: Said, wish: Wish) -> Recorded:
    """Keep a message as an entry of whoever records it, under the topic of when it was said; once for each kind."""
    of, ts = visit.session(session), message.ts
    _check(wish.text)
    _check_it_is_still_so(visit, message, wish)
    if not may_record(visit, of, wish.kind):
        chairs.demand(visit, of, Act.DECIDE)
    kept = entries.of_message(visit.db, visit.workspace, visit.channel, ts)
    same = next((each.entry for each in kept if each.standing and each.entry.kind is wish.kind), None)
    if same is not None:
        raise Refusal(f"This message is in the minutes already, as {wish.kind} {same.number}. Choose another kind.")
    said = None if message.by is None else meet(visit.db, visit.workspace, message.by, visit.at).id
    new = record(
        visit,
        of,
        wish.kind,
        wish.text,
        beside_its_lines(visit, ts),
        said_by=None if said == visit.person.id else said,
        said_at=from_micros(micros(ts)),
        owners=_owners(visit, wish),
        due=_due(wish),
        why=Why.RECORDED if wish.as_said else Why.SAID,
    )
    if new is None:
        return NothingToDo()
    spoken(visit, of)
    links.keep(visit, of, wish.text, ts)
    signs.acknowledge(visit.db, visit.workspace, visit.channel, ts, visit.at)
    return recorded(visit, new)


def add_action(visit: Visit, session: int, wish: Wish) -> Recorded:
    """Keep what somebody will do, as the command does, only that owners and day may be given apart from the words."""
    of = visit.session(session)
    _check(wish.text)
    return record_and_show(visit, of, wish.kind, wish.text, owners=_owners(visit, wish), due=_due(wish))


def _check(text: str) -> None:
    if is_blank(text):
        raise Refusal("Write what is to stand in the minutes.")


def _check_it_is_still_so(visit: Visit, message: Said, wish: Wish) -> None:
    """While the dialog was open, the message may have been deleted, taken off the record, or given other words."""
    of = (visit.db, visit.workspace, visit.channel, message.ts)
    if off_record.is_off(*of):
        raise Refusal("This message was taken off the record. Whoever did that can take their emoji away again.")
    if wordings.is_deleted(*of):
        raise Refusal("This message has been deleted, so it stays out of the minutes.")
    if wish.as_said and wordings.is_newer(*of, than=message.edited):
        raise Refusal(
            "This message was edited while you had this open. Close this and open it again for its new words."
        )


def _owners(visit: Visit, wish: Wish) -> tuple[PersonId, ...]:
    if wish.kind is not EntryKind.ACTION:
        return ()
    return tuple(meet(visit.db, visit.workspace, user, visit.at).id for user in wish.owners)


def _due(wish: Wish) -> date | None:
    return wish.due if wish.kind is EntryKind.ACTION else None


def _named(db: Db, workspace: int, users: Sequence[UserId]) -> dict[str, UserId]:
    """Slack's ids by what stands for them in a text; people of one name are told apart."""
    names: dict[str, UserId] = {}
    for user in users:
        known = people.by_user(db, workspace, user)
        name = f"@{known.name if known else SOMEBODY}"
        names[name if name not in names else f"{name} ({len(names) + 1})"] = user
    return names
