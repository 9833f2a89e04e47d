# SPDX-License-Identifier: EUPL-1.2
"""The tree as a whole: its root, and the frontier with which it grows without being read again.

Works on packed leaf hashes. Does not store anything and does not know entries.
"""

from dataclasses import dataclass
from typing import Self

from rekenschap.errors import MalformedProofError
from rekenschap.tlog.hashing import EMPTY_ROOT, HASH_SIZE, Hash, check_packed, parent_hashes, raw_node_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The right edge of a tree: the roots of its perfect subtrees, largest first, packed.

    A tree of `size` leaves splits into one perfect subtree per set bit of `size`. These few hashes
    are enough to append and to compute the root, so a writer never holds the tree.
    """

    size: int = 0
    hashes: bytes = b""

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != HASH_SIZE * self.size.bit_count():
            raise MalformedProofError(
                expected="one hash of 32 bytes per set bit of the size",
                found=f"{len(self.hashes)} bytes for size {self.size}",
                remedy="rebuild the frontier from the leaves",
            )

    def extend(self, leaf_hashes: bytes) -> Self:
        """Append packed leaf hashes; the cost is the new leaves plus log2(size)."""
        check_packed(leaf_hashes, "leaf hashes")
        size = self.size + len(leaf_hashes) // HASH_SIZE
        edge: list[bytes] = []
        old, nodes = self.hashes, leaf_hashes
        for level in range(size.bit_length()):
            # 1. A lone old subtree of this height is the left neighbour of the first new node.
            if self.size >> level & 1:
                old, nodes = old[:-HASH_SIZE], old[-HASH_SIZE:] + nodes
            # 2. A last node without a right neighbour stays behind as the new edge at this height.
            if len(nodes) // HASH_SIZE & 1:
                nodes, lone = nodes[:-HASH_SIZE], nodes[-HASH_SIZE:]
                edge.append(lone)
            # 3. All others pair up into the level above; without any, the larger old subtrees stay.
            nodes = parent_hashes(nodes)
            if not nodes:
                break
        return type(self)(size=size, hashes=old + b"".join(reversed(edge)))

    def root(self) -> Hash:
        """Return the RFC 6962 root of the tree up to this frontier."""
        if not self.size:
            return EMPTY_ROOT
        return Hash(fold([self.hashes[at : at + HASH_SIZE] for at in range(0, len(self.hashes), HASH_SIZE)]))


EMPTY_FRONTIER = Frontier()


def root_of(leaf_hashes: bytes) -> Hash:
    """Return the RFC 6962 root of packed leaf hashes."""
    return EMPTY_FRONTIER.extend(leaf_hashes).root()


def fold(subtrees: list[bytes]) -> bytes:
    """Hash the roots of adjacent perfect subtrees, larger first, into one root; at least one is given."""
    root = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        root = raw_node_hash(left, root)
    return root
