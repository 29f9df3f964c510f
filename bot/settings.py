"""Settings, read once from the environment and `.env`; what is wrong is told all at once."""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.command_names import COMMANDS, CommandNames, name_problem, named, prefix_problem, taken_twice

SLACK = "https://slack.com/api/"
DATABASE = "sqlite:///folkmoot.db"
LONGEST_NUMBER = 10
KEY_BYTES = 32


class Role(StrEnum):
    """What a process does: everything, only take Slack's requests in, or only what is owed and due."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"

    @property
    def takes_in(self) -> bool:
        return self is not Role.WORKER

    @property
    def works(self) -> bool:
        return self is not Role.WEB


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
    slack_client_id: str | None
    slack_client_secret: str | None = field(repr=False)
    token_keys: tuple[str, ...] = field(repr=False)
    slack_api_url: str
    database_url: str = field(repr=False)
    host: str
    port: int
    health_port: int | None
    digest_delay: timedelta
    retention_days: timedelta | None
    uninstalled_days: timedelta
    settle_delay: timedelta
    lease: timedelta
    log_level: str
    log_format: str
    commands_prefix: str = ""
    command_topic: str = ""
    command_session: str = ""
    command_note: str = ""
    command_action: str = ""
    command_decide: str = ""
    command_propose: str = ""
    folkmoot_clock_url: str | None = None
    role: Role = Role.ALL

    @property
    def command_names(self) -> CommandNames:
        """The names in force: a name of its own goes before the prefix."""
        return _named(self.commands_prefix, {key: getattr(self, _field(key)) for key in COMMANDS})


VARIABLES = tuple(setting.name.upper() for setting in fields(Settings) if setting.name != "role")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")


def read(
    environment: Mapping[str, str], database_problem: Callable[[str], str | None], role: Role = Role.ALL
) -> Settings:
    """Settings from variables, of which an empty one counts as not set; raises SettingsWrong with all that is amiss.

    A web process is called over HTTP, whatever else is set; a worker needs no way to be reached. `database_problem`
    says what is wrong with a database address, or None.
    """
    reading = _Reading(environment)
    token, client, client_secret, keys = _authority(reading)
    app_token, secret = _entrance(reading, role)
    api = reading.address("SLACK_API_URL", SLACK, ("http", "https"))
    database = reading.text("DATABASE_URL", DATABASE)
    if problem := database_problem(database):
        reading.amiss(f"DATABASE_URL {problem}.")
    settings = Settings(
        slack_bot_token=token,
        slack_app_token=app_token,
        slack_signing_secret=secret,
        slack_client_id=client,
        slack_client_secret=client_secret,
        token_keys=keys,
        slack_api_url=api if api.endswith("/") else api + "/",
        database_url=database,
        host=reading.text("HOST", "127.0.0.1"),
        port=reading.number("PORT", 3000, 1, 65_535),
        health_port=reading.number("HEALTH_PORT", 0, 1, 65_535) or None,
        digest_delay=timedelta(minutes=reading.number("DIGEST_DELAY", 0, 0, 24 * 60)),
        retention_days=_days(reading.number("RETENTION_DAYS", 0, 1, 36_500)),
        uninstalled_days=timedelta(days=reading.number("UNINSTALLED_DAYS", 30, 0, 36_500)),
        settle_delay=timedelta(seconds=reading.number("SETTLE_DELAY", 10, 1, 600)),
        lease=timedelta(seconds=reading.number("LEASE", 60, 3, 3_600)),
        log_level=reading.one_of("LOG_LEVEL", "INFO", LOG_LEVELS),
        log_format=reading.one_of("LOG_FORMAT", "text", LOG_FORMATS),
        **_own_names(reading),
        folkmoot_clock_url=_clock_url(reading, api),
        role=role,
    )
    if reading.problems:
        raise SettingsWrong(reading.problems)
    return settings


def token_keys(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The keys alone, for a command that seals anew; raises SettingsWrong."""
    reading = _Reading(environment)
    keys = _keys(reading)
    if reading.problems:
        raise SettingsWrong(reading.problems)
    return keys


