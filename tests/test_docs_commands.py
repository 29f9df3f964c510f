"""What the pages tell people to type, typed: each line of their shell blocks, or the reason why not.

`docs/install.md` is followed from its top to its bottom, as a new user would, against the rehearsal.
"""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.settings import VARIABLES
from bot.vault import new_key
from rehearsal.play import load_play
from rehearsal.server import Stage
from storage.engine import writing_engine
from tests.conversations.room import Loop, shown
from tests.databases import Databases
from tests.ports import free_port
from tests.process.running import PATIENCE, wait_until
from tests.storage.channel import Channel
from tests.test_docs import NAMES, ROOT, fences, read

NOT_TYPED = {
    "make install": "it has made the environment in which this runs",
    "make rehearse": "a page for people; tests/page has a browser look at it, and tests/test_kata.py has the play",
    'make rehearse ARGS="--speed 100 --port 8500"': "the same; that the options exist is in tests/test_docs.py",
    ".venv/bin/folkmoot rehearse --speed max --no-page": "minutes of play; tests/test_kata.py plays it",
    ".venv/bin/folkmoot rehearse --play village.yaml --faults faults.yaml --speed max --no-page": "tests/test_docs.py",
    "make test": "it is what runs this",
    'make test ARGS="tests/conversations --engine sqlite"': "it is what runs this",
    "make check": "CI runs it beside this",
    "make check test": "CI runs both",
    "make torture KILLS=1000": "an hour of work; tests/faults/test_torture.py does less of it",
    "make torture KILLS=30 SEED=437455": "the same",
    "make bench": "minutes of work that mean nothing beside other tests; tests/bench does less of it",
    "make soak": "half an hour of work; tests/soak does less of it",
    "make soak EVENTS=5000 CHANNELS=20 ENGINE=postgres": "the same",
    "RENEW_GOLDEN=1 .venv/bin/python -m pytest tests/render": "it changes files of the repository",
    "git diff tests/render/golden": "it is git's",
    "python3 -m venv renewed": "it downloads whatever is the newest today, as do the three after it",
    'renewed/bin/python -m pip install -e ".[dev]"': "the same",
    "renewed/bin/python -m pytest": "the same",
    "renewed/bin/python -m pip freeze --exclude-editable > constraints.txt": "the same",
    'pg_dump --format=custom --file=folkmoot.dump "$DATABASE_URL"': "PostgreSQL's own tools are not brought along",
    "createdb folkmoot_restored": "the same",
    "pg_restore --no-owner --dbname=folkmoot_restored folkmoot.dump": "the same",
    "folkmoot web": "it runs until it is stopped: below, as the Procfile has it",
    "folkmoot worker": "the same",
}


def typed(fence: str) -> list[str]:
    """The lines of a shell block without their comments."""
    return [line for each in fence.splitlines() if (line := re.sub(r"\s+#.*", "", each).strip())]


def lines(name: str) -> list[str]:
    return [line for fence in fences(name, "sh") for line in typed(fence)]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where a new user begins: nothing is set, and `.venv` is there."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def stored(databases: Databases, folder: Path) -> str:
    """A database with three sessions and votes, and the template that a page shows beside it."""
    engine = writing_engine(address := databases.migrated())
    with engine.begin() as connection:
        _gather(connection)
    engine.dispose()
    (folder / "own.md.j2").write_text(fences("docs/operate.md", "jinja")[0], encoding="utf-8")
    return address


def _gather(connection: Connection) -> None:
    moot = Channel(connection, "C0MOOT")
    for begin in (0, 100, 200):
        moot.gather(begin)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_that_people_are_told_to_type_is_typed_here_or_has_its_reason(name: str) -> None:
    ours = [line for line in lines(name) if not re.match(r"(\.venv/bin/)?folkmoot ", line)]

    assert set(ours) <= NOT_TYPED.keys()


def test_every_reason_is_of_a_line_that_still_stands_somewhere() -> None:
    assert NOT_TYPED.keys() <= {line for name in NAMES for line in lines(name)}


