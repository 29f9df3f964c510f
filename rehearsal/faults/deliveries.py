"""The way of deliveries past the rules: what is struck is dropped, doubled, kept back or disguised on it."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from rehearsal.agenda import Agenda
from rehearsal.delivery.carrier import Carrier, NotAnswered, RequestKind, Work
from rehearsal.emoji import alias_of
from rehearsal.faults.desk import FaultDesk, Standing
from rehearsal.faults.occurrences import occurrence_of, team_of
from rehearsal.faults.rule import Occurrence
from rehearsal.interactions.triggers import Triggers
from rehearsal.wire import Ids, Json
from rehearsal.workspace import Workspace

_SWAP_SECONDS = 60.0
_REORDER_SECONDS = 5.0
_CONNECTED_TEAM = "T0CONNECTED"


@dataclass(frozen=True)
class Parcel:
    """A delivery on its way; `kind` is `None` for an event, `seconds` of play time are what it is late."""

    kind: RequestKind | None
    body: Json
    seconds: float = 0
    retry: bool = False


class Dispatch:
    """All that happens for the bot to hear goes through here to the carrier; `workspaces` are by their ids."""

    def __init__(
        self,
        workspaces: Mapping[str, Workspace],
        carrier: Carrier,
        triggers: Triggers,
        agenda: Agenda,
        desk: FaultDesk,
        ids: Ids,
    ) -> None:
        self._workspaces = workspaces
        self._ids = ids
        self._carrier = carrier
        self._triggers = triggers
        self._agenda = agenda
        self._desk = desk
        self._effects: dict[str, Callable[[Standing, list[Parcel]], list[Parcel]]] = {
            "drop": self._drop,
            "double": self._double,
            "connect_double": self._connect_double,
            "retry": self._retry,
            "delay": self._delay,
            "hold": self._hold,
            "swap": self._swap,
            "reorder": self._reorder,
            "alias": self._alias,
            "disconnect": self._disconnect,
            "freeze": self._disconnect,
        }
        desk.on_add.append(self._plan)
        desk.on_lift.append(self._let_go)

    def event(self, body: Json) -> None:
        """Send an event, or do with it what the rules say."""
        parcels, overtaken = self._event_past_the_rules(body)
        if overtaken and parcels:
            self._send_in_turn([*parcels, *overtaken])
        else:
            self._send_all([*parcels, *overtaken])

    def events_in_turn(self, bodies: list[Json]) -> None:
        """Send events of which each arrives before the next, whatever the carrier."""
        parcels = [parcel for body in bodies for parcels in self._event_past_the_rules(body) for parcel in parcels]
        self._send_in_turn(parcels)

    def _event_past_the_rules(self, body: Json) -> tuple[list[Parcel], list[Parcel]]:
        return self._past_the_rules(occurrence_of(self._workspaces[team_of(body)], None, body), Parcel(None, body))

    async def ask(self, kind: RequestKind, payload: Json) -> Json | None:
        """Send a command or an interaction and return the answer. Raises `NotAnswered`."""
        what = occurrence_of(self._workspaces[team_of(payload)], kind, payload)
        parcels, overtaken = self._past_the_rules(what, Parcel(kind, payload))
        in_time = next((parcel for parcel in parcels if not parcel.seconds), None)
        others = [parcel for parcel in parcels if parcel is not in_time] + overtaken
        if in_time is None:
            self._triggers.expire(payload.get("trigger_id", ""))
            self._send_all(others)
            raise NotAnswered("operation_timeout")
        try:
            return await self._carrier.ask(kind, in_time.body)
        finally:
            self._send_all(others)

    def _past_the_rules(self, what: Occurrence, parcel: Parcel) -> tuple[list[Parcel], list[Parcel]]:
        """What becomes of a delivery, and what waited to be swapped with it."""
        parcels, overtaken = [parcel], list[Parcel]()
        for standing in self._desk.about(what):
            if standing.rule.fault == "swap" and standing.kept:
                overtaken += standing.kept
                standing.kept.clear()
                standing.lets_pass()
            elif not parcels:
                standing.lets_pass()
            elif standing.strikes():
                parcels = self._effects[standing.rule.fault](standing, parcels)
        return parcels, overtaken

    def _send_all(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            if parcel.seconds:
                self._agenda.after(parcel.seconds, partial(self._send, replace(parcel, seconds=0)))
            else:
                self._send(parcel)

    def _send(self, parcel: Parcel) -> None:
        if parcel.kind:
            self._carrier.tell(parcel.kind, parcel.body)
        else:
            self._carrier.event(parcel.body, *self._try_of(parcel))

    def _send_in_turn(self, parcels: list[Parcel]) -> None:
        late = [parcel for parcel in parcels if parcel.seconds]
        self._send_all(late)
        self._carrier.in_turn(*(self._work(parcel) for parcel in parcels if not parcel.seconds))

    def _work(self, parcel: Parcel) -> Work:
        if parcel.kind:
            return partial(self._carrier.unheard, parcel.kind, parcel.body)
        return partial(self._carrier.deliver_once, parcel.body, *self._try_of(parcel))

    def _try_of(self, parcel: Parcel) -> tuple[int, str]:
        return (1, self._carrier.timed_out) if parcel.retry else (0, "")

    def _let_go(self, standing: Standing) -> None:
        kept = list(standing.kept)
        standing.kept.clear()
        if standing.rule.fault == "reorder":
            kept.reverse()
            if standing.rule.order == "shuffled":
                standing.chance.shuffle(kept)
        if kept:
            self._send_in_turn(kept)

    # What the faults do: from the parcels so far to those that go on

    def _drop(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        self._carrier.lost += [parcel.body for parcel in parcels if parcel.kind is None]
        return []

    def _double(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        rule = standing.rule
        again = [replace(each, seconds=each.seconds + (rule.seconds or 0), retry=rule.retry) for each in parcels]
        return [*parcels, *again]

    def _connect_double(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        late = standing.rule.seconds or 0
        again = [replace(each, body=self._other_envelope(each.body), seconds=each.seconds + late) for each in parcels]
        return [*parcels, *again]

    def _other_envelope(self, body: Json) -> Json:
        """The same happening as the other workspace of a shared channel is told of it."""
        return copy.deepcopy(body) | {
            "event_id": self._ids.new("Ev"),
            "event_context": f"4-{self._ids.new('')}",
            "context_team_id": _CONNECTED_TEAM,
            "is_ext_shared_channel": True,
        }

    def _retry(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        late = standing.rule.seconds or 0
        return [replace(each, seconds=each.seconds + late, retry=True) for each in parcels]

    def _delay(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        return [replace(each, seconds=each.seconds + (standing.rule.seconds or 0)) for each in parcels]

    def _hold(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        standing.kept += parcels
        return []

    def _swap(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        standing.kept += parcels
        self._agenda.after(_given(standing, _SWAP_SECONDS), partial(self._let_go_of, standing, parcels))
        return []

    def _let_go_of(self, standing: Standing, parcels: list[Parcel]) -> None:
        """Nothing came to swap them with."""
        left = [each for each in parcels if each in standing.kept]
        standing.kept = [each for each in standing.kept if each not in left]
        self._send_all(left)

    def _reorder(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        if not standing.kept:
            self._agenda.after(_given(standing, _REORDER_SECONDS), partial(self._let_go, standing))
        standing.kept += parcels
        return []

    def _alias(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        return [replace(each, body=_renamed(each.body, standing.rule.to)) for each in parcels]

    def _disconnect(self, standing: Standing, parcels: list[Parcel]) -> list[Parcel]:
        self._cut_off(standing)
        return parcels

    def _plan(self, standing: Standing) -> None:
        """A disconnection with a time of its own waits for that, not for a delivery."""
        at = self._desk.moment(standing.rule.at)
        if at is not None:
            standing.lifted = True
            standing.matched = standing.fired = 1
            self._agenda.at(at, partial(self._cut_off, standing))

    def _cut_off(self, standing: Standing) -> None:
        rule = standing.rule
        freeze = rule.fault == "freeze"
        self._carrier.cut_off(seconds=rule.seconds or 0, lossy=rule.meanwhile == "lost", freeze=freeze)


def _given(standing: Standing, otherwise: float) -> float:
    return otherwise if standing.rule.seconds is None else standing.rule.seconds


def _renamed(body: Json, name: str | None) -> Json:
    event = body["event"]
    if "reaction" not in event:
        return body
    bare, tone, rest = event["reaction"].partition("::")
    return {**body, "event": {**event, "reaction": name or f"{alias_of(bare)}{tone}{rest}"}}
