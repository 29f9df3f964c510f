"""Signed HTTP delivery: requests to the bot's own server, signed in real time."""

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from urllib.parse import urlencode

import aiohttp

from rehearsal.agenda import Agenda
from rehearsal.delivery.carrier import Carrier, Failure, NotAnswered, Outage, RequestKind
from rehearsal.wire import Json

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_PROBE_SECONDS = 0.05


class SignedHttp(Carrier):
    """Posts to the request URL; an event has arrived when the answer is 2xx in time.

    Several URLs are the bot's processes behind a load balancer: they take turns, and one that takes no connection is
    passed over. What breaks off once it was sent is a failure.
    Signatures are of real time, less `behind_s`: so far this machine's clock seems to be ahead of Slack's.
    """

    timed_out = "http_timeout"

    def __init__(
        self,
        retry_delays: tuple[float, ...],
        agenda: Agenda,
        patience_s: float,
        request_urls: tuple[str, ...],
        signing_secret: str,
    ) -> None:
        super().__init__(retry_delays, agenda, patience_s)
        self.behind_s = 0.0
        self._urls = deque(request_urls)
        self._secret = signing_secret.encode()
        timeout = aiohttp.ClientTimeout(total=patience_s)
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)

    async def _try_event(self, body: Json, attempt: int, reason: str) -> Failure | None:
        retry = {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason} if attempt else {}
        try:
            answer, _ = await self._post(json.dumps(body), _JSON, retry)
        except TimeoutError:
            return Failure(self.timed_out)
        except aiohttp.TooManyRedirects:
            return Failure("too_many_redirects")
        except aiohttp.ClientConnectionError:
            return Failure("connection_failed")
        except aiohttp.ClientError:
            return Failure("unknown_error")
        if 200 <= answer.status < 300:
            return None
        return Failure("http_error", final=answer.headers.get("x-slack-no-retry") == "1")

    async def _ask(self, kind: RequestKind, payload: Json) -> Json | None:
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        try:
            answer, text = await self._post(urlencode(fields), _FORM, {})
        except TimeoutError:
            raise NotAnswered("operation_timeout") from None
        except aiohttp.ClientError:
            raise NotAnswered("dispatch_failed") from None
        if answer.status != 200:
            raise NotAnswered("dispatch_failed")
        if answer.content_type != _JSON:
            return {"text": text} if text else None
        return _object_in(text)

    async def _post(self, body: str, content_type: str, headers: dict[str, str]) -> tuple[aiohttp.ClientResponse, str]:
        for _ in range(len(self._urls) - 1):
            try:
                return await self._post_to(self._next_url(), body, self._signed(body, content_type, headers))
            except aiohttp.ClientConnectorError:
                continue
        return await self._post_to(self._next_url(), body, self._signed(body, content_type, headers))

    def _next_url(self) -> str:
        self._urls.rotate(-1)
        return self._urls[-1]

    async def _post_to(self, url: str, body: str, headers: dict[str, str]) -> tuple[aiohttp.ClientResponse, str]:
        async with self._session.post(url, data=body.encode(), headers=headers, max_redirects=3) as got:
            return got, await got.text()

    def _signed(self, body: str, content_type: str, headers: dict[str, str]) -> dict[str, str]:
        stamp = str(int(time.time() - self.behind_s))
        signed = f"v0:{stamp}:{body}".encode()
        signature = hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        return {
            **headers,
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }

    def _open_again(self, outage: Outage) -> None:
        super()._open_again(outage)
        if outage is self._outage:
            # There is no connection to wait for: the bot is there when requests reach it.
            self._end_outage()

    async def until_bot_is_there(self) -> None:
        """Until every request URL answers Slack's own greeting with anything at all."""
        greeting = json.dumps({"type": "url_verification", "token": "deprecated", "challenge": "rehearsal"})
        for url in list(self._urls):
            while not await self._greets(url, greeting):  # noqa: ASYNC110 - it can only be asked again
                await asyncio.sleep(_PROBE_SECONDS)

    async def _greets(self, url: str, greeting: str) -> bool:
        try:
            await self._post_to(url, greeting, self._signed(greeting, _JSON, {}))
        except (aiohttp.ClientError, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        await super().close()
        await self._session.close()


def _object_in(text: str) -> Json | None:
    try:
        content = json.loads(text)
    except ValueError:
        raise NotAnswered("dispatch_unknown_error") from None
    if not isinstance(content, dict):
        raise NotAnswered("dispatch_unknown_error")
    return content or None
