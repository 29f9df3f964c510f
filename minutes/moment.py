"""Moments as whole microseconds since the epoch, because rounded floats land just before or after what is due."""

from datetime import UTC, datetime, timedelta

from minutes.ids import Ts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_micros(micros: int) -> datetime:
    """An aware time in UTC."""
    return EPOCH + timedelta(microseconds=micros)


def to_micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def to_ts(moment: datetime) -> Ts:
    """As Slack writes it."""
    seconds, fraction = divmod(to_micros(moment), 1_000_000)
    return f"{seconds}.{fraction:06d}"
