# SPDX-License-Identifier: EUPL-1.2
"""How fast a year of looks is explained, beside the same joins in other engines and a bare scan.

Usage: ./run bench engine [--quick] [--looks 10000000] [--part year|hour|points] [--alone]. The year is
drawn anew and removed; 10 million looks take 0.3 GB of disk, 100 million 3 GB. Each way runs in a process
of its own, all in turn and again. PostgreSQL is measured up to 10 million looks.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from math import log
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from invented import fresh, somewhere
from measure import Sheet, bytes_under, note
from year.apart import Measured, Way, apart
from year.drawing import Size, draw
from year.hours import Hours, learnt_from, state_of
from year.ours import in_buckets, in_one_piece, scan
from year.peers import peers
from year.points import ask, some_people, tail, write_grid

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.audit.grid import Grid

QUICK, SMALL = 200_000, 10_000_000
PARTS = ("year", "hour", "points")


def main() -> None:
    """Measure what is asked for, and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="smaller and fewer, within half a minute")
    asked.add_argument("--looks", type=int, default=SMALL, help="how many looks the year has")
    asked.add_argument("--part", choices=PARTS, action="append", help="only this; all unless given")
    asked.add_argument("--alone", action="store_true", help="ours and the bare scan only, once")
    told = asked.parse_args()
    looks = min(told.looks, QUICK) if told.quick else told.looks
    sheet = Sheet(name="engine", quick=told.quick)
    with somewhere() as place:
        size = Size(looks=looks)
        folder = fresh(place / "year")
        note(f"drawing {looks:,} looks")
        sheet.figures["looks"] = draw(size, folder)
        if "year" in (told.part or PARTS):
            _year(sheet, place, folder, size, times=1 if told.quick or told.alone else 3, alone=told.alone)
        if "hour" in (told.part or PARTS):
            _hour(sheet, place, folder, size)
        if "points" in (told.part or PARTS):
            _points(sheet, place, folder, count=50 if told.quick else 1_000)
    sheet.end()


def _points(sheet: Sheet, place: Path, folder: Path, *, count: int) -> None:
    """Ask who looked at somebody in five years, and whom somebody looked at in a month."""
    note("the grid")
    began = perf_counter()
    sheet.figures["grid_looks"] = write_grid(folder, fresh(place / "grid"))
    sheet.figures["grid_seconds"] = perf_counter() - began
    sheet.figures["grid_megabytes"] = bytes_under(place / "grid") / 1e6
    locator = sum(path.stat().st_size for path in (place / "grid").rglob("*.u*")) / 1e6
    sheet.figures["locator_share"] = locator / sheet.figures["grid_megabytes"]
    grid = Grid.open(place / "grid", threads=2)
    for seed in (1, 2):  # the first time all footers are read; people differ
        found = ask(grid, *some_people(folder, count, seed=seed))
    grid.close()
    for name, (seconds, processor) in found.items():
        sheet.measured({name: seconds})
        for share, word in ((0.5, "p50"), (0.99, "p99")):
            sheet.figures[f"{name}_{word}_milliseconds"] = tail(seconds, share) * 1e3
            sheet.figures[f"{name}_{word}_processor_milliseconds"] = tail(processor, share) * 1e3
        sheet.ratios[f"{name}_p99_to_50_milliseconds"] = 0.05 / tail(seconds, 0.99)


def _hour(sheet: Sheet, place: Path, folder: Path, size: Size) -> None:
    """Explain hours of 10,000 looks on top of the year, and on top of a tenth of it."""
    for name, year, its_size in (("hour_on_a_tenth", place / "tenth", Size(looks=size.looks // 10)),
                                 ("hour", folder, size)):  # fmt: skip
        if year != folder:
            draw(its_size, fresh(year))
        note(f"{name}: the state")
        began = perf_counter()
        state = state_of(year, fresh(place / f"{name}-state"))
        sheet.figures[f"{name}_state_seconds"] = perf_counter() - began
        sheet.figures[f"{name}_state_megabytes"] = bytes_under(state.folder) / 1e6
        draw(Size(looks=40_000), fresh(place / "taught"))
        learnt = learnt_from(place / "taught", its_size)
        hours, seconds, processor = Hours(year, its_size), [], []
        for number in range(6):
            came = hours.draw(number)
            engine = DuckDbEngine()
            began, used = perf_counter(), process_time()
            followed = state.follow(came, engine, learnt, part=f"{number + 1:02}")
            seconds.append(perf_counter() - began)
            processor.append(process_time() - used)
            engine.close()
            sheet.figures[f"{name}_looks_explained"] = len(followed.look)
        sheet.measured({name: seconds[1:]})  # the first touches every page for the first time
        sheet.figures[f"{name}_processor_seconds"] = median(processor[1:])
    sheet.ratios["hour_to_a_second"] = 1 / sheet.medians["hour"]
    sheet.ratios["hour_growth_with_ten_times_the_history"] = (
        sheet.medians["hour_on_a_tenth"] / sheet.medians["hour"]
    )


def _year(sheet: Sheet, place: Path, folder: Path, size: Size, *, times: int, alone: bool) -> None:
    """Explain the year in every way there is, and a year of a tenth of it in our own."""
    small = fresh(place / "small")
    few = draw(Size(looks=max(2, size.looks // 10)), small)
    with ExitStack() as until:
        ways: dict[str, Way] = {"scan": scan, "ours": in_buckets}
        if not alone:
            ways |= {"ours_in_one_piece": in_one_piece}
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
