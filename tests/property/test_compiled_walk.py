# SPDX-License-Identifier: EUPL-1.2
"""The walk in machine code finds what the walk without it finds, in whatever anybody sends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.contracts import otlp
from rekenschap.contracts.otlp import rows_of
from rekenschap.contracts.otlp.compiled import BROKEN, GROUPED, compiled
from rekenschap.contracts.otlp.wire import Wire, walk, walk_side_by_side
from tests.frontdoor.looks import in_protobuf

CODE = compiled()
pytestmark = pytest.mark.skipif(CODE is None, reason="needs the extra fast")


def varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


numbers = st.one_of(st.integers(0, 200), st.integers(0, 2**64 - 1))
fields = st.one_of(
    st.builds(lambda n, v: varint(n << 3) + varint(v), st.integers(0, 2**29), numbers),
    st.builds(lambda n, v: varint(n << 3 | 1) + v, st.integers(0, 99), st.binary(min_size=8, max_size=8)),
    st.builds(lambda n, v: varint(n << 3 | 5) + v, st.integers(0, 99), st.binary(min_size=4, max_size=4)),
    st.builds(
        lambda n, v: varint(n << 3 | 2) + varint(len(v)) + v, st.integers(0, 99), st.binary(max_size=40)
    ),
    st.builds(lambda n, v: varint(n << 3 | 2) + varint(v), st.integers(1, 99), numbers),
    st.binary(max_size=12),
)
messages = st.lists(st.lists(fields, max_size=8).map(b"".join), min_size=1, max_size=12)


@given(messages=messages, cut=st.integers(0, 3))
def test_machine_code_finds_the_same_fields_and_the_same_broken_messages(
    messages: list[bytes], cut: int
) -> None:
    wire = Wire(b"".join(messages))
    lengths = np.array([len(each) for each in messages], dtype=np.int64)
    ends = np.cumsum(lengths)
    starts, ends = ends - lengths, np.maximum(ends - cut, ends - lengths)
    expected, broken = walk_side_by_side(wire, starts, ends, in_order=True)

    assert CODE is not None
    found = CODE(wire.octets, starts, ends, most=1 << 20)
    assert found is not None
    rows, what = found

    sound = what != GROUPED
    kept, mine = sound[expected.owners], sound[rows[0]]
    for line, column in zip(
        rows,
        (expected.owners, expected.numbers, expected.kinds, expected.tags, expected.starts, expected.ends),
        strict=True,
    ):
        assert line[mine].tolist() == column[kept].tolist()
    assert ((what == BROKEN) == broken)[sound].all()


def test_more_fields_than_memory_should_hold_are_not_found() -> None:
    wire = Wire(b"\x08\x01" * 100)
    starts, ends = np.array([0], dtype=np.int64), np.array([200], dtype=np.int64)

    assert CODE is not None
    assert CODE(wire.octets, starts, ends, most=99) is None
    assert CODE(wire.octets, starts, ends, most=100) is not None


def test_places_beyond_the_bytes_never_reach_the_code() -> None:
    assert CODE is not None
    for start, end in ((-1, 2), (0, 99)):
        with pytest.raises(IndexError):
            CODE(np.zeros(4, dtype=np.uint8), np.array([start]), np.array([end]), most=9)


def test_a_group_in_much_is_still_walked() -> None:
    raw = b"\x0b\x08\x01\x0c" + b"\x08\x01" * (1 << 15)
    starts, ends = np.array([0], dtype=np.int64), np.array([len(raw)], dtype=np.int64)
    found, broken = walk(Wire(raw), starts, ends)

    assert not broken.any()
    assert (len(found.owners), int(found.ends[0])) == ((1 << 15) + 1, 4)


def test_bodies_read_in_several_stretches_give_the_rows_of_each_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bodies = [in_protobuf([f"{number}-{each}" for each in range(number)]) for number in (3, 0, 5, 1, 2)]
    bodies.insert(2, b"\x0a\xff")
    expected, of_body = rows_of(bodies, kind="traces-protobuf")

    for piece in (1, 300, 1_000):
        monkeypatch.setattr(otlp, "_QUICK_PIECE", piece)
        rows, index = rows_of(bodies, kind="traces-protobuf")
        assert (rows.to_pylist(), index.to_pylist()) == (expected.to_pylist(), of_body.to_pylist())
    assert of_body.to_pylist() == [0, 0, 0, 2, 3, 3, 3, 3, 3, 4, 5, 5]
    assert rows_of([], kind="traces-protobuf")[0].num_rows == 0
