# SPDX-License-Identifier: EUPL-1.2
"""Append and read back: what comes out is what went in, as of the checkpoint that was asked for."""

from dataclasses import replace

import pyarrow as pa
import pytest

from rekenschap.adapters.anchors import MemoryAnchor
from rekenschap.adapters.stores import MemoryStore
from rekenschap.errors import ConfigurationError, RefusedError, StoreError
from rekenschap.ledger import Ledger, Receipt
from rekenschap.ledger.check import check
from rekenschap.ledger.identity import with_identity
from rekenschap.model.columns import Kind, Relation, text
from rekenschap.model.relations import CONSULTATION, RELATIONS, ZAAK
from tests.ledgers import KEYS, ORIGIN, RECORDED_AT, content, facts, memory_ledger, verifiers


def test_a_new_ledger_has_a_signed_checkpoint_of_size_zero():
    ledger, store, anchor = memory_ledger()
    assert ledger.size == 0
    assert ledger.checkpoint.origin == ORIGIN
    assert anchor.latest() == (0, ledger.note)
    assert check(store, anchor=anchor, verifiers=verifiers()).entries == {}


@pytest.mark.parametrize("name", sorted(RELATIONS))
def test_facts_of_every_relation_come_back(name: str):
    ledger, store, anchor = memory_ledger()
    rows = facts(RELATIONS[name], 30)
    assert ledger.append([(RELATIONS[name], rows)]) == Receipt(first=0, size=31)
    found = ledger.facts(name)
    assert found.relation == RELATIONS[name]
    assert found.table.equals(rows)
    assert found.entries.to_pylist() == list(range(1, 31))
    assert check(store, anchor=anchor, verifiers=verifiers()).entries == {"schema": 1, name: 30}


def test_facts_are_read_as_of_a_checkpoint():
    ledger, _, _ = memory_ledger()
    first = ledger.append([(CONSULTATION, facts(count=5))])
    second = ledger.append([(ZAAK, facts(ZAAK, 4)), (CONSULTATION, facts(count=3, seed=2))])
    assert (first, second) == (Receipt(first=0, size=6), Receipt(first=6, size=14))
    assert ledger.facts("consultation", size=first.size).entries.to_pylist() == [1, 2, 3, 4, 5]
    assert ledger.facts("consultation").entries.to_pylist() == [1, 2, 3, 4, 5, 11, 12, 13]
    assert ledger.facts("zaak", size=first.size).table.num_rows == 0
    assert ledger.facts("consultation", size=0).table.num_rows == 0
    assert ledger.facts("consultation", size=3).entries.to_pylist() == [1, 2]
    for size in (-1, 15):
        with pytest.raises(RefusedError):
            ledger.facts("consultation", size=size)


def test_a_relation_without_facts_is_an_empty_table():
    ledger, _, _ = memory_ledger()
    found = ledger.facts("contact")
    assert found.table.num_rows == 0
    assert found.table.column_names == list(RELATIONS["contact"].names)
    with pytest.raises(RefusedError):
        ledger.facts("weather")


def test_empty_tables_add_nothing():
    ledger, _, anchor = memory_ledger()
    assert ledger.append([]) == Receipt(first=0, size=0)
    assert ledger.append([(CONSULTATION, facts(count=1).slice(0, 0))]) == Receipt(first=0, size=0)
    assert len(anchor.history()) == 1


def test_known_facts_are_recognised():
    ledger, _, _ = memory_ledger()
    rows, others = facts(count=5), facts(count=3, seed=8)
    ledger.append([(CONSULTATION, rows)])
    asked = pa.concat_tables([rows.slice(2, 2), others])
    assert ledger.known(CONSULTATION, asked).to_pylist() == [True, True, False, False, False]


@pytest.mark.parametrize("name", sorted(RELATIONS))
def test_every_fact_of_every_segment_is_known(name: str):
    relation = RELATIONS[name]
    ledger, _, _ = memory_ledger()
    parts = [facts(relation, 12, seed=seed) for seed in range(4)]
    for part in parts:
        ledger.append([(relation, part)])
    for part in parts:
        for row in range(len(part)):
            assert ledger.known(relation, part.slice(row, 1)).to_pylist() == [True]
    assert ledger.known(relation, facts(relation, 12, seed=9)).true_count == 0


