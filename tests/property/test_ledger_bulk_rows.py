# SPDX-License-Identifier: EUPL-1.2
"""Many rows at once, there and back: the columnar reader against the one that reads a row at a time."""

import itertools
from hashlib import sha256
from itertools import accumulate

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.errors import MalformedProofError
from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.commitments import commitments_of, commitments_with, salts_at, salts_of
from rekenschap.ledger.rows.decoding import decode
from rekenschap.ledger.rows.encoding import Halves, Layout, Values, encode, field, layout_of
from rekenschap.ledger.rows.reading import columns_in, decode_columns
from rekenschap.model.columns import Relation, count, flag, raw, relation, text, time, token
from rekenschap.tables import fact_schema, halves
from tests.ael1 import HEAD, reference
from tests.property.test_ledger_encoding import Rows, tables

SECRET = bytes(range(32))
PLAIN = relation(
    "trial", "seen_at", "rows to encode",
    time("seen_at", "when"), token("staff", "who"), text("place", "where"),
    count("size", "how much", unit="bytes"), flag("open", "or not"), raw("trace", "trace", width=8),
)  # fmt: skip


def offsets_of(rows: list[bytes]) -> np.ndarray:
    return np.array([0, *accumulate(map(len, rows))], dtype=np.int64)


def values_in(columns: list[pa.Array]) -> list[tuple[object, ...]]:
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


@given(tables())
def test_many_rows_read_as_one_row_does(drawn: tuple[Layout, Rows]):
    layout, rows = drawn
    encoded = [reference(row, layout) for row in rows]
    found = columns_in(b"".join(encoded), offsets_of(encoded), layout, head=HEAD)
    assert values_in(found) == [decode(row, layout) for row in encoded]


@given(tables(), st.data())
def test_rows_may_begin_anywhere_in_their_bytes(drawn: tuple[Layout, Rows], data: st.DataObject):
    layout, rows = drawn
    first = data.draw(st.integers(0, len(rows) - 1))
    encoded = [reference(row, layout) for row in rows]
    found = columns_in(b"".join(encoded), offsets_of(encoded)[first:], layout, head=HEAD)
    assert values_in(found) == [decode(row, layout) for row in encoded[first:]]


@given(tables(), st.data())
def test_a_changed_byte_is_refused_just_when_one_row_refuses_it(
    drawn: tuple[Layout, Rows], data: st.DataObject
):
    layout, rows = drawn
    encoded = [reference(row, layout) for row in rows]
    number = data.draw(st.integers(0, len(rows) - 1))
    changed = bytearray(encoded[number])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    encoded[number] = bytes(changed)
    try:
        expected = [decode(row, layout) for row in encoded]
        if changed[: len(HEAD)] != HEAD:
            raise MalformedProofError(expected="this head", found="another", remedy="none")
    except MalformedProofError:
        with pytest.raises(MalformedProofError):
            columns_in(b"".join(encoded), offsets_of(encoded), layout, head=HEAD)
    else:
        found = columns_in(b"".join(encoded), offsets_of(encoded), layout, head=HEAD)
        assert values_in(found) == expected


@given(tables(), st.integers(1, 40), st.booleans())
def test_rows_cut_at_other_places_are_refused(drawn: tuple[Layout, Rows], by: int, at_the_end: bool):
    layout, rows = drawn
    encoded = [reference(row, layout) for row in rows]
    offsets = offsets_of(encoded)
    offsets[-1 if at_the_end else 0] += -by if at_the_end else by
    with pytest.raises(MalformedProofError):
        columns_in(b"".join(encoded), offsets, layout, head=HEAD)


@pytest.mark.parametrize("beyond", [1, -1])
def test_rows_beyond_their_bytes_are_refused(beyond: int):
    encoded = reference((b"abc",), (field(Form.VAR),))
    offsets = np.array([0, len(encoded)]) + beyond
    with pytest.raises(MalformedProofError):
        columns_in(encoded, offsets, (field(Form.VAR),), head=HEAD)


