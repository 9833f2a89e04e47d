# SPDX-License-Identifier: EUPL-1.2
"""Kills a sequencer under load at random moments and compares: `python -m tests.crash.kills --kills 1000`.

What a kill cannot show, because the machine goes on and keeps what was written, the power cuts show.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter, sleep
from types import TracebackType
from typing import Self

from rekenschap.ledger.check import check
from rekenschap.ledger.sequencer import Sequencer
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.crash.victim import PACE
from tests.ledgers import verifiers
from tests.sequencers import begun, ids, on_disk, opened

ROOT = Path(__file__).parents[2]
PER_LEDGER = 8
"""Kills after which a new ledger is begun, so that comparing stays cheap."""


@dataclass
class Tally:
    """What was seen over all kills."""

    kills: int = 0
    acked: int = 0
    survived: int = 0
    torn: int = 0
    wrong: list[str] = field(default_factory=list)


class Killer:
    """A program that forks victims, and the pipe on which they tell what was acknowledged."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.crash.victim"]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
        self._program = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._program.stdin.close()
        self._program.stdout.close()
        self._program.wait(30)

    def kill_one(self, path: Path, seed: int, delay: float) -> list[tuple[int, str, list[bytes]]]:
        """Let a victim work, kill it `delay` seconds after its first acknowledgement; give all of them."""
        self._program.stdin.write(f"{path} {seed}\n")
        self._program.stdin.flush()
        child, acked, is_timed = 0, [], False
        for line in self._program.stdout:
            word, *rest = line.split()
            match word:
                case "child":
                    child = int(rest[0])
                case "ack":
                    acked.append(
                        (int(rest[0]), rest[1], [bytes.fromhex(each) for each in rest[2].split(",")])
                    )
                    if not is_timed:
                        is_timed = True
                        sleep(delay)
                        os.kill(child, signal.SIGKILL)
                case "end":
                    if int(rest[0]) != signal.SIGKILL:
                        raise AssertionError(f"the victim ended by itself, with status {rest[0]}")
                    return acked
                case _:
                    pass
        raise AssertionError("the victims are gone")


def kill_often(kills: int, seed: int, place: Path) -> Tally:
    tally, random = Tally(), Random(seed)  # noqa: S311
    with Killer() as killer:
        while tally.kills < kills:
            path = place / f"ledger-{tally.kills}"
            path.mkdir(parents=True)
            house, disk = on_disk(path)
            begun(house)
            kept: dict[str, dict[int, bytes]] = {}
            size = 0
            for _ in range(min(PER_LEDGER, kills - tally.kills)):
                tally.kills += 1
                acked = killer.kill_one(path, seed * 100_000 + tally.kills, random.uniform(0, 0.25))
                anchored = house.anchor.latest()[0]
                with Sequencer.start(house, disk, pace=PACE, background=False) as sequencer:
                    tally.torn += bool(sequencer.recovered.torn)
                    if sequencer.recovered.signed != anchored or anchored < size:
                        tally.wrong.append(f"kill {tally.kills}: the signed size went back")
                    size = sequencer.size
                kept = _compared(house, acked, kept, tally)
            check(house.store, anchor=house.anchor, verifiers=verifiers())
    return tally


def _compared(house, acked, before, tally: Tally) -> dict[str, dict[int, bytes]]:
    ledger = opened(house)
    now = {}
    for relation in (CONSULTATION, ZAAK):
        found = ledger.facts(relation.name)
        rows = ids(found.table)
        if len(set(rows)) != len(rows):
            tally.wrong.append(f"kill {tally.kills}: a fact is there twice")
        now[relation.name] = dict(zip(found.entries.to_pylist(), rows, strict=True))
    for name, held in before.items():
        if held.items() - now[name].items():
            tally.wrong.append(f"kill {tally.kills}: a fact from before is gone or changed")
    for first, name, rows in acked:
        tally.acked += len(rows)
        if [now[name].get(first + at) for at in range(len(rows))] != rows:
            tally.wrong.append(f"kill {tally.kills}: an acknowledged batch is not at {first}")
    tally.survived += sum(len(now[name]) - len(before.get(name, ())) for name in now)
    return now


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = perf_counter()
    with tempfile.TemporaryDirectory() as place:
        tally = kill_often(asked.kills, asked.seed, Path(place))
    seconds = perf_counter() - began
    print(  # noqa: T201
        f"{tally.kills} kills, {tally.acked} facts acknowledged, {tally.survived} survived, {tally.torn} "
        f"torn writes cut, {len(tally.wrong)} wrong, {seconds:.0f} s"
    )
    for line in tally.wrong:
        print(f"  {line}")  # noqa: T201
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
