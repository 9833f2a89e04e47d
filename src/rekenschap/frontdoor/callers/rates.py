# SPDX-License-Identifier: EUPL-1.2
"""How often a source may send: a bucket that fills with so many requests a second, up to those of one."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from rekenschap.frontdoor.callers.sources import Source
from rekenschap.frontdoor.outcomes import NotTakenError, Outcome


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """The buckets of all sources; `now` is in seconds, of any clock that never goes back."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}

    def count(self, source: Source, now: float) -> None:
        """Count one request; raises NotTakenError with when to come back."""
        rate = source.requests_per_second
        if rate is None:
            return
        most = max(rate, 1.0)
        bucket = self._buckets.setdefault(source.name, _Bucket(most, now))
        bucket.left = min(most, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.left < 1:
            raise NotTakenError(
                Outcome.TOO_OFTEN,
                expected=f"at most {rate:g} requests a second of this source",
                found="more",
                remedy="send more records in each request, and fewer requests",
                retry_after=ceil((1 - bucket.left) / rate),
            )
        bucket.left -= 1
