"""What the bot says in private: answers to commands and clicks, refusals, and help."""

from datetime import datetime

from bot.render.answers import answer
from bot.render.ballot import close_now
from bot.render.buttons import Button
from bot.render.card import board_lines
from bot.render.message import Block, Message, asking, button, message, rich, said, section
from bot.render.pieces import SOON, Line, as_text, at, bullets, code, excerpt, line, one_below_another, with_code
from bot.render.usage import CommandNames, HelpTopic, usage_lines
from bot.render.wording import FLOOR_CHAIRED, FLOOR_OPEN
from minutes.board import Board
from minutes.chairs import either
from minutes.outcomes import ActionDone, EntryRecorded, Outcome, RemindersSet, TopicOnFloor
from minutes.refusal import Offer, Refusal
from minutes.text import shorten

__all__ = [
    "CommandNames",
    "HelpTopic",
    "advisory_vote",
    "apology",
    "ask_to_close",
    "beside_field",
    "chaired_line",
    "conflicting_vote",
    "digest_channel",
    "direct_message",
    "greeting",
    "help_for",
    "late_vote",
    "not_in_channel",
    "not_installed",
    "refusal",
    "reminder",
    "reply",
    "roll_empty",
    "roll_failed",
    "status",
    "told_to_chair",
    "unverified_vote",
]

_TITLE = 200
_NAME = 80
_TAGS = (
    "Lines of ordinary messages count too when they begin with #topic, #agreed, #action, #info, #idea, #help, #link, "
    "#question or #park."
)


def reply(outcome: Outcome, names: CommandNames) -> Message:
    """What was understood and done, with the button that takes it back where there is one."""
    return said(*answer(outcome, names), buttons=_way_back(outcome))


def refusal(refusal: Refusal, names: CommandNames) -> Message:
    """What to do instead, with a button that does it where there is one."""
    return said(*with_code(refusal.words, names, refusal.theirs), buttons=_offered(refusal))


def beside_field(refusal: Refusal, names: CommandNames) -> str:
    """The same at a field of a dialog, which has plain text only."""
    return as_text(with_code(refusal.words, names, refusal.theirs))


def apology() -> Message:
    """For an error of ours: nothing of the request is kept."""
    return said("Sorry, something went wrong on my side, and nothing was changed. Please try it again.")


def help_for(topic: HelpTopic, problem: str | None, names: CommandNames, **theirs: str) -> Message:
    """How to use one command or all, after one sentence on what was wrong where something was.

    `theirs` are words of somebody's in that sentence, as in a Refusal.
    """
    first = with_code(problem, names, theirs) if problem else ["Here is what you can type:"]
    lines: list[Line] = [(code(typed), *with_code(f" – {does}", names)) for typed, does in usage_lines(topic, names)]
    last = [_TAGS] if topic == "all" else []
    text = as_text(one_below_another([first, *lines, last]))
    blocks = rich(line(*first), bullets(line(*one) for one in lines))
    return message(text.strip(), blocks, *(section(one) for one in last))


def direct_message(names: CommandNames) -> Message:
    """A session needs a channel: said to somebody who writes to the bot alone."""
    where = "I keep the minutes of gatherings, and a gathering needs a channel."
    return said(*with_code(f"{where} Go to yours and type `/session start` there.", names))


def greeting(names: CommandNames) -> Message:
    """Said once to somebody who mentions the bot without a command."""
    others = (names.topic, names.action, names.decide, names.propose, names.session)
    *most, last = (f"“{name.removeprefix('/')}”" for name in others)
    note = names.note.removeprefix("/")
    return said(
        f"Hello! To have something recorded, say it behind my name, also in threads: “@Folkmoot {note} It rains”. In "
        f"the place of “{note}” there can be {', '.join(most)} and {last}, and “@Folkmoot help” shows you what each "
        "of them does. I say this to you only once."
    )


def not_in_channel(names: CommandNames) -> Message:
    """Said where the bot may not post."""
    return said(
        *with_code(
            "I am not in this channel yet. Type `/invite @Folkmoot` here; what I have to post follows by itself.",
            names,
        ),
    )


def not_installed() -> Message:
    """Said where Slack lets us hear of somebody, and we have no token to answer with."""
    return said("I am no longer installed in this workspace. Whoever looks after its apps can install me again.")


def digest_channel(title: str, channel: str) -> Message:
    """To whoever has chosen a channel for the digest in which the bot may not post."""
    where = f"#{channel}" if channel else "the channel that you have chosen"
    return said(
        f"The digest of “{shorten(title, _TITLE)}” is to go to {where}, and I am not in there. Type ",
        code("/invite @Folkmoot"),
        " there; the digest waits for that.",
    )


