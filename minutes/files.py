"""Files that people share: of each is kept what it is called, of what kind it is and where it is; never its content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from minutes.text import clean, is_blank, one_line, shorten

LONGEST_NAME = 150
_LONGEST_ADDRESS = 2_000
_KINDS = ("image", "video", "audio")


@dataclass(frozen=True, slots=True)
class SharedFile:
    """`kind` is `image`, `video`, `audio` or `file`; `permalink` is its page in Slack, empty where it has none."""

    id: str
    name: str
    kind: str
    permalink: str


def read_files(told: Iterable[Mapping[str, Any]]) -> tuple[SharedFile, ...]:
    """The files of a message, as Slack tells of them; what is deleted or hidden has no name any more."""
    return tuple(file for each in told if (file := _read(each)))


def lost_files(before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The ids of those that a message has no longer."""
    there = {each.get("id") for each in now if each.get("mode") != "tombstone"}
    known = [*before, *now]
    return tuple(dict.fromkeys(str(each["id"]) for each in known if each.get("id") and each["id"] not in there))


def _read(told: Mapping[str, Any]) -> SharedFile | None:
    name = next((name for key in ("title", "name") if not is_blank(name := _line(told.get(key)))), "")
    if not told.get("id") or told.get("mode") == "tombstone" or not name:
        return None
    permalink = str(told.get("permalink") or "")
    kind = str(told.get("mimetype") or "").partition("/")[0]
    return SharedFile(
        id=str(told["id"])[:64],
        name=name,
        kind=kind if kind in _KINDS else "file",
        permalink=permalink if len(permalink) <= _LONGEST_ADDRESS else "",
    )


def _line(text: object) -> str:
    return shorten(one_line(clean(text)), LONGEST_NAME) if isinstance(text, str) else ""