COMMANDS = [
    pytest.param(name, line, id=f"{name}: {line}")
    for name in NAMES
    if name != "docs/install.md"
    for line in lines(name)
    if "folkmoot " in line and line not in NOT_TYPED and " backup " not in line
]


@pytest.mark.parametrize(("name", "line"), COMMANDS)
def test_what_a_page_tells_people_to_type_works(name: str, line: str, stored: str) -> None:
    set_there = {"DATABASE_URL": stored, "TOKEN_KEYS": new_key()}
    done = CliRunner().invoke(app, shlex.split(line)[1:], env=set_there)

    assert done.exit_code == 0, f"{name}: {line}: {done.output}"


@pytest.mark.engine("sqlite")
def test_the_backup_that_a_page_tells_people_to_make_is_made(stored: str, folder: Path) -> None:
    (line,) = (line for line in lines("docs/operate.md") if " backup " in line)
    words = shlex.split(line)
    done = CliRunner().invoke(app, [*words[1:-1], Path(words[-1]).name], env={"DATABASE_URL": stored})

    assert done.exit_code == 0, done.output
    assert (folder / "folkmoot.db").exists()


class Newcomer:
    """Somebody who installs Folkmoot: they type what stands in a section, in a folder with a `.env`."""

    def __init__(self, folder: Path, heading: str, port: int) -> None:
        self.folder, self._port = folder, port
        found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", read("docs/install.md"), re.MULTILINE | re.DOTALL)
        assert found, heading
        self.section = found[1]
        self.left = [re.sub(r"(?m)^ {3}", "", each) for each in self._fences("sh")]

    def _fences(self, language: str) -> list[str]:
        return re.findall(rf"```{language}\n(.*?)```", self.section, re.DOTALL)

    def writes_env(self, here: "Here") -> None:
        """What the section says, with this Slack's own tokens; and where this Slack is."""
        (shown,) = (each for each in self._fences("ini") if "TOKEN" in each)
        names = re.findall(r"(?m)^ *(\w+)=", shown)
        told = here.environment | {"DATABASE_URL": here.database}
        more = {"SLACK_API_URL": told["SLACK_API_URL"], "PORT": str(self._port)}
        written = {name: told[name] for name in names} | more
        env = "".join(f"{name}={value}\n" for name, value in written.items())
        (self.folder / ".env").write_text(env, encoding="utf-8")

    def line(self, words: str) -> str:
        """The next line of the section, which has these words."""
        line = self.left.pop(0).strip()
        assert words in line, f"next to be typed is {line!r}"
        return re.sub("https://[a-z.]+", f"http://127.0.0.1:{self._port}", line) if "doctor" in line else line

    def types(self, words: str) -> str:
        done = subprocess.run(
            ["sh", "-c", self.line(words)],  # noqa: S607
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def starts(self, command: str, until: str = "Folkmoot is running", **more: str) -> Iterator[None]:
        """What runs until it is stopped; at the end it is stopped as the page says."""
        log = self.folder / f"{len(list(self.folder.glob('*.log')))}.log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                ["sh", "-c", f"exec {command}"],  # noqa: S607
                cwd=self.folder,
                env=environment() | more,
                stdout=said,
                stderr=said,
            )
        try:
            wait_until(lambda: until in log.read_text() or process.poll() is not None)
            assert until in log.read_text(), log.read_text()
            yield
            process.terminate()
            assert process.wait(PATIENCE) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()


def environment() -> dict[str, str]:
    """Nothing of ours is set; `folkmoot` alone is found too, as on a platform."""
    ours = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return ours | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


