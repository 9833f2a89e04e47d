# SPDX-License-Identifier: EUPL-1.2
"""The latest time of recording in a ledger: what is appended next may lie a minute before it, not more.

Moments are in microseconds UTC.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.errors import RefusedError
from rekenschap.ledger.manifest import Manifest
from rekenschap.ledger.segments import SCHEMA_NAME
from rekenschap.ledger.state import read_columns
from rekenschap.seams.store import Store

CLOCK_TOLERANCE = 60_000_000
"""How far clocks may be apart: a minute."""
NEVER = -(1 << 62)
"""Earlier than any time of recording."""


def newest_sealed(store: Store, manifest: Manifest, *, enough: int = NEVER) -> int:
    """Give the latest time of recording in the segments, as far as it matters for facts from `enough` on.

    A time lies at most the tolerance after any later one, so mostly the last segment tells it.
    """
    newest = NEVER
    for segment in reversed(manifest.segments):
        if segment.relation != SCHEMA_NAME:
            rows = read_columns(store, segment, ["recorded_at"])
            if rows.num_rows:
                oldest, latest = span_of(rows)
                newest = max(newest, latest)
                if oldest <= max(enough, newest - CLOCK_TOLERANCE - 1):
                    break
    return newest


def span_of(rows: pa.Table) -> tuple[int, int]:
    """Give the first and the last time of recording of facts, of which there must be one."""
    span = pc.min_max(rows.column("recorded_at").cast(pa.int64())).as_py()
    return span["min"], span["max"]


def check_recorded(span: tuple[int, int], *, newest: int, now: int | None) -> int:
    """Refuse facts recorded too long before `newest`, or after `now`; gives the newest with them.

    A clock that runs ahead is refused too: one fact of next year would make all until then too old.
    """
    oldest, latest = span
    if oldest < newest - CLOCK_TOLERANCE:
        raise backwards()
    if now is not None and latest > now + CLOCK_TOLERANCE:
        raise _refused(
            f"facts recorded at most {CLOCK_TOLERANCE // 1_000_000} seconds after the clock here",
            "later ones",
        )
    return max(newest, latest)


def backwards() -> RefusedError:
    """Make the refusal of facts that were recorded too long before those that are there."""
    return _refused(
        f"facts recorded at most {CLOCK_TOLERANCE // 1_000_000} seconds before the newest one", "older ones"
    )


def _refused(expected: str, found: str) -> RefusedError:
    return RefusedError(
        expected=expected,
        found=found,
        remedy="set the clock of the source right, and record the facts again",
        rule="clock",
    )