def test_no_rows_give_empty_columns():
    found = columns_in(b"", np.array([0]), (field(Form.VAR), field(Form.I64), field(Form.FLAG)), head=HEAD)
    assert [len(column) for column in found] == [0, 0, 0]


def facts_with(nulls: tuple[bool, ...], rows: int) -> pa.Table:
    one = {
        "fact_id": bytes(16), "source": "s", "recorded_at": 1, "seen_at": 2, "staff": b"0123456789abcdef",
        "place": "café", "size": -3, "open": True, "trace": b"01234567",
    }  # fmt: skip
    for name, empty in zip(PLAIN.names, nulls, strict=True):
        one[name] = None if empty else one[name]
    schema = pa.schema([pa.field(each.name, each.type) for each in fact_schema(PLAIN)])
    return pa.Table.from_pylist([one] * rows, schema=schema)


def test_facts_come_back_with_every_pattern_of_nulls():
    required = [c.required for c in PLAIN]
    for nulls in itertools.product((False, True), repeat=len(required)):
        if any(empty and must for empty, must in zip(nulls, required, strict=True)):
            continue
        facts = facts_with(nulls, 3)
        rows = encode([facts.column(name) for name in PLAIN.names], layout_of(PLAIN.columns), head=HEAD)
        assert decode_columns(rows.blob, rows.offsets, PLAIN, head=HEAD).to_pydict() == facts.to_pydict()


def test_text_that_is_not_utf8_is_refused():
    small: Relation = relation("small", "recorded_at", "one text", text("place", "where"))
    row = reference((bytes(16), b"s", 1, b"\xff\xfe"), layout_of(small.columns))
    with pytest.raises(MalformedProofError):
        decode_columns(row, offsets_of([row]), small, head=HEAD)


def test_halves_give_the_bytes_of_the_token():
    tokens = pa.array([bytes(range(16)), None, b"\xff" * 16, bytes(16)], pa.binary(16))
    layout = (field(Form.BYTES, 16),)
    as_halves: list[Values] = [Halves(*halves(tokens))]
    assert encode(as_halves, layout, head=HEAD).blob == encode([tokens], layout, head=HEAD).blob


@given(st.lists(st.integers(0, 300), min_size=1, unique=True).map(sorted))
def test_a_row_has_the_salt_of_its_place(places: list[int]):
    layout, column = (field(Form.I64),), pa.array(range(len(places)), pa.int64())
    every = salts_of(SECRET, places[-1] + 1)
    wanted = b"".join(every[16 * place : 16 * place + 16] for place in places)
    assert salts_at(SECRET, np.array(places)) == wanted
    found = commitments_of([column], layout, head=HEAD, secret=SECRET, places=np.array(places))
    assert found == commitments_with([column], layout, head=HEAD, salts=wanted)
    rows = [reference((number,), layout) for number in range(len(places))]
    salted = (wanted[16 * number : 16 * number + 16] + row for number, row in enumerate(rows))
    assert found == b"".join(sha256(message).digest() for message in salted)


@given(
    st.lists(st.tuples(*(st.sampled_from(["", "BRP", "café", None]) for _ in range(3))), max_size=60),
    st.integers(0, 5),
)
def test_words_from_dictionaries_give_the_bytes_of_plain_texts(
    rows: list[tuple[str | None, ...]], start: int
):
    layout = (field(Form.VAR), field(Form.I64), field(Form.VAR), field(Form.VAR))
    texts = [pa.array([row[at] for row in rows] * 6, pa.string()) for at in range(3)]
    numbers = pa.array(range(len(rows) * 6), pa.int64())
    plain = [texts[0], numbers, texts[1], texts[2]]
    coded = [c.dictionary_encode() if pa.types.is_string(c.type) else c for c in plain]
    wanted = encode([c.slice(start) for c in plain], layout, head=HEAD)
    found = encode([c.slice(start) for c in coded], layout, head=HEAD)
    assert found.blob == wanted.blob
    assert found.offsets.tolist() == wanted.offsets.tolist()
