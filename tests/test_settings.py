"""Settings: read from the environment, complained about once and about everything, and kept to themselves."""

import re
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.running import database_problem
from bot.command_names import COMMANDS, CommandNames, named
from bot.settings import VARIABLES, Settings, SettingsWrong, command_names, database_url, read, token_keys
from bot.vault import new_key

EXAMPLE = Path(__file__).parents[1] / ".env.example"
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
KEY = "A" * 42 + "8="
OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "TOKEN_KEYS": KEY, "SLACK_APP_TOKEN": "xapp-1"}
LOOPBACK = {"SLACK_API_URL": "http://127.0.0.1:8420/api/", "FOLKMOOT_CLOCK_URL": "ws://127.0.0.1:8420/clock"}


def settings(**variables: str) -> Settings:
    return read(SOCKET | variables, database_problem)


def problems(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsWrong) as wrong:
        read(environment, database_problem)
    return wrong.value.problems


def test_tokens_are_all_that_must_be_set() -> None:
    found = settings()

    assert found.slack_app_token is not None
    assert found.slack_api_url == "https://slack.com/api/"
    assert found.database_url == "sqlite:///folkmoot.db"
    assert (found.host, found.port) == ("127.0.0.1", 3000)
    assert (found.digest_delay, found.retention_days) == (timedelta(), None)
    assert (found.health_port, found.log_level, found.log_format) == (None, "INFO", "text")
    assert found.folkmoot_clock_url is None


