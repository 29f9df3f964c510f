"""Whether what was owed has been said, once, and nothing else; and whether what is shown is how things stand."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Row, select

from bot.command_names import CommandNames
from bot.courier.drawing import draw
from bot.services import duties
from minutes.session import SessionState
from rehearsal.messages import Message
from rehearsal.server import Stage
from storage import outbox, sessions
from storage.outbox import DutyState
from storage.people import by_id
from storage.schema import OUTBOX
from tests.conversations.room import shown
from tests.faults.torture.crowd import key_of

FOLLOWED = ("card", "topic", "entry", "ballot", "vote_decision", "vote_outcome", "digest")
"""What is brought up to date whenever something changes."""
GOOD_REASONS = (
    "no longer wanted",
    "there is no need to say it any more",
    "there is no need to remind any more",
    "there is no way to know whether it was said",
    "unclear, and said at most once",
)
DIRECT = (duties.HINT, duties.REMINDER)
Duty = Row[tuple[object, ...]]


def unfinished(db: Connection) -> list[str]:
    """Duties that wait or are under way, and sessions whose digest is still to come."""
    done = (DutyState.SENT, DutyState.DEAD)
    owed = [f"{duty.key} ({duty.state})" for duty in _duties(db) if duty.state not in done]
    kept = sessions.all_kept(db)
    return owed + [f"session {each.session.id}" for each in kept if each.session.is_open or each.digest_due_at]


def complaints(db: Connection, stage: Stage, now: datetime) -> Iterator[str]:
    owed = _duties(db)
    said = _said(stage)
    yield from (f"still owed: {each}" for each in unfinished(db))
    yield from _given_up(owed)
    yield from _posts(owed, said)
    yield from _files(owed, said)
    yield from _reminders(db, owed, stage)
    yield from _hints(db, owed, stage)
    yield from _digests(db, owed)
    yield from _as_things_stand(db, owed, stage, now)
    yield from _too_fast(stage)


def _duties(db: Connection) -> list[Duty]:
    return list(db.execute(select(OUTBOX).order_by(OUTBOX.c.id)))


def _said(stage: Stage) -> list[Message]:
    """Every message of the bot's in every channel, threads as well; direct messages apart."""
    workspace = stage.backstage.workspace
    channels = (channel for channel in workspace.channels.values() if channel.kind != "im")
    return [each for channel in channels for each in channel.messages.values() if each.user == workspace.bot.id]


def _given_up(owed: list[Duty]) -> Iterator[str]:
    for duty in owed:
        if duty.state == DutyState.DEAD and not str(duty.error).startswith(GOOD_REASONS):
            yield f"{duty.key} was given up: {duty.error}"


def _posts(owed: list[Duty], said: list[Message]) -> Iterator[str]:
    """A post that had nothing to say when its turn came has no name in Slack."""
    found = Counter(key_of(each) for each in said if not each.files)
    for duty in owed:
        if duty.kind != duties.POST:
            continue
        times = found.pop(duty.key, 0)
        if times != bool(duty.slack_ts):
            yield f"{duty.key} was said {times} times, as {duty.slack_ts} ({duty.state})"
    for key, times in found.items():
        yield f"{times} messages say {key!r}, and nobody owed them"


def _files(owed: list[Duty], said: list[Message]) -> Iterator[str]:
    names = {duty.key: duty.slack_ts for duty in owed}
    threads = Counter(each.thread_ts for each in said if each.files)
    for duty in owed:
        if duty.kind == duties.FILE:
            times = threads.pop(names[duty.payload["thread_of"]], 0)
            if times != 1:
                yield f"{duty.key} was attached {times} times"
    if threads:
        yield f"files that nobody owed: {threads}"


def _reminders(db: Connection, owed: list[Duty], stage: Stage) -> Iterator[str]:
    """In the direct messages of everybody who was to be reminded."""
    workspace = stage.backstage.workspace
    wanted = Counter(
        _person(db, duty) for duty in owed if duty.kind == duties.REMINDER and duty.state == DutyState.SENT
    )
    for channel in workspace.channels.values():
        if channel.kind == "im":
            texts = Counter(each.text for each in channel.messages.values() if each.user == workspace.bot.id)
            yield from (f"{channel.name} was told {times} times: {text}" for text, times in texts.items() if times > 1)
            due = wanted.pop(channel.members[0], 0)
            if texts.total() < due:
                yield f"{channel.name} got {texts.total()} reminders of {due}"
    yield from (f"{user} got no reminder of {times}" for user, times in wanted.items())


def _hints(db: Connection, owed: list[Duty], stage: Stage) -> Iterator[str]:
    """Said to one person, at most once."""
    calls = [call for call in stage.web_api.calls if call.method == "chat.postEphemeral" and call.answer["ok"]]
    said = Counter((call.arguments["channel"], call.arguments["user"]) for call in calls)
    tried = Counter((duty.channel_id, _person(db, duty)) for duty in owed if duty.kind == duties.HINT and duty.attempts)
    for where, times in (said - tried).items():
        texts = [
            call.arguments["text"] for call in calls if (call.arguments["channel"], call.arguments["user"]) == where
        ]
        yield f"{where} heard {times} more hints than there were: {texts}"


def _person(db: Connection, duty: Duty) -> str:
    person = by_id(db, duty.workspace_id, duty.payload["person"])
    return person.user if person else ""


def _digests(db: Connection, owed: list[Duty]) -> Iterator[str]:
    """Every session that is closed has its last digest, and the recap behind it."""
    sent = {duty.key for duty in owed if duty.state == DutyState.SENT}
    for kept in sessions.all_kept(db):
        session = kept.session
        if session.state is SessionState.CLOSED:
            wanted = {duties.digest_key(session.id, session.closings), f"recap:{session.id}:{session.closings}"}
            yield from (f"session {session.id} has no {missing}" for missing in wanted - sent)


def _as_things_stand(db: Connection, owed: list[Duty], stage: Stage, now: datetime) -> Iterator[str]:
    channels = stage.backstage.workspace.channels
    closings = {kept.session.id: kept.session.closings for kept in sessions.all_kept(db)}
    for duty in owed:
        if duty.payload.get("closing", 0) not in (0, closings.get(duty.payload.get("session"))):
            continue  # the digest of an end that was taken back: another one has come after it
        if duty.kind == duties.POST and duty.slack_ts and duty.payload["what"] in FOLLOWED:
            message = channels[duty.channel_id].messages.get(duty.slack_ts)
            drawn = draw(db, outbox.by_id(db, duty.id), now, CommandNames())
            if message is None or drawn is None:
                yield f"{duty.key} is {'no longer there' if drawn else 'there, with nothing to say'}"
            elif _words(message.text, message.blocks) != _words(drawn.message.text, list(drawn.message.blocks)):
                yield f"{duty.key} shows {message.text!r} instead of {drawn.message.text!r}"


def _words(text: str, blocks: list[dict[str, object]]) -> str:
    return shown({"text": text, "blocks": json.loads(json.dumps(blocks))})


def _too_fast(stage: Stage) -> Iterator[str]:
    refused = Counter(call.method for call in stage.web_api.calls if call.answer.get("error") == "ratelimited")
    yield from (f"Slack refused {times} of {method} for their number" for method, times in refused.items())
