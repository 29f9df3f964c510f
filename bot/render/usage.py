"""How each command is used, in the words of the help."""

from dataclasses import dataclass
from typing import Literal

from bot.command_names import CommandNames
from minutes.emoji import Meaning

__all__ = ["USAGES", "CommandNames", "HelpTopic", "Usage", "usage_lines"]

HelpTopic = Literal["topic", "session", "note", "action", "decide", "propose", "all"]


@dataclass(frozen=True, slots=True)
class Usage:
    """One way to use a command: what to type after its name, and what it does."""

    arguments: str
    does: str


USAGES: dict[str, tuple[Usage, ...]] = {
    "session": (
        Usage('start Docs meeting for 2h at "Room 3"', "opens a session; title, time and place may be left out"),
        Usage("new", "opens a dialog for that, and for when and where the digest comes"),
        Usage("status", "shows you how the session stands"),
        Usage("extend 30m", "gives it more time"),
        Usage("end", "closes it and posts the digest"),
        Usage("reopen", "opens the last one again, up to half an hour after its end"),
        Usage("list", "shows you the latest sessions of this channel, with their recaps"),
        Usage("search pump", "finds decisions, actions, notes and topics in all channels that you are in"),
        Usage(
            "start floor=chaired Docs meeting",
            "opens one whose floor is chaired: its chairs put topics on it and decide",
        ),
        Usage(
            "chairs @ana @ben", "names them chairs; chairs -@ana takes her away, and chairs alone shows who they are"
        ),
        Usage("floor chaired", "leaves topics, decisions and the end to the chairs; floor open, to everybody"),
        Usage("entries", "shows you what was recorded, with the numbers"),
        Usage("undo 7", "takes entry number 7 back; without a number, your own last one"),
        Usage("redo 7", "puts back what was taken back by mistake"),
        Usage("move 7 to 2", "files entry 7 under topic 2"),
        Usage("history 7", "shows you what has become of entry number 7: who has edited it, and what it said before"),
        Usage("defaults", "shows you how votes are held in this channel"),
        Usage("defaults rule=two-thirds quorum=5", "changes that, for proposals that do not say otherwise"),
        Usage("emoji", "shows you which emoji on a message record it, and lets you set them"),
    ),
    "topic": (
        Usage("Release plans", "puts this topic on the floor now"),
        Usage("add Release plans", "puts it in the queue"),
        Usage("next", "takes the first one in the queue"),
        Usage("list", "shows you what was, is and will be on the floor"),
        Usage("done", "ends the topic of now"),
        Usage("drop 2", "takes number 2 out of the queue"),
        Usage("move 3 to 1", "lets number 3 of the queue wait at place 1"),
        Usage("rename Release dates", "gives the topic of now another title"),
    ),
    "note": (Usage("The tests are slow on arm64", "records a note under the topic of now"),),
    "action": (
        Usage(
            "@ana updates the guide by Friday", "records what somebody will do, and by when; alone, it opens a dialog"
        ),
        Usage("list", "shows you your own open actions, with their numbers"),
        Usage("done 7", "says that action number 7 is done"),
        Usage("reopen 7", "takes that back"),
        Usage("later 7 by Friday", "gives it more time; without a day, a week"),
    ),
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

EMOJI_DOES = {
    Meaning.NOTE: "records it as a note",
    Meaning.ACTION: "records it as an action",
    Meaning.DECISION: "records it as a decision, pressed by a chair",
    Meaning.QUESTION: "records it as an open question",
    Meaning.PARKED: "puts it in the parking lot",
    Meaning.OFF_RECORD: "takes it off the record, pressed by whose message it is or by a chair",
}
"""What an emoji on a message does."""


def usage_lines(topic: HelpTopic, names: CommandNames) -> list[tuple[str, str]]:
    """What to type and what it does, for one command or for all of them."""
    wanted = USAGES if topic == "all" else {topic: USAGES[topic]}
    return [(f"{getattr(names, key)} {use.arguments}", use.does) for key in wanted for use in USAGES[key]]
