# SPDX-License-Identifier: EUPL-1.2
"""How many looks a second pass the doors into the ledger: files, and requests to a service that runs.

Usage: ./run bench intake [--quick] [--part town|files|inside|requests]
       ./run bench intake --facts N    as many through the service, with the memory it holds
"""

from __future__ import annotations

import argparse
import hmac
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import orjson
import pyarrow.json as pj
from doors.files import KINDS, looks, plainly, profile, written
from doors.inside import cost_inside
from doors.serving import Load, Service, Told, sending
from invented import HOME, fresh, look_lines, somewhere
from measure import Sheet, bytes_under, in_turn, note, print_table, ready
from peers.rotel import rotel, why_no_rotel
from peers.rsyslog import rsyslog_to_postgres, why_no_rsyslog
from scipy.stats import theilslopes

from rekenschap.audit.intake import take_in_files
from rekenschap.house import House, right_now
from rekenschap.intake import Profile, load_profile
from rekenschap.model.columns import Kind
from rekenschap.model.relations import CONSULTATION

KEY = b"bench" * 8
BATCHES = (1, 100, 1_000)
MILESTONES = (1, 3, 10, 30, 100)
"""Millions of facts at which the memory is told."""
FILES_AIM, OTLP_AIM, P99_AIM = 1 / 3, 100_000, 250.0
"""Of plain reading; facts a second in batches of 1,000; milliseconds."""

FIRST = Load(records=1_000, requests=5, lines=2)
LOADS = (
    Load(records=1, requests=10_000, lines=32),
    Load(records=100, requests=2_000, lines=8),
    Load(records=1_000, requests=1_000, lines=4),
)
QUICK = (
    Load(records=1, requests=300, lines=16),
    Load(records=100, requests=30, lines=4),
    Load(records=1_000, requests=100, lines=4),
)


def identifiers_in(file: Path) -> list[bytes]:
    """Give every identifier on every line, each with its domain, as the door hashes it."""
    tokens = {c.name: c.domain for c in CONSULTATION.content if c.kind is Kind.TOKEN}
    rows = (orjson.loads(line) for line in file.open("rb"))
    return [f"{tokens[name]}\0{row[name]}".encode() for row in rows for name in tokens if row.get(name)]


def pseudonyms(identifiers: list[bytes]) -> None:
    """Make each pseudonym and do nothing else."""
    b"".join([hmac.digest(KEY, each, "sha256")[:16] for each in identifiers])


def intake(house: House, file: Path, by: Profile) -> None:
    """Take the file in, durable, sealed and read back."""
    ledger = house.ledger(origin="example.org/bench")
    taken = take_in_files(house, [file], by, ledger=ledger, now=right_now())
    taken.check_complete()


def town(sheet: Sheet, place: Path) -> None:
    """Compare with reading the same lines and keeping nothing, and with only making the pseudonyms."""
    file, lines = look_lines(place, days=10 if sheet.quick else 90)
    identifiers = identifiers_in(file)
    houses = (House.at(fresh(place / f"house-{number}")) for number in count())
    last: list[House] = []
    native = load_profile("native-jsonl")

    def into_new_house() -> Callable[[], None]:
        last[:] = [next(houses)]
        return lambda: intake(last[0], file, native)

    seconds = in_turn(
        {
            "intake": into_new_house,
            "again": lambda: lambda: intake(last[0], file, native),
            "arrow_read": ready(lambda: pj.read_json(file)),
            "bare_hmac": ready(lambda: pseudonyms(identifiers)),
        },
        times=1 if sheet.quick else 3,
    )
    sheet.figures |= {
        "lines": lines,
        "identifiers": len(identifiers),
        "bytes_per_line_in_source": file.stat().st_size / lines,
        "bytes_per_fact_in_ledger": bytes_under(last[0].ledger_path) / lines,
        "bytes_per_fact_sealed_apart": bytes_under(last[0].sealed_path) / lines,
    }
    sheet.measured(seconds, amount=lines, unit="rows")
    sheet.compare("intake", "arrow_read", "bare_hmac")
    sheet.compare("again", "intake")


