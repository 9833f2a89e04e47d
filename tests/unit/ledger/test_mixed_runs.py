# SPDX-License-Identifier: EUPL-1.2
"""Runs of entries in which relations alternate, as a sequencer leaves them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.adapters.anchors import MemoryAnchor
from rekenschap.adapters.stores import MemoryStore
from rekenschap.errors import RefusedError, StoreError, WrongLeafError
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.prove import prove, verify
from rekenschap.ledger.sealing import new_secret, store_run
from rekenschap.ledger.segments import SCHEMA_RELATION, SCHEMA_SHAPE, Part, Segment, shape_for
from rekenschap.ledger.tiles import Edge
from rekenschap.ledger.writer import begin
from rekenschap.model.relations import CONSULTATION, ZAAK
from rekenschap.model.schema_text import schema_text
from rekenschap.tables import fact_schema
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import leaf_hashes
from rekenschap.tlog.note import sign_note
from tests.ledgers import KEYS, ORIGIN, facts, verifiers

LOOKS, ZAKEN = 40, 25


def mixed() -> tuple[MemoryStore, MemoryAnchor]:
    """Make a ledger of one run: two schemas, then looks and zaken by turns."""
    store, anchor = MemoryStore(), MemoryAnchor()
    begin(store=store, anchor=anchor, keys=KEYS, origin=ORIGIN)
    places = np.random.default_rng(1).permutation(LOOKS + ZAKEN).astype(np.int32) + 2
    schemas = [{"schema_no": n, "text": schema_text(each)} for n, each in enumerate((CONSULTATION, ZAAK), 1)]
    parts = [
        Part(
            shape=SCHEMA_SHAPE,
            rows=pa.Table.from_pylist(schemas, schema=fact_schema(SCHEMA_RELATION)),
            places=np.array([0, 1], np.int32),
        ),
        Part(
            shape=shape_for(CONSULTATION, 1), rows=facts(CONSULTATION, LOOKS), places=np.sort(places[:LOOKS])
        ),
        Part(shape=shape_for(ZAAK, 2), rows=facts(ZAAK, ZAKEN), places=np.sort(places[LOOKS:])),
    ]
    run, pack = store_run(store, parts, first=0, secret=new_secret(store, 0))
    edge, tiles = Edge().grow(leaf_hashes(pack))
    for tile, hashes in tiles.items():
        store.put(tile.path, hashes)
    checkpoint = Checkpoint(origin=ORIGIN, size=run.end, root=edge.root())
    note = sign_note(checkpoint.to_text(), KEYS.signers(ORIGIN)).to_bytes()
    anchor.swap(expected=0, size=run.end, note=note)
    store.replace("checkpoint", note)
    return store, anchor


def test_a_mixed_run_is_checked_whole():
    store, anchor = mixed()
    report = check(store, anchor=anchor, verifiers=verifiers())
    assert dict(report.entries) == {"schema": 2, "consultation": LOOKS, "zaak": ZAKEN}


def test_each_relation_comes_back_with_its_own_entries():
    store, anchor = mixed()
    ledger = Ledger.open(store=store, anchor=anchor)
    looks, zaken = ledger.facts("consultation"), ledger.facts("zaak")
    assert looks.table.equals(facts(CONSULTATION, LOOKS))
    assert zaken.table.equals(facts(ZAAK, ZAKEN))
    assert sorted([*looks.entries.to_pylist(), *zaken.entries.to_pylist()]) == [*range(2, 2 + LOOKS + ZAKEN)]


def test_reading_as_of_a_size_inside_a_run_stops_there():
    store, anchor = mixed()
    ledger = Ledger.open(store=store, anchor=anchor)
    for size in (0, 2, 3, 30, ledger.size):
        found = [*ledger.facts("consultation", size=size).entries.to_pylist()]
        found += ledger.facts("zaak", size=size).entries.to_pylist()
        assert sorted(found) == [*range(2, size)]


def test_every_entry_of_a_mixed_run_is_proven():
    store, anchor = mixed()
    ledger = Ledger.open(store=store, anchor=anchor, keys=KEYS)
    for entry in range(ledger.size):
        assert verify(prove(ledger, entry), verifiers()).entry == entry


def test_a_part_that_is_gone_is_an_alarm_at_its_first_entry():
    store, anchor = mixed()
    ledger = Ledger.open(store=store, anchor=anchor)
    first = ledger.facts("zaak").entries[0].as_py()
    store.remove(Segment(first=0, relation="zaak", rows=67, mixed=True).parquet)
    with pytest.raises(WrongLeafError) as alarm:
        check(store, anchor=anchor, verifiers=verifiers())
    assert alarm.value.entry == first
    with pytest.raises(RefusedError, match="erased, or the ledger is damaged"):
        Ledger.open(store=store, anchor=anchor).row(first)


def test_facts_follow_a_mixed_run():
    store, anchor = mixed()
    ledger = Ledger.open(store=store, anchor=anchor, keys=KEYS)
    ledger.append([(ZAAK, facts(ZAAK, 3, seed=9))])
    assert check(store, anchor=anchor, verifiers=verifiers()).size == 70


def test_bulk_waits_for_what_is_not_sealed_yet():
    store, anchor = mixed()
    size, note = anchor.history()[-1]
    leaf = bytes(32)
    store.put("tail/00000000000000000067-1.pack", leaf)
    edge, _ = Edge().grow(leaf_hashes(store.get("segments/00000000000000000000-67.pack") + leaf))
    checkpoint = Checkpoint(origin=ORIGIN, size=size + 1, root=edge.root())
    note = sign_note(checkpoint.to_text(), KEYS.signers(ORIGIN)).to_bytes()
    anchor.swap(expected=size, size=size + 1, note=note)
    ledger = Ledger.open(store=store, anchor=anchor, keys=KEYS)
    assert (ledger.size, ledger.checkpoint.size) == (67, 68)
    assert verify(prove(ledger, 5), verifiers()).size == 68
    with pytest.raises(StoreError, match="journal of a sequencer"):
        ledger.append([(ZAAK, facts(ZAAK, 3, seed=9))])