class Here:
    """The Slack in which the app was made from a manifest."""

    def __init__(self, manifest: Path, database: str, request_url: str | None = None) -> None:
        self.loop, self.database = Loop(), database
        self.stage: Stage = self.loop.do(
            Stage.start(
                load_play("kata-ptg-2021"),
                manifest=manifest,
                delivery="http" if request_url else "socket",
                request_url=request_url,
            )
        )

        async def set_clock() -> None:
            self.stage.clock.set(now_us=int(time.time() * 1_000_000), rate=1)

        self.loop.do(set_clock())
        self.environment = self.stage.bot_environment()

    def topic_hello(self) -> str:
        """Somebody types `/topic Hello`: the session card, once it is there and pinned."""
        someone = next(each for each in self.stage.backstage.workspace.people.values() if not each.is_bot)
        self.loop.do(self.stage.act({"as": someone.handle, "do": "command", "text": "/topic Hello"}))
        wait_until(lambda: bool(self._cards()))
        return self._cards()[-1]

    def _cards(self) -> list[str]:
        return [shown(each) for each in self.stage.messages() if each.get("pinned_to")]

    def close(self) -> None:
        self.loop.do(self.stage.close())
        self.loop.close()


@pytest.fixture
def slack() -> Iterator[Callable[..., Here]]:
    made: list[Here] = []

    def make(*what: object, **how: object) -> Here:
        made.append(Here(*what, **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_a_new_user_gets_going_over_socket_mode_by_the_page_alone(folder: Path, slack: Callable[..., Here]) -> None:
    user = Newcomer(folder, "Over Socket Mode, in ten minutes", free_port())

    assert user.line("make install")
    user.types("folkmoot manifest")
    here = slack(folder / "my-manifest.yaml", "")
    user.writes_env(here)
    told = user.types("folkmoot doctor")
    assert said_by_doctor(told) == said_by_doctor(user._fences("text")[0])
    with user.starts(user.line("folkmoot run")):
        assert "Hello" in here.topic_hello()
    assert user.left == []


def said_by_doctor(output: str) -> list[str]:
    """Its lines, but for how many scopes there are and what the workspace is called."""
    same = re.sub(r"in the workspace .*", "in a workspace", re.sub(r"all \d+ that", "all that", output))
    return [line.strip() for line in same.strip().splitlines()]


def test_a_new_user_gets_going_over_http_by_the_page_alone(folder: Path, slack: Callable[..., Here]) -> None:
    port = free_port()
    user = Newcomer(folder, "Over HTTP, behind a proxy", port)

    user.types("folkmoot manifest --url")
    here = slack(folder / "my-manifest.yaml", "", f"http://127.0.0.1:{port}/slack/events")
    user.writes_env(here)
    with user.starts(user.line("folkmoot run")):
        told = user.types("folkmoot doctor --url")
        assert {line.split()[0] for line in told.splitlines()} == {"good"}, told
        assert "Hello" in here.topic_hello()
    assert user.left == []


def test_the_manifest_for_many_workspaces_has_where_people_come_back_to(folder: Path) -> None:
    user = Newcomer(folder, "Many workspaces", free_port())

    user.types("folkmoot manifest --url")
    assert "- https://moot.example.org/slack/oauth_redirect\n" in (folder / "my-manifest.yaml").read_text()
    assert user.left == []


@pytest.mark.engine("postgres")
def test_a_platform_gets_going_by_the_procfile(folder: Path, slack: Callable[..., Here], database: str) -> None:
    port = free_port()
    user = Newcomer(folder, "On a platform that reads a Procfile", port)
    procfile = dict(re.findall(r"(?m)^(\w+): (.*)$", (ROOT / "Procfile").read_text(encoding="utf-8")))
    here = slack(ROOT / "manifest.yaml", database, f"http://127.0.0.1:{port}/slack/events")
    user.writes_env(here)

    user.left = [procfile["release"]]
    user.types("folkmoot upgrade")
    web, worker = (re.sub(r"^(HOST=\S+) ", r"env \1 ", procfile[each]) for each in ("web", "worker"))
    with user.starts(web), user.starts(worker):
        assert "Hello" in here.topic_hello()


def test_other_names_are_set_and_seen_as_the_page_says(folder: Path) -> None:
    user = Newcomer(folder, "When a command has to have another name", free_port())
    (folder / ".env").write_text(user._fences("ini")[0], encoding="utf-8")
    user.left = [line for fence in user.left for line in typed(fence)]

    assert "command: /ptg-topic\n" in user.types("folkmoot manifest")
    told = user.types("folkmoot commands")
    assert "/ptg-session" in told
    assert "/agreed" in told
    assert user.left == []
