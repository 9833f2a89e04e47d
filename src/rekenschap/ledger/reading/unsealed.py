# SPDX-License-Identifier: EUPL-1.2
"""What a sequencer at work has yet to seal, read beside it from its journal: for who must see what came in
now. Proves nothing and changes nothing; its last rows may not have been acknowledged to anybody yet.

Ask for the frames first and open the ledger after that: whatever was let go of meanwhile is then sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from rekenschap.ledger.facts import Facts, Schemas, joined_versions
from rekenschap.ledger.journal import Frame, first_indexes, frames_in_file
from rekenschap.ledger.rows.decoding import decode
from rekenschap.ledger.rows.encoded import offsets_of
from rekenschap.ledger.rows.reading import decode_columns
from rekenschap.ledger.segments import KIND_SCHEMA, SCHEMA_LAYOUT
from rekenschap.seams.disk import Disk


def frames_in(disk: Disk) -> tuple[Frame, ...]:
    """Give the frames of the journal, in order; some may be sealed already."""
    return tuple(frame for first in first_indexes(disk) for frame in frames_in_file(disk, first))


def facts_in(frames: Sequence[Frame], schemas: Schemas, *, since: int) -> Iterator[Facts]:
    """Give the facts in frames that begin at entry `since` or later, by relation and version of it.

    Raises MalformedProofError. A frame whose schema is not known here is left out.
    """
    known = _with_schemas(frames, schemas)
    fresh = [frame for frame in frames if frame.first >= since]
    numbers = sorted({frame.schema_no for frame in fresh if frame.kind != KIND_SCHEMA} & known.texts.keys())
    for number in numbers:
        same = [frame for frame in fresh if frame.schema_no == number and frame.kind != KIND_SCHEMA]
        shape = known.shape(number)
        rows, offsets = b"".join(f.blob for f in same), offsets_of(b"".join(f.lengths for f in same))
        entries = np.concatenate([np.arange(f.first, f.first + f.rows) for f in same])
        table = decode_columns(rows, offsets, shape.relation, head=shape.head)
        yield Facts(relation=shape.relation, table=table, entries=pa.array(entries, pa.int64()))


def together(sealed: Facts, unsealed: Iterable[Facts]) -> Facts:
    """Put what was sealed of a relation, and what of it was not, in one table."""
    more = [each for each in unsealed if each.relation.name == sealed.relation.name]
    if not more:
        return sealed
    parts = [sealed, *more] if sealed.table.num_rows else more
    relation, table = joined_versions([(each.relation, each.table) for each in parts])
    entries = pa.chunked_array([each.entries for each in parts]).combine_chunks()
    return Facts(relation=relation, table=table, entries=entries)


def _with_schemas(frames: Sequence[Frame], schemas: Schemas) -> Schemas:
    for frame in frames:
        if frame.kind == KIND_SCHEMA:
            ends = offsets_of(frame.lengths).tolist()
            for row in range(frame.rows):
                number, text = decode(frame.blob[ends[row] : ends[row + 1]], SCHEMA_LAYOUT)
                if isinstance(number, int) and isinstance(text, bytes):
                    schemas = schemas.added(number, frame.first + row, text.decode())
    return schemas
