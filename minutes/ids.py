"""The names that values have across the house."""

PersonId = int
"""Our own number for a person: Slack's id stands in one table only, so that a person can be forgotten."""

ChannelId = str
"""Slack's id of a channel, such as `C024BE91L`."""

UserId = str
"""Slack's id of a user, such as `U024BE7LH`."""

Ts = str
"""Slack's name and time of a message: seconds since the epoch with six decimals, such as `1618999200.000100`."""


def micros(ts: Ts) -> int:
    """A Slack time as whole microseconds since the epoch; raises ValueError for anything else.

    Integers, because a float would put two marks of one second in the wrong order.
    """
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6])
