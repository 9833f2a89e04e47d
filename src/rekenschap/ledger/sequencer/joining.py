# SPDX-License-Identifier: EUPL-1.2
"""Encodes what several producers offered at the same time in one go: columns cost the same to set up for
one batch as for all that wait, and one thread that does it all waits for no other. Only who offered a wrong
one is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import pyarrow as pa

from rekenschap.errors import RefusedError
from rekenschap.ledger.journal import Batch
from rekenschap.ledger.rows.batches import Written, write_batch
from rekenschap.ledger.rows.encoded import offsets_of
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
    if 0 < count <= _MOST_ROWS and rows.schema.equals(form.schema):
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
        if len(some) == 1 or not _joined(some):
            for batch, offer in some:
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
    parts = [part for _, offer in some for part in offer.parts]
    try:
        whole = pa.concat_batches(parts)
        written = _written(form, whole)
    except pa.ArrowInvalid:  # together too large
        return False
    if written is None:
        return False
    ends = [0, *accumulate(counts)]
    bytes_at = offsets_of(written.lengths)[ends].tolist()
    names, times = names_in(whole.column(form.name_at)), times_in(whole.column(form.time_at))
    spans = [each.reduceat(times, ends[:-1]).tolist() for each in (np.minimum, np.maximum)]
    for (batch, _), (start, end), (low, high), span in zip(
        some, pairwise(ends), pairwise(bytes_at), zip(*spans, strict=True), strict=True
    ):
        batch.fill(written.lengths[4 * start : 4 * end], written.blob[low:high])
        batch.identities, batch.times = names[start:end], span
        if span[0] != span[1]:
            try:
                check_times(times[start:end])
            except RefusedError as error:
                batch.error = error
    return True


def _written(form: Form, whole: pa.RecordBatch) -> Written | None:
    """Encode rows; None when something is not as it should be, or there are so few that columns cost more."""
    if form.quick is not None:
        return write_batch(whole, form.quick)
    columns = sound(form, whole) if whole.num_rows > FEW else None
    if columns is None:
        return None
    encoded = encode(columns, form.layout, head=form.head)
    return Written(lengths_of(encoded), encoded.blob)


def _alone(batch: Batch, offer: Offered) -> None:
    try:
        found = batch_of(offer.form, offer.rows)
    except RefusedError as error:
        batch.error = error
        return
    batch.fill(found.lengths, found.blob)
    batch.identities, batch.times = found.identities, found.times
