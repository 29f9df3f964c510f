"""`folkmoot doctor`: one line on each thing that is right, and on each that is not what to do; and nothing changes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from alembic import command
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.manifest import SCOPES
from bot.settings import VARIABLES
from bot.vault import new_key
from rehearsal.faults.answers import Fault
from rehearsal.play import load_play
from rehearsal.server import Stage
from storage.engine import writing_engine
from storage.lock import DatabaseLock
from storage.migrate import _config
from tests.conversations.room import MANIFEST, Loop
from tests.databases import Databases, opened
from tests.ports import free_port
from tests.process.running import PATIENCE, Process, http_environment, tiny_slack

NOWHERE = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
SCOPE_COUNT = f"all {len(SCOPES)} that are needed are granted."


class Told:
    """What the doctor said."""

    def __init__(self, status: int, output: str) -> None:
        self.status, self.output = status, output
        self.lines = [line.split(maxsplit=1) for line in output.replace("to do ", "to-do ").splitlines()]

    def of(self, subject: str) -> list[tuple[str, str]]:
        """The verdicts and sentences on one subject."""
        found = [(verdict, line.split(": ", 1)) for verdict, line in self.lines]
        return [(verdict, sentence) for verdict, (about, sentence) in found if about == subject]

    def the(self, subject: str) -> tuple[str, str]:
        (only,) = self.of(subject)
        return only

    @property
    def to_do(self) -> list[str]:
        """What is to be done, by its subject."""
        return [line.split(":")[0] for verdict, line in self.lines if verdict == "to-do"]


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Told]:
    """Asked in a folder of its own, where nothing else is set. It never tells a secret, nor leaves anything there."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def asked(environment: dict[str, str], *options: str) -> Told:
        before = contents(tmp_path)
        done = CliRunner().invoke(app, ["doctor", *options], env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        assert contents(tmp_path) == before
        secrets = {environment.get(name) for name in VARIABLES if "TOKEN" in name or "SECRET" in name} - {None}
        assert not [each for each in secrets if each and each in done.output]
        assert all(len(line) < 250 for line in done.stdout.splitlines())
        return Told(done.exit_code, done.stdout)

    return asked


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Slack:
    """The stand-in at this very moment, by this machine's clock; `ahead` is by how many seconds ours is wrong."""

    def __init__(self, delivery: str, ahead: float, **options: Any) -> None:
        self.loop = Loop()
        where = {"request_url": "http://127.0.0.1:9/"} if delivery == "http" else {}
        self.stage: Stage = self.loop.do(
            Stage.start(
                load_play("kata-ptg-2021"),
                delivery=delivery,  # type: ignore[arg-type]
                **{"manifest": MANIFEST} | where | options,
            )
        )

        async def set_clock() -> None:
            self.stage.clock.set(now_us=int((time.time() - ahead) * 1_000_000), rate=1)

        self.loop.do(set_clock())
        self.environment = {
            name: value for name, value in self.stage.bot_environment().items() if name != "FOLKMOOT_CLOCK_URL"
        }

    def asked(self) -> list[str]:
        return [call.method for call in self.stage.web_api.calls]

    def close(self) -> None:
        self.loop.do(self.stage.close())
        self.loop.close()


@contextmanager
def slack(delivery: str = "socket", ahead: float = 0, **options: Any) -> Iterator[Slack]:
    found = Slack(delivery, ahead, **options)
    try:
        yield found
    finally:
        found.close()


def test_where_all_is_right_every_line_says_so(doctor: Callable[..., Told]) -> None:
    with slack() as here:
        told = doctor(here.environment)

        assert told.status == 0, told.output
        assert {verdict for verdict, _ in told.lines} == {"good"}
        assert told.the("Settings")[1] == "nothing is missing or wrong. Slack is met over Socket Mode."
        assert told.the("Database")[1].startswith("nothing is kept in it yet")
        assert told.the("Token")[1].startswith("the token is @folkmoot's in the workspace ")
        assert told.the("Scopes")[1] == SCOPE_COUNT
        assert told.the("Clock")[1] == "it agrees with Slack's."
        assert told.the("Socket Mode")[1] == "a connection comes about."
        assert here.asked() == ["auth.test", "apps.connections.open"], "it asks, and does nothing"


def test_settings_that_are_missing_or_wrong_are_named_and_slack_is_not_asked(doctor: Callable[..., Told]) -> None:
    told = doctor({"PORT": "no port", "DATABASE_URL": "mysql://moot@db/minutes"})

    assert told.status == 1
    assert [sentence.split()[0] for _, sentence in told.of("Settings")] == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "PORT",
    ]
    assert told.the("Database") == ("to-do", "DATABASE_URL must begin with sqlite:/// or postgresql://.")
    assert told.the("Slack")[0] == "warning"