def command_names(environment: Mapping[str, str], prefix: str | None = None) -> CommandNames:
    """The commands' names alone, for what needs no token; `prefix` goes before the one that is set.

    Raises SettingsWrong.
    """
    reading = _Reading(environment if prefix is None else {**environment, "COMMANDS_PREFIX": prefix})
    own = _own_names(reading)
    if reading.problems:
        raise SettingsWrong(reading.problems)
    return _named(own["commands_prefix"], {key: own[_field(key)] for key in COMMANDS})


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

    def sound(self, name: str, problem: Callable[[str], str | None]) -> str:
        """A text with which nothing is wrong; empty where it is not set, and where something is."""
        given = self.text(name, "")
        if given and (what := problem(given)):
            self.amiss(f"{name} {what}.")
            return ""
        return given

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
        """One of the allowed words, however it is written: big or small."""
        given = self.text(name, default)
        found = next((each for each in allowed if each.lower() == given.lower()), None)
        if found is None:
            self.amiss(f"{name} must be one of {', '.join(allowed)}.")
        return found or default


def _authority(reading: _Reading) -> tuple[str, str | None, str | None, tuple[str, ...]]:
    """By what right we speak: one workspace's token, or the app's own id and secret, by which many install it."""
    token, client = reading.text("SLACK_BOT_TOKEN", ""), reading.optional("SLACK_CLIENT_ID")
    secret = reading.optional("SLACK_CLIENT_SECRET")
    if client is None and secret is not None:
        reading.amiss("SLACK_CLIENT_ID is missing: it goes with SLACK_CLIENT_SECRET, for many workspaces.")
    if client is None:
        if not token and secret is None:
            reading.amiss("SLACK_BOT_TOKEN is missing: the bot's token, which begins with xoxb-.")
        return token, None, None, ()
    if token:
        reading.amiss("SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many: take one of them out.")
    if secret is None:
        reading.amiss("SLACK_CLIENT_SECRET is missing: it goes with SLACK_CLIENT_ID, on the page “Basic Information”.")
    return "", client, secret, _keys(reading)


def _entrance(reading: _Reading, role: Role) -> tuple[str | None, str | None]:
    """How Slack reaches us: the token for Socket Mode, and the secret for calls over HTTP."""
    app_token, secret = reading.optional("SLACK_APP_TOKEN"), reading.optional("SLACK_SIGNING_SECRET")
    if role is Role.WEB:
        app_token = None
        if not secret:
            reading.amiss("SLACK_SIGNING_SECRET is missing: Slack calls a web process over HTTP.")
    if role is Role.ALL and not app_token and not secret:
        reading.amiss(
            "SLACK_APP_TOKEN is missing: set it (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for calls over HTTP."
        )
    return app_token, secret


def _keys(reading: _Reading) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in reading.text("TOKEN_KEYS", "").split(",") if key.strip())
    if not keys:
        reading.amiss(
            "TOKEN_KEYS is missing: the tokens of many workspaces are sealed; `folkmoot new-key` makes a key."
        )
    elif not all(map(_is_key, keys)):
        reading.amiss(
            "TOKEN_KEYS must be keys as `folkmoot new-key` prints them, the newest first, with commas between."
        )
    return keys


def _is_key(given: str) -> bool:
    """Whether it is what Fernet takes: 32 bytes, in the alphabet of addresses."""
    try:
        return given.isascii() and len(urlsafe_b64decode(given)) == KEY_BYTES
    except ValueError:
        return False


def _days(number: int) -> timedelta | None:
    return timedelta(days=number) if number else None


def _field(key: str) -> str:
    return f"command_{key}"


def _named(prefix: str, own: Mapping[str, str]) -> CommandNames:
    return named(prefix, {key: name for key, name in own.items() if name})


def _own_names(reading: _Reading) -> dict[str, str]:
    """The prefix and the names that are set, by field; a name that two commands would have is amiss as well."""
    prefix = reading.sound("COMMANDS_PREFIX", prefix_problem)
    own = {key: reading.sound(_field(key).upper(), name_problem) for key in COMMANDS}
    for key in filter(own.get, taken_twice(_named(prefix, own))):
        reading.amiss(f"{_field(key).upper()} must not be the name of another command of Folkmoot's.")
    return {"commands_prefix": prefix} | {_field(key): name for key, name in own.items()}


def _clock_url(reading: _Reading, api: str) -> str | None:
    given = reading.optional("FOLKMOOT_CLOCK_URL")
    if given is None:
        return None
    if not is_loopback(api) or not is_loopback(given):
        reading.amiss("FOLKMOOT_CLOCK_URL is for rehearsals only: it is refused unless Slack is on this machine.")
    return reading.address("FOLKMOOT_CLOCK_URL", given, ("ws",))
