# SPDX-License-Identifier: EUPL-1.2
"""Every way to hash many messages gives the same bytes: known answers, and random ones of every length."""

import random
from collections.abc import Callable
from hashlib import sha256
from itertools import accumulate

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.errors import EngineError
from rekenschap.ledger.rows import hashing
from rekenschap.ledger.rows.lanes import lanes
from rekenschap.tlog import hashing as reference

KNOWN = {  # FIPS 180-2, appendix B, and the empty message
    b"": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    b"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": (
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
}
Hasher = Callable[[list[bytes]], bytes]


def offsets_of(messages: list[bytes]) -> np.ndarray:
    return np.array([0, *accumulate(map(len, messages))], dtype=np.int64)


def standard(messages: list[bytes]) -> bytes:
    return hashing.one_by_one(b"".join(messages), offsets_of(messages))


def chosen(messages: list[bytes]) -> bytes:
    return hashing.digests(b"".join(messages), offsets_of(messages))


def whole_columns(messages: list[bytes]) -> bytes:
    compiled = hashing.columnar()
    assert compiled is not None
    found = compiled(pa.array(messages, pa.large_binary()))
    return b"".join(value for column in found for value in column.to_pylist())


def side_by_side(messages: list[bytes]) -> bytes:
    compiled = lanes()
    assert compiled is not None
    return compiled(b"".join(messages), offsets_of(messages), -1)


NEEDED: dict[Hasher, Callable[[], object]] = {whole_columns: hashing.columnar, side_by_side: lanes}


@pytest.fixture(params=[standard, chosen, whole_columns, side_by_side])
def hasher(request: pytest.FixtureRequest) -> Hasher:
    if request.param in NEEDED and NEEDED[request.param]() is None:
        pytest.skip("the extra fast is not installed, or this processor cannot")
    way: Hasher = request.param
    return way


def test_known_answers_come_out(hasher: Hasher):
    assert hasher(list(KNOWN)) == bytes.fromhex("".join(KNOWN.values()))


def test_messages_of_every_length_up_to_300_bytes_come_out_in_order(hasher: Hasher):
    source = random.Random(3)  # noqa: S311 — test data
    messages = [source.randbytes(length) for length in range(301)] * 15
    source.shuffle(messages)
    assert hasher(messages) == b"".join(sha256(message).digest() for message in messages)


@pytest.mark.parametrize("lead", [-1, 0, 1, 0x80, 0xFF])
@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 700])
def test_a_byte_before_each_message_is_hashed_with_it(lead: int, count: int):
    compiled = lanes()
    if compiled is None:
        pytest.skip("the extra fast is not installed, or this processor cannot")
    source = random.Random(count)  # noqa: S311 — test data
    messages = [source.randbytes(source.randrange(200)) for _ in range(count)]
    before = b"" if lead < 0 else bytes([lead])
    found = compiled(b"".join(messages), offsets_of(messages), lead)
    assert found == b"".join(sha256(before + message).digest() for message in messages)


@pytest.mark.parametrize("offsets", [[-1, 3], [0, 5], [3, 2, 4]])
def test_nothing_beyond_the_messages_is_read(offsets: list[int]):
    compiled = lanes()
    if compiled is None:
        pytest.skip("the extra fast is not installed, or this processor cannot")
    with pytest.raises(IndexError):
        compiled(b"four", np.array(offsets, dtype=np.int64), -1)


def test_messages_in_the_middle_of_others_are_hashed_alone():
    messages = [n.to_bytes(3, "big") * (n % 90) for n in range(6_000)]
    offsets = offsets_of(messages)[1_000:5_001]
    found = hashing.digests(b"".join(messages), offsets)
    assert found == b"".join(sha256(message).digest() for message in messages[1_000:5_000])


@pytest.mark.parametrize("count", [0, 1, 2, 2_047, 2_048, 2_049, 9_998])
def test_leaves_and_parents_are_those_of_the_reference(count: int):
    packed = random.Random(count).randbytes(32 * count)  # noqa: S311 — test data
    assert hashing.leaf_hashes(packed) == reference.leaf_hashes(packed)
    if count % 2 == 0:
        assert hashing.parent_hashes(packed) == reference.parent_hashes(packed)


def test_odd_levels_and_torn_entries_are_refused_as_by_the_reference():
    for packed in (bytes(32 * 9_999), bytes(32 * 9_998 + 5)):
        with pytest.raises(reference.MalformedProofError):
            hashing.parent_hashes(packed)
    with pytest.raises(reference.MalformedProofError):
        hashing.leaf_hashes(bytes(32 * 9_998 + 5))


def test_without_the_extra_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch):
    packed = random.Random(8).randbytes(32 * 5_000)  # noqa: S311 — test data
    with_extra = hashing.leaf_hashes(packed), hashing.parent_hashes(packed)
    for way in ("lanes", "columnar"):
        monkeypatch.setattr(hashing, way, lambda: None)
        assert (hashing.leaf_hashes(packed), hashing.parent_hashes(packed)) == with_extra


@pytest.mark.parametrize("damage", [lambda found: [found[0][::-1]], lambda found: [found[0][:-1]]])
def test_hashes_that_come_out_of_order_are_not_believed(
    damage: Callable[[list[pa.Array]], list[pa.Array]], monkeypatch: pytest.MonkeyPatch
):
    def shuffled() -> hashing.Columnar:
        return lambda column: damage([pa.array([sha256(m).digest() for m in column.to_pylist()])])

    monkeypatch.setattr(hashing, "lanes", lambda: None)
    monkeypatch.setattr(hashing, "columnar", shuffled)
    with pytest.raises(EngineError):
        hashing.leaf_hashes(random.Random(9).randbytes(32 * 5_000))  # noqa: S311 — test data


def test_hashes_of_other_messages_are_not_believed(monkeypatch: pytest.MonkeyPatch):
    def swapped() -> Callable[..., bytes]:
        return lambda messages, offsets, lead: bytes(32 * (len(offsets) - 1))

    monkeypatch.setattr(hashing, "lanes", swapped)
    with pytest.raises(EngineError):
        hashing.leaf_hashes(random.Random(9).randbytes(32 * 5_000))  # noqa: S311 — test data
