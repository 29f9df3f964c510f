"""Settings: read from the environment, complained about once and about everything, and kept to themselves."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.running import database_problem
from bot.settings import VARIABLES, Settings, SettingsWrong, database_url, read

EXAMPLE = Path(__file__).parents[1] / ".env.example"
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
LOOPBACK = {"SLACK_API_URL": "http://127.0.0.1:8420/api/", "FOLKMOOT_CLOCK_URL": "ws://127.0.0.1:8420/clock"}


def settings(**variables: str) -> Settings:
    return read(SOCKET | variables, database_problem)


def problems(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsWrong) as wrong:
        read(environment, database_problem)
    return wrong.value.problems


def test_tokens_are_all_that_must_be_set() -> None:
    found = settings()

    assert found.by_socket
    assert found.slack_api_url == "https://slack.com/api/"
    assert found.database_url == "sqlite:///folkmoot.db"
    assert (found.host, found.port) == ("127.0.0.1", 3000)
    assert (found.digest_delay, found.retention_days) == (timedelta(), None)
    assert (found.log_level, found.folkmoot_clock_url) == ("INFO", None)


def test_with_a_signing_secret_alone_deliveries_come_over_http() -> None:
    found = read({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, database_problem)

    assert not found.by_socket
    assert found.slack_signing_secret == "s"


def test_everything_can_be_set() -> None:
    found = settings(
        SLACK_API_URL="https://slack.example/api",
        DATABASE_URL="postgres://moot@db.example/minutes",
        HOST="0.0.0.0",  # noqa: S104 # as the Procfile sets it
        PORT="8080",
        DIGEST_DELAY="10",
        RETENTION_DAYS="90",
        LOG_LEVEL="debug",
    )

    assert found.slack_api_url == "https://slack.example/api/", "with the trailing slash that the SDK needs"
    assert found.port == 8080
    assert (found.digest_delay, found.retention_days) == (timedelta(minutes=10), timedelta(days=90))
    assert found.log_level == "DEBUG"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read(SOCKET | {name: " " for name in VARIABLES if name not in SOCKET}, database_problem) == settings()
    assert len(problems(dict.fromkeys(VARIABLES, ""))) == 2


def test_every_problem_is_named_at_once() -> None:
    wrong = {
        "SLACK_API_URL": "slack.com",
        "DATABASE_URL": "mysql://moot@db/minutes",
        "PORT": "70000",
        "DIGEST_DELAY": "soon",
        "RETENTION_DAYS": "0",
        "LOG_LEVEL": "LOUD",
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
        ("PORT", "٣٠٠٠"),
        ("PORT", "9" * 5000),
        ("DIGEST_DELAY", "1441"),
        ("RETENTION_DAYS", "99999"),
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

    assert "secret@" not in repr(found)
    assert "-secret" not in f"{found!r}{found}"


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

    assert {variable: value for value, variable in told.items() if value != "kept"} | {"RETENTION_DAYS": ""} == {
        "SLACK_API_URL": settings().slack_api_url,
        "DATABASE_URL": settings().database_url,
        "HOST": settings().host,
        "PORT": str(settings().port),
        "DIGEST_DELAY": str(int(settings().digest_delay.total_seconds())),
        "LOG_LEVEL": settings().log_level,
        "RETENTION_DAYS": "",
    }
