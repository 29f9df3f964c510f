"""Many workspaces, as processes: keys that fit or do not, and a consent for more than we can take."""

from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.services.installing import Consent, installed
from bot.vault import CannotOpen, Vault, new_key
from storage import installations
from storage.installations import Installation
from tests.databases import Databases, opened
from tests.ports import free_port
from tests.process.running import PATIENCE, SECRET, Process, tiny_slack
from tests.storage.sample import after

TOKEN = "xoxb-1-of-the-workspace"
ORGANISATION = {
    "ok": True,
    "app_id": "A0MOOT",
    "authed_user": {"id": "U0ANA"},
    "scope": "commands",
    "token_type": "bot",
    "access_token": TOKEN,
    "bot_user_id": "U0BOT",
    "team": None,
    "enterprise": {"id": "E0BIG", "name": "Big"},
    "is_enterprise_install": True,
}


def got(port: int, path: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    """The bot's answer to somebody's browser."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers=headers or {})
    return connection.getresponse()


def environment(database: str, key: str, slack: str = "http://127.0.0.1:9/api/") -> dict[str, str]:
    return {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "a client secret",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack,
        "TOKEN_KEYS": key,
        "DATABASE_URL": database,
        "PORT": str(free_port()),
    }


@pytest.fixture
def old() -> str:
    return new_key()


@pytest.fixture
def new() -> str:
    return new_key()


@pytest.fixture
def database(databases: Databases, old: str) -> str:
    """Two workspaces whose tokens were sealed with the old key."""
    address, vault = databases.migrated(), Vault([old])
    with opened(address) as db:
        for team in ("T0MOOT", "T0VILLAGE"):
            sealed = vault.seal(f"{TOKEN} {team}")
            installed(db, Consent(team, "Moot", "A0MOOT", "B0BOT", "U0BOT", sealed, "commands", "U0ANA"), after(0))
    return address


def standing(database: str) -> list[Installation]:
    with opened(database) as db:
        return installations.standing(db)


def rekeyed(database: str, *keys: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["rekey"], env={"DATABASE_URL": database, "TOKEN_KEYS": ",".join(keys)})
    return done.exit_code, done.output


def test_without_the_key_that_is_needed_it_does_not_start_and_names_the_workspaces(
    tmp_path: Path, database: str, new: str
) -> None:
    with Process(tmp_path, environment(database, new)) as bot:
        assert bot.status() == 2
        assert "TOKEN_KEYS does not open the tokens of T0MOOT, T0VILLAGE: put the key" in bot.log
        assert new not in bot.log


def test_a_new_key_is_printed_that_does(new: str) -> None:
    printed = CliRunner().invoke(app, ["new-key"]).output.strip()

    assert Vault([printed]).open(Vault([printed, new]).seal(TOKEN)) == TOKEN
    assert printed != CliRunner().invoke(app, ["new-key"]).output.strip()


def test_after_rekey_the_old_key_can_go(database: str, old: str, new: str) -> None:
    assert rekeyed(database, new, old) == (
        0,
        "2 of 2 tokens were sealed anew. The newest key alone opens all of them now.\n",
    )

    tokens = [Vault([new]).open(each.sealed) for each in standing(database)]
    assert tokens == [f"{TOKEN} T0MOOT", f"{TOKEN} T0VILLAGE"]
    with pytest.raises(CannotOpen):
        Vault([old]).open(standing(database)[0].sealed)
    assert rekeyed(database, new)[1].startswith("0 of 2 tokens")


def test_rekey_without_the_old_key_changes_nothing_and_says_what_to_do(database: str, new: str) -> None:
    before = standing(database)

    status, said = rekeyed(database, new)

    assert status == 1
    assert "None of TOKEN_KEYS opens the tokens of T0MOOT, T0VILLAGE" in said
    assert standing(database) == before


def test_where_the_old_key_is_lost_those_workspaces_can_be_given_up_until_they_install_again(
    tmp_path: Path, database: str, old: str, new: str
) -> None:
    with opened(database) as db:
        first, second = installations.standing(db)
        installations.reseal(db, second, Vault([new]).seal("a token"))

    done = CliRunner().invoke(app, ["rekey", "--lost"], env={"DATABASE_URL": database, "TOKEN_KEYS": new})

    assert done.exit_code == 0
    assert "These have to install the app again: T0MOOT.\n" in done.output
    assert [each.team for each in standing(database)] == ["T0VILLAGE"]
    with opened(database) as db:
        assert installations.uninstalled_before(db, after(60 * 24 * 3650)) == [first.workspace]


def test_rekey_needs_keys(database: str) -> None:
    status, said = rekeyed(database)

    assert status == 2
    assert "TOKEN_KEYS is missing" in said


def test_a_whole_organisation_is_asked_to_choose_one_workspace(tmp_path: Path, databases: Databases, new: str) -> None:
    answers = {"oauth.v2.access": ORGANISATION, "auth.test": {"ok": True, "bot_id": "B0BOT", "url": "https://big/"}}
    address = databases.migrated()
    with tiny_slack(answers) as slack, Process(tmp_path, settings := environment(address, new, slack)) as bot:
        bot.until("Folkmoot is running")
        port = int(settings["PORT"])
        sent = got(port, "/slack/install")
        state = sent.headers["Location"].partition("state=")[2].partition("&")[0]
        cookie = {"Cookie": sent.headers["Set-Cookie"].partition(";")[0]}

        back = got(port, f"/slack/oauth_redirect?code=1.2.3&state={state}", cookie)

        assert back.status == 500
        assert "cannot be installed for a whole organisation yet" in back.read().decode()
        assert TOKEN not in bot.log
    assert standing(address) == []
