"""Scopes that Slack says are granted, against those that are needed."""

from collections.abc import Mapping

from bot.manifest import SCOPES, Scope


def header(headers: Mapping[str, str], name: str) -> str | None:
    return next((str(value) for each, value in headers.items() if str(each).lower() == name), None)


def granted_in(headers: Mapping[str, str]) -> set[str] | None:
    """What an answer of Slack's says of the token's scopes; None where it says nothing."""
    told = header(headers, "x-oauth-scopes")
    return None if told is None else {each.strip() for each in told.split(",")} - {""}


def missing(granted: set[str]) -> list[Scope]:
    return [scope for scope in SCOPES if scope.name not in granted]
