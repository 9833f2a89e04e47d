# SPDX-License-Identifier: EUPL-1.2
"""Shows what an insider with every right on the machine could try: a copy of the ledger, one row changed.

The change is made with an ordinary Parquet library, as anybody could. Nothing here stops it; the check does.
"""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rekenschap.errors import AlarmError, StoreError
from rekenschap.ledger.segments import Segment

_A_WEEK = 7 * 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """One changed row: the entry, and what the check said about it (None: it was not seen)."""

    entry: int
    alarm: AlarmError | None

    @property
    def caught(self) -> bool:
        """Whether the check failed and named this very entry."""
        return self.alarm is not None and getattr(self.alarm, "entry", None) == self.entry


def backdate_one_look(ledger: Path, copy: Path) -> int:
    """Copy the ledger to `copy`, put one look a week earlier there, and give its entry.

    Raises StoreError when there is no look to change.
    """
    if copy.exists():
        shutil.rmtree(copy)
    shutil.copytree(ledger, copy)
    segment = _segment_of_looks(copy)
    path, row = copy / segment.parquet, segment.rows // 2
    stored = pq.read_table(io.BytesIO(path.read_bytes()))
    pq.write_table(_backdated(stored, row), path, compression="zstd")
    return segment.first + row


def _segment_of_looks(ledger: Path) -> Segment:
    names = (path.relative_to(ledger).as_posix() for path in sorted(ledger.glob("segments/*.parquet")))
    found = [named[0] for name in names if (named := Segment.from_name(name))]
    looks = [segment for segment in found if segment.relation == "consultation"]
    if not looks:
        raise StoreError(
            expected="a ledger with at least one look",
            found="none",
            remedy="take in a file with consultations first",
        )
    return looks[len(looks) // 2]


def _backdated(stored: pa.Table, row: int) -> pa.Table:
    times = stored.column("looked_at").combine_chunks()
    moments = times.cast(pa.int64()).to_numpy(zero_copy_only=False).copy()
    moments[row] -= _A_WEEK
    changed = pa.array(moments).cast(times.type)
    return stored.set_column(
        stored.schema.get_field_index("looked_at"), stored.schema.field("looked_at"), changed
    )
