"""Signed requests as bytes, made before they are sent: what they cost is nobody's whom we measure."""

import itertools
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from tests.bench.generator import Named
from tests.process.running import command_fields, signed

VOTERS = 200
SIDES = ("+1", "-1")
SOME_BALLOT = "1776171600.000100"
_FORM = "application/x-www-form-urlencoded"
_numbers = itertools.count(1)


def request(body: bytes, content_type: str = "application/json") -> bytes:
    """A POST on a connection that stays open."""
    headers = {"Host": "127.0.0.1", "Content-Type": content_type, "Content-Length": str(len(body)), **signed(body)}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{head}\r\n".encode() + body


def reaction(name: str, ts: str, user: str = "") -> tuple[str, bytes]:
    """One mark of one of the voters on a message, as new as can be: its `event_ts` and the body of its request."""
    number = next(_numbers)
    event_ts = f"{int(time.time())}.{number:06}"
    event = {
        "type": "reaction_added",
        "user": user or f"U0V{number % VOTERS:03}",
        "reaction": name,
        "item": {"type": "message", "channel": "C0MOOT", "ts": ts},
        "item_user": "U0BOT" if name in SIDES else "U0ANA",
        "event_ts": event_ts,
    }
    outer = {"token": "x", "team_id": "T0MOOT", "api_app_id": "A0MOOT", "type": "event_callback"}
    outer |= {"event_id": f"Ev{number:08}", "event_time": int(time.time())}
    through = [{"enterprise_id": None, "team_id": "T0MOOT", "user_id": "U0BOT", "is_bot": True}]
    body = {**outer, "event": event, "authorizations": through, "is_ext_shared_channel": False}
    return event_ts, json.dumps(body).encode()


def votes(ballot: str = SOME_BALLOT) -> Iterator[Named]:
    """Each with its `event_ts`, by which it is found again."""
    for number in itertools.count():
        name, body = reaction(SIDES[number % 3 == 0], ballot)
        yield name, request(body)


def vote_of(user: str, ballot: str) -> Named:
    """Somebody is for it."""
    name, body = reaction("+1", ballot, user)
    return name, request(body)


def vote_envelopes(ballot: str = SOME_BALLOT) -> Iterator[Named]:
    """The same over Socket Mode, where the envelope is named by the mark's `event_ts`."""
    for number in itertools.count():
        name, body = reaction(SIDES[number % 3 == 0], ballot)
        yield name, envelope(name, "events_api", json.loads(body))


def envelope(name: str, kind: str, payload: dict[str, Any]) -> bytes:
    told = {"envelope_id": name, "type": kind, "accepts_response_payload": kind != "events_api", "payload": payload}
    return json.dumps(told).encode()


def bystander() -> bytes:
    """The body of most reactions: on what people say to each other, and of no meaning to us."""
    return reaction("tada", "1776171600.000200")[1]


def bystanders() -> Iterator[Named]:
    return ((str(number), request(bystander())) for number in itertools.count())


def command(typed: str) -> bytes:
    fields = command_fields(typed, trigger=f"{next(_numbers)}.1")
    return request(urlencode(fields).encode(), _FORM)


def commands() -> Iterator[Named]:
    """Now a topic, now notes on it; each by the words that it leaves behind."""
    for number in itertools.count():
        words = f"Number {number}"
        yield words, command(f"/topic {words}" if number % 10 == 0 else f"/note {words}")
