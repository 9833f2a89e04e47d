# SPDX-License-Identifier: EUPL-1.2
"""What must go of the sealed records when a person is forgotten or facts are erased: no more, no less."""

from __future__ import annotations

from collections.abc import Iterator, Set

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.house import House
from rekenschap.intake.private.records import RECORDS, SealedRecords
from rekenschap.ledger import Ledger
from rekenschap.model.columns import RECORD, Kind, Relation
from rekenschap.model.relations import RELATIONS
from rekenschap.tables import TOKEN_WIDTH

_ON_ITS_WAY = 3_600_000_000
"""An hour in microseconds: a record is sealed a moment before its fact is in the ledger."""


def records_of(house: House) -> SealedRecords | None:
    """Give the sealed records of a house, when it has any."""
    if not (house.sealed_path / RECORDS).is_dir():
        return None
    return SealedRecords(house.sealed_path, cipher=AesGcm(), sealing_key=house.keys.sealing_key())


def forget_records(records: SealedRecords, ledger: Ledger, pseudonyms: Set[bytes]) -> int:
    """Take away the record of every fact that names one of these people or things; gives how many went."""
    named = pa.array(sorted(pseudonyms), pa.binary(TOKEN_WIDTH))
    gone: set[bytes] = set()
    for relation, facts in _with_records(ledger):
        for column in relation:
            if column.kind is Kind.TOKEN and column.name != RECORD and column.name in facts.column_names:
                about = facts.filter(pc.is_in(facts.column(column.name), value_set=named))
                gone.update(about.column(RECORD).drop_null().to_pylist())
    return records.forget(gone) if gone else 0


def drop_records_without_facts(records: SealedRecords, ledger: Ledger, *, now: int) -> int:
    """Take away the records whose facts are no longer in the ledger; gives how many went."""
    held = [facts.column(RECORD).combine_chunks().drop_null() for _, facts in _with_records(ledger)]
    tokens = pa.concat_arrays([pa.array([], pa.binary(TOKEN_WIDTH)), *held])
    return records.keep_only(tokens, before=now - _ON_ITS_WAY)


def _with_records(ledger: Ledger) -> Iterator[tuple[Relation, pa.Table]]:
    for name, relation in RELATIONS.items():
        if RECORD in relation:
            facts = ledger.facts(name)
            if RECORD in facts.table.column_names:
                yield facts.relation, facts.table