def test_with_a_signing_secret_alone_deliveries_come_over_http() -> None:
    found = read({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, database_problem)

    assert found.slack_app_token is None
    assert found.slack_signing_secret == "s"


def test_with_a_client_id_there_are_many_workspaces_and_no_token() -> None:
    found = read(OAUTH | {"TOKEN_KEYS": f" {new_key()} , {KEY},"}, database_problem)

    assert (found.slack_client_id, found.slack_client_secret, found.slack_bot_token) == ("1.2", "s", "")
    assert len(found.token_keys) == 2
    assert settings().slack_client_id is None


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (OAUTH | SOCKET, "SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many: take one of them out."),
        (OAUTH | {"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET is missing"),
        (OAUTH | {"SLACK_CLIENT_ID": ""}, "SLACK_CLIENT_ID is missing"),
        (SOCKET | {"SLACK_CLIENT_SECRET": "s"}, "SLACK_CLIENT_ID is missing"),
        (OAUTH | {"TOKEN_KEYS": " ,"}, "TOKEN_KEYS is missing"),
        (OAUTH | {"TOKEN_KEYS": f"{KEY},short"}, "TOKEN_KEYS must be keys"),
        (OAUTH | {"TOKEN_KEYS": "schlüssel"}, "TOKEN_KEYS must be keys"),
        (OAUTH | {"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN is missing"),
    ],
)
def test_what_many_workspaces_need_is_named_in_one_sentence(environment: dict[str, str], sentence: str) -> None:
    (told,) = problems(environment)

    assert told.startswith(sentence)


def test_the_keys_alone_are_enough_to_seal_anew() -> None:
    assert token_keys({"TOKEN_KEYS": KEY}) == (KEY,)
    with pytest.raises(SettingsWrong, match="TOKEN_KEYS is missing"):
        token_keys({})


def test_everything_can_be_set() -> None:
    found = settings(
        SLACK_API_URL="https://slack.example/api",
        DATABASE_URL="postgres://moot@db.example/minutes",
        HOST="0.0.0.0",  # noqa: S104 # as the Procfile sets it
        PORT="8080",
        HEALTH_PORT="8081",
        DIGEST_DELAY="10",
        RETENTION_DAYS="90",
        UNINSTALLED_DAYS="0",
        SETTLE_DELAY="15",
        LEASE="20",
        LOG_LEVEL="debug",
        LOG_FORMAT="JSON",
        COMMANDS_PREFIX="ptg-",
        COMMAND_TOPIC="/agenda",
    )

    assert found.slack_api_url == "https://slack.example/api/", "with the trailing slash that the SDK needs"
    assert (found.port, found.health_port) == (8080, 8081)
    assert (found.digest_delay, found.retention_days) == (timedelta(minutes=10), timedelta(days=90))
    assert found.uninstalled_days == timedelta()
    assert (found.settle_delay, found.lease) == (timedelta(seconds=15), timedelta(seconds=20))
    assert (found.log_level, found.log_format) == ("DEBUG", "json")
    assert astuple(found.command_names)[:3] == ("/agenda", "/ptg-session", "/ptg-note")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read(SOCKET | {name: " " for name in VARIABLES if name not in SOCKET}, database_problem) == settings()
    assert len(problems(dict.fromkeys(VARIABLES, ""))) == 2


def test_every_problem_is_named_at_once() -> None:
    wrong = {
        "SLACK_API_URL": "slack.com",
        "DATABASE_URL": "mysql://moot@db/minutes",
        "PORT": "70000",
        "HEALTH_PORT": "none",
        "DIGEST_DELAY": "soon",
        "RETENTION_DAYS": "0",
        "UNINSTALLED_DAYS": "-1",
        "LOG_LEVEL": "LOUD",
        "LOG_FORMAT": "xml",
        "COMMANDS_PREFIX": "PTG",
        "COMMAND_TOPIC": "agenda",
        "FOLKMOOT_CLOCK_URL": "ws://127.0.0.1/clock",
    }

    named = [sentence.split()[0] for sentence in problems(wrong)]

    assert sorted(named) == sorted([*wrong, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "-1"),
        ("PORT", "3000.5"),
        ("HEALTH_PORT", "0"),
        ("PORT", "٣٠٠٠"),
        ("PORT", "9" * 5000),
        ("DIGEST_DELAY", "1441"),
        ("RETENTION_DAYS", "99999"),
        ("SETTLE_DELAY", "0"),
        ("LEASE", "2"),
        ("COMMANDS_PREFIX", "/ptg-"),
        ("COMMANDS_PREFIX", "p tg"),
        ("COMMANDS_PREFIX", "Ptg-"),
        ("COMMANDS_PREFIX", "-ptg"),
        ("COMMANDS_PREFIX", "größe-"),
        ("COMMANDS_PREFIX", "p" * 25),
        ("COMMAND_TOPIC", "agenda"),
        ("COMMAND_TOPIC", "/"),
        ("COMMAND_TOPIC", "/Agenda"),
        ("COMMAND_TOPIC", "/the agenda"),
        ("COMMAND_TOPIC", "/" + "a" * 32),
        ("COMMAND_TOPIC", "/note"),
        ("COMMAND_PROPOSE", "/session"),
        ("SLACK_API_URL", "ftp://slack.com/api/"),
        ("SLACK_API_URL", "https://"),
        ("SLACK_API_URL", "https://slack.com:port/api/"),
        ("SLACK_API_URL", "https://[::1/api/"),
        ("DATABASE_URL", "folkmoot.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite+aiosqlite:///folkmoot.db"),
        ("DATABASE_URL", "postgresql://moot@db:port/minutes"),
        ("DATABASE_URL", "postgresql+asyncpg://moot@db/minutes"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_right(name: str, value: str) -> None:
    (sentence,) = problems(SOCKET | {name: value})

    assert sentence.startswith(f"{name} must ")


@pytest.mark.parametrize(
    ("slack", "clock"),
    [
        ("https://slack.com/api/", "ws://127.0.0.1:8420/clock"),
        ("", "ws://127.0.0.1:8420/clock"),
        ("http://127.0.0.1:8420/api/", "ws://clock.example/clock"),
        ("http://127.0.0.1.example/api/", "ws://127.0.0.1:8420/clock"),
        ("http://localhost@slack.example/api/", "ws://127.0.0.1:8420/clock"),
        ("http://10.0.0.1/api/", "ws://127.0.0.1:8420/clock"),
    ],
)
def test_nobody_sets_the_clock_unless_slack_is_on_this_machine(slack: str, clock: str) -> None:
    (sentence,) = problems(SOCKET | {"SLACK_API_URL": slack, "FOLKMOOT_CLOCK_URL": clock})

    assert "refused" in sentence


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.8.9.10"])
def test_a_rehearsal_on_this_machine_sets_the_clock(host: str) -> None:
    urls = {name: url.replace("127.0.0.1", host) for name, url in LOOPBACK.items()}

    assert settings(**urls).folkmoot_clock_url == urls["FOLKMOOT_CLOCK_URL"]


@given(
    value=st.text(alphabet="abcXYZ0123456789-_", min_size=8),
    name=st.sampled_from(VARIABLES),
)
def test_no_value_of_a_secret_is_ever_told(value: str, name: str) -> None:
    """Neither in what is shown of the settings, nor in a complaint about them."""
    secret = f"TOP{value}SECRET"
    database = f"postgresql://moot:{secret}@db:port/minutes"
    with pytest.raises(SettingsWrong) as wrong:
        read(SOCKET | {name: secret, "DATABASE_URL": database} | {"PORT": "no port"}, database_problem)

    assert secret not in f"{wrong.value} {wrong.value.problems}"


def test_no_secret_is_shown_with_the_settings() -> None:
    found = read(
        {
            "SLACK_BOT_TOKEN": "xoxb-secret",
            "SLACK_APP_TOKEN": "xapp-secret",
            "SLACK_SIGNING_SECRET": "signing-secret",
            "DATABASE_URL": "postgresql://moot:secret@db/minutes",
        },
        database_problem,
    )
    many = read(OAUTH | {"SLACK_CLIENT_SECRET": "client-secret"}, database_problem)

    assert "secret@" not in repr(found)
    assert "-secret" not in f"{found!r}{found}{many!r}{many}"
    assert KEY not in f"{many!r}{many}"


def test_commands_that_only_read_need_no_token() -> None:
    assert database_url({}) == "sqlite:///folkmoot.db"
    assert database_url({"DATABASE_URL": ""}) == "sqlite:///folkmoot.db"
    assert database_url({"DATABASE_URL": "sqlite:///other.db"}) == "sqlite:///other.db"


def test_the_example_names_every_variable_with_a_comment_each() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")

    assert tuple(dotenv_values(EXAMPLE)) == VARIABLES
    for name in VARIABLES:
        assert re.search(rf"\n\n# [^\n]+\.?[^\n]*\n{name}=", text), f"{name} has no comment of its own"


def test_the_defaults_that_the_example_tells_are_the_defaults() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    told = dict(re.findall(r"Default: (\S+?)\n(\w+)=", text))
    assert told.pop("nothing") == "COMMANDS_PREFIX"

    assert {variable: value for value, variable in told.items() if value != "kept"} | {"RETENTION_DAYS": ""} == {
        "SLACK_API_URL": settings().slack_api_url,
        "DATABASE_URL": settings().database_url,
        "HOST": settings().host,
        "PORT": str(settings().port),
        "DIGEST_DELAY": str(int(settings().digest_delay.total_seconds())),
        "UNINSTALLED_DAYS": str(settings().uninstalled_days.days),
        "SETTLE_DELAY": str(int(settings().settle_delay.total_seconds())),
        "LEASE": str(int(settings().lease.total_seconds())),
        "LOG_LEVEL": settings().log_level,
        "LOG_FORMAT": settings().log_format,
        "RETENTION_DAYS": "",
    }


def test_without_settings_the_commands_have_their_plain_names() -> None:
    assert settings().command_names == CommandNames()
    assert command_names({}) == CommandNames()


def test_a_prefix_goes_before_every_command_that_has_no_name_of_its_own() -> None:
    found = command_names({"COMMANDS_PREFIX": "ptg-", "COMMAND_NOTE": "/jot", "COMMAND_TOPIC": "/topic"})

    assert astuple(found) == ("/topic", "/ptg-session", "/jot", "/ptg-action", "/ptg-decide", "/ptg-propose")
    assert command_names({"COMMANDS_PREFIX": "ptg-"}, "kata-").session == "/kata-session"
    assert all(len(name) <= 32 for name in astuple(command_names({"COMMANDS_PREFIX": "p" * 24})))


def test_two_commands_cannot_have_one_name() -> None:
    (sentence,) = problems(SOCKET | {"COMMANDS_PREFIX": "ptg-", "COMMAND_NOTE": "/ptg-topic"})
    assert sentence.startswith("COMMAND_NOTE must not be the name of another command")

    swapped = {"COMMAND_NOTE": "/topic", "COMMAND_TOPIC": "/note"}
    assert len(problems(SOCKET | swapped)) == 2, "whoever reads `/topic` somewhere would do the wrong thing"


@given(typed=st.text(alphabet="/abnoteipc -`ü7", max_size=30), prefix=st.sampled_from(["", "ptg-", "a"]))
def test_only_what_begins_with_a_command_gets_its_name_in_force(typed: str, prefix: str) -> None:
    drawn = named(prefix).in_force(typed)

    key = re.match(r"/([a-z]+)(?![\w/-])", typed)
    ours = key is not None and key[1] in COMMANDS
    assert drawn == (f"/{prefix}{typed[1:]}" if ours else typed)