def status(board: Board) -> Message:
    """How the session stands, for one person."""
    lines = board_lines(board)
    return said(*one_below_another(lines))


def ask_to_close(label: str, text: str, proposal_id: int, *, own: bool = True) -> Message:
    """Asked of the proposer when the topic changes while their vote is open; of a chair where it is theirs to close."""
    whose = "your" if own else "the"
    question = f"The topic has changed, and {whose} vote {label} is still open: “{excerpt(text)}”. Close it now?"
    return said(question, buttons=[close_now(proposal_id)])


def late_vote(label: str, closed_at: datetime) -> Message:
    """To somebody who voted after the close."""
    return said(f"Your vote on {label} came too late and is not counted (closed: ", at(closed_at, SOON), ").")


def advisory_vote(label: str) -> Message:
    """To somebody who is not on the roll."""
    return said(
        f"Your vote on {label} is shown, but it does not decide: this vote has a roll, which is a list of the people "
        "who decide, and you are not on it."
    )


def conflicting_vote(label: str) -> Message:
    """To somebody who holds two sides for longer than it takes to change from one to the other."""
    return said(
        f"Your vote on {label} does not count yet, because you are on more than one side at once, such as for and "
        "against. Keep one of 👍, 👎 and ⚪, and take your others away: a click on an emoji of yours does that."
    )


def told_to_chair(board: Board) -> Message:
    """To somebody who was named a chair."""
    floor = FLOOR_CHAIRED if board.chaired else f"{FLOOR_OPEN} A chair can change that."
    return said(f"You are a chair of “{shorten(board.title, _TITLE)}” now. {floor}")


def chaired_line(board: Board) -> Message:
    """To somebody whose line was the chairs' to say."""
    whom = either([shorten(name, _NAME) for name in board.chairs])
    return said(
        f"The floor of “{shorten(board.title, _TITLE)}” is chaired. #agreed and #endmeeting count only from a chair, "
        f"and a #topic of yours waits in the queue: ask {whom}. I tell you this once; what I take in has my ✅."
    )


def reminder(label: str, text: str, channel: str, deadline: datetime) -> Message:
    """To somebody on the roll who has not voted, in their own conversation with the bot."""
    where = f" in #{channel}" if channel else ""
    return said(
        f"You are on the roll of {label}{where}, and your vote is not there yet. It is open until ",
        at(deadline, SOON),
        f": “{excerpt(text)}”",
        buttons=[button("No more reminders", Button.NO_REMINDERS, "0")],
    )


def unverified_vote(label: str) -> Message:
    """To somebody of whom Slack does not tell who they are."""
    return said(
        f"Your vote on {label} is shown, but it does not decide: Slack does not tell me whether your account is a "
        "person's. If it does before the vote closes, your vote counts."
    )


def roll_empty(label: str, text: str) -> Message:
    """To the proposer of a vote in which nobody could vote."""
    return said(
        f"The vote on {label} was not opened: nobody is left on its roll. Please put it to the vote again and name "
        f"those whose votes count. Your text: “{excerpt(text)}”"
    )


def roll_failed(label: str, text: str) -> Message:
    """To the proposer of a vote that could not be opened."""
    return said(
        f"The vote on {label} was not opened: Slack did not tell me who is on its roll, and nobody else should decide "
        f"in their place. Please put it to the vote again in a while. Your text: “{excerpt(text)}”"
    )


def _way_back(outcome: Outcome) -> list[Block]:
    match outcome:
        case EntryRecorded(session=session, number=number):
            return [button("Undo", Button.UNDO, f"{session}:{number}")]
        case ActionDone(channel=channel, session=session, number=number):
            return [button("Undo", Button.ACTION_OPEN, f"{channel}:{session}:{number}")]
        case TopicOnFloor(began_session=int(began)):
            return [_discard(began)]
        case RemindersSet(wanted=False):
            return [button("Remind me again", Button.REMINDERS, "1")]
        case _:
            return []


def _discard(session: int) -> Block:
    sure = asking("Discard the session?", "It ends without a digest.", yes="Discard", no="Keep it")
    return button("Discard", Button.DISCARD, str(session), style="danger", confirm=sure)


def _offered(refusal: Refusal) -> list[Block]:
    match refusal.offer:
        case Offer.START_SESSION:
            more = button("Start with details", Button.START_DIALOG, refusal.value)
            return [button("Start a session", Button.START, refusal.value, style="primary"), more]
        case Offer.NEXT_ANYWAY:
            return [button("Next topic anyway", Button.NEXT_TOPIC, refusal.value)]
        case Offer.CLOSE_BALLOT:
            return [button("Close the vote", Button.CLOSE_BALLOT, refusal.value)]
        case None:
            return []
