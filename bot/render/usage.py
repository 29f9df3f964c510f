"""How each command is used, in the words of the help."""

from dataclasses import dataclass, fields
from typing import Literal

HelpTopic = Literal["topic", "session", "note", "action", "decide", "propose", "all"]


@dataclass(frozen=True, slots=True)
class CommandNames:
    """What the commands are called in this workspace: some names are refused by some Slacks."""

    topic: str = "/topic"
    session: str = "/session"
    note: str = "/note"
    action: str = "/action"
    decide: str = "/decide"
    propose: str = "/propose"


@dataclass(frozen=True, slots=True)
class Usage:
    """One way to use a command: what to type after its name, and what it does."""

    arguments: str
    does: str


USAGES: dict[str, tuple[Usage, ...]] = {
    "session": (
        Usage('start Docs meeting for 2h at "Room 3"', "opens a session; title, time and place may be left out"),
        Usage("status", "shows you how the session stands"),
        Usage("extend 30m", "gives it more time"),
        Usage("end", "closes it and posts the digest"),
        Usage("reopen", "opens the last one again, up to half an hour after its end"),
        Usage("undo 7", "takes entry number 7 back; without a number, your own last one"),
        Usage("defaults", "shows you how votes are held in this channel"),
        Usage("defaults rule=two-thirds quorum=5", "changes that, for proposals that do not say otherwise"),
    ),
    "topic": (
        Usage("Release plans", "puts this topic on the floor now"),
        Usage("add Release plans", "puts it in the queue"),
        Usage("next", "takes the first one in the queue"),
        Usage("list", "shows you what was, is and will be on the floor"),
        Usage("done", "ends the topic of now"),
        Usage("drop 2", "takes number 2 out of the queue"),
        Usage("rename Release dates", "gives the topic of now another title"),
    ),
    "note": (Usage("The tests are slow on arm64", "records a note under the topic of now"),),
    "action": (Usage("@ana updates the guide by Friday", "records what somebody will do, and by when"),),
    "decide": (Usage("We meet again in May", "records a decision that needed no vote"),),
    "propose": (
        Usage("Drop the old agent", "puts this text to the vote, until the session ends"),
        Usage("Drop the old agent for 10m", "the same, with a deadline; for=10m before the text does it too"),
        Usage(
            "rule=two-thirds Drop the old agent",
            "says what it takes to pass; also three-quarters, unanimous, 60%, or absolute-majority, which is more than "
            "half of the roll",
        ),
        Usage("quorum=5 Drop the old agent", "says how many have to vote: a number, or a share of the roll like 50%"),
        Usage(
            "roll=session Drop the old agent",
            "says who decides: everybody in this session; also roll=channel, or people like roll=@ana,@ben",
        ),
        Usage("roll=session -@ana Drop the old agent", "leaves Ana out, because it is about her; +@ana adds her"),
    ),
}


def usage_lines(topic: HelpTopic, names: CommandNames) -> list[tuple[str, str]]:
    """What to type and what it does, for one command or for all of them."""
    wanted = USAGES if topic == "all" else {topic: USAGES[topic]}
    called = {field.name: getattr(names, field.name) for field in fields(names)}
    return [(f"{called[name]} {use.arguments}", use.does) for name in wanted for use in USAGES[name]]
