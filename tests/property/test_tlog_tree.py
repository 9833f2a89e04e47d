# SPDX-License-Identifier: EUPL-1.2
"""The tree and its proofs for any leaves, any chunking and any flipped bit."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.errors import VerificationError
from rekenschap.tlog.hashing import EMPTY_ROOT, Hash, leaf_hashes, node_hash
from rekenschap.tlog.proof import check_consistency, check_inclusion, consistency_path, inclusion_path
from rekenschap.tlog.tree import EMPTY_FRONTIER, root_of

entries = st.lists(st.binary(min_size=32, max_size=32), max_size=300).map(b"".join)
some_entries = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=300).map(b"".join)


def naive_root(leaves: bytes) -> Hash:
    count = len(leaves) // 32
    if count < 2:
        return Hash(leaves) if leaves else EMPTY_ROOT
    middle = 32 << (count - 1).bit_length() - 1
    return node_hash(naive_root(leaves[:middle]), naive_root(leaves[middle:]))


def reader(leaves: bytes):  # type: ignore[no-untyped-def]
    return lambda level, index: root_of(leaves[32 * (index << level) : 32 * ((index + 1) << level)])


def flip(value: Hash, bit: int) -> Hash:
    raw = bytearray(value.raw)
    raw[bit >> 3] ^= 1 << (bit & 7)
    return Hash(bytes(raw))


@given(entries)
def test_the_root_is_the_one_of_the_recursive_definition(packed: bytes) -> None:
    leaves = leaf_hashes(packed)
    assert root_of(leaves) == naive_root(leaves)


@given(entries, st.lists(st.integers(0, 300), max_size=12))
def test_a_frontier_grown_in_any_chunks_ends_at_the_same_root(packed: bytes, cuts: list[int]) -> None:
    leaves = leaf_hashes(packed)
    places = [0, *sorted(min(32 * cut, len(leaves)) for cut in cuts), len(leaves)]
    frontier = EMPTY_FRONTIER
    for start, stop in pairwise(places):
        frontier = frontier.extend(leaves[start:stop])
    assert frontier == EMPTY_FRONTIER.extend(leaves)
    assert frontier.root() == root_of(leaves)


@given(some_entries, st.data())
def test_one_flipped_bit_in_an_inclusion_proof_raises(packed: bytes, data: st.DataObject) -> None:
    leaves = leaf_hashes(packed)
    size = len(leaves) // 32
    index = data.draw(st.integers(0, size - 1))
    path = list(inclusion_path(index, size, reader(leaves)))
    parts = [Hash(leaves[32 * index : 32 * index + 32]), root_of(leaves), *path]
    check_inclusion(leaf=parts[0], index=index, size=size, path=parts[2:], root=parts[1])
    place, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[place] = flip(parts[place], bit)
    with pytest.raises(VerificationError):
        check_inclusion(leaf=parts[0], index=index, size=size, path=parts[2:], root=parts[1])


@given(some_entries, st.data())
def test_one_flipped_bit_in_a_consistency_proof_raises(packed: bytes, data: st.DataObject) -> None:
    leaves = leaf_hashes(packed)
    size = len(leaves) // 32
    old = data.draw(st.integers(1, size))
    parts = [root_of(leaves[: 32 * old]), root_of(leaves), *consistency_path(old, size, reader(leaves))]
    check_consistency(old_size=old, old_root=parts[0], new_size=size, new_root=parts[1], path=parts[2:])
    place, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[place] = flip(parts[place], bit)
    with pytest.raises(VerificationError):
        check_consistency(old_size=old, old_root=parts[0], new_size=size, new_root=parts[1], path=parts[2:])


@given(some_entries, some_entries, st.data())
def test_a_rewritten_leaf_cannot_be_made_consistent(packed: bytes, later: bytes, data: st.DataObject) -> None:
    leaves = leaf_hashes(packed)
    old_root, old = root_of(leaves), len(leaves) // 32
    index = data.draw(st.integers(0, old - 1))
    changed = flip(Hash(leaves[32 * index : 32 * index + 32]), 0).raw
    rewritten = leaves[: 32 * index] + changed + leaves[32 * index + 32 :] + leaf_hashes(later)
    size = len(rewritten) // 32
    path = consistency_path(old, size, reader(rewritten))
    with pytest.raises(VerificationError):
        check_consistency(
            old_size=old, old_root=old_root, new_size=size, new_root=root_of(rewritten), path=path
        )
