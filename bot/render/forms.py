"""The dialogs that record something or start a session, wherever people open them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.render.inputs import channel as channel_select
from bot.render.inputs import day, dialog, people, select, text_input, whole_number
from bot.render.message import Block
from bot.render.message import field as asked
from bot.render.wording import KIND
from minutes.entry import EntryKind
from minutes.session_command import LONGEST_PLACE
from minutes.text import clean, fingerprint
from minutes.topic_command import LONGEST_TITLE

KINDS = (EntryKind.NOTE, EntryKind.ACTION, EntryKind.DECISION, EntryKind.QUESTION, EntryKind.LINK)
"""What a message can be recorded as, by hand."""
LONGEST_DIGEST_DELAY = 24 * 60
_TEXT = 3_000  # as much as Slack's field takes
_LENGTH = 40
_NAMES = 1_500  # of the 3,000 characters that a dialog may bring back
_FLOORS = {"open": "everybody", "chaired": "the chairs"}
_LATER = "In minutes. If you leave this empty, it comes as it always does here."
_THERE = "If you leave this empty, it comes to the session's own channel. I have to be a member of another one."


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message that is to be recorded: what of it is filled in, and what comes back with the dialog.

    `names` are the people whom its text mentions, by the names that stand there, with Slack's ids. `thread` is the
    message that begins its thread, where it is a reply; `edited` the time of its last edit, where it has one.
    """

    session: int
    channel: str
    ts: str
    said_by: str | None
    edited: str | None
    text: str
    names: dict[str, str] = field(default_factory=dict)
    owners: Sequence[str] = ()
    due: date | None = None
    thread: str | None = None


def record_message(draft: MessageDraft, answer_to: str | None = None) -> Block:
    """What a message is to be in the minutes, its words, and for an action whose it is and by when."""
    kinds = {kind.value: KIND[kind] for kind in KINDS}
    about = {
        "session": draft.session,
        "channel": draft.channel,
        "ts": draft.ts,
        "thread": draft.thread,
        "said_by": draft.said_by,
        "edited": draft.edited,
        "words": fingerprint(clean(draft.text)),
        "names": _as_far_as_fits(draft.names) or None,
        "answer_to": answer_to,
    }
    blocks = [
        asked("kind", "As what?", select(kinds, None)),
        asked("text", "In which words?", text_input(draft.text, _TEXT) | {"multiline": True}),
        *_for_an_action(draft.owners, draft.due, only=True),
    ]
    return dialog("record_as", "Record", blocks, about)


def add_action(session: int, channel: str, answer_to: str | None = None) -> Block:
    """What somebody will do, who, and by when."""
    blocks = [
        asked("text", "What is to be done?", text_input(None, _TEXT) | {"multiline": True}),
        *_for_an_action((), None, only=False),
    ]
    return dialog(
        "add_action", "Add an action", blocks, {"session": session, "channel": channel, "answer_to": answer_to}
    )


def start_session(channel: str | None, title: str | None = None, answer_to: str | None = None) -> Block:
    """A session: what it is called, where, how long, who chairs, and when and where its digest goes.

    All can be left as it is. Without a `channel` it asks for that first.
    """
    where = [] if channel else [asked("channel", "In which channel?", channel_select(of_now=True))]
    blocks = [
        *where,
        asked("title", "What is it called?", text_input(title, LONGEST_TITLE), optional=True),
        asked("place", "Where do people meet?", text_input(None, LONGEST_PLACE), optional=True),
        asked("length", "How long?", text_input("1h", _LENGTH), hint="Such as 45m, 2h or 1h30."),
        asked("chairs", "Who chairs beside you?", people(), optional=True),
        asked("floor", "Who puts topics on the floor, decides and ends the session?", select(_FLOORS, None)),
        asked(
            "digest_delay",
            "How long after the end should the digest come?",
            whole_number(0, LONGEST_DIGEST_DELAY),
            hint=_LATER,
            optional=True,
        ),
        asked("digest_channel", "Where should the digest come?", channel_select(), hint=_THERE, optional=True),
    ]
    return dialog("start_session", "Start a session", blocks, {"channel": channel, "answer_to": answer_to})


def propose_where() -> Block:
    """In which channel to put something to the vote: how that is done there is known only then."""
    blocks = [asked("channel", "In which channel?", channel_select(of_now=True))]
    return dialog("propose_where", "Put to the vote", blocks, {}, submit="Next")


def _as_far_as_fits(names: dict[str, str]) -> dict[str, str]:
    """The others stay as the words that stand in the text."""
    kept: dict[str, str] = {}
    for name, user in names.items():
        if len(json.dumps(kept | {name: user})) <= _NAMES:
            kept[name] = user
    return kept


def _for_an_action(owners: Sequence[str], due: date | None, *, only: bool) -> list[Block]:
    hint = "Counts for an action only." if only else ""
    return [
        asked("owners", "Who does it?", people(owners), hint=hint, optional=True),
        asked("due", "By when?", day(due), hint=hint, optional=True),
    ]
