# SPDX-License-Identifier: EUPL-1.2
"""The latest time of recording in a ledger: what is appended next may lie a minute before it, not more."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.journal import Found, Frame
from rekenschap.ledger.manifest import Manifest
from rekenschap.ledger.rows.encoded import offsets_of
from rekenschap.ledger.segments import KIND_SCHEMA, SCHEMA_NAME
from rekenschap.ledger.sequencer.preparing import CLOCK_TOLERANCE, form_of
from rekenschap.ledger.state import read_columns
from rekenschap.seams.store import Store

NEVER = -(1 << 62)
"""Earlier than any time of recording."""


def newest_in(found: Found, schemas: Schemas) -> int:
    """Give the latest time of recording in the journal."""
    times = [_newest(frame, schemas) for frame in found.frames if frame.kind != KIND_SCHEMA]
    return max(times, default=NEVER)


def newest_sealed(store: Store, manifest: Manifest) -> int:
    """Give the latest time of recording in the segments.

    It lies at most the tolerance after any later one, so the last few segments tell it.
    """
    newest = NEVER
    for segment in reversed(manifest.segments):
        if segment.relation != SCHEMA_NAME:
            times = read_columns(store, segment, ["recorded_at"]).column(0).cast(pa.int64())
            span = pc.min_max(times).as_py()
            if span["max"] is not None:
                newest = max(newest, span["max"])
                if span["min"] < newest - CLOCK_TOLERANCE:
                    break
    return newest


def survivors(found: Found, schemas: Schemas) -> frozenset[bytes]:
    """Give the identities of the facts in the journal: who offered them may not have heard of it."""
    return frozenset(
        bytes(row)
        for frame in found.frames
        if frame.kind != KIND_SCHEMA
        for row in _bytes_at(frame, form_of(schemas.shape(frame.schema_no)).fact_id, 16)
    )


def _newest(frame: Frame, schemas: Schemas) -> int:
    at = form_of(schemas.shape(frame.schema_no)).recorded_at
    return int(_bytes_at(frame, at, 8).view(">i8").max())


def _bytes_at(frame: Frame, at: int, width: int) -> npt.NDArray[np.uint8]:
    """Give `width` bytes of each row of a frame, from byte `at` of the row on."""
    starts = offsets_of(frame.lengths)[:-1] + at
    found: npt.NDArray[np.uint8] = np.frombuffer(frame.blob, dtype=np.uint8)[
        starts[:, np.newaxis] + np.arange(width)
    ]
    return found
