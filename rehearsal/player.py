"""Performs a play on a stage: each line at its time, and after each the bot comes to rest."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rehearsal.acts import ActFailed
from rehearsal.playbook import Line, Play, PlayError
from rehearsal.settling import NotSettled
from rehearsal.wire import HOUR, Json

if TYPE_CHECKING:
    from rehearsal.server import Stage

# Long enough for a deadline of a day, the usual longest, to pass.
_AFTERMATH = 26 * HOUR
# Who watches wants to see how it ends, but not to wait for tomorrow.
_WATCHED_AFTERMATH = 2 * HOUR
# A bot with a daily duty always has something due; a week of it is enough to see.
_LONGEST_AFTERMATH = 7 * 24 * HOUR

OnLine = Callable[[int, int, str], None]


async def perform(stage: "Stage", play: Play, *, speed: float | None = None, on_line: OnLine | None = None) -> None:
    """Perform a play at `speed` times its own time, or as fast as can be when `None`.

    A line that fails fails the play: `PlayError` says which, who, what and why.
    """
    performance = _Performance(stage, play, speed, on_line)
    stage.report_progress(title=play.title, note=play.note, state="playing", lines=len(play.lines), error="")
    try:
        await performance.run()
    except PlayError as problem:
        stage.report_progress(state="failed", error=str(problem))
        raise
    stage.report_progress(state="done")


class _Performance:
    def __init__(self, stage: "Stage", play: Play, speed: float | None, on_line: OnLine | None) -> None:
        self._stage = stage
        self._play = play
        self._speed = speed
        self._on_line = on_line
        self._named: dict[str, str] = {}

    async def run(self) -> None:
        try:
            if self._speed is not None:
                await self._stage.set_rate(self._speed)
            for line in self._play.lines:
                await self._perform(line)
            await self._aftermath()
            if self._speed is not None:
                await self._stage.set_rate(1)
        except NotSettled as problem:
            raise PlayError(str(problem)) from None

    async def _perform(self, line: Line) -> None:
        try:
            if self._speed is None:
                await self._stage.advance_to(line.at_us)
            else:
                await self._stage.clock.until(line.at_us)
            self._report(line)
            before = self._stage.clock.last_ts
            result = await self._stage.act({**self._resolved(line.act), "as": line.who})
            await self._stage.settle()
            if result.get("errors"):
                raise ActFailed(f"The bot refused the dialog: {'; '.join(result['errors'].values())}.")
            if line.as_id:
                self._named[line.as_id] = self._outcome(line, result, before)
        except (ActFailed, NotSettled) as problem:
            raise PlayError(f"Line {line.number} ({line}): {problem}") from None

    def _report(self, line: Line) -> None:
        self._stage.report_progress(line=line.number)
        if self._on_line:
            self._on_line(line.number, len(self._play.lines), str(line))

    def _resolved(self, value: Any) -> Any:
        """An act with the messages that earlier lines named in the places of their names."""
        if isinstance(value, dict):
            return {name: self._resolved(item) for name, item in value.items()}
        if isinstance(value, str) and value.startswith("$") and value[1:] in self._named:
            return self._named[value[1:]]
        return value

    def _outcome(self, line: Line, result: Json, before: str) -> str:
        """The message that a line made: its own, or else the bot's newest since, shown to all if possible."""
        if line.act["do"] in {"say", "upload"}:
            return str(result["ts"])
        bot = self._stage.bot.id
        seen = self._stage.messages(line.act.get("channel"), line.who)
        since = [message for message in seen if message["ts"] > before and message["user"] == bot]
        shown = [message for message in since if not message.get("is_ephemeral")] or since
        if not shown:
            raise ActFailed(f"No message came of it that could be called {line.as_id}.")
        return str(shown[-1]["ts"])

    async def _aftermath(self) -> None:
        """Let time pass, at the play's speed, until the bot has nothing due soon."""
        soon = _AFTERMATH if self._speed is None else _WATCHED_AFTERMATH
        end = self._stage.now_us + _LONGEST_AFTERMATH
        while True:
            due = self._stage.next_due_us
            if due is None or due > min(self._stage.now_us + soon, end):
                return
            if self._speed is None:
                await self._stage.advance_to(due)
            else:
                await self._stage.clock.until(due)
                await self._stage.settle()
