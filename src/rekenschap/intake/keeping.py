# SPDX-License-Identifier: EUPL-1.2
"""Holds records from the door until their facts go to the ledger, and then seals those that are new."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.admission import Admitted
from rekenschap.intake.private.records import SealedRecords
from rekenschap.intake.storing import first_of_each
from rekenschap.model.columns import RECORD as TOKEN
from rekenschap.seams.source import RECEIVED, RECORD
from rekenschap.tables import one_chunk


class Keeping:
    """The records of facts on their way in."""

    def __init__(self, sealed: SealedRecords, *, recorded_at: int) -> None:
        self._sealed = sealed
        self._recorded_at = recorded_at
        self._waiting: list[pa.Table] = []

    def add(self, rows: pa.Table, admitted: Admitted) -> None:
        """Hold the records that the facts of one rule were made of."""
        if TOKEN in admitted.content.column_names and RECORD in rows.column_names:
            some = rows.select([name for name in (RECORD, RECEIVED) if name in rows.column_names])
            if not np.array_equal(admitted.rows, np.arange(rows.num_rows)):
                some = some.take(pa.array(admitted.rows))
            records = received(some)
            self._waiting.append(pa.table({"token": admitted.content.column(TOKEN), "record": records}))

    def seal(self, tokens: list[pa.Array]) -> None:
        """Seal those whose tokens are given; on return they are on disk. The others are let go."""
        waiting, self._waiting = self._waiting, []
        wanted = pa.chunked_array(tokens, waiting[0].schema.field("token").type) if waiting else None
        if wanted is None or not len(wanted):
            return
        found = pa.concat_tables(waiting).combine_chunks()
        among = pc.is_in(found.column("token"), value_set=wanted.combine_chunks())
        if not pc.all(among).as_py():
            found = found.filter(among).combine_chunks()
        first = first_of_each(one_chunk(found.column("token")))
        once = found if first.all() else found.filter(pa.array(first))
        if once.num_rows:
            token, record = (one_chunk(once.column(name)) for name in ("token", "record"))
            self._sealed.put(token, record, recorded_at=self._recorded_at)


def received(rows: pa.Table) -> pa.Array:
    """Give the record of each row as it came (binary), whichever of the two columns has it."""
    record = one_chunk(rows.column(RECORD)).cast(pa.binary())
    if RECEIVED not in rows.column_names:
        return record
    told = one_chunk(rows.column(RECEIVED))
    return record if told.null_count == len(told) else pc.coalesce(told.cast(pa.binary()), record)
