"""kill -9 of the real process at each named step of each kind of delivery, and a new one in its place.

One process is killed while it is at that step with every kind at once, each in a channel of its own.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from rehearsal.messages import Message
from rehearsal.people import Channel
from rehearsal.server import Stage
from storage.engine import reading_engine
from tests.conversations.room import MANIFEST, Loop
from tests.databases import Databases, Server, locked
from tests.faults.torture.crowd import key_of
from tests.process.nursery import Nursery
from tests.process.running import wait_until

MINUTE = 60_000_000
POSTS = {
    "card": "card:",
    "topic": "topic:",
    "entry": "entry:",
    "decision": "entry:",
    "ballot": "ballot:",
    "outcome": "result:",
    "digest": "digest:",
}
"""Each kind of post has a channel of that name, in which its key begins like this."""
OTHERS = {
    "redraw": "chat.update",
    "reaction": "reactions.add",
    "pin": "pins.add",
    "file": "files.completeUploadExternal",
}
KINDS = (*POSTS, *OTHERS, "reminder")
DUTIES = POSTS | {
    "redraw": "redraw:ballot:",
    "reaction": "react:%:+1",
    "pin": "pin:",
    "file": "recap:",
    "reminder": "remind:",
}


class Scene:
    """A stage, a channel for each kind, and processes of the bot one after the other."""

    def __init__(self, nursery: Nursery, folder: Path, database: str) -> None:
        self.loop = Loop()
        self.stage: Stage = self.loop.do(Stage.start(manifest=MANIFEST, retry_delays=(0.2, 1.0, 3.0)))
        self.database, self._nursery, self._folder = database, nursery, folder
        self._engine = reading_engine(database)
        self._environment = self.stage.bot_environment()
        self._environment |= {"DATABASE_URL": database, "DIGEST_DELAY": "0"}
        for kind in (*KINDS, "decoy"):
            self.loop.do(self._add_channel(kind))
        self.bot = self.starts()

    async def _add_channel(self, name: str) -> None:
        self.stage.add_channel(name)

    def starts(self) -> Any:
        bot = self._nursery.start("run", environment=self._environment, folder=self._folder)
        self.loop.do(bot.until("Folkmoot is running"))
        self.loop.do(self.stage.wait_for_bot())
        return bot

    def says(self, where: str, text: str) -> None:
        self.does(where, "command", text=text)

    def does(self, where: str, what: str, **how: Any) -> None:
        self.loop.do(self.stage.act({"as": "ana", "do": what, "channel": where, **how}))

    def passes(self, minutes: float) -> None:
        self.loop.do(self.stage.advance_to(self.stage.now_us + round(minutes * MINUTE)))

    def leaps(self, minutes: float) -> None:
        """The same at once: what fell due on the way is late."""
        self.loop.do(self._leap(round(minutes * MINUTE)))

    async def _leap(self, us: int) -> None:
        self.stage.clock.set(now_us=self.stage.now_us + us)
        await self.stage.settle()

    def begins_to_pass(self, minutes: float) -> "Future[None]":
        """The same, for when nobody waits until all that is due is done."""
        return self.loop.begin(self.stage.advance_to(self.stage.now_us + round(minutes * MINUTE)))

    def fails(self, fault: str, **rule: Any) -> Any:
        async def added() -> Any:
            return self.stage.faults.add(fault, **rule)

        return self.loop.do(added())

    def dies(self) -> None:
        self.bot.kill()
        self.loop.do(self.stage.faults.clear())

    def channel(self, kind: str) -> Channel:
        found = self.stage.backstage.workspace.channel_called(kind)
        assert found
        return found

    def said(self, kind: str) -> list[Message]:
        """The bot's messages in a channel, threads as well."""
        return [each for each in self.channel(kind).messages.values() if each.user == self.stage.bot.id]

    def duty(self, kind: str) -> tuple[str, int, str | None]:
        """State, attempts and `ts` of the newest duty of that kind in its channel."""
        return self._newest("state, attempts, slack_ts", kind) or ("not owed", 0, None)

    def wanted(self, kind: str) -> int:
        """How many times the newest duty of that kind was owed: a redraw can be wanted again."""
        return (self._newest("version", kind) or (0,))[0]

    def _newest(self, columns: str, kind: str) -> Any:
        which = "FROM outbox WHERE key LIKE :key AND channel_id = :channel ORDER BY id DESC"
        where = {"key": f"{DUTIES[kind]}%", "channel": self.channel(kind).id}
        with self._engine.connect() as connection:
            found = connection.execute(text(f"SELECT {columns} {which}"), where).first()
        return tuple(found) if found else None

    def close(self) -> None:
        self.bot.kill()
        self.loop.do(self.stage.close())
        self.loop.close()
        self._engine.dispose()


