"""Where in Slack each thing of a record can be read: the message, its thread, and its address."""

from collections.abc import Callable, Iterable, Mapping

from bot.services import duties
from minutes.ids import Ts
from minutes.permalink import permalink
from minutes.session import Session
from storage import people, postings
from storage.db import Db
from storage.entries import KeptEntry

_AT_ONCE = 500
Address = Callable[[Ts | None, Ts | None], str | None]


def of_workspace(db: Db, workspace: int, session: Session) -> Address:
    """Makes addresses of the session's messages; of none where Slack has not told how they begin."""
    url = people.workspace_url(db, workspace)

    def address(ts: Ts | None, thread: Ts | None = None) -> str | None:
        return permalink(url, session.channel, ts, thread) if url and ts else None

    return address


def of_entries(
    db: Db, workspace: int, session: Session, kept: Iterable[KeptEntry]
) -> Callable[[KeptEntry], tuple[Ts | None, Ts | None]]:
    """Where each entry can be seen: the message that said it, or the one that we posted for it, and its thread."""
    keys = [duties.entry_key(session.id, each.entry.number) for each in kept if each.source.message.startswith("/")]
    threads = _in_pieces(keys, lambda some: postings.threads(db, workspace, some))
    posted = _in_pieces([*keys, *set(threads.values())], lambda some: postings.message_ts(db, workspace, some))

    def seen_at(each: KeptEntry) -> tuple[Ts | None, Ts | None]:
        if not each.source.message.startswith("/"):
            return each.source.message, each.source.thread
        key = duties.entry_key(session.id, each.entry.number)
        return posted.get(key), posted.get(threads.get(key, ""))

    return seen_at


def _in_pieces(keys: list[str], ask: Callable[[list[str]], Mapping[str, str]]) -> dict[str, str]:
    """A question takes so many names and no more."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), _AT_ONCE):
        found |= ask(keys[start : start + _AT_ONCE])
    return found
