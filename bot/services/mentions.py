"""Use cases of what is said to the bot in a message: carried out like a command, and answered below it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.services import private_duties, signs
from bot.services.entries import record_command
from bot.services.heard import count
from bot.services.visit import Asked, Visit, meet
from minutes import outcomes as done
from minutes.ids import Ts
from minutes.refusal import Refusal
from storage import outbox, people, sessions
from storage.db import Db

NEW = (
    done.SessionStarted,
    done.SessionEnded,
    done.SessionExtended,
    done.SessionReopened,
    done.TopicOnFloor,
    done.TopicQueued,
    done.TopicDone,
    done.TopicDropped,
    done.TopicRenamed,
    done.EntryRecorded,
    done.EntryUndone,
    done.ProposalPut,
    done.DefaultsSet,
)
"""What changes the record and shows in the channel, or is simply what was asked for: our emoji says it all."""


def carry_out(visit: Visit, ts: Ts, use_case: Callable[..., Any], *args: Any) -> Any:
    """Do what a message asks for. What changes the record is acknowledged on it; the rest is for words (`answer`)."""
    if outbox.by_key(visit.db, visit.workspace, private_duties.answer_key(visit.channel, ts)) is not None:
        return done.NothingToDo()  # it was refused, and that was told
    before = sessions.open_in(visit.db, visit.workspace, visit.channel)
    then = sessions.open_at(visit.db, visit.workspace, visit.channel, visit.at) if visit.late else before
    if then != before and use_case is not record_command:
        raise Refusal(
            "Slack has told me of this only now, and things have gone on since. Say it again if you still want it."
        )
    outcome = use_case(visit, *args)
    spoken_in = then or sessions.open_in(visit.db, visit.workspace, visit.channel)
    if spoken_in is not None:
        count(visit, spoken_in)
    if is_new(outcome):
        lasting = not isinstance(outcome, done.EntryRecorded)
        signs.acknowledge(visit.db, visit.workspace, visit.channel, ts, visit.at, lasting=lasting)
    return outcome


def is_new(outcome: Any) -> bool:
    """Whether something has come of it that our emoji can stand for; of what was there already it cannot."""
    there = getattr(outcome, "already_there", False) or getattr(outcome, "already_open", False)
    return isinstance(outcome, NEW) and not there


def goes_without_saying(outcome: Any) -> bool:
    """Whether our emoji says it all; who has opened a session by a topic is told so, and can discard it."""
    return is_new(outcome) and getattr(outcome, "began_session", None) is None


def answer(db: Db, asked: Asked, ts: Ts, words: Mapping[str, Any], outcomes: Sequence[Any]) -> None:
    """Tell somebody privately what came of what they said, once, also where Slack has delivered it again.

    Where it was carried out before, there is something to say only if we were stopped before we could.
    """
    workspace = people.workspace(db, asked.team)
    again = any(isinstance(outcome, done.NothingToDo) for outcome in outcomes)
    if not (again and private_duties.acknowledged(db, workspace, asked.channel, ts)):
        person = meet(db, workspace, asked.user, asked.at).id
        private_duties.answer(db, workspace, asked.channel, person, ts, asked.at, thread=asked.thread, words=words)


def greet(db: Db, asked: Asked) -> None:
    """Somebody speaks of us, or thanks us. They are told how to speak to us, once and never again."""
    workspace = people.workspace(db, asked.team)
    person = meet(db, workspace, asked.user, asked.at).id
    private_duties.greeting(db, workspace, asked.channel, person, asked.at, thread=asked.thread)