def test_a_token_that_slack_refuses_is_to_be_copied_again(doctor: Callable[..., Told]) -> None:
    with slack() as here:
        told = doctor(here.environment | {"SLACK_BOT_TOKEN": "xoxb-of-another-app"})

    assert told.status == 1
    assert told.to_do == ["Token"]
    assert told.the("Token")[1].startswith("SLACK_BOT_TOKEN is not accepted by Slack (invalid_auth): copy")
    assert told.the("Clock")[0] == "good"


def test_tokens_in_each_others_place_are_found(doctor: Callable[..., Told]) -> None:
    with slack() as here:
        bot, app_level = here.environment["SLACK_BOT_TOKEN"], here.environment["SLACK_APP_TOKEN"]
        told = doctor(here.environment | {"SLACK_BOT_TOKEN": app_level, "SLACK_APP_TOKEN": bot})

    assert told.to_do == ["Token", "Socket Mode"]
    assert "(not_allowed_token_type)" in told.the("Token")[1]
    assert "(not_allowed_token_type)" in told.the("Socket Mode")[1]


def test_a_slack_that_has_trouble_of_its_own_is_to_be_asked_again(doctor: Callable[..., Told]) -> None:
    with slack() as here:
        here.stage.web_api.faults.order("auth.test", Fault("status", status=503))
        told = doctor(here.environment)

    assert told.to_do == ["Token"]
    assert "try again in a minute" in told.the("Token")[1]


def test_a_slack_that_cannot_be_reached_is_said_once(doctor: Callable[..., Told]) -> None:
    told = doctor(
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    )

    assert told.to_do == ["Slack"]
    assert told.the("Slack")[1].startswith("it does not answer at 127.0.0.1 (")


def test_every_missing_scope_is_named_with_what_it_is_for(doctor: Callable[..., Told]) -> None:
    with slack() as here:
        here.stage.access.withhold_scopes("pins:write", "users:read")
        told = doctor(here.environment)

    assert told.status == 1
    assert told.to_do == ["Scopes", "Scopes"]
    first, second = (sentence for _, sentence in told.of("Scopes"))
    assert first.startswith("pins:write is missing (pinning the session card): add it under OAuth & Permissions")
    assert second.startswith("users:read is missing (")


def test_a_scope_too_many_is_worth_a_word_and_no_more(doctor: Callable[..., Told], tmp_path: Path) -> None:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    manifest["oauth_config"]["scopes"]["bot"] += ["files:read", "admin"]
    more = tmp_path / "more.yaml"
    more.write_text(yaml.safe_dump(manifest), encoding="utf-8")
    with slack(manifest=more) as here:
        told = doctor(here.environment)

    assert told.status == 0
    (verdict, sentence), (_, granted) = told.of("Scopes")
    assert (verdict, granted) == ("warning", SCOPE_COUNT)
    assert "nothing here uses admin, files:read" in sentence


def test_a_slack_that_does_not_tell_scopes_is_no_error(doctor: Callable[..., Told]) -> None:
    with tiny_slack() as address:
        told = doctor(http_environment(address, 3000))

    assert told.status == 0
    assert told.the("Scopes") == ("warning", "this Slack does not say which are granted.")


@pytest.mark.parametrize(("ahead", "said"), [(42, "42 seconds ahead of"), (-400, "400 seconds behind")])
def test_a_clock_that_is_wrong_is_worth_a_word_over_socket_mode(
    doctor: Callable[..., Told], ahead: float, said: str
) -> None:
    with slack(ahead=ahead + 0.5 * (ahead < 0)) as here:
        told = doctor(here.environment)

    verdict, sentence = told.the("Clock")
    assert (told.status, verdict) == (0, "warning")
    assert close_to(said, sentence), sentence


def close_to(said: str, sentence: str) -> bool:
    """Slack tells whole seconds, and a call takes its time: one second more or less is the same."""
    seconds, _, words = said.partition(" ")
    return any(f"it is {int(seconds) + more} {words} Slack's" in sentence for more in (-1, 0, 1))


@pytest.mark.parametrize(("ahead", "verdict"), [(60, "warning"), (400, "to-do"), (-400, "to-do")])
def test_over_http_a_clock_that_is_five_minutes_wrong_takes_no_request(
    doctor: Callable[..., Told], ahead: float, verdict: str
) -> None:
    with slack("http", ahead) as here:
        told = doctor(here.environment)

    assert told.the("Clock")[0] == verdict
    assert ("no request of Slack's would be taken" in told.the("Clock")[1]) is (verdict == "to-do")


