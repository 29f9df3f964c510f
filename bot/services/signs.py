"""What we come to owe to a message of somebody's: our own emoji on it, and to ask what it says."""

from datetime import datetime

from bot.services.duties import MESSAGE, REACT, UNREACT
from minutes.emoji import RECORDED
from minutes.ids import ChannelId, Ts
from storage import outbox
from storage.db import Db
from storage.outbox import DutyState


def acknowledge(db: Db, workspace: int, channel: ChannelId, ts: Ts, now: datetime, *, lasting: bool = False) -> None:
    """The bot's own emoji on a message that holds something it has kept; `lasting` for what no one can take back."""
    sign(db, workspace, channel, ts, RECORDED, now, there=True, lasting=lasting)


def sign(
    db: Db,
    workspace: int,
    channel: ChannelId,
    ts: Ts,
    emoji: str,
    now: datetime,
    *,
    there: bool,
    lasting: bool = False,
) -> None:
    """An emoji of the bot's own on a message, which is to be there now or not; the last word counts."""
    key, kind = f"react:{channel}:{ts}:{emoji}", REACT if there else UNREACT
    owed = outbox.by_key(db, workspace, key)
    # What Slack has refused for good is as it was before.
    is_there = owed is not None and (owed.kind == REACT) != (owed.state is DutyState.DEAD)
    stays = owed is not None and bool(owed.payload.get("lasting"))
    if (is_there != there and (there or not stays)) or (lasting and not stays):
        payload = {"ts": ts, "emoji": emoji, "lasting": lasting or stays}
        outbox.owe_again(db, workspace, key, kind, channel=channel, now=now, payload=payload)


def ask_words(db: Db, workspace: int, channel: ChannelId, ts: Ts, now: datetime) -> None:
    """To ask Slack what a message says: a reaction to it does not tell."""
    key = f"message:{channel}:{ts}"
    outbox.owe_again(db, workspace, key, MESSAGE, channel=channel, now=now, payload={"ts": ts})
