# SPDX-License-Identifier: EUPL-1.2
"""What must go beside the ledger when a person is forgotten or facts are erased: no more, no less.

Sealed records, and everything that was derived before: findings, rows for pages, what citizens are offered.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Set
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.audit.citizens.offering import OFFERED, PLACE, offer
from rekenschap.audit.deriving import derive, newest_in
from rekenschap.audit.deriving.reading import DERIVED, LATEST
from rekenschap.audit.desk.people import reading
from rekenschap.errors import RefusedError
from rekenschap.house import House
from rekenschap.intake.private.records import RECORDS, SealedRecords
from rekenschap.ledger import Ledger
from rekenschap.model.columns import RECORD, Kind, Relation
from rekenschap.model.custody import ERASURE_DONE
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


def renew_derived(house: House, *, now: datetime) -> bool:
    """Derive anew after an erasure, offer citizens anew, and take away what was made of what went.

    Says whether there was a derivation. Where no look is left, all of it goes.
    """
    if not (house.root / DERIVED / LATEST).is_file():
        return False
    try:
        derive(house, seed=int(newest_in(house.root).rpartition("-")[2]), now=now)
    except RefusedError:
        shutil.rmtree(house.root / DERIVED)
        shutil.rmtree(house.root / PLACE / OFFERED, ignore_errors=True)
        return True
    if (house.root / PLACE / OFFERED / LATEST).is_file():
        offer(house.root, now=now)
        drop_older(house.root / PLACE / OFFERED)
    drop_older(house.root / DERIVED)
    return True


def drop_outdated(house: House) -> int:
    """Take away derivations from before the last erasure that was finished; gives how many went.

    Whoever finished it may not have derived anew: a program that took facts in after a crash, say.
    """
    done = reading(house).facts(ERASURE_DONE.name).entries
    last, place = pc.max(done).as_py(), house.root / DERIVED
    if last is None or not (place / LATEST).is_file():
        return 0
    newest = newest_in(house.root)
    if _size_of(newest) <= last:
        return 0  # the next derivation is the first without it
    return drop_older(place, but=lambda name: _size_of(name) > last)


def drop_older(place: Path, *, but: Callable[[str], bool] = lambda name: False) -> int:
    """Take away all that was made in a place but the newest, and what `but` says; gives how many went."""
    newest = (place / LATEST).read_text(encoding="ascii").strip()
    older = [each for each in place.iterdir() if each.is_dir() and each.name != newest]
    gone = [each for each in older if not each.name.startswith(".") and not but(each.name)]
    for each in gone:
        shutil.rmtree(each)
    return len(gone)


def _size_of(name: str) -> int:
    """Give of how many entries a derivation was made, by its name."""
    size = name.partition("-")[0]
    return int(size) if size.isdigit() else 0


def _with_records(ledger: Ledger) -> Iterator[tuple[Relation, pa.Table]]:
    for name, relation in RELATIONS.items():
        if RECORD in relation:
            facts = ledger.facts(name)
            if RECORD in facts.table.column_names:
                yield facts.relation, facts.table
