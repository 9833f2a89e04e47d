# SPDX-License-Identifier: EUPL-1.2
"""Encodes what several producers offered at the same time in one go, where no machine code does it for each:
columns cost the same to set up for one batch as for all that wait. Only who offered a wrong one is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import pyarrow as pa

from rekenschap.errors import RefusedError
from rekenschap.ledger.journal import Batch
from rekenschap.ledger.rows.encoding import encode
from rekenschap.ledger.rows.few import FEW
from rekenschap.ledger.sequencer.preparing import (
    Form,
    batch_of,
    check_count,
    check_times,
    lengths_of,
    names_in,
    pair_of,
    sound,
    times_in,
)

_MOST_ROWS, _MOST_BYTES = 512, 1 << 20
"""What is larger is encoded by the thread that offers it: there is little to share, and others would wait."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Facts that were not judged yet, in the columns of their form."""

    form: Form
    rows: pa.Table
    parts: list[pa.RecordBatch]


def offered(form: Form, rows: pa.Table) -> Batch:
    """Make a batch of facts; few are encoded when it is their turn. Raises RefusedError."""
    count = rows.num_rows
    if form.quick is None and 0 < count <= _MOST_ROWS and rows.schema.equals(form.schema):
        parts = rows.to_batches()
        size = _size_of(parts)
        if size is not None and size <= _MOST_BYTES:
            return Batch.later(pair_of(form), Offered(form, rows, parts), rows=count, size=size)
    check_count(count)
    return batch_of(form, rows)


def encode_offered(batches: Iterable[Batch]) -> None:
    """Judge and encode the batches that were only offered; one that is not right gets its error."""
    by_form: dict[int, list[tuple[Batch, Offered]]] = {}
    for batch in batches:
        if isinstance(offer := batch.offered, Offered):
            by_form.setdefault(id(offer.form), []).append((batch, offer))
    for some in by_form.values():
        if not _joined(some):
            for batch, offer in some:
                if not _joined([(batch, offer)]):
                    _alone(batch, offer)


def _size_of(parts: Sequence[pa.RecordBatch]) -> int | None:
    """Say about how many bytes there are; None when a column is so damaged that nobody may join it."""
    try:
        for part in parts:
            part.validate()
        return int(sum(pa.ipc.get_record_batch_size(part) for part in parts))
    except pa.ArrowInvalid:
        return None


def _joined(some: Sequence[tuple[Batch, Offered]]) -> bool:
    """Encode what was offered as one table; says whether that went well, and otherwise did nothing."""
    form, counts = some[0][1].form, [batch.rows for batch, _ in some]
    if sum(counts) <= FEW:
        return False
    parts = [part for _, offer in some for part in offer.parts]
    try:
        columns = sound(form, pa.concat_batches(parts) if len(parts) > 1 else parts[0])
        if columns is None:
            return False
        encoded = encode(columns, form.layout, head=form.head)
    except pa.ArrowInvalid:  # together too large
        return False
    lengths, ends = lengths_of(encoded), [0, *accumulate(counts)]
    bytes_at = encoded.offsets[ends].tolist()
    names, times = names_in(columns[form.name_at]), times_in(columns[form.time_at])
    for (batch, _), (start, end), (low, high) in zip(some, pairwise(ends), pairwise(bytes_at), strict=True):
        batch.fill(lengths[4 * start : 4 * end], encoded.blob[low:high])
        batch.identities = names[start:end]
        mine = times[start:end]
        batch.times = int(mine.min()), int(mine.max())
        if batch.times[0] != batch.times[1]:
            try:
                check_times(mine)
            except RefusedError as error:
                batch.error = error
    return True


def _alone(batch: Batch, offer: Offered) -> None:
    try:
        found = batch_of(offer.form, offer.rows)
    except RefusedError as error:
        batch.error = error
        return
    batch.fill(found.lengths, found.blob)
    batch.identities, batch.times = found.identities, found.times
