"""Plays: who says and does what, when; read from YAML, or from the log of a real meeting."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from rehearsal.meeting_log import DEFAULT_DATE, read_log
from rehearsal.plain_yaml import load_plain
from rehearsal.playbook import Line, Play, PlayError, Role
from rehearsal.playscript import read_script

__all__ = ["Line", "Play", "PlayError", "Role", "load_play"]

_PLAYS = Path(__file__).parent / "plays"


def load_play(name_or_path: str, *, day: date = DEFAULT_DATE) -> Play:
    """The play of a name in `rehearsal/plays`, or in a file; `day` is that of a log, which has no date."""
    path = _found(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix not in {".yaml", ".yml"}:
            return read_log(path.stem, text, day)
        return read_script(path.stem, _document(text))
    except (PlayError, OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise PlayError(f"{path.name}: {problem}") from None


def _found(name_or_path: str) -> Path:
    path = Path(name_or_path)
    if path.is_file():
        return path
    bundled = _PLAYS / f"{name_or_path}.yaml"
    if path.name == name_or_path and bundled.is_file():
        return bundled
    names = ", ".join(sorted(each.stem for each in _PLAYS.glob("*.yaml"))) or "none"
    raise PlayError(f"There is no play {name_or_path!r}, neither a file nor one of: {names}.")


def _document(text: str) -> dict[str, Any]:
    document = load_plain(text)
    if not isinstance(document, dict):
        raise PlayError("a play is a mapping of title, people, lines …")
    return document
