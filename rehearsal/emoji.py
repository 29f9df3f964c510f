"""Which names are emoji: an unknown one is `invalid_name` to Slack, and no picker would offer it."""

import re

from rehearsal.emoji_names import ALIASES, OTHERS, WITH_SKIN_TONES

_WITH_SKIN_TONES = frozenset(WITH_SKIN_TONES.split())
_NAMES = _WITH_SKIN_TONES | frozenset(OTHERS.split())
_ALIASES = dict(pair.split("=") for pair in ALIASES.split())
_SKIN_TONE = re.compile(r"(.+)(::skin-tone-[2-6])")


def kept_name(name: str) -> str | None:
    """The name by which Slack keeps an emoji: `+1` for `thumbsup`; `None` when it is no emoji.

    A name has no colons around it; a skin tone may follow where the emoji has one.
    """
    toned = _SKIN_TONE.fullmatch(name)
    if toned:
        bare = _ALIASES.get(toned[1], toned[1])
        return f"{bare}{toned[2]}" if bare in _WITH_SKIN_TONES else None
    bare = _ALIASES.get(name, name)
    return bare if bare in _NAMES else None


def alias_of(name: str) -> str:
    """Another name for the same emoji, if it has one: `thumbsup` for `+1`."""
    return next((alias for alias, kept in _ALIASES.items() if kept == name), name)