def test_in_a_rehearsal_the_clock_is_not_compared(doctor: Callable[..., Told]) -> None:
    with slack(ahead=4_000) as here:
        told = doctor(here.stage.bot_environment())

    assert told.the("Clock") == ("good", "a rehearsal sets it.")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("forbidden_team", "Slack opens no connection (forbidden_team): switch Socket Mode on"),
        ("invalid_auth", "SLACK_APP_TOKEN is not accepted by Slack (invalid_auth): generate one"),
        ("missing_scope", "SLACK_APP_TOKEN may not open connections: generate one"),
    ],
)
def test_why_there_is_no_socket_mode_is_told_with_what_to_do(
    doctor: Callable[..., Told], error: str, said: str
) -> None:
    with slack() as here:
        here.stage.web_api.faults.order("apps.connections.open", Fault("error", error=error))
        told = doctor(here.environment)

    assert told.to_do == ["Socket Mode"]
    assert told.the("Socket Mode")[1].startswith(said)


def test_an_app_without_socket_mode_is_found(doctor: Callable[..., Told]) -> None:
    with slack("http") as here:
        told = doctor(here.environment | {"SLACK_APP_TOKEN": here.stage.backstage.app_token})

    assert told.to_do == ["Socket Mode"]
    assert "switch Socket Mode on" in told.the("Socket Mode")[1]


def test_a_connection_that_does_not_come_about_is_found(doctor: Callable[..., Told]) -> None:
    nowhere = {"ok": True, "url": f"ws://127.0.0.1:{free_port()}/link/?ticket=a-secret-ticket"}
    with tiny_slack({"apps.connections.open": nowhere}) as address:
        told = doctor(http_environment(address, 3000) | {"SLACK_APP_TOKEN": "xapp-of-a-test"})

    assert told.to_do == ["Socket Mode"]
    assert "no connection comes about (ClientConnectorError)" in told.the("Socket Mode")[1]
    assert "a-secret-ticket" not in told.output


def test_beside_a_running_bot_no_connection_is_opened_that_would_take_its_deliveries(
    doctor: Callable[..., Told], tmp_path: Path
) -> None:
    lock = DatabaseLock(f"sqlite:///{tmp_path / 'folkmoot.db'}")
    lock.take()
    with slack() as here:
        told = doctor(here.environment)
    lock.release()

    assert told.status == 0
    assert "a Folkmoot runs on it (process " in told.of("Database")[1][1]
    assert told.the("Socket Mode")[1].startswith("Slack opens connections. None was tried")


def test_a_running_bot_with_pages_of_health_is_asked_whether_it_is_connected(
    doctor: Callable[..., Told], tmp_path: Path
) -> None:
    folder = tmp_path.with_name(f"{tmp_path.name}-bot")
    folder.mkdir()
    with slack() as here:
        environment = here.environment | {"HEALTH_PORT": str(free_port())}
        environment |= {"DATABASE_URL": f"sqlite:///{folder / 'folkmoot.db'}"}
        with Process(folder, environment) as bot:
            bot.until("Folkmoot is running")
            told = doctor(environment)
        gone = doctor(environment)

    assert told.the("Socket Mode") == ("good", "the bot that runs here is connected.")
    assert gone.the("Socket Mode") == ("good", "a connection comes about.")


def test_a_database_of_an_older_folkmoot_is_to_be_brought_up_to_date(
    doctor: Callable[..., Told], databases: Databases
) -> None:
    engine, config = writing_engine(address := databases.empty()), _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    before = tables(address)
    with slack() as here:
        told = doctor(here.environment | {"DATABASE_URL": address})

    assert told.to_do == ["Database"]
    assert "older Folkmoot: start `folkmoot run`, or `folkmoot upgrade`" in told.the("Database")[1]
    assert tables(address) == before


def tables(address: str) -> list[str]:
    with opened(address) as connection:
        return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def test_a_database_from_the_future_is_named(doctor: Callable[..., Told], databases: Databases) -> None:
    address = databases.migrated()
    with opened(address) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with slack() as here:
        told = doctor(here.environment | {"DATABASE_URL": address})

    assert told.to_do == ["Database"]
    assert "newer Folkmoot (revision 0999): update Folkmoot" in told.the("Database")[1]


def test_a_database_that_is_up_to_date_is_good(doctor: Callable[..., Told], databases: Databases) -> None:
    with slack() as here:
        told = doctor(here.environment | {"DATABASE_URL": databases.migrated()})

    assert told.the("Database") == ("good", "it can be used, and its schema is this Folkmoot's.")


