# SPDX-License-Identifier: EUPL-1.2
"""How many entries a second the tree can hash and grow by. Usage: ./run bench tree [--quick]"""

from hashlib import sha256

from measure import Sheet, asked, in_turn, ready

from rekenschap.tlog.hashing import HASH_SIZE, leaf_hashes
from rekenschap.tlog.tree import EMPTY_FRONTIER

BATCH = 10_000
LEAF, NODE = 1 + HASH_SIZE, 1 + 2 * HASH_SIZE


def grow(batches: list[bytes]) -> bytes:
    """Append in batches, as the writer does, and give the root."""
    frontier = EMPTY_FRONTIER
    for batch in batches:
        frontier = frontier.extend(leaf_hashes(batch))
    return frontier.root().raw


def hashes(width: int, entries: int) -> int:
    """Hash as many messages of `width` bytes and do nothing else; in batches, so that memory is no part."""
    messages = [n.to_bytes(width, "big") for n in range(BATCH)]
    return sum(
        len(b"".join([sha256(message).digest() for message in messages])) for _ in range(entries // BATCH)
    )


def main(*, quick: bool) -> None:
    """Compare with as many bare hashes of 65 bytes, and with all the bare hashes a tree consists of."""
    entries = 100_000 if quick else 1_000_000
    batches = [
        b"".join(n.to_bytes(HASH_SIZE, "big") for n in range(start, min(start + BATCH, entries)))
        for start in range(0, entries, BATCH)
    ]
    sheet = Sheet(name="tree", quick=quick)
    seconds = in_turn(
        {
            "tree": ready(lambda: grow(batches)),
            "bare_nodes": ready(lambda: hashes(NODE, entries)),
            "bare_leaves_and_nodes": ready(lambda: (hashes(LEAF, entries), hashes(NODE, entries))),
        },
        times=3 if quick else 5,
    )
    sheet.measured(seconds, amount=entries, unit="entries")
    sheet.compare("tree", "bare_nodes", "bare_leaves_and_nodes")
    sheet.end()


if __name__ == "__main__":
    main(quick=asked(__doc__ or ""))
