"""The crowd: people who do by chance what people do in gatherings, and keep a ledger of what came of it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rehearsal.messages import Message
from rehearsal.server import ActFailed, Stage
from tests.conversations.room import shown
from tests.faults.torture.ledger import Ledger, Line, Sort

EMOJI = ("+1", "+1", "-1", "white_circle", "+1::skin-tone-3", "thumbsup", "tada")
PATIENCE = 60.0
UNHEARD = "The bot did not answer"


class Crowd:
    """`act` does one thing. In `steady` channels a session is always open; in `restless` ones they come and go."""

    def __init__(
        self, stage: Stage, ledger: Ledger, chance: random.Random, steady: Sequence[str], restless: Sequence[str]
    ) -> None:
        self._stage, self._ledger, self._chance = stage, ledger, chance
        self._steady, self._restless = tuple(steady), tuple(restless)
        people = stage.backstage.workspace.people.values()
        self._people = [person.handle for person in people if not person.is_bot]
        # One person does one thing at a time: a dialog is filled in by whoever opened it.
        self._hands = {handle: asyncio.Lock() for handle in self._people}
        self._deeds: dict[Callable[[str, str], Awaitable[None]], int] = {
            self._note: 5,
            self._speak: 4,
            self._tag: 5,
            self._topic: 2,
            self._queue: 2,
            self._propose: 3,
            self._vote: 12,
            self._take_back_vote: 4,
            self._give_reason: 2,
            self._undo: 2,
            self._next: 1,
            self._add_by_dialog: 2,
            self._sign_in: 1,
            self._propose_by_dialog: 1,
            self._close_or_extend: 1,
            self._come_and_go: 2,
        }

    async def act(self) -> None:
        """Somebody does something somewhere. What cannot be done, or is not heard, is no error."""
        (deed,) = self._chance.choices(list(self._deeds), list(self._deeds.values()))
        who = self._chance.choice(self._people)
        where = self._chance.choice([*self._steady, *self._steady, *self._restless])
        async with self._hands[who]:
            try:
                await deed(who, where)
            except ActFailed:
                return

    async def introduces_itself(self) -> None:
        """Everybody speaks once: from then on the bot knows their names."""
        for who in self._people:
            await self._speak(who, self._steady[0])

    async def insists(self, who: str, where: str, typed: str, *answered: str) -> None:
        """Say a command until the answer has some of these words: what was carried out may not have been answered."""

        async def is_answered() -> bool:
            answer = await self._command_or_nothing(who, where, typed)
            return any(words in answer for words in answered)

        async with asyncio.timeout(PATIENCE):
            while not await is_answered():  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.1)

    # What people do

    async def _note(self, who: str, where: str) -> None:
        line = self._ledger.new(Sort.ENTRY, who, where)
        kind = self._chance.choice(("note", "action", "decide"))
        line.taken = line.words in await self._command(who, where, f"/{kind} {line.words}")

    async def _speak(self, who: str, where: str) -> None:
        await self._do(who, where, "say", text="I am only talking")

    async def _tag(self, who: str, where: str) -> None:
        lines = [self._ledger.new(Sort.ENTRY, who, where) for _ in range(self._chance.randint(1, 2))]
        tags = self._chance.choices(("info", "agreed", "idea", "action"), k=len(lines))
        text = "\n".join(f"#{tag} {line.words}" for tag, line in zip(tags, lines, strict=True))
        said = await self._do(who, where, "say", text=text)
        for line in lines:
            line.ts, line.sure = said["ts"], where in self._steady

    async def _topic(self, who: str, where: str) -> None:
        await self._titled(who, where, "/topic")

    async def _queue(self, who: str, where: str) -> None:
        await self._titled(who, where, "/topic add")

    async def _titled(self, who: str, where: str, typed: str) -> None:
        line = self._ledger.new(Sort.TOPIC, who, where)
        line.taken = line.words in await self._command(who, where, f"{typed} {line.words}")

    async def _propose(self, who: str, where: str) -> None:
        line = self._ledger.new(Sort.PROPOSAL, who, where)
        roll = "roll=" + ",".join(f"@{each}" for each in self._chance.sample(self._people, 3))
        how = self._chance.choice(
            (line.words, f"{line.words} for 5m", f"{line.words} for 40m", f"{roll} {line.words} for 2h")
        )
        line.taken = "is put to the vote, " in await self._command(who, where, f"/propose {how}")

    async def _vote(self, who: str, where: str) -> None:
        if ballots := self._ballots(where):
            ballot = self._chance.choice(ballots[-4:])
            await self._do(who, where, "react", emoji=self._chance.choice(EMOJI), on=ballot.ts)

    async def _take_back_vote(self, who: str, where: str) -> None:
        person = self._stage.backstage.workspace.person_called(who)
        held = [
            (ballot.ts, name)
            for ballot in self._ballots(where)
            for name, users in ballot.reactions.items()
            if person and person.id in users
        ]
        if held:
            ts, name = self._chance.choice(held)
            await self._do(who, where, "unreact", emoji=name, on=ts)

    async def _give_reason(self, who: str, where: str) -> None:
        if ballots := self._ballots(where):
            said = await self._do(who, where, "say", text="Because", thread=self._chance.choice(ballots).ts)
            await self._do(who, where, "edit", on=said["ts"], text="Because of this")

    async def _undo(self, who: str, where: str) -> None:
        lines = self._ledger.lines.values()
        own = [line for line in lines if (line.who, line.channel) == (who, where) and line.taken and not line.ts]
        own = [line for line in own if line.sort is Sort.ENTRY and line.undone is False]
        if own:
            line = self._chance.choice(own)
            await self._click_undo(line)

    async def _click_undo(self, line: Line) -> None:
        line.undone = None
        try:
            await self._do(line.who, line.channel, "click", button="Undo", on=line.words)
        except ActFailed as failed:
            if UNHEARD not in str(failed):
                line.undone = False
            raise
        line.undone = True

    async def _next(self, who: str, where: str) -> None:
        await self._command(who, where, "/topic next")

    async def _add_by_dialog(self, who: str, where: str) -> None:
        await self._do(who, where, "click", button="Add a topic", on="🗒")
        line = self._ledger.new(Sort.TOPIC, who, where)
        line.taken = await self._fill(who, title=line.words)

    async def _sign_in(self, who: str, where: str) -> None:
        await self._do(who, where, "click", button="Sign in", on="🗒")
        await self._fill(who, organisation=f"Friends of {who}")

    async def _propose_by_dialog(self, who: str, where: str) -> None:
        await self._command(who, where, "/propose")
        line = self._ledger.new(Sort.PROPOSAL, who, where)
        line.taken = await self._fill(who, text=line.words)

    async def _close_or_extend(self, who: str, where: str) -> None:
        button = self._chance.choice(("Close now", "Extend 10 min", "Withdraw"))
        if ballots := self._ballots(where):
            ballot = self._chance.choice(ballots[-4:])
            await self._do(who, where, "click", button=button, on=ballot.ts, confirm=True)

    async def _come_and_go(self, who: str, where: str) -> None:
        typed = self._chance.choice(("start Restless for 10m", "start Restless for 30m", "end", "reopen", "extend 10m"))
        await self._command(who, self._chance.choice(self._restless), f"/session {typed}")

    # How they do it

    async def _do(self, who: str, where: str, what: str, **how: Any) -> dict[str, Any]:
        return await self._stage.act({"as": who, "do": what, "channel": where, **how})

    async def _command(self, who: str, where: str, typed: str) -> str:
        """The answer; raises ActFailed where there was none."""
        answer = (await self._do(who, where, "command", text=typed)).get("answer")
        return shown(answer) if answer else ""

    async def _command_or_nothing(self, who: str, where: str, typed: str) -> str:
        try:
            return await self._command(who, where, typed)
        except ActFailed:
            return ""

    async def _fill(self, who: str, **fields: str) -> bool:
        """Send the dialog that is open; whether it was taken."""
        return not (await self._stage.act({"as": who, "do": "submit", "fields": fields}))["errors"]

    def _ballots(self, where: str) -> list[Message]:
        channel = self._stage.backstage.workspace.channel_called(where)
        assert channel
        return [each for each in channel.messages.values() if key_of(each).startswith("ballot:")]


def key_of(message: Message) -> str:
    """The duty that a message of the bot's is, empty where it tells of none."""
    return str(((message.metadata or {}).get("event_payload") or {}).get("key", ""))
