"""What comes of carrying a duty: Slack has it, or something that it builds on is missing."""

from dataclasses import dataclass

from minutes.ids import Ts, UserId


@dataclass(frozen=True, slots=True)
class Carried:
    """Slack has it, as `ts` where it became a message; `more` says that a next part is owed.

    `found` says that an earlier attempt had brought it there; `own_user` is who Slack says has posted it.
    """

    ts: Ts | None = None
    more: bool = False
    found: bool = False
    own_user: UserId | None = None


class NotYet(Exception):
    """What a duty builds on is still on its way."""


class NeverPossible(Exception):
    """What a duty builds on was never posted, or is gone."""
