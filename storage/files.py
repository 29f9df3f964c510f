"""Files and images that messages brought: what they are called and where they are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from minutes.files import SharedFile
from minutes.ids import ChannelId, PersonId, Ts
from storage.db import Db, add_once
from storage.message_schema import FILES


@dataclass(frozen=True, slots=True)
class KeptFile:
    file: SharedFile
    topic: int | None
    person: PersonId
    message: Ts


def share(
    db: Db,
    workspace: int,
    channel: ChannelId,
    session: int,
    message: Ts,
    file: SharedFile,
    *,
    topic: int | None,
    by: PersonId,
    at: datetime,
) -> None:
    """Keep that a message brought a file, once."""
    add_once(
        db,
        FILES,
        workspace_id=workspace,
        channel_id=channel,
        message_ts=message,
        file_id=file.id,
        session_id=session,
        topic_id=topic,
        name=file.name,
        kind=file.kind,
        permalink=file.permalink,
        person_id=by,
        shared_at=at,
        standing=True,
    )


def strike_out(db: Db, workspace: int, channel: ChannelId, message: Ts, file_id: str | None = None) -> bool:
    """A file is gone from a message, or all of them with it; True where that was news."""
    mine = [FILES.c.workspace_id == workspace, FILES.c.channel_id == channel, FILES.c.message_ts == message]
    if file_id is not None:
        mine.append(FILES.c.file_id == file_id)
    struck = FILES.update().where(*mine, FILES.c.standing.is_(True)).values(standing=False)
    return db.execute(struck).rowcount > 0


def forget(db: Db, workspace: int, channel: ChannelId, message: Ts) -> None:
    """Keep nothing of the files that a message brought, not even their names."""
    mine = (FILES.c.workspace_id == workspace, FILES.c.channel_id == channel, FILES.c.message_ts == message)
    db.execute(FILES.delete().where(*mine))


def of_session(db: Db, workspace: int, session: int) -> list[KeptFile]:
    """Those that are still there, each once, in the order in which they were shared."""
    rows = db.execute(
        select(FILES)
        .where(FILES.c.workspace_id == workspace, FILES.c.session_id == session, FILES.c.standing.is_(True))
        .order_by(FILES.c.shared_at, FILES.c.message_ts, FILES.c.file_id)
    )
    first: dict[str, KeptFile] = {}
    for row in rows:
        file = SharedFile(row.file_id, row.name, row.kind, row.permalink)
        first.setdefault(row.file_id, KeptFile(file, row.topic_id, row.person_id, row.message_ts))
    return list(first.values())
