# SPDX-License-Identifier: EUPL-1.2
"""How many entries a second the tree can hash and grow by. Usage: ./run bench tree [ENTRIES]"""

import sys
from time import perf_counter

from rekenschap.tlog.hashing import HASH_SIZE, leaf_hashes
from rekenschap.tlog.tree import EMPTY_FRONTIER

BATCH = 10_000


def main(entries: int) -> None:
    """Append in batches, as the writer does, and say the rate."""
    batches = [
        b"".join(number.to_bytes(HASH_SIZE, "big") for number in range(start, min(start + BATCH, entries)))
        for start in range(0, entries, BATCH)
    ]
    began = perf_counter()
    frontier = EMPTY_FRONTIER
    for batch in batches:
        frontier = frontier.extend(leaf_hashes(batch))
    seconds = perf_counter() - began
    print(f"{entries} entries in {seconds:.2f} s: {entries / seconds:,.0f} a second")
    print(f"root {frontier.root().to_base64()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
