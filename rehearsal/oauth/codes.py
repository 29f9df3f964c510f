"""Codes: what a redirect brings the app, to be exchanged once, within ten minutes of play time, for a token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rehearsal.wire import MINUTE

if TYPE_CHECKING:
    from rehearsal.backstage import Backstage
    from rehearsal.clock import PlayClock

CODE_MINUTES = 10


@dataclass
class Consent:
    """Who has let the app into which workspace, and with what; `redirect_uri` as the app gave it, if it did."""

    stage: Backstage
    person: str
    scopes: frozenset[str]
    redirect_uri: str | None
    made_us: int
    used: bool = False


class CodeRefused(Exception):
    """Slack's error code for a code that is worth nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Codes:
    def __init__(self, clock: PlayClock) -> None:
        self._clock = clock
        self._consents: dict[str, Consent] = {}

    def new(self, stage: Backstage, person: str, scopes: frozenset[str], redirect_uri: str | None) -> str:
        code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(32)}"
        self._consents[code] = Consent(stage, person, scopes, redirect_uri, self._clock.now_us)
        return code

    def use(self, code: str, redirect_uri: str | None) -> Consent:
        """What was consented to. The redirect URI must be the very one of the request for it."""
        consent = self._consents.get(code)
        if consent is None or self._clock.now_us - consent.made_us > CODE_MINUTES * MINUTE:
            raise CodeRefused("invalid_code")
        if consent.used:
            raise CodeRefused("code_already_used")
        if redirect_uri != consent.redirect_uri:
            raise CodeRefused("bad_redirect_uri")
        consent.used = True
        return consent
