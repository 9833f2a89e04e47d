# SPDX-License-Identifier: EUPL-1.2
"""Every proof of every tree up to 70 leaves, against the recursive definitions of RFC 6962 section 2.1."""

import functools

import pytest

from rekenschap.errors import InconsistentError, MalformedProofError, VerificationError, WrongRootError
from rekenschap.tlog.hashing import EMPTY_ROOT, Hash, leaf_hash, node_hash
from rekenschap.tlog.proof import (
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    subtree_root,
)

LARGEST = 70
LEAVES = [leaf_hash(bytes([n])) for n in range(LARGEST)]


def split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


@functools.cache
def naive_root(start: int, stop: int) -> Hash:
    if start == stop:
        return EMPTY_ROOT
    if stop - start == 1:
        return LEAVES[start]
    middle = start + split(stop - start)
    return node_hash(naive_root(start, middle), naive_root(middle, stop))


def root_at(size: int) -> Hash:
    return naive_root(0, size)


def naive_inclusion(index: int, start: int, stop: int) -> tuple[Hash, ...]:
    if stop - start == 1:
        return ()
    middle = start + split(stop - start)
    if index < middle:
        return (*naive_inclusion(index, start, middle), naive_root(middle, stop))
    return (*naive_inclusion(index, middle, stop), naive_root(start, middle))


def naive_consistency(old: int, start: int, stop: int, whole: bool) -> tuple[Hash, ...]:
    if old == stop:
        return () if whole else (naive_root(start, stop),)
    middle = start + split(stop - start)
    if old <= middle:
        return (*naive_consistency(old, start, middle, whole), naive_root(middle, stop))
    return (*naive_consistency(old, middle, stop, False), naive_root(start, middle))


def read(level: int, index: int) -> Hash:
    assert (index + 1) << level <= LARGEST, "a reader is asked for perfect subtrees only"
    return naive_root(index << level, (index + 1) << level)


def test_every_inclusion_proof_is_the_one_of_the_rfc_and_holds() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            path = inclusion_path(index, size, read)
            assert path == naive_inclusion(index, 0, size)
            check_inclusion(leaf=LEAVES[index], index=index, size=size, path=path, root=root_at(size))


def test_every_consistency_proof_is_the_one_of_the_rfc_and_holds() -> None:
    for new in range(LARGEST + 1):
        for old in range(new + 1):
            path = consistency_path(old, new, read)
            assert path == (naive_consistency(old, 0, new, True) if old else ())
            check_consistency(
                old_size=old,
                old_root=root_at(old),
                new_size=new,
                new_root=root_at(new),
                path=path,
            )


def test_a_proof_holds_for_no_other_index_size_or_leaf() -> None:
    for size in range(1, 20):
        for index in range(size):
            path, root = inclusion_path(index, size, read), root_at(size)
            for other in set(range(size)) - {index}:
                with pytest.raises(VerificationError):
                    check_inclusion(leaf=LEAVES[index], index=other, size=size, path=path, root=root)
                with pytest.raises(VerificationError):
                    check_inclusion(leaf=LEAVES[other], index=index, size=size, path=path, root=root)


def test_an_old_tree_with_another_history_is_named_inconsistent() -> None:
    for new in range(2, 20):
        for old in range(1, new):
            path = consistency_path(old, new, read)
            for changed in ("old_root", "new_root"):
                roots = {"old_root": root_at(old), "new_root": root_at(new)}
                roots[changed] = leaf_hash(b"another history")
                with pytest.raises(InconsistentError):
                    check_consistency(old_size=old, new_size=new, path=path, **roots)


def test_a_path_that_is_too_short_or_too_long_is_malformed() -> None:
    root = naive_root(0, 13)
    path = inclusion_path(5, 13, read)
    for wrong in (path[:-1], path[1:], (*path, root), (root, *path), ()):
        with pytest.raises((MalformedProofError, WrongRootError)):
            check_inclusion(leaf=LEAVES[5], index=5, size=13, path=wrong, root=root)
    steps = consistency_path(6, 13, read)
    for wrong in (steps[:-1], (*steps, root), ()):
        with pytest.raises(MalformedProofError):
            check_consistency(old_size=6, old_root=naive_root(0, 6), new_size=13, new_root=root, path=wrong)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (0, 2**63)])
def test_a_leaf_outside_the_tree_is_refused(index: int, size: int) -> None:
    with pytest.raises(MalformedProofError, match="a leaf index below the size"):
        check_inclusion(leaf=LEAVES[0], index=index, size=size, path=(), root=LEAVES[0])


def test_proofs_are_not_made_for_what_the_tree_does_not_hold() -> None:
    with pytest.raises(MalformedProofError):
        inclusion_path(3, 3, read)
    with pytest.raises(MalformedProofError):
        consistency_path(4, 3, read)
    with pytest.raises(MalformedProofError):
        subtree_root(1, 2, read, size=3)
    with pytest.raises(MalformedProofError):
        subtree_root(0, 3, read, size=3)


def test_a_shrunken_log_is_refused() -> None:
    with pytest.raises(MalformedProofError, match="an old size up to 3"):
        check_consistency(old_size=4, old_root=root_at(4), new_size=3, new_root=naive_root(0, 3), path=())


def test_two_roots_for_one_size_are_inconsistent() -> None:
    with pytest.raises(InconsistentError):
        check_consistency(old_size=4, old_root=LEAVES[0], new_size=4, new_root=root_at(4), path=())


def test_an_empty_tree_has_only_the_empty_root() -> None:
    with pytest.raises(InconsistentError):
        check_consistency(old_size=0, old_root=LEAVES[0], new_size=4, new_root=root_at(4), path=())


def test_a_path_where_none_belongs_is_malformed() -> None:
    for old in (0, 4):
        with pytest.raises(MalformedProofError):
            check_consistency(
                old_size=old,
                old_root=root_at(old),
                new_size=4,
                new_root=root_at(4),
                path=LEAVES[:1],
            )


def test_the_largest_tree_has_proofs_and_a_larger_one_none() -> None:
    largest, path = 2**63 - 1, (LEAVES[0],) * 63
    with pytest.raises(WrongRootError):
        check_inclusion(leaf=LEAVES[0], index=0, size=largest, path=path, root=LEAVES[1])
    check_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=largest, new_root=LEAVES[0], path=())
    with pytest.raises(MalformedProofError):
        check_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=largest + 1, new_root=LEAVES[0], path=())
