# SPDX-License-Identifier: EUPL-1.2
"""The columnar encoder against a reference of fifteen lines that takes one row at a time."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.errors import MalformedProofError
from rekenschap.ledger.rows import encoding
from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.commitments import commitments_of, salts_of
from rekenschap.ledger.rows.decoding import Value, decode
from rekenschap.ledger.rows.encoding import Field, Layout, encode, field
from rekenschap.tlog.hashing import leaf_hashes
from rekenschap.tlog.tree import root_of
from tests.ael1 import HEAD, SIZES, reference

_ARROW = {
    Form.I64: pa.timestamp("us", tz="UTC"),
    Form.U64: pa.uint64(),
    Form.U32: pa.uint32(),
    Form.DAY: pa.date32(),
    Form.FLAG: pa.bool_(),
    Form.VAR: pa.string(),
}


Rows = list[tuple[Value, ...]]


def values_of(each: Field) -> st.SearchStrategy[Value]:
    match each.form:
        case Form.BYTES:
            return st.binary(min_size=each.width, max_size=each.width)
        case Form.VAR:
            return st.text(max_size=12).map(str.encode)
        case Form.FLAG:
            return st.booleans()
        case form:
            size, signed = SIZES[form]
            low, high = (
                (-(1 << 8 * size - 1), (1 << 8 * size - 1) - 1) if signed else (0, (1 << 8 * size) - 1)
            )
            return st.integers(low, high)


fields = st.builds(field, st.sampled_from(list(Form)), st.integers(1, 20))


@st.composite
def tables(draw: st.DrawFn) -> tuple[Layout, Rows]:
    layout = tuple(draw(st.lists(fields, min_size=1, max_size=18)))
    row = st.tuples(*(st.none() | values_of(each) for each in layout))
    return layout, draw(st.lists(row, min_size=1, max_size=12))


def arrays_of(layout: Layout, rows: list[tuple[Value, ...]]) -> list[pa.Array]:
    arrays = []
    for number, each in enumerate(layout):
        values = [row[number] for row in rows]
        if each.form is Form.BYTES:
            arrays.append(pa.array(values, pa.binary(each.width)))
        elif each.form is Form.VAR:
            arrays.append(pa.array([None if v is None else v.decode() for v in values], pa.string()))
        elif each.form is Form.I64:
            arrays.append(pa.array(values, pa.int64()).cast(_ARROW[each.form]))
        elif each.form is Form.DAY:
            arrays.append(pa.array(values, pa.int32()).cast(pa.date32()))
        else:
            arrays.append(pa.array(values, _ARROW[each.form]))
    return arrays


@given(tables())
def test_columns_and_rows_give_the_same_bytes(drawn: tuple[Layout, Rows]):
    layout, rows = drawn
    found = encode(arrays_of(layout, rows), layout, head=HEAD)
    assert [found[at] for at in range(len(found))] == [reference(row, layout) for row in rows]
    assert found.digests() == b"".join(sha256(reference(row, layout)).digest() for row in rows)


@given(tables(), st.data())
def test_slices_and_chunks_make_no_difference(drawn: tuple[Layout, Rows], data: st.DataObject):
    layout, rows = drawn
    start = data.draw(st.integers(0, len(rows) - 1))
    arrays = arrays_of(layout, rows)
    sliced = encode([array.slice(start) for array in arrays], layout, head=HEAD)
    assert [sliced[at] for at in range(len(sliced))] == [reference(row, layout) for row in rows[start:]]
    chunked = [pa.chunked_array([array.slice(0, start), array.slice(start)]) for array in arrays]
    assert encode(chunked, layout, head=HEAD).blob == b"".join(reference(row, layout) for row in rows)


@given(tables())
def test_offsets_beyond_two_gigabytes_make_no_difference(drawn: tuple[Layout, Rows]):
    layout, rows = drawn
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(encoding, "_MOST", -1)
        found = encode(arrays_of(layout, rows), layout, head=HEAD)
    assert found.blob == b"".join(reference(row, layout) for row in rows)


@given(tables(), st.data())
def test_what_lies_under_a_null_is_never_seen(drawn: tuple[Layout, Rows], data: st.DataObject):
    layout, rows = drawn
    hidden = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    arrays = [_hiding(array, hidden) for array in arrays_of(layout, rows)]
    shown = [tuple(None if hide else value for value in row) for row, hide in zip(rows, hidden, strict=True)]
    found = encode(arrays, layout, head=HEAD)
    assert [found[at] for at in range(len(found))] == [reference(row, layout) for row in shown]


def _hiding(array: pa.Array, hidden: list[bool]) -> pa.Array:
    """Make values NULL and leave them in the buffer, as an engine may."""
    seen = pa.array([a and not b for a, b in zip(array.is_valid().to_pylist(), hidden, strict=True)])
    return pa.Array.from_buffers(array.type, len(array), [seen.buffers()[1], *array.buffers()[1:]])


def test_wider_types_make_no_difference():
    layout = (field(Form.VAR), field(Form.I64), field(Form.U32))
    plain = [pa.array(["a", None, "é"]), pa.array([1, None, -3]), pa.array([1, 2, None], pa.uint32())]
    wide = [plain[0].cast(pa.large_string()), plain[1].cast(pa.int16()), plain[2].cast(pa.int64())]
    assert encode(wide, layout, head=HEAD).blob == encode(plain, layout, head=HEAD).blob


def test_no_rows_are_no_bytes():
    layout = (field(Form.VAR), field(Form.I64), field(Form.BYTES, 4), field(Form.FLAG))
    none = [pa.array([], kind) for kind in (pa.string(), pa.int64(), pa.binary(4), pa.bool_())]
    assert len(encode(none, layout, head=HEAD)) == 0
    assert encode(none, layout, head=HEAD).blob == b""


def test_dictionaries_make_no_difference():
    layout, words = (field(Form.VAR),), ["a", None, "", "a", "café"]
    plain, packed = pa.array(words), pa.array(words).dictionary_encode()
    assert encode([plain], layout, head=HEAD).blob == encode([packed], layout, head=HEAD).blob


@given(tables())
def test_decoding_gives_the_row_back(drawn: tuple[Layout, Rows]):
    layout, rows = drawn
    for row in rows:
        assert decode(reference(row, layout), layout) == row


@given(tables(), st.data())
def test_a_changed_byte_is_refused_or_is_another_row(drawn: tuple[Layout, Rows], data: st.DataObject):
    layout, rows = drawn
    raw = bytearray(reference(rows[0], layout))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = decode(bytes(raw), layout)
    except MalformedProofError:
        return
    assert reference(found, layout, head=bytes(raw[:9])) == bytes(raw)


@given(tables(), st.binary(max_size=4), st.integers(0, 40))
def test_a_longer_or_shorter_row_is_refused(drawn: tuple[Layout, Rows], more: bytes, less: int):
    layout, rows = drawn
    raw = reference(rows[0], layout)
    for other in (raw + more, raw[: max(len(raw) - less, 0)]):
        if other != raw:
            with pytest.raises(MalformedProofError):
                decode(other, layout)


@given(tables(), st.binary(min_size=32, max_size=32))
def test_a_commitment_is_the_hash_of_salt_and_row(drawn: tuple[Layout, Rows], secret: bytes):
    layout, rows = drawn
    found = commitments_of(arrays_of(layout, rows), layout, head=HEAD, secret=secret)
    salts = salts_of(secret, len(rows))
    for at, row in enumerate(rows):
        salt = salts[16 * at : 16 * at + 16]
        assert salt == salts_of(secret, 1, first=at)
        assert found[32 * at : 32 * at + 32] == sha256(salt + reference(row, layout)).digest()


def test_the_vectors_of_the_design_come_out():
    path = Path(__file__).parents[3] / "shared" / "design" / "ael1-vectors.json"
    if not path.exists():
        pytest.skip("the design vectors are not beside this checkout")
    given_ = json.loads(path.read_text())
    b16, i64, u64, var = field(Form.BYTES, 16), field(Form.I64), field(Form.U64), field(Form.VAR)
    layout = (b16, i64, i64, u64, var, b16, var, var, var, b16, var, b16, var, var, var, var, field(Form.U32))
    layout += (field(Form.FLAG),)
    assert len(layout) == 18
    entries = b""
    for vector in given_["vectors"]:
        row = bytes.fromhex(vector["row"])
        again = encode(arrays_of(layout, [decode(row, layout)]), layout, head=row[:9])
        assert again[0] == row, vector["name"]
        commitment = sha256(bytes.fromhex(vector["salt"]) + row).digest()
        assert commitment.hex() == vector["commitment"]
        assert leaf_hashes(commitment).hex() == vector["leaf"]
        entries += commitment
    assert root_of(leaf_hashes(entries)).raw.hex() == given_["root"]


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def test_a_time_is_microseconds():
    moment = EPOCH + timedelta(microseconds=-5)
    array = pa.array([moment], pa.timestamp("us", tz="UTC"))
    assert encode([array], (field(Form.I64),), head=HEAD)[0][-8:] == (-5).to_bytes(8, "big", signed=True)
