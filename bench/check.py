# SPDX-License-Identifier: EUPL-1.2
"""How fast a ledger is checked, beside the limit of this machine: hashing as many bytes and nothing else.
Usage: ./run bench check [--quick] [--facts N]"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import median
from threading import Event, Thread
from time import perf_counter, process_time

from invented import SEED, START, look_content, somewhere
from measure import Sheet, note, print_table
from ours import Place, encoded

from rekenschap.ledger.identity import with_identity
from rekenschap.ledger.prove import prove
from rekenschap.model.relations import CONSULTATION

QUICK, FULL = (20_000, 100_000), (1_000_000, 10_000_000)
PIECE = 1_000_000
BUFFER = 1 << 20
SALT, LEAF, NODE = 16, 33, 65
"""Bytes hashed for each fact beside its row: salt before the row, its leaf, and one node of the tree."""
MEMORY_LIMIT, PROOF_LIMIT = 2 << 30, 0.010
PAUSE = 0.05
PROOFS = 200


@dataclass(slots=True, kw_only=True)
class Found:
    """What one size gave: seconds of each round, and the most memory of all processes of the check."""

    facts: int
    hashed: int
    seconds: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    """processor seconds of each check, all its processes together"""
    busy_limit: list[float] = field(default_factory=list)
    peak: int = 0

    @property
    def of_limit_busy(self) -> float:
        """The same in processor seconds, which others who use the machine change less."""
        return median(self.busy_limit) / median(self.busy)

    @property
    def of_limit(self) -> float:
        """Our speed as a part of the limit."""
        return median(self.limit) / median(self.seconds)

    @property
    def cost(self) -> float:
        """Seconds for each fact."""
        return median(self.seconds) / self.facts

    def line(self) -> tuple[str, ...]:
        seconds, limit = median(self.seconds), median(self.limit)
        return (
            f"{self.facts:,}",
            f"{seconds:.2f}",
            f"{self.facts / seconds:,.0f}",
            f"{1e6 * self.cost:.3f}",
            f"{1e6 * median(self.busy) / self.facts:.3f}",
            f"{limit:.3f}",
            f"{self.of_limit:.3f}",
            f"{self.peak / 2**20:,.0f}",
        )


HEADS = ("facts", "check s", "facts/s", "us/fact", "cpu us/fact", "limit s", "of limit", "peak MiB")


def build(place: Place, facts: int) -> float:
    """Make a ledger of invented looks; how many bytes an encoded row has on average."""
    ledger, width = place.new(), 0.0
    for start in range(0, facts, PIECE):
        note(f"making a ledger of {facts:,} facts: {start:,}")
        content = look_content(min(PIECE, facts - start), seed=SEED + start)
        table = with_identity(content, CONSULTATION, recorded_at=START)
        ledger.append([(CONSULTATION, table)])
        some = encoded(table.slice(0, 10_000))
        width = width or sum(map(len, some)) / len(some)
    return width


def limit(count: int, found: Found) -> None:
    """Hash as many bytes in large buffers on all cores; note the seconds that took."""
    cores = os.cpu_count() or 1
    buffers = max(1, count // BUFFER // cores)

    def work(_: int) -> None:
        buffer, hashed = bytes(BUFFER), sha256()
        for _ in range(buffers):
            hashed.update(buffer)

    with ThreadPoolExecutor(cores) as pool:
        began, busy = perf_counter(), process_time()
        list(pool.map(work, range(cores)))
        part = count / (buffers * cores * BUFFER)
        found.limit.append((perf_counter() - began) * part)
        found.busy_limit.append((process_time() - busy) * part)


def one_check(path: Path, found: Found) -> None:
    """Check in a program of its own; note its seconds without starting it, and its most memory."""
    command = [sys.executable, str(Path(__file__)), "--one", str(path)]
    # As a program is installed: what Python compiles is kept, and made in the first round only.
    kept = os.environ | {"PYTHONPYCACHEPREFIX": str(path.parent / "compiled")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=kept)  # noqa: S603 - ourselves
    with program, watched(program.pid) as peak:
        said, _ = program.communicate()
    if program.returncode:
        raise SystemExit("the check did not pass")
    told = json.loads(said)
    found.seconds.append(told["seconds"])
    found.busy.append(told["busy"])
    found.peak = max(found.peak, *peak)


@contextmanager
def watched(pid: int) -> Iterator[list[int]]:
    """Note again and again how much memory a process and all its children take together."""
    seen, ended = [0], Event()

    def watch() -> None:
        while not ended.wait(PAUSE):
            seen.append(sum(map(memory, family(pid))))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        ended.set()
        watcher.join()


def family(pid: int) -> list[int]:
    """Give a process and all that descend from it."""
    found = [pid]
    for parent in found:
        with suppress(OSError):  # it ended meanwhile
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                with suppress(OSError):
                    found += map(int, children.read_text().split())
    return found


def memory(pid: int) -> int:
    """Give the bytes of a process, what it shares counted in equal parts; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def measure(place: Place, facts: int, *, rounds: int) -> Found:
    """Make a ledger, then hash the limit and check, in turn."""
    width = build(place, facts)
    found = Found(facts=facts, hashed=round(facts * (SALT + width + LEAF + NODE)))
    for turn in range(rounds):
        note(f"{facts:,} facts, round {turn + 1}/{rounds}: the limit, then the check")
        limit(found.hashed, found)
        one_check(place.path, found)
    note("")
    return found


