"""The disk is full or read-only, the database is locked, stopped or killed: nothing that was acknowledged is lost."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from rehearsal.server import Stage
from tests.conversations.room import MANIFEST, STAGE_PATIENCE_S, Loop, Message, shown
from tests.databases import Databases, Postgres, locked
from tests.ports import free_port
from tests.process.load import Load, kept
from tests.process.running import Process, wait_until

MINUTE = 60_000_000


class Trouble:
    """A stage whose clock runs, a bot as a process over signed HTTP, an open session, and events that keep coming."""

    def __init__(self, folder: Path, database: str) -> None:
        self.database, self._folder, self._port = database, folder, free_port()
        self.loop = Loop()
        url = f"http://127.0.0.1:{self._port}/slack/events"
        self.stage = self.loop.do(
            Stage.start(manifest=MANIFEST, delivery="http", request_url=url, rate=1, patience_s=STAGE_PATIENCE_S)
        )
        self.bot = self.starts()
        self.says("ana", "/session start Docs day")
        team, secret = self.stage.backstage.workspace.team.id, self.stage.backstage.signing_secret
        self.load = Load(self._port, team=team, secret=secret, now=self.stage.now_us / 1e6 + 1)

    def starts(self) -> Process:
        environment = self.stage.bot_environment() | {"DATABASE_URL": self.database, "PORT": str(self._port)}
        self.bot = Process(self._folder, environment)
        self.bot.until("Folkmoot is running")
        return self.bot

    def says(self, who: str, text: str) -> str:
        said = self.loop.do(self.stage.act({"as": who, "do": "command", "text": text}))
        return shown(said["answer"]) if said.get("answer") else ""

    def hurries(self, who: str, text: str) -> None:
        """Nobody waits for the answer."""
        self.loop.begin(self.stage.act({"as": who, "do": "command", "text": text}))

    def passes(self, minutes: float) -> None:
        self.loop.do(self.stage.advance_to(self.stage.now_us + round(minutes * MINUTE)))

    def fails(self, fault: str, **rule: object) -> None:
        async def added() -> None:
            self.stage.faults.add(fault, **rule)

        self.loop.do(added())

    def posted(self, words: str) -> list[Message]:
        return [each for each in self.stage.messages() if words in shown(each)]

    def nothing_is_lost(self) -> None:
        """Each acknowledged event is stored, whole; any other got a 500, and is taken when Slack tries it again."""
        assert self.load.acknowledged <= kept(self.database), self.bot.log[-3000:]
        assert set(self.load.refused.values()) <= {500}
        assert "never retrieved" not in self.bot.log, "nothing broke off unseen"
        self.load.again()
        assert self.load.acknowledged == kept(self.database)

    def close(self) -> None:
        self.bot.__exit__()
        self.loop.do(self.stage.close())
        self.loop.close()


@contextmanager
def trouble(folder: Path, database: str) -> Iterator[Trouble]:
    made = Trouble(folder, database)
    try:
        yield made
    finally:
        made.close()


on_sqlite = pytest.mark.engine("sqlite")  # PostgreSQL's disk is its server's affair


def mounted(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)  # noqa: S607 # of the system
    if done.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")


@contextmanager
def mount_point(folder: Path, *words: str) -> Iterator[Path]:
    place = folder / "disk"
    place.mkdir()
    mounted(*words, str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)  # noqa: S607


class Filler:
    """What takes the rest of a disk."""

    def __init__(self, disk: Path) -> None:
        self._file = disk / "filler"

    def fill(self) -> None:
        with suppress(OSError), self._file.open("ab", buffering=0) as filler:
            while filler.write(b"x" * 4096):
                pass

    def free(self) -> None:
        self._file.unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mount_point(tmp_path, "-t", "tmpfs", "-o", "size=8m", "tmpfs") as disk:
        yield disk


@on_sqlite
def test_a_full_disk_loses_nothing_and_service_goes_on_once_there_is_space(tmp_path: Path, small_disk: Path) -> None:
    filler = Filler(small_disk)
    with trouble(tmp_path, f"sqlite:///{small_disk / 'folkmoot.db'}") as it:
        with it.load.going_on() as load:
            load.more()
            filler.fill()
            load.until_refused()
            assert "something went wrong on my side, and nothing was changed" in it.says("ana", "/topic Full")
            filler.free()
            load.more()
            assert "Releases" in it.says("ana", "/topic Releases")
        wait_until(lambda: len(it.posted("Releases")) > 1)
        it.nothing_is_lost()


@on_sqlite
def test_what_was_posted_while_the_disk_was_full_is_known_as_soon_as_there_is_space(
    tmp_path: Path, small_disk: Path
) -> None:
    filler = Filler(small_disk)
    with trouble(tmp_path, f"sqlite:///{small_disk / 'folkmoot.db'}") as it:
        it.says("ana", "/topic Releases")
        wait_until(lambda: len(it.posted("Releases")) > 1)
        it.fails("slow", method="chat.postMessage", times=1, seconds=3, real=True)
        it.hurries("ana", "/decide We ship")
        wait_until(lambda: bool(it.posted("Decision: We ship")))
        with it.load.going_on() as load:
            filler.fill()
            load.until_refused()
            wait_until(lambda: "duty not_stored" in it.bot.log)
            filler.free()
            load.more()
        it.says("ana", "/decide We rest")
        wait_until(lambda: bool(it.posted("Decision: We rest")))
        assert len(it.posted("Decision: We ship")) == 1
        it.nothing_is_lost()


@on_sqlite
def test_a_disk_that_turned_read_only_loses_nothing_and_what_is_read_is_read_on(tmp_path: Path) -> None:
    """A file system with an error lets nothing be written any more, until it is mounted anew.

    Nothing is under way in the moment when it turns: Linux answers "synced" on a file system that is read-only by then,
    whether that is so or not, and no program can tell.
    """
    image = tmp_path / "image"
    with image.open("wb") as sized:
        sized.truncate(32 * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)  # noqa: S607
    with (
        mount_point(tmp_path, "-o", "loop", str(image)) as disk,
        trouble(tmp_path, f"sqlite:///{disk / 'folkmoot.db'}") as it,
    ):
        with it.load.going_on() as load:
            load.more()
        mounted("-o", "remount,abort", str(disk))
        with it.load.going_on() as load:
            load.until_refused()
        assert "something went wrong on my side" in it.says("ana", "/topic Read only")
        assert it.bot.process.poll() is None
        assert it.bot.stop()[0] == 0, it.bot.log[-2000:]

        subprocess.run(["umount", disk], check=True)  # noqa: S607
        mounted("-o", "loop", str(image), str(disk))
        it.starts()
        assert "Releases" in it.says("ana", "/topic Releases")
        it.nothing_is_lost()


def test_a_database_that_another_program_locks_is_used_again_when_it_lets_go(database: str, tmp_path: Path) -> None:
    with trouble(tmp_path, database) as it:
        with it.load.going_on() as load:
            load.more()
            with locked(database):
                load.until_refused(1)
            load.more()
            assert "Releases" in it.says("ana", "/topic Releases")
            wait_until(lambda: len(it.posted("Releases")) > 1)
        it.nothing_is_lost()


@on_sqlite
def test_a_database_that_is_read_only_at_the_start_is_said_in_a_sentence(tmp_path: Path) -> None:
    with mount_point(tmp_path, "-t", "tmpfs", "-o", "size=8m", "tmpfs") as disk:
        environment = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
        mounted("-o", "remount,ro", str(disk))
        environment["DATABASE_URL"] = f"sqlite:///{disk / 'folkmoot.db'}"
        with Process(tmp_path, environment) as bot:
            assert bot.status() == 2
            assert "DATABASE_URL cannot be used: unable to open" in bot.log
            assert "Read-only file system" in bot.log
            assert "Traceback" not in bot.log


@pytest.fixture(scope="module")
def own_server() -> Iterator[Postgres]:
    """A server of these tests' own, for they end it; it is as careful with its disk as any in life."""
    made = Postgres(careless=False)
    yield made
    made.close()


def stopped_and_started(server: Postgres, load: Load) -> None:
    server.stops()
    load.until_refused()
    server.starts()


def crashed(server: Postgres, load: Load) -> None:
    server.stops("immediate")
    server.starts()


def cut_off(server: Postgres, load: Load) -> None:
    server.cuts_connections()


@pytest.mark.engine("postgres")
@pytest.mark.parametrize("happens", [stopped_and_started, crashed, cut_off])
def test_a_postgresql_that_goes_and_comes_back_loses_nothing(
    tmp_path: Path, own_server: Postgres, happens: Callable[[Postgres, Load], Any]
) -> None:
    with Databases(own_server) as databases, trouble(tmp_path, databases.migrated()) as it:
        with it.load.going_on() as load:
            for _ in range(3):
                load.more()
                happens(own_server, load)
                load.more()
            assert "Releases" in it.says("ana", "/topic Releases")
            wait_until(lambda: bool(it.posted("Releases")))
        it.nothing_is_lost()
