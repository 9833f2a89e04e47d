# SPDX-License-Identifier: EUPL-1.2
"""The latest time of recording in a ledger: what is appended next may lie a minute before it, not more."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rekenschap.errors import InconsistentError
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.journal import Found, Frame
from rekenschap.ledger.reading.clock import NEVER
from rekenschap.ledger.rows.encoded import offsets_of
from rekenschap.ledger.segments import KIND_SCHEMA
from rekenschap.ledger.sequencer.preparing import form_of


def newest_in(found: Found, schemas: Schemas) -> int:
    """Give the latest time of recording in the journal."""
    times = [_newest(frame, schemas) for frame in found.frames if frame.kind != KIND_SCHEMA]
    return max(times, default=NEVER)


def survivors(found: Found, schemas: Schemas) -> frozenset[bytes]:
    """Give the identities of the facts in the journal: who offered them may not have heard of it.

    Raises InconsistentError when one stands there twice: no sequencer writes that, so somebody else did.
    """
    seen: dict[bytes, int] = {}
    for frame in found.frames:
        if frame.kind != KIND_SCHEMA:
            rows = _bytes_at(frame, form_of(schemas.shape(frame.schema_no)).fact_id, 16)
            for entry, row in enumerate(rows, frame.first):
                first = seen.setdefault(bytes(row), entry)
                if first != entry:
                    raise InconsistentError(
                        expected="each fact once in the journal",
                        found=f"one identity at entries {first} and {entry}",
                        remedy="keep the journal as evidence; what is signed is safe, nothing was changed",
                        entry=entry,
                    )
    return frozenset(seen)


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
