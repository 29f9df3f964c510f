"""Settings, read once from the environment and `.env`; what is wrong is told all at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

SLACK = "https://slack.com/api/"
DATABASE = "sqlite:///folkmoot.db"
LONGEST_NUMBER = 10


class SettingsWrong(Exception):
    """`problems` are sentences, each naming its variable; values of secrets are never in them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, by the variable's name in lower case."""

    slack_bot_token: str = field(repr=False)
    slack_app_token: str | None = field(repr=False)
    slack_signing_secret: str | None = field(repr=False)
    slack_api_url: str
    database_url: str = field(repr=False)
    host: str
    port: int
    digest_delay: timedelta
    retention_days: timedelta | None
    log_level: str
    folkmoot_clock_url: str | None = None

    @property
    def by_socket(self) -> bool:
        """Socket Mode is used where it can be."""
        return self.slack_app_token is not None


VARIABLES = tuple(setting.name.upper() for setting in fields(Settings))
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def read(environment: Mapping[str, str], database_problem: Callable[[str], str | None]) -> Settings:
    """Settings from variables, of which an empty one counts as not set; raises SettingsWrong with all that is amiss.

    `database_problem` says what is wrong with a database address, or None.
    """
    reading = _Reading(environment)
    token = reading.text("SLACK_BOT_TOKEN", "")
    if not token:
        reading.amiss("SLACK_BOT_TOKEN is missing: the bot's token, which begins with xoxb-.")
    app_token, secret = reading.optional("SLACK_APP_TOKEN"), reading.optional("SLACK_SIGNING_SECRET")
    if not app_token and not secret:
        reading.amiss(
            "SLACK_APP_TOKEN is missing: set it (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for calls over HTTP."
        )
    api = reading.address("SLACK_API_URL", SLACK, ("http", "https"))
    database = reading.text("DATABASE_URL", DATABASE)
    if problem := database_problem(database):
        reading.amiss(f"DATABASE_URL {problem}.")
    settings = Settings(
        slack_bot_token=token,
        slack_app_token=app_token,
        slack_signing_secret=secret,
        slack_api_url=api if api.endswith("/") else api + "/",
        database_url=database,
        host=reading.text("HOST", "127.0.0.1"),
        port=reading.number("PORT", 3000, 1, 65_535),
        digest_delay=timedelta(minutes=reading.number("DIGEST_DELAY", 0, 0, 24 * 60)),
        retention_days=_days(reading.number("RETENTION_DAYS", 0, 1, 36_500)),
        log_level=reading.one_of("LOG_LEVEL", "INFO", LOG_LEVELS),
        folkmoot_clock_url=_clock_url(reading, api),
    )
    if reading.problems:
        raise SettingsWrong(reading.problems)
    return settings


def database_url(environment: Mapping[str, str]) -> str:
    """The database alone, for commands that only read what is stored."""
    return _Reading(environment).text("DATABASE_URL", DATABASE)


def is_loopback(url: str) -> bool:
    """Whether an address can only be on this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _Reading:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def amiss(self, sentence: str) -> None:
        self.problems.append(sentence)

    def optional(self, name: str) -> str | None:
        return self._environment.get(name, "").strip() or None

    def text(self, name: str, default: str) -> str:
        return self.optional(name) or default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        given = self.optional(name)
        if given is None:
            return default
        if given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER and least <= int(given) <= most:
            return int(given)
        self.amiss(f"{name} must be a whole number from {least} to {most}.")
        return default

    def address(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        given = self.text(name, default)
        try:
            parts = urlsplit(given)
            if parts.scheme in schemes and parts.hostname and parts.port != 0:  # reading a wrong port raises
                return given
        except ValueError:
            pass
        self.amiss(f"{name} must be an address that begins with {schemes[-1]}://.")
        return default

    def one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        given = self.text(name, default).upper()
        if given not in allowed:
            self.amiss(f"{name} must be one of {', '.join(allowed)}.")
        return given


def _days(number: int) -> timedelta | None:
    return timedelta(days=number) if number else None


def _clock_url(reading: _Reading, api: str) -> str | None:
    given = reading.optional("FOLKMOOT_CLOCK_URL")
    if given is None:
        return None
    if not is_loopback(api) or not is_loopback(given):
        reading.amiss("FOLKMOOT_CLOCK_URL is for rehearsals only: it is refused unless Slack is on this machine.")
    return reading.address("FOLKMOOT_CLOCK_URL", given, ("ws",))
