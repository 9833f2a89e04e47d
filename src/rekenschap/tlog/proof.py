# SPDX-License-Identifier: EUPL-1.2
"""Inclusion and consistency proofs: made from any store of tree nodes, checked with nothing but the hashes.

Making a proof reads nodes through a given reader and so knows no store. Checking follows the
numbered steps of RFC 9162 sections 2.1.3.2 and 2.1.4.2 and raises on any doubt.
"""

from collections.abc import Sequence
from typing import Protocol

from rekenschap.errors import InconsistentError, MalformedProofError, WrongRootError
from rekenschap.tlog.hashing import EMPTY_ROOT, Hash, raw_node_hash
from rekenschap.tlog.text import MAX_NUMBER
from rekenschap.tlog.tree import fold


class NodeReader(Protocol):
    """Reads the root of one perfect subtree: 2**level leaves, starting at leaf index * 2**level."""

    def __call__(self, level: int, index: int, /) -> Hash:
        """Return the node; raise the store's own error when it cannot be read."""
        ...


def inclusion_path(index: int, size: int, read: NodeReader) -> tuple[Hash, ...]:
    """Prove that leaf `index` is in the tree of `size` leaves, lowest sibling first (RFC 6962 2.1.1)."""
    if not 0 <= index < size:
        raise _malformed(f"a leaf index below the size {size}", f"{index}", "ask for a leaf the tree has")
    return tuple(_climb(0, index, size, read))


def consistency_path(old_size: int, new_size: int, read: NodeReader) -> tuple[Hash, ...]:
    """Prove that the first `old_size` leaves of the tree are the old tree (RFC 6962 2.1.2).

    Empty when the sizes are equal and when the old tree is empty.
    """
    if not 0 <= old_size <= new_size:
        raise _malformed(f"an old size up to {new_size}", f"{old_size}", "give the smaller tree first")
    if old_size in (0, new_size):
        return ()
    level = _trailing_ones(old_size - 1)
    last = (old_size - 1) >> level
    # When the old tree is perfect the checker already holds this node: it is the old root.
    first = [read(level, last)] if last else []
    return tuple(first + _climb(level, last, new_size, read))


def check_inclusion(*, leaf: Hash, index: int, size: int, path: Sequence[Hash], root: Hash) -> None:
    """Check that the leaf hash `leaf` is leaf `index` of the tree with this size and root (RFC 9162 2.1.3.2).

    Raises MalformedProofError when the path has the wrong shape, WrongRootError when it leads
    to another root.
    """
    # 1. The index lies inside the tree.
    if not 0 <= index < size <= MAX_NUMBER:
        raise _malformed(f"a leaf index below the size {size}", f"{index}", "ask for the proof again")
    # 2-3. Start at the leaf; `last` is the last node on the same level.
    node, last, found = index, size - 1, leaf.raw
    # 4. Each hash of the path is the sibling on the way up.
    for sibling in path:
        if last == 0:
            raise _malformed("a path that ends at the root", "a longer one", "ask for the proof again")
        if node & 1 or node == last:
            found = raw_node_hash(sibling.raw, found)
            node, last = _skip_promotions(node, last)
        else:
            found = raw_node_hash(found, sibling.raw)
        node, last = node >> 1, last >> 1
    # 5. The way up ends at the top, and the top is the root.
    if last != 0:
        raise _malformed("a path up to the root", "a shorter one", "ask for the proof again")
    if found != root.raw:
        raise WrongRootError(
            expected=f"root {root.to_base64()}",
            found=Hash(found).to_base64(),
            remedy="treat the entry as not recorded in this log and raise the alarm",
        )