def files(sheet: Sheet, place: Path) -> None:
    """Compare each reader, from file to ledger, with reading the same file into Parquet."""
    rows = 10_000 if sheet.quick else 200_000
    paths = written(place, looks(rows, seed=1))
    by, numbers = profile(), count()
    busy: dict[str, list[float]] = {}

    def way(name: str, work: Callable[[], None]) -> Callable[[], None]:
        def timed() -> None:
            began = process_time()
            work()
            busy.setdefault(name, []).append(process_time() - began)

        return timed

    def ours(kind: str) -> Callable[[], None]:
        house = House.at(fresh(place / f"house-{kind}-{next(numbers)}"))
        return way(kind, lambda: intake(house, paths[kind], by))

    ways: dict[str, Callable[[], Callable[[], None]]] = {}
    for kind in KINDS:
        ways[kind] = lambda kind=kind: ours(kind)
        ways[f"{kind}_plain"] = ready(way(f"{kind}_plain", plainly(paths[kind], kind)))
    sheet.measured(in_turn(ways, times=1 if sheet.quick else 3), amount=rows, unit="rows")
    for kind in KINDS:
        sheet.compare(kind, f"{kind}_plain")
        busy_ratio = median(busy[f"{kind}_plain"]) / median(busy[kind])
        sheet.ratios[f"{kind}_to_{kind}_plain_busy"] = busy_ratio
        sheet.ratios[f"{kind}_aim_third"] = sheet.ratios[f"{kind}_to_{kind}_plain"] / FILES_AIM
        sheet.figures[f"{kind}_microseconds_busy"] = median(busy[kind]) / rows * 1e6


def requests(sheet: Sheet, place: Path) -> None:
    """Send batches to a service, and to rotel, which keeps nothing, in turn."""
    rounds = 1 if sheet.quick else 3
    loads = QUICK if sheet.quick else LOADS
    told: dict[int, list[Told]] = {load.records: [] for load in loads}
    theirs: dict[int, list[dict[str, float]]] = {load.records: [] for load in loads}
    service = Service(fresh(place / "served"))
    try:
        service.bear(FIRST)  # schemas, and code that is made when first used
        for number in range(rounds):
            for load in loads:
                note(f"requests of {load.records}, round {number + 1}")
                told[load.records].append(service.bear(load))
                if not why_no_rotel():
                    with rotel(place) as port, sending(port, load, seed=number) as go:
                        theirs[load.records].append(go()())
    finally:
        service.stop()
    for load in loads:
        _of_load(sheet, load, told[load.records], theirs[load.records])
    largest = told[BATCHES[-1]]
    sheet.ratios["otlp_1000_aim_100000"] = median(each.facts / each.kept for each in largest) / OTLP_AIM
    sheet.ratios["otlp_1000_aim_p99"] = P99_AIM / median(each.p99 for each in largest)
    if why := why_no_rotel():
        print(f"not beside rotel: {why}")


def _of_load(sheet: Sheet, load: Load, told: list[Told], theirs: list[dict[str, float]]) -> None:
    name = f"otlp_{load.records}"
    sheet.measured(
        {
            f"{name}_acknowledged": [each.acknowledged for each in told],
            f"{name}_kept": [each.kept for each in told],
        },
        amount=load.facts,
        unit="facts",
    )
    sheet.figures |= {
        f"{name}_p50_ms": median(each.p50 for each in told),
        f"{name}_p99_ms": median(each.p99 for each in told),
        f"{name}_microseconds_busy": median(each.busy for each in told) / load.facts * 1e6,
        f"{name}_client_microseconds_busy": median(each.client for each in told) / load.facts * 1e6,
        f"{name}_most_memory_mib": max(each.most_memory for each in told),
    }
    if theirs:
        seconds = [each["seconds"] for each in theirs]
        sheet.measured({f"{name}_rotel": seconds}, amount=load.facts, unit="facts")
        sheet.compare(f"{name}_acknowledged", f"{name}_rotel")
        sheet.compare(f"{name}_kept", f"{name}_rotel")
        sheet.figures[f"{name}_rotel_p99_ms"] = median(each["p99"] for each in theirs)


def inside(sheet: Sheet, place: Path) -> None:
    """Tell what a look costs inside the worker, which others who use the machine change less."""
    costs = [
        cost_inside(fresh(place / f"inside-{number}"), groups=2 if sheet.quick else 10)
        for number in range(1 if sheet.quick else 3)
    ]
    for name in ("prepare", "store", "everything"):
        sheet.figures[f"worker_{name}_microseconds_busy"] = (
            median(getattr(each, name) / each.facts for each in costs) * 1e6
        )