def prepare(scene: Scene) -> None:
    """All that has to be there before; ben is to be reminded of a vote in less than a minute."""
    for kind in set(KINDS) - {"card", "pin"}:
        scene.says(kind, f"/session start {kind} for 3h")
    scene.says("reminder", "/propose roll=@ben Remember for 1h")
    scene.says("entry", "/topic Notes")
    scene.says("redraw", "/propose Change")
    scene.says("outcome", "/propose Take back")
    scene.passes(minutes=0.5)
    scene.leaps(minutes=44)


def time_comes(scene: Scene) -> "Future[None]":
    """Ben is to be reminded. Time begins to pass; where calls are held, it goes no further than that."""
    passing = scene.begins_to_pass(minutes=1)
    wait_until(lambda: scene.duty("reminder")[0] != "not owed")
    return passing


def everything_happens(scene: Scene) -> None:
    """What owes one thing of each other kind. Cards are redrawn as well: what Slack allows of that is soon used up."""
    before = scene.wanted("redraw")
    scene.does("redraw", "react", emoji="+1", on="Change")
    wait_until(lambda: scene.wanted("redraw") > before)
    scene.says("reaction", "/propose Three emoji to press")
    scene.says("file", "/session end")
    scene.says("pin", "/session start Pin")
    scene.says("card", "/session start Card")
    scene.says("topic", "/topic Topic")
    scene.says("entry", "/note Entry")
    scene.says("decision", "/decide Decision")
    scene.says("ballot", "/propose Ballot")
    scene.does("outcome", "click", button="Withdraw", on="Take back", confirm=True)
    scene.says("digest", "/session end")


def acknowledged(scene: Scene) -> None:
    """Slack has been told that it is taken, and nothing has set out: Slack's limits are used up, the clock stands."""
    for method in OTHERS.values():
        scene.fails("ratelimited", method=method, retry_after=600, times=1)
    scene.says("decoy", "/session start Decoy")
    scene.does("decoy", "say", text="#info A decoy")
    scene.says("decoy", "/session end")
    scene.passes(minutes=0.1)
    scene.says("card", "/session start Decoy")
    scene.says("card", "/session end")
    for kind in set(POSTS) - {"card"}:
        scene.says(kind, "/decide A decoy")
        scene.says(kind, "/decide Another decoy")
    scene.loop.do(scene.stage.settle())
    everything_happens(scene)
    untried = dict.fromkeys((*POSTS, *OTHERS), ("waiting", 0))
    wait_until(lambda: all(scene.duty(kind)[0] != "not owed" for kind in untried))
    assert {kind: scene.duty(kind)[:2] for kind in untried} == untried


def held(scene: Scene, fault: str) -> tuple[list[Any], "Future[None]"]:
    """Everything is under way, each call held by a rule."""
    rules = [scene.fails(fault, method="chat.postMessage", channel=kind, times=1) for kind in (*POSTS, "ben")]
    rules += [scene.fails(fault, method=OTHERS["file"], times=1)]
    rules += [scene.fails(fault, method=OTHERS[kind], channel=kind, times=1) for kind in set(OTHERS) - {"file"}]
    passing = time_comes(scene)
    everything_happens(scene)
    wait_until(lambda: all(rule.fired for rule in rules))
    assert {kind: scene.duty(kind)[0] for kind in KINDS} == dict.fromkeys(KINDS, "sending")
    return rules, passing


