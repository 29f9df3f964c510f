"""Metrics: what a process counts, in the form of Prometheus."""

import re
from time import monotonic
from types import SimpleNamespace
from typing import Any

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_METHOD = re.compile(r"/([a-z]+(?:\.[A-Za-z]+)+)$")


class Metrics:
    """The counters of one process, in a registry of their own: two bots in one process do not share them."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._deliveries = Counter(
            "folkmoot_deliveries",
            "What Slack delivered, and how it was answered.",
            ("kind", "status"),
            registry=registry,
        )
        self._duties = Counter(
            "folkmoot_duties",
            "Attempts at what is owed to Slack, and what came of them.",
            ("kind", "outcome"),
            registry=registry,
        )
        self._calls = Histogram(
            "folkmoot_slack_call_seconds", "How long Slack took to answer a call.", ("method",), registry=registry
        )
        self._counters: dict[tuple[str, int], Counter] = {}

    def delivery(self, kind: str, status: int) -> None:
        counter = self._counters.get((kind, status))
        if counter is None:  # found once each: the registry takes a lock and puts the labels together
            counter = self._counters[kind, status] = self._deliveries.labels(kind, str(status))
        counter.inc()

    def duty(self, kind: str, outcome: str) -> None:
        self._duties.labels(kind, outcome).inc()

    def page(self, **gauges: tuple[str, float | None]) -> bytes:
        """Everything that was counted, and gauges of this moment, each with its help; what is None is left out."""
        moment = CollectorRegistry()
        for name, (told, value) in gauges.items():
            if value is not None:
                Gauge(f"folkmoot_{name}", told, registry=moment).set(value)
        return generate_latest(self._registry) + generate_latest(moment)

    def trace(self) -> aiohttp.TraceConfig:
        """For the session that calls Slack: each call's time, by method."""
        config = aiohttp.TraceConfig()

        async def started(_session: Any, context: SimpleNamespace, _params: Any) -> None:
            context.began = monotonic()

        async def ended(_session: Any, context: SimpleNamespace, params: Any) -> None:
            method = _METHOD.search(params.url.path)
            self._calls.labels(method[1] if method else "other").observe(monotonic() - context.began)

        config.on_request_start.append(started)
        config.on_request_end.append(ended)
        config.on_request_exception.append(ended)
        return config