def moved_to(moment: int | None, seed: int, relation: Relation = RELATIONS["task"]) -> pa.Table:
    """Six facts that all happened at one moment, or nobody knows when."""
    said = content(relation, 6, seed)
    place = said.column_names.index(relation.happened)
    moments = pa.array([moment] * 6, said.schema.field(relation.happened).type)
    return with_identity(
        said.set_column(place, relation.happened, moments), relation, recorded_at=RECORDED_AT
    )


def test_a_fact_without_its_moment_is_known_too():
    task = RELATIONS["task"]
    ledger, _, _ = memory_ledger()
    dated, undated = moved_to(7, 3), moved_to(None, 3)
    ledger.append([(task, dated)])
    assert ledger.known(task, undated).true_count == 0
    ledger.append([(task, undated)])
    assert ledger.known(task, pa.concat_tables([undated, dated])).true_count == 12


def test_a_search_passes_over_facts_of_another_time():
    ledger, store, _ = memory_ledger()
    early, late = moved_to(7, 3, CONSULTATION), moved_to(8, 4, CONSULTATION)
    ledger.append([(CONSULTATION, early)])
    ledger.append([(CONSULTATION, late)])
    assert ledger.known(CONSULTATION, late).true_count == 6
    store.remove(ledger.opened(1).segment.parquet)
    assert ledger.known(CONSULTATION, late).true_count == 6
    with pytest.raises(StoreError):
        ledger.known(CONSULTATION, early)


def test_the_same_fact_has_the_same_identity_whenever_it_comes_in():
    rows = content(CONSULTATION, 6, 3)
    once = with_identity(rows, CONSULTATION, recorded_at=RECORDED_AT)
    again = with_identity(rows.slice(2), CONSULTATION, recorded_at=RECORDED_AT + 1)
    assert once.column("fact_id").slice(2).to_pylist() == again.column("fact_id").to_pylist()
    later = with_identity(
        rows, replace(CONSULTATION, version=CONSULTATION.version + 1), recorded_at=RECORDED_AT
    )
    assert not set(later.column("fact_id").to_pylist()) & set(once.column("fact_id").to_pylist())
    assert len(set(once.column("fact_id").to_pylist())) == 6


def test_content_of_another_shape_has_no_identity():
    with pytest.raises(RefusedError):
        with_identity(content(ZAAK, 2, 1), CONSULTATION, recorded_at=RECORDED_AT)


def test_one_entry_is_ready_to_print():
    ledger, _, _ = memory_ledger()
    rows = facts(count=3)
    ledger.append([(CONSULTATION, rows)])
    found = ledger.row(2)
    assert found.relation.name == "consultation"
    assert found.recorded_at == RECORDED_AT
    assert found.values["recorded_at"] == "2026-09-21T14:13:20Z"
    assert isinstance(found.values["staff"], str)
    assert len(str(found.values["staff"])) == 22
    assert found.values["source"] == rows.column("source")[1].as_py()
    assert ledger.row(0).values["schema_no"] == 1
    for entry in (-1, 4):
        with pytest.raises(RefusedError):
            ledger.row(entry)


def test_a_schema_stands_in_the_ledger_once():
    ledger, _, _ = memory_ledger()
    for seed in range(3):
        ledger.append([(CONSULTATION, facts(count=2, seed=seed))])
    assert ledger.size == 7


def newer(*names: str, drop: str = "") -> object:
    kept = tuple(c for c in CONSULTATION.columns if c.name != drop)
    return replace(CONSULTATION, version=2, columns=(*kept, *(text(name, "new") for name in names)))


def test_an_old_schema_is_read_as_it_was_written():
    """The program now has another version; facts of the old one come out with the columns of the last."""
    ledger, store, anchor = memory_ledger()
    ledger.append([(CONSULTATION, facts(count=2))])
    second = newer("channel", drop="fields")
    ledger.append([(second, facts(second, 3))])
    found = ledger.facts("consultation")
    assert found.relation.version == 2
    assert found.table.num_rows == 5
    assert found.table.column("channel").null_count >= 2
    assert "fields" not in found.table.column_names
    assert ledger.facts("consultation", size=3).relation == CONSULTATION
    assert [ledger.row(entry).values.get("channel", "none") for entry in (1, 2)] == ["none", "none"]
    assert check(store, anchor=anchor, verifiers=verifiers()).size == 7


