"""A visit: one person's request, with the workspace and the person looked up and the request noted as handled."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from bot.services import duties, threads
from minutes.ids import ChannelId, PersonId, Ts, UserId
from minutes.outcomes import NothingToDo
from minutes.refusal import Offer, Refusal
from minutes.session import Session
from minutes.text import mention, mentions, replace_mentions
from storage import inbox, people, sessions, topics
from storage.db import Db
from storage.people import SOMEBODY, Known

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, where and when, as Slack told it. `key` is the delivery's own name (event_id, trigger_id).

    `late` says that Slack has delivered it long after: things may have gone on since. `thread` is the message that
    begins the thread in which it was said, `said` the message in which it was said to us.
    """

    team: str
    channel: ChannelId
    user: UserId
    at: datetime
    key: str
    user_name: str = ""
    channel_name: str = ""
    late: bool = False
    thread: Ts | None = None
    said: Ts | None = None
    response_url: str = ""
    """The way to answer later, where there is one."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a use case works with. `at` is when it was asked."""

    db: Db
    workspace: int
    channel: ChannelId
    channel_name: str
    person: Known
    at: datetime
    key: str
    late: bool = False
    thread: Ts | None = None
    said: Ts | None = None

    def floor(self, session: Session) -> int | None:
        """The topic that this belongs to: that of its thread, else the one on the floor; for what is late, that was.

        Only then: our clock may be a moment ahead of Slack's, and a line right behind its topic belongs to it.
        """
        if self.thread and (its_own := threads.topic_of(self.db, self.workspace, session, self.thread)):
            return its_own
        if self.late:
            return topics.floor_at(self.db, self.workspace, session.id, self.at)
        return topics.floor(self.db, self.workspace, session.id)

    def session(self, number: int | None = None) -> Session:
        """The channel's open session; refused, with a way on, where there is none.

        `number` is that of the session which a button belongs to: an old button must not touch a newer session.
        """
        session = sessions.open_in(self.db, self.workspace, self.channel)
        if number is not None and (session is None or session.id != number):
            raise Refusal("That session is over. Start a new one, or use the buttons of the one that is open.")
        if session is None:
            raise no_session()
        return session

    def session_of_then(self) -> Session:
        """The open session; for what comes late, the one that was open when it was said."""
        then = sessions.open_at(self.db, self.workspace, self.channel, self.at) if self.late else None
        return then or self.session()

    def own(self, text: str) -> str:
        """The text with our own numbers in its mentions instead of Slack's ids, as it may be stored."""
        return replace_mentions(text, lambda user: mention(str(meet(self.db, self.workspace, user, self.at).id)))

    def shown(self, text: str) -> str:
        """A stored text as people read it: mentions as names, which ping nobody."""
        return people.written_out(self.db, self.workspace, text)

    def name(self, person: PersonId) -> str:
        return people.names(self.db, self.workspace, [person]).get(person, SOMEBODY)


def no_session() -> Refusal:
    return Refusal("No session is open in this channel. Start one, then say it again.", Offer.START_SESSION)


def serve(
    db: Db, asked: Asked, use_case: Callable[Concatenate[Visit, P], T], *args: P.args, **options: P.kwargs
) -> T | NothingToDo:
    """Run a use case for a request, once: a second delivery of the same request changes nothing."""
    workspace = people.workspace(db, asked.team)
    if not inbox.first_time(db, workspace, asked.key, asked.at):
        return NothingToDo()
    return use_case(visit(db, workspace, asked), *args, **options)


def visit(db: Db, workspace: int, asked: Asked) -> Visit:
    person = meet(db, workspace, asked.user, asked.at, asked.user_name)
    return Visit(
        db,
        workspace,
        asked.channel,
        asked.channel_name,
        person,
        asked.at,
        asked.key,
        late=asked.late,
        thread=asked.thread,
        said=asked.said,
    )


def meet(db: Db, workspace: int, user: UserId, at: datetime, name: str = "") -> Known:
    """The person behind a Slack id; one who is new is looked up in Slack soon."""
    known = people.by_user(db, workspace, user)
    if known is None:
        known = people.meet(db, workspace, user, name)
        duties.look_up_person(db, workspace, known.id, at)
    return known


def mentioned(texts: Iterable[str]) -> set[PersonId]:
    """Everybody whom stored texts mention."""
    return {int(key) for text in texts for key in mentions(text)}


def shown(text: str, names: Mapping[PersonId, str]) -> str:
    return replace_mentions(text, lambda key: "@" + names.get(int(key), SOMEBODY))