def check_consistency(
    *, old_size: int, old_root: Hash, new_size: int, new_root: Hash, path: Sequence[Hash]
) -> None:
    """Check that the new tree begins with all leaves of the old tree, unchanged (RFC 9162 2.1.4.2).

    Raises MalformedProofError when the path has the wrong shape, InconsistentError when history differs.
    Any tree is consistent with the empty one; the RFC leaves that case open, C2SP tlog-witness settles it so.
    """
    # 0. The cases the RFC algorithm does not cover: equal sizes and the empty old tree need no path.
    if not 0 <= old_size <= new_size <= MAX_NUMBER:
        raise _malformed(f"an old size up to {new_size}", f"{old_size}", "give the smaller tree first")
    if old_size in (0, new_size):
        _check_trivial(old_size, old_root, new_size, new_root, path)
        return
    # 1-2. A perfect old tree is itself the first node; otherwise the path brings that node.
    nodes = [hash_.raw for hash_ in path]
    if not nodes:
        raise _malformed("a path between two sizes", "an empty one", "ask for the proof again")
    if old_size & (old_size - 1) == 0:
        nodes.insert(0, old_root.raw)
    # 3-4. Start at the last complete subtree of the old tree.
    level = _trailing_ones(old_size - 1)
    node, last = (old_size - 1) >> level, (new_size - 1) >> level
    # 5. Rebuild both roots at once: left siblings belong to both trees, right siblings only to the new one.
    found_old = found_new = nodes[0]
    # 6. Walk up.
    for sibling in nodes[1:]:
        if last == 0:
            raise _malformed("a path that ends at the root", "a longer one", "ask for the proof again")
        if node & 1 or node == last:
            found_old = raw_node_hash(sibling, found_old)
            found_new = raw_node_hash(sibling, found_new)
            node, last = _skip_promotions(node, last)
        else:
            found_new = raw_node_hash(found_new, sibling)
        node, last = node >> 1, last >> 1
    # 7. Both ends must be reached and both roots must be the given ones.
    if last != 0:
        raise _malformed("a path up to the root", "a shorter one", "ask for the proof again")
    _check_same(f"the old root at size {old_size}", old_root, Hash(found_old))
    _check_same(f"the new root at size {new_size}", new_root, Hash(found_new))


def subtree_root(level: int, index: int, read: NodeReader, *, size: int) -> Hash:
    """Return the root of the subtree at (level, index), also when the tree ends inside it."""
    start = index << level
    stop = min(size, (index + 1) << level)
    if start >= stop:
        raise _malformed(f"a node of the tree of size {size}", "one outside it", "ask for one inside")
    parts: list[bytes] = []
    while start < stop:
        height = (stop - start).bit_length() - 1
        parts.append(read(height, start >> height).raw)
        start += 1 << height
    return Hash(fold(parts))


def _climb(level: int, node: int, size: int, read: NodeReader) -> list[Hash]:
    """Collect the siblings on the way from a node to the root."""
    path: list[Hash] = []
    last = (size - 1) >> level
    while last:
        sibling = node ^ 1
        # Only the last node of a level can be imperfect; a node without sibling moves up as it is.
        if sibling < last:
            path.append(read(level, sibling))
        elif sibling == last:
            path.append(subtree_root(level, sibling, read, size=size))
        level, node, last = level + 1, node >> 1, last >> 1
    return path


def _skip_promotions(node: int, last: int) -> tuple[int, int]:
    """Move up past the levels on which the last node has no sibling (RFC 9162 2.1.3.2 step 4)."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _trailing_ones(number: int) -> int:
    return ((number ^ (number + 1)).bit_length()) - 1


def _check_trivial(
    old_size: int, old_root: Hash, new_size: int, new_root: Hash, path: Sequence[Hash]
) -> None:
    if path:
        raise _malformed("an empty path", f"{len(path)} hashes", "ask for the proof again")
    if old_size == 0:
        _check_same("the root of the empty tree", EMPTY_ROOT, old_root)
    if old_size == new_size:
        _check_same(f"one root for size {new_size}", old_root, new_root)


def _check_same(what: str, expected: Hash, found: Hash) -> None:
    if expected != found:
        raise InconsistentError(
            expected=f"{what}: {expected.to_base64()}",
            found=found.to_base64(),
            remedy="keep both checkpoints as evidence and raise the alarm",
        )


def _malformed(expected: str, found: str, remedy: str) -> MalformedProofError:
    return MalformedProofError(expected=expected, found=found, remedy=remedy)