def test_a_column_that_changed_its_kind_is_told():
    ledger, _, _ = memory_ledger()
    ledger.append([(CONSULTATION, facts(count=2))])
    columns = tuple(replace(c, kind=Kind.COUNT) if c.name == "fields" else c for c in CONSULTATION.columns)
    second = replace(CONSULTATION, version=2, columns=columns)
    ledger.append([(second, facts(second, 2))])
    with pytest.raises(StoreError, match="column fields"):
        ledger.facts("consultation")


def test_facts_that_do_not_fit_are_refused_and_nothing_stays():
    ledger, store, _ = memory_ledger()
    before = store.names()
    rows = facts(count=2)
    hollow = rows.set_column(1, rows.schema.field(1), pa.array([None, "x"], pa.string()))
    torn = rows.set_column(
        1, rows.schema.field(1), pa.array([b"\xff", b"x"]).cast(pa.binary()).view(pa.string())
    )
    for bad in (facts(ZAAK, 2), rows.drop_columns(["fields"]), hollow, torn):
        with pytest.raises(RefusedError):
            ledger.append([(ZAAK, facts(ZAAK, 3)), (CONSULTATION, bad)])
    assert store.names() == before
    assert ledger.size == 0


@pytest.mark.parametrize("name", ["schema", "Looks", "../x", ""])
def test_a_relation_that_cannot_be_a_file_name_is_refused(name: str):
    ledger, _, _ = memory_ledger()
    with pytest.raises(RefusedError):
        ledger.append([(replace(CONSULTATION, name=name), facts(count=1))])


def test_nothing_is_appended_without_keys():
    _, store, anchor = memory_ledger()
    readers = Ledger.open(store=store, anchor=anchor), Ledger.open(store=store, anchor=None, keys=KEYS)
    for reader in readers:
        with pytest.raises(ConfigurationError):
            reader.append([(CONSULTATION, facts())])


def test_a_second_ledger_in_one_place_is_refused():
    ledger, store, anchor = memory_ledger()
    with pytest.raises(StoreError, match="a place without a ledger"):
        Ledger.create(store=store, anchor=anchor, keys=KEYS, origin=ORIGIN)
    assert ledger.size == 0


@pytest.mark.parametrize(
    ("top", "said"),
    [
        (None, "found no ledger.json"),
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "another format"),
        (
            b'{"format":"rekenschap-ledger","origin":"x","version":3}',
            "found version 3; use a newer rekenschap",
        ),
        (b'{"format":"rekenschap-ledger","origin":"x","version":true}', "ledger of version 1 up to 2"),
        (b'{"format":"rekenschap-ledger","origin":"x","version":2.0}', "found no version number"),
        (b'{"format":"rekenschap-ledger","version":1}', "without an origin"),
    ],
)
def test_what_is_no_ledger_is_said_in_one_sentence(top: bytes | None, said: str):
    store = MemoryStore({} if top is None else {"ledger.json": top})
    for trial in (
        lambda: Ledger.open(store=store, anchor=MemoryAnchor()),
        lambda: check(store, verifiers=verifiers()),
    ):
        with pytest.raises(StoreError, match=said):
            trial()


def test_rows_of_many_chunks_make_one_segment():
    ledger, store, _ = memory_ledger()
    rows = pa.concat_tables([facts(count=3, seed=seed) for seed in range(4)])
    ledger.append([(CONSULTATION, rows)])
    assert ledger.facts("consultation").table.equals(rows.combine_chunks())
    assert len(store.names("segments/")) == 4


def test_long_tables_are_cut_into_segments(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rekenschap.ledger.writer.MAX_ROWS", 7)
    ledger, store, anchor = memory_ledger()
    rows = facts(count=700)
    ledger.append([(CONSULTATION, rows)])
    assert ledger.facts("consultation").table.equals(rows)
    assert check(store, anchor=anchor, verifiers=verifiers()).segments == 101
