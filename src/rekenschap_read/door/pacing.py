# SPDX-License-Identifier: EUPL-1.2
"""How often each client may ask: so many a minute, and no more than that at once. Who asks too much waits.

Without an end to it a client with one token could go through every person there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from math import ceil
from threading import Lock

from rekenschap_read.place.settings import Client


class Pace(Enum):
    """Whether a question may be answered now."""

    FINE = auto()
    TOO_OFTEN = auto()
    """the first that is too many: worth writing down"""
    STILL_TOO_OFTEN = auto()


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    is_told: bool = False


@dataclass(slots=True)
class Pacing:
    """What each client has left; `clock` gives seconds that only go forward."""

    clock: Callable[[], float]
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)

    def take(self, client: Client) -> Pace:
        """Take one question of a client."""
        with self._turn:
            now, most = self.clock(), float(client.a_minute)
            bucket = self._buckets.setdefault(client.name, _Bucket(left=most, at=now))
            bucket.left = min(most, bucket.left + (now - bucket.at) * most / 60)
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                bucket.is_told = False
                return Pace.FINE
            first, bucket.is_told = not bucket.is_told, True
            return Pace.TOO_OFTEN if first else Pace.STILL_TOO_OFTEN

    @staticmethod
    def wait(client: Client) -> int:
        """Give after how many seconds one more question may come."""
        return max(1, ceil(60 / client.a_minute))
