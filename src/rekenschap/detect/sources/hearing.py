# SPDX-License-Identifier: EUPL-1.2
"""Which sources are heard and which are silent at a moment, by what they declared or else by what they do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from rekenschap.detect.sources.declared import Expected
from rekenschap.detect.sources.learned import HOURS_OF_A_WEEK, WEEKS, Mask, Minutes, busy_hours, learn
from rekenschap.model.coverage import Hears, Rhythm

_MINUTE = 60_000_000
_WINDOW = WEEKS * HOURS_OF_A_WEEK * 60


class Hearing:
    """What is known of the rhythms of all sources; asked again as time goes on.

    `arrivals` has source and minute, `hours` is what `source_hours` answers, `declared` the sources we expect
    with their rhythm, when they declare one.
    """

    def __init__(self, arrivals: pa.Table, hours: pa.Table, declared: Mapping[str, Expected | None]) -> None:
        self._declared = dict(declared)
        self._minutes = {name: np.unique(found) for name, found in _by_source(arrivals, "minute").items()}
        self._busy: dict[str, Mask] = {}
        columns = [_by_source(hours, name) for name in ("hour", "weeks_with", "weeks")]
        for name in columns[0]:
            self._busy[name] = busy_hours(*(each[name] for each in columns))

    @property
    def names(self) -> tuple[str, ...]:
        """Every source that is declared or that ever delivered."""
        return tuple(sorted({*self._declared, *self._minutes}))

    def of(self, name: str, at: int) -> tuple[Hears, Rhythm | None]:
        """Say whether a source is heard at a moment (µs UTC), and by which rhythm."""
        minutes = self._minutes.get(name)
        if minutes is None:
            return Hears.NEVER, None
        expected = self._declared.get(name)
        rhythm = (
            self._learned(name, minutes, at // _MINUTE)
            if expected is None
            else _declared(expected, int(minutes[-1]), at)
        )
        if rhythm is None:
            return Hears.UNKNOWN, None
        return (Hears.SILENT if rhythm.is_broken else Hears.HEARD), rhythm

    def _learned(self, name: str, minutes: Minutes, now: int) -> Rhythm | None:
        recent = minutes[minutes >= now - _WINDOW]
        busy = self._busy.get(name)
        return None if busy is None or not len(recent) else learn(recent, busy, now=now)


def _declared(expected: Expected, last: int, at: int) -> Rhythm:
    since = datetime.fromtimestamp(60 * last, tz=UTC)
    until = datetime.fromtimestamp(at / 1_000_000, tz=UTC)
    return Rhythm(allowed=expected.allowed, silence=expected.minutes(since, until), said=expected.said)


def _by_source(rows: pa.Table, column: str) -> dict[str, Minutes]:
    ordered = rows.sort_by([("source", "ascending")])
    names = ordered.column("source").to_pylist()
    values = np.asarray(ordered.column(column).combine_chunks(), dtype=np.int64)
    cuts = [at for at in range(1, len(names)) if names[at] != names[at - 1]]
    firsts = [names[at] for at in ([0] if names else []) + cuts]
    return dict(zip(firsts, np.split(values, cuts), strict=True)) if names else {}