def test_a_server_without_tables_is_made_use_of_by_the_first_run(
    doctor: Callable[..., Told], databases: Databases
) -> None:
    with slack() as here:
        told = doctor(here.environment | {"DATABASE_URL": databases.empty()})

    assert told.the("Database")[1].startswith("nothing is kept in it yet")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("sqlite:///nowhere/folkmoot.db", "there is no such folder"),
        ("sqlite:///letter.txt", "file is not a database"),
        ("postgresql://moot:hidden@127.0.0.1:9/minutes", "refused"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_with_the_reason(
    doctor: Callable[..., Told], tmp_path: Path, address: str, why: str
) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader, this is none. " * 100)
    told = doctor(NOWHERE | {"DATABASE_URL": address})

    assert "Database" in told.to_do
    assert why in told.the("Database")[1]
    assert "hidden" not in told.output


def test_a_wrong_database_keeps_nobody_from_asking_slack(doctor: Callable[..., Told]) -> None:
    with slack() as here:
        told = doctor(here.environment | {"DATABASE_URL": "mysql://moot@db/minutes"})

    assert told.to_do == ["Database"]
    assert told.the("Socket Mode")[1].startswith("Slack opens connections. None was tried")


def test_over_socket_mode_no_public_address_is_tried(doctor: Callable[..., Told]) -> None:
    with slack() as here:
        told = doctor(here.environment, "--url", "https://moot.example.org")

    assert told.status == 0
    assert told.the("Public address") == ("warning", "Slack does not call it over Socket Mode.")


def test_over_http_the_public_address_is_tried(doctor: Callable[..., Told], tmp_path: Path) -> None:
    folder = tmp_path.with_name(f"{tmp_path.name}-bot")
    folder.mkdir()
    port = free_port()
    with tiny_slack() as address:
        environment = http_environment(address, port, f"sqlite:///{folder / 'folkmoot.db'}")
        with Process(folder, environment) as bot:
            bot.until("Folkmoot is running")
            told = doctor(environment, "--url", f"http://127.0.0.1:{port}/")
            untried = doctor(environment)
        gone = doctor(environment, "--url", f"http://127.0.0.1:{port}")
        other = doctor(environment, "--url", address.removesuffix("/api/"))

    assert told.status == 0, told.output
    assert told.the("Settings")[1].endswith(f"Slack calls over HTTP, at 127.0.0.1:{port}.")
    where = f"http://127.0.0.1:{port}"
    assert told.the("Public address") == ("good", f"Folkmoot answers at {where}/slack/events, and is well.")
    assert untried.the("Public address") == ("warning", "it was not tried: give it with --url, as Slack has it.")
    assert gone.the("Public address")[1].startswith(f"nothing answers at {where} (ClientConnectorError): start the bot")
    assert "somebody else answers (status 404)" in other.the("Public address")[1]
    assert (gone.to_do, other.to_do) == (["Public address"], ["Public address"])


def test_where_many_workspaces_install_it_the_page_for_that_is_tried(
    doctor: Callable[..., Told], tmp_path: Path
) -> None:
    folder = tmp_path.with_name(f"{tmp_path.name}-bot")
    folder.mkdir()
    port = free_port()
    many = {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "of-the-app",
        "TOKEN_KEYS": new_key(),
    }
    with tiny_slack({"api.test": {"ok": True}}) as address:
        environment = http_environment(address, port, f"sqlite:///{folder / 'folkmoot.db'}") | many
        with Process(folder, environment) as bot:
            bot.until("Folkmoot is running")
            over_http = doctor(environment, "--url", f"http://127.0.0.1:{port}")
            in_socket_mode = environment | {"SLACK_APP_TOKEN": "xapp-of-a-test"}
            installing = doctor(in_socket_mode, "--url", f"http://127.0.0.1:{port}")
        gone = doctor(in_socket_mode, "--url", f"http://127.0.0.1:{port}")
        other = doctor(in_socket_mode, "--url", address.removesuffix("/api/"))

    assert over_http.status == 0, over_http.output
    assert over_http.the("Token")[1].startswith("workspaces install the app themselves")
    page = f"http://127.0.0.1:{port}/slack/install"
    assert installing.the("Public address") == ("good", f"people can install the app at {page}.")
    assert gone.the("Public address")[1].startswith("nothing answers at")
    assert "/slack/install somebody else answers (status 404)" in other.the("Public address")[1]


def test_an_address_that_slack_could_not_call_is_refused() -> None:
    done = CliRunner().invoke(app, ["doctor", "--url", "http://moot.example.org"])

    assert done.exit_code == 1
    assert done.stderr.startswith("--url takes the address at which Slack reaches the bot")


def test_as_a_process_it_ends_with_the_status_and_says_nothing_else(tmp_path: Path) -> None:
    with slack() as here, Process(tmp_path, here.environment, "doctor") as process:
        assert process.process.wait(PATIENCE) == 0, process.log
        assert {line.split()[0] for line in process.log.splitlines()} == {"good"}
