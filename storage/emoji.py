"""Recording emoji: which ones a workspace has set, and who has pressed them where; append-only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from minutes.emoji import EmojiSet, Meaning, Press, emoji_set
from minutes.ids import ChannelId, PersonId, Ts
from storage import prepared
from storage.db import Db, add_once
from storage.emoji_schema import PRESSES
from storage.schema import WORKSPACES

# Asked with every emoji that is no vote, so it is put together once.
_OF_TEAM = select(WORKSPACES.c.id, WORKSPACES.c.emoji).where(
    WORKSPACES.c.enterprise_id == bindparam("enterprise"), WORKSPACES.c.team_id == bindparam("team")
)


@dataclass(frozen=True, slots=True)
class Pressed:
    """All presses on one message; whose it is, and the session that it belongs to."""

    session: int
    author: PersonId
    presses: tuple[Press, ...]


def of_team(db: Db, team: str, enterprise: str = "") -> tuple[int, EmojiSet] | None:
    """Our number for a workspace that we have met, and its emoji, in one look."""
    row = prepared.one(db, _OF_TEAM, {"enterprise": enterprise, "team": team})
    return None if row is None else (row.id, emoji_set(row.emoji))


def of_workspace(db: Db, workspace: int) -> EmojiSet:
    return emoji_set(db.execute(select(WORKSPACES.c.emoji).where(WORKSPACES.c.id == workspace)).scalar_one())


def set_for(db: Db, workspace: int, emoji: EmojiSet) -> None:
    db.execute(WORKSPACES.update().where(WORKSPACES.c.id == workspace).values(emoji=emoji.to_json()))


def press(
    db: Db,
    workspace: int,
    channel: ChannelId,
    ts: Ts,
    press: Press,
    *,
    session: int,
    author: PersonId,
    at: datetime,
) -> bool:
    """Keep a press; False for one that is kept already."""
    return add_once(
        db,
        PRESSES,
        workspace_id=workspace,
        channel_id=channel,
        message_ts=ts,
        session_id=session,
        author_id=author,
        person_id=press.person,
        raw_name=press.raw_name,
        meaning=press.meaning,
        event_ts=press.event_ts,
        present=press.present,
        received_at=at,
    )


def pressed(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> Pressed | None:
    """What was pressed on a message; None where nothing was."""
    mine = (PRESSES.c.workspace_id == workspace, PRESSES.c.channel_id == channel, PRESSES.c.message_ts == ts)
    rows = db.execute(select(PRESSES).where(*mine)).all()
    if not rows:
        return None
    presses = (Press(row.person_id, row.raw_name, Meaning(row.meaning), row.event_ts, row.present) for row in rows)
    return Pressed(rows[0].session_id, rows[0].author_id, tuple(presses))
