# SPDX-License-Identifier: EUPL-1.2
"""How fast a year of looks is explained, beside the same joins in other engines and a bare scan.

Usage: ./run bench engine [--quick] [--looks 10000000] [--part year|hour|points]. The year is drawn anew and
removed; 10 million looks take about 1 GB of disk, 100 million about 10 GB. Each measurement runs in a process
of its own, all in turn and again. PostgreSQL is measured up to 10 million looks.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from math import log
from pathlib import Path

from invented import fresh, somewhere
from measure import Sheet, note
from year.apart import Measured, Way, apart
from year.drawing import Size, draw
from year.ours import in_buckets, in_one_piece, scan
from year.peers import peers

QUICK, SMALL = 400_000, 10_000_000
PARTS = ("year", "hour", "points")


def main() -> None:
    """Measure what is asked for, and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="smaller and fewer, within half a minute")
    asked.add_argument("--looks", type=int, default=SMALL, help="how many looks the year has")
    asked.add_argument("--part", choices=PARTS, action="append", help="only this; all unless given")
    told = asked.parse_args()
    looks = min(told.looks, QUICK) if told.quick else told.looks
    sheet = Sheet(name="engine", quick=told.quick)
    with somewhere() as place:
        size = Size(looks=looks)
        folder = fresh(place / "year")
        note(f"drawing {looks:,} looks")
        sheet.figures["looks"] = draw(size, folder)
        if "year" in (told.part or PARTS):
            _year(sheet, place, folder, size, times=1 if told.quick else 3)
    sheet.end()


def _year(sheet: Sheet, place: Path, folder: Path, size: Size, *, times: int) -> None:
    """Explain the year in every way there is, and a year of a tenth of it in our own."""
    small = fresh(place / "small")
    few = draw(Size(looks=max(2, size.looks // 10)), small)
    with ExitStack() as until:
        ways: dict[str, Way] = {"scan": scan, "ours": in_buckets, "ours_in_one_piece": in_one_piece}
        ways |= peers(folder, until=until, with_postgres=size.looks <= SMALL)
        found: dict[str, list[Measured]] = {name: [] for name in (*ways, "ours_of_a_tenth")}
        for _ in range(times):
            for name, way in ways.items():
                note(f"{name}")
                found[name].append(apart(way, folder))
            found["ours_of_a_tenth"].append(apart(in_buckets, small))
    _tell(sheet, found)
    left = {name: {each.answer for each in all_of} for name, all_of in found.items()}
    same = {frozenset(each) for name, each in left.items() if name not in ("scan", "ours_of_a_tenth")}
    if len(same) != 1:
        raise AssertionError(f"the ways do not leave the same looks: {left}")
    sheet.figures["left"] = found["ours"][0].answer
    growth = sheet.medians["ours"] / sheet.medians["ours_of_a_tenth"]
    sheet.figures["ours_growth"] = growth
    sheet.ratios["ours_growth_to_linear"] = sheet.figures["looks"] / few / growth
    sheet.figures["ours_exponent"] = log(growth) / log(sheet.figures["looks"] / few)


def _tell(sheet: Sheet, found: dict[str, list[Measured]]) -> None:
    for name, all_of in found.items():
        sheet.measured({name: [each.seconds for each in all_of]})
        sheet.figures[f"{name}_processor_seconds"] = sorted(each.processor for each in all_of)[
            len(all_of) // 2
        ]
        sheet.figures[f"{name}_most_megabytes"] = max(each.most_bytes for each in all_of) / 1e6
    sheet.compare("ours", *(name for name in found if name not in ("ours", "ours_of_a_tenth")))


if __name__ == "__main__":
    main()