def proofs(sheet: Sheet, place: Path, facts: int) -> None:
    """Prove one fact after another, anywhere in the ledger."""
    note("proofs")
    random = Random(SEED)  # noqa: S311 - which to prove
    began = perf_counter()
    ledger = Place(place).opened()
    opening = perf_counter() - began
    took = sorted(_seconds_to_prove(ledger, random.randrange(facts)) for _ in range(PROOFS))
    note("")
    slowest = took[PROOFS * 99 // 100]
    sheet.ratios |= {
        "proof_limit": PROOF_LIMIT / took[PROOFS // 2],
        "proof_limit_slowest": PROOF_LIMIT / slowest,
    }
    sheet.figures |= {
        "proof_p50_ms": 1_000 * took[PROOFS // 2],
        "proof_p99_ms": 1_000 * slowest,
        "open_ms": 1_000 * opening,
    }


def _seconds_to_prove(ledger: object, entry: int) -> float:
    began = perf_counter()
    prove(ledger, entry)
    return perf_counter() - began


def main(sizes: tuple[int, ...], *, quick: bool) -> None:
    """Check ledgers of several sizes."""
    sheet = Sheet(name="check", quick=quick)
    with somewhere() as place:
        every = []
        for facts in sizes:
            at = Place(place / "ledger")
            every.append(
                measure(at, facts, rounds=3 if facts <= 1_000_000 else 2 if facts < 100_000_000 else 1)
            )
        proofs(sheet, place / "ledger", sizes[-1])
    print_table([HEADS, *(each.line() for each in every)])
    least, most = every[0], every[-1]
    sheet.ratios |= {
        "sha256_limit_quarter": 4 * most.of_limit,
        "sha256_limit_quarter_busy": 4 * most.of_limit_busy,
        "memory_limit": MEMORY_LIMIT / max(each.peak for each in every),
        "linear": least.cost / most.cost,
    }
    for each in every:
        sheet.figures |= {
            f"facts_per_second_{each.facts}": 1 / each.cost,
            f"of_limit_{each.facts}": each.of_limit,
            f"peak_mib_{each.facts}": each.peak / 2**20,
        }
    sheet.medians |= {f"check_{each.facts}": median(each.seconds) for each in every}
    sheet.end()


def one(path: Path) -> None:
    """Check the ledger at a path and tell how long it took."""
    began, busy = perf_counter(), sum(os.times()[:4])
    Place(path).check()
    print(json.dumps({"seconds": perf_counter() - began, "busy": sum(os.times()[:4]) - busy}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller and fewer, within half a minute")
    parser.add_argument("--facts", type=int, default=0, help="one more size, 100000000 for instance")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one)
    else:
        asked = (given.facts,) if given.facts else ()
        main(tuple(sorted({*(QUICK if given.quick else FULL), *asked})), quick=given.quick)
