# SPDX-License-Identifier: EUPL-1.2
"""The program that is killed: it forks a sequencer under load for each line it reads, and tells every
acknowledgement at once. A line is a path and a seed.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from random import Random

import pyarrow.dataset  # noqa: F401 — everything is imported before the fork, nothing is used

from rekenschap.ledger.journal import Limits
from rekenschap.ledger.sequencer import Pace, Sequencer
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.ledgers import facts
from tests.sequencers import ids, on_disk

PACE = Pace(tick=0.02, age=0.15, limits=Limits(rows=400, file=1 << 18, begin=1 << 12, waiting=1 << 17))
PRODUCERS = 4


def tell(line: str) -> None:
    """Write a line in one piece: pipes keep writes of up to 4,096 bytes together."""
    os.write(1, line.encode() + b"\n")


def work(path: Path, seed: int) -> None:
    house, disk = on_disk(path)
    sequencer = Sequencer.start(house, disk, pace=PACE)
    tell("started")
    pools = {CONSULTATION: facts(CONSULTATION, 4000, seed=seed), ZAAK: facts(ZAAK, 4000, seed=seed)}

    def produce(producer: int) -> None:
        random, at = Random(seed * 100 + producer), producer * 1000  # noqa: S311
        while at < producer * 1000 + 980:
            relation, count = random.choice((CONSULTATION, ZAAK)), random.choice((1, 1, 1, 5, 18))
            rows = pools[relation].slice(at, count)
            receipt = sequencer.append(relation, rows)
            tell(f"ack {receipt.first} {relation.name} {','.join(row.hex() for row in ids(rows))}")
            at += count

    threads = [threading.Thread(target=produce, args=(n,)) for n in range(PRODUCERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    threading.Event().wait()


def main() -> None:
    for line in sys.stdin:
        path, seed = line.split()
        child = os.fork()
        if not child:
            try:
                work(Path(path), int(seed))
            finally:
                os._exit(1)
        tell(f"child {child}")
        _, status = os.waitpid(child, 0)
        tell(f"end {status}")


if __name__ == "__main__":
    main()
