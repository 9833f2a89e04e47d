# SPDX-License-Identifier: EUPL-1.2
"""Figures for Prometheus, on a port of their own that only the organisation's monitoring reaches.

REKENSCHAP_METRICS=127.0.0.1:9464 opens it. Pages are known by their names; nothing says who asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from prometheus_client import REGISTRY, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from rekenschap.errors import ConfigurationError, RekenschapError

PLACE = "REKENSCHAP_METRICS"

_ANSWERED = Counter(
    "rekenschap_desk_requests", "Requests answered, by page, method and status.", ["page", "method", "status"]
)
_SECONDS = Histogram(
    "rekenschap_desk_request_seconds",
    "How long an answer took, by page.",
    ["page"],
    buckets=(0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0),
)


def counted(*, page: str, method: str, status: int, seconds: float) -> None:
    """Count one request."""
    _ANSWERED.labels(page=page, method=method, status=str(status)).inc()
    _SECONDS.labels(page=page).observe(seconds)


class Standing(Collector):
    """What is asked of database and house each time somebody looks."""

    def collect(self) -> Iterator[Metric]:
        """Give acts that wait, how long the oldest does, and what was derived when."""
        close_old_connections()
        try:
            yield from _outbox()
            yield from _derived()
        except (DatabaseError, RekenschapError):
            yield _gauge("rekenschap_desk_trouble", "1 when database or house could not be asked.", 1.0)
        finally:
            close_old_connections()


def serve(place: str) -> None:
    """Open the port; raises ConfigurationError when it cannot be."""
    host, _, port = place.rpartition(":")
    try:
        start_http_server(int(port), addr=host or "127.0.0.1", registry=REGISTRY)
    except (OSError, ValueError, OverflowError):
        raise ConfigurationError(
            expected=f"a free address such as 127.0.0.1:9464 in {PLACE}",
            found="one that cannot be opened",
            remedy="name another port, or take it out",
        ) from None
    REGISTRY.register(Standing())


def _outbox() -> Iterator[Metric]:
    from rekenschap_web.acts.queries import oldest_waiting, waiting

    oldest = oldest_waiting()
    yield _gauge("rekenschap_desk_acts_waiting", "Acts that are not in the ledger yet.", float(waiting()))
    yield _gauge(
        "rekenschap_desk_acts_oldest_seconds",
        "How long the oldest of them waits.",
        0.0 if oldest is None else max(0.0, (timezone.now() - oldest).total_seconds()),
    )


def _derived() -> Iterator[Metric]:
    from rekenschap_web.evidence.house import derived

    told = derived().manifest
    yield _gauge("rekenschap_derived_size", "Entries of the checkpoint that pages rest on.", float(told.size))
    yield _gauge("rekenschap_derived_looks", "Looks in it.", float(told.looks))
    yield _gauge("rekenschap_derived_at_seconds", "When it was derived.", told.derived_at / 1_000_000)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    family = GaugeMetricFamily(name, meaning)
    family.add_metric([], value)
    return family
