# SPDX-License-Identifier: EUPL-1.2
"""The long run of power cuts: `python -m tests.crash.cuts [--cuts N] [--seed N] [--mutants]`."""

import argparse
import sys
from time import perf_counter

import pyarrow as pa

from tests.crash.mutants import MUTANTS, HonestDisk, Mutant
from tests.crash.script import Counted, cut_often

CHUNK = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checked", type=float, default=0.2, help="how often everything is checked too")
    parser.add_argument("--mutants", action="store_true", help="the mistakes too, a tenth of the cuts each")
    asked = parser.parse_args()
    pa.set_cpu_count(1)  # files of a few rows
    found = _counted("ours", Mutant(), asked.cuts * 9 // 10, asked)
    found += _counted("ours, syncs that fail", Mutant(make=HonestDisk), asked.cuts // 10, asked)
    missed = 0
    if asked.mutants:
        for name, mutant in MUTANTS.items():
            caught = _counted(f"mistake: {name}", mutant, asked.cuts // 10, asked)
            missed += caught < asked.cuts // 1000
    return 1 if found or missed else 0


def _counted(name: str, mutant: Mutant, cuts: int, asked: argparse.Namespace) -> int:
    began, total = perf_counter(), Counted()
    with mutant.alive():
        for number in range(0, cuts, CHUNK):
            part = cut_often(
                asked.seed * 100_000 + number,
                min(CHUNK, cuts - number),
                kind=mutant.kind,
                make=mutant.make,
                checked=asked.checked,
            )
            total.cuts += part.cuts
            for error, times in part.caught.items():
                total.caught[error] = total.caught.get(error, 0) + times
    print(f"{name:55} {total.cuts:6} cuts {total.total:6} caught {perf_counter() - began:7.1f} s", flush=True)  # noqa: T201
    if name.startswith("ours"):
        for error, times in total.caught.items():
            print(f"   {times:6} x {error}", flush=True)  # noqa: T201
    return total.total


if __name__ == "__main__":
    sys.exit(main())