def claimed(scene: Scene) -> "Future[None]":
    """It is on disk that it sets out, and Slack has not seen it."""
    return held(scene, "hold_before")[1]


def taken(scene: Scene) -> "Future[None]":
    """Slack has taken it, and says nothing."""
    return held(scene, "hold_after")[1]


def answered(scene: Scene) -> "Future[None]":
    """Slack has answered, and it cannot be stored: somebody else is writing."""
    _, passing = held(scene, "hold_before")
    with locked(scene.database):
        before = len(scene.stage.web_api.calls)
        scene.loop.do(scene.stage.faults.clear())
        wait_until(lambda: len(scene.stage.web_api.calls) - before >= len(KINDS))
        assert {kind: scene.duty(kind)[0] for kind in KINDS} == dict.fromkeys(KINDS, "sending")
        scene.bot.kill()
    return passing


def stored(scene: Scene) -> "Future[None]":
    """Everything is done, and known to be."""
    passing = time_comes(scene)
    everything_happens(scene)
    wait_until(lambda: all(scene.duty(kind)[0] == "sent" for kind in KINDS))
    return passing


STEPS: dict[str, Callable[[Scene], "Future[None] | None"]] = {
    "acknowledged": acknowledged,
    "claimed": claimed,
    "taken": taken,
    "answered": answered,
    "stored": stored,
}


@pytest.fixture(scope="module", params=STEPS)
def after(
    request: pytest.FixtureRequest, server: Server, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """What is there a quarter of an hour after the process was killed at a step, and another one started."""
    with Databases(server) as databases:
        scene = Scene(nursery, tmp_path_factory.mktemp("killed"), databases.empty())
        try:
            prepare(scene)
            passing = STEPS[request.param](scene)
            scene.dies()
            if passing is not None:
                passing.result(60)
            scene.starts()
            scene.passes(minutes=2)
            scene.leaps(minutes=12)
            scene.passes(minutes=2)
            yield scene
        finally:
            scene.close()


@pytest.mark.parametrize("kind", POSTS)
def test_a_post_is_said_once(after: Scene, kind: str) -> None:
    state, _, ts = after.duty(kind)
    said = [each.ts for each in after.said(kind) if each.ts == ts]

    keys = [key_of(each) for each in after.said(kind) if not each.files]
    assert (state, said, len(keys), len(set(keys))) == ("sent", [ts], len(keys), len(keys))


def test_a_card_shows_the_vote_that_came(after: Scene) -> None:
    (ballot,) = [each for each in after.said("redraw") if key_of(each).startswith("ballot:")]

    assert "1 for, 0 against" in ballot.text


def test_a_reaction_is_set_once(after: Scene) -> None:
    (ballot,) = [each for each in after.said("reaction") if key_of(each).startswith("ballot:")]

    assert ballot.reactions == {name: [after.stage.bot.id] for name in ("+1", "-1", "white_circle")}


def test_a_card_is_pinned_once(after: Scene) -> None:
    cards = [each.ts for each in after.said("pin") if key_of(each).startswith("card:")]

    assert (len(cards), list(after.channel("pin").pins)) == (1, cards)


def test_a_recap_is_attached_once(after: Scene) -> None:
    assert [file.name for each in after.said("file") for file in each.files] == ["recap.md"]


def test_a_person_is_reminded_once(after: Scene) -> None:
    workspace = after.stage.backstage.workspace
    ben = workspace.person_called("ben")
    assert ben

    assert ["Remember" in each.text for each in workspace.direct_channel(ben).messages.values()] == [True]
