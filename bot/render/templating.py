"""The room in which recap templates run: sandboxed, and with everything that people typed kept literal."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from bot.render import markdown, wording
from bot.render.outline import Item
from bot.render.places import where
from minutes.record import Record, RecordedEntry, RecordedFile, RecordedLink, RecordedVote, Section
from minutes.text import one_line

_OURS = frozenset({Item, Record, RecordedEntry, RecordedFile, RecordedLink, RecordedVote, Section})
_BUILT_IN = Path(__file__).parent / "templates"


class UnusableTemplate(ValueError):
    """A template that is not there or does not work; its text says which, and why."""


def load(template: str | Path) -> Template:
    """A built-in template by its name, or any file. `*.txt` and `*.txt.j2` are plain text, all others Markdown."""
    built_in = _built_in().get(str(template))
    path = built_in or Path(template)
    try:
        environment = _plain_text() if ".txt" in path.suffixes else _markdown()
        if built_in:
            return environment.get_template(built_in.name)
        return environment.from_string(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        names = ", ".join(sorted(_built_in()))
        raise UnusableTemplate(f"There is no template {template}. Give a file, or one of: {names}.") from None
    except (OSError, UnicodeError, TemplateError) as error:
        raise UnusableTemplate(f"The template {template} cannot be used: {error}") from error


def iso(moment: datetime) -> str:
    """UTC with milliseconds, as in front matter."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _built_in() -> dict[str, Path]:
    return {path.name.partition(".")[0]: path for path in _BUILT_IN.glob("*.j2")}


class _Environment(SandboxedEnvironment):
    """Our own values have nothing but what is to be shown, so that the long way of looking at a name is for others."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) in _OURS and not attribute.startswith("_"):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                pass
        return super().getattr(obj, attribute)


def _environment(show: Callable[[object], str], **options: Any) -> SandboxedEnvironment:
    environment = _Environment(
        loader=FileSystemLoader(_BUILT_IN),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=show,
        **options,
    )
    environment.filters.update(_FILTERS)
    return environment


@cache
def _markdown() -> SandboxedEnvironment:
    """`finalize` makes Markdown's literal text of every value; autoescape then knows it as done."""
    environment = _environment(_literal, autoescape=True)
    environment.filters |= {"escape": _literal, "e": _literal, "forceescape": _literal, "link": markdown.link}
    for makes_html in ("urlize", "xmlattr"):
        del environment.filters[makes_html]
    environment.globals["front_matter"] = front_matter
    return environment


@cache
def _plain_text() -> SandboxedEnvironment:
    environment = _environment(_as_typed, autoescape=False)
    environment.filters["link"] = lambda label, url: f"{label}: {url}"
    return environment


def _literal(value: object) -> Markup:
    return value if isinstance(value, Markup) else markdown.literal(_as_typed(value))


def _as_typed(value: object) -> str:
    return "" if value is None else str(value)


def front_matter(values: Mapping[str, Any]) -> Markup:
    """YAML between two rules, written by a YAML writer, so that no title can break out of it."""
    written = yaml.dump(dict(values), Dumper=_FrontMatter, sort_keys=False, allow_unicode=True, width=float("inf"))
    return Markup(f"---\n{written}---")  # noqa: S704  (YAML's own quoting)


class _FrontMatter(yaml.SafeDumper):
    """Times as `2021-05-10T01:32:05.627Z`, which readers of front matter expect."""


def _yaml_time(dumper: yaml.SafeDumper, moment: datetime) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", iso(moment))


_FrontMatter.add_representer(datetime, _yaml_time)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{wording.number(count)} {one if count == 1 else many or one + 's'}"


_FILTERS: dict[str, Callable[..., object]] = {
    "counted": _counted,
    "day": wording.day,
    "duration": wording.spoken_duration,
    "line": one_line,
    "listed": wording.listed,
    "number": wording.number,
    "where": where,
}