def lines(sheet: Sheet, place: Path) -> None:
    """Compare our lines from a file with lines that rsyslog writes to PostgreSQL."""
    if why := why_no_rsyslog():
        print(f"not beside rsyslog: {why}")
        return
    rows = 2_000 if sheet.quick else 50_000
    written_by = looks(rows, seed=2).to_pylist()
    begin = b"<134>1 2026-03-02T08:15:00Z balie app 1 - - "
    sent = [begin + orjson.dumps(row) for row in written_by]
    with rsyslog_to_postgres(place / "rsyslog", under=HOME) as system:
        system.send(sent[:100])
        seconds = in_turn(
            {"rsyslog_postgresql": ready(lambda: system.send(sent))}, times=1 if sheet.quick else 3
        )
    sheet.measured(seconds, amount=rows, unit="rows")
    sheet.ratios["jsonl_to_rsyslog_postgresql"] = (
        sheet.figures["jsonl_rows_per_second"] / sheet.figures["rsyslog_postgresql_rows_per_second"]
    )


def memory(facts: int) -> None:
    """Send many facts through one service, and tell what its processes hold meanwhile."""
    with somewhere() as place:
        service = Service(fresh(place / "served"))
        try:
            service.bear(FIRST)
            began = perf_counter()
            told = service.bear(Load(records=1_000, requests=facts // 1_000, lines=4, on_the_way=True))
        finally:
            service.stop()
        kept = bytes_under(place / "served")
    step = max(1, len(told.memory) // 20)
    rows = [("seconds", "facts kept", "door MiB", "worker MiB")]
    rows += [
        (f"{at:.0f}", f"{size:,}", *(f"{x:.0f}" for x in held)) for at, size, held in told.memory[::step]
    ]
    print_table([row for row in rows if len(row) == 4])
    print_table([("until facts kept", "most door MiB", "most worker MiB"), *peaks(told.memory, facts)])
    for name, (least, slope, most) in zip(("door", "worker"), slopes(told.memory, facts), strict=False):
        print(f"{name}: {slope:+.2f} MiB for each million facts more (95 %: {least:+.2f} to {most:+.2f})")
    print(
        f"{facts:,} facts in {perf_counter() - began:.0f} s, {told.facts / told.kept:,.0f} a second, ", end=""
    )
    print(f"{told.busy / facts * 1e6:.1f} µs of processor each, {kept / facts:.0f} bytes each on disk")


def peaks(memory: list[tuple[float, int, list[float]]], facts: int) -> Iterator[tuple[str, str, str]]:
    """Give the most that each process held until so many facts were kept."""
    for until in (*(each * 1_000_000 for each in MILESTONES if each * 1_000_000 < facts), facts):
        held = [each for _, size, each in memory if size <= until and len(each) == 2]
        if held:
            yield f"{until:,}", *(f"{max(column):.0f}" for column in zip(*held, strict=True))


def slopes(memory: list[tuple[float, int, list[float]]], facts: int) -> list[tuple[float, float, float]]:
    """Give by how many MiB each process grows with a million facts: least, median and most of the slopes
    between any two moments (Theil and Sen), after the first fifth, in which what is remembered fills up."""
    later = [(size / 1e6, held) for _, size, held in memory if size >= facts / 5 and len(held) == 2]
    if len({size for size, _ in later}) < 3:
        return []
    sizes = [size for size, _ in later]
    found = [theilslopes([held[of] for _, held in later], sizes) for of in range(2)]
    return [(float(each.low_slope), float(each.slope), float(each.high_slope)) for each in found]


PARTS = {part.__name__: part for part in (town, files, inside, requests, lines)}


def main(*, quick: bool, only: str | None) -> None:
    """Measure one door after another; `lines` needs the figures of `files`."""
    sheet = Sheet(name="intake", quick=quick)
    for name, part in PARTS.items():
        if only not in (None, name):
            continue
        with somewhere() as place:
            note(part.__name__)
            part(sheet, place)
    sheet.end()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller and fewer, within half a minute")
    parser.add_argument("--part", choices=[name for name in PARTS if name != "lines"], help="only this part")
    parser.add_argument("--facts", type=int, help="so many through the service, with its memory")
    given = parser.parse_args()
    if given.facts:
        memory(given.facts)
    else:
        main(quick=given.quick, only=given.part)
