# SPDX-License-Identifier: EUPL-1.2
"""How fast the pages of the desk answer while people click. Usage: ./run bench desk [--quick]

The town of 5,000 staff and 10 million looks is made straight into derived form: a small town goes through
the whole chain, and its looks, verdicts and work are written many times over, of other people or months.
"""

import json
import os
import random
import socket
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from math import ceil
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep

import numpy as np
import pyarrow as pa
from invented import SEED, somewhere
from measure import Sheet, asked, note

from rekenschap.audit.answer import Answer, answer
from rekenschap.audit.demo import run_demo
from rekenschap.audit.deriving import Occasion, write_derived
from rekenschap.audit.desk.people import reading
from rekenschap.house import House, right_now
from rekenschap.model.relations import RELATIONS

MEDIAN_LIMIT, P95_LIMIT = 0.3, 1.0
_DAYS = 91
_MICROSECONDS = _DAYS * 86_400_000_000

_SIGN_IN = """
import django, json, sys
django.setup()
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from rekenschap_web import acts
from rekenschap_web.people.matrix import ANYONE, lines
from rekenschap_web.people.models import Person
from rekenschap_web.tryout.cast import CAST
settings.ALLOWED_HOSTS = ["*"]
APART = {"signin", "exports", "evidence", "design"}
pages = {
    name: (line.roles("GET"), reverse(name)) for name, line in lines().items()
    if ":" in name and name.partition(":")[0] not in APART
    and not line.example and line.has("GET") and not line.is_open("GET")
}
found = []
for number in range(int(sys.argv[1])):
    player = CAST[number % len(CAST)]
    one = Person(sub=f"bench-{number}", name=f"Bench {number}", email=f"bench{number}@veldhaven.example",
                 team=player.team, staff_id=player.staff_id)
    one.roles = player.roles
    one.set_unusable_password()
    with transaction.atomic():
        acts.recorded(one, by=one, verb="came_in")
    client = Client()
    with transaction.atomic():
        client.force_login(one, backend="allauth.account.auth_backends.AuthenticationBackend")
    found.append({"roles": [str(role) for role in one.roles],
                  "pages": [(name, path) for name, (roles, path) in pages.items() if roles & one.roles],
                  "cookies": {name: each.value for name, each in client.cookies.items()}})
from rekenschap_web.acts.bringing.taking import hand_over
hand_over()
from rekenschap_web.findings.models import FindingRecord
numbers = [str(each.number) for each in FindingRecord.objects.order_by("pk")]
print(json.dumps({"people": found, "findings": numbers}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """How large the town is, how many click, and for how long."""

    staff: int
    days: int
    crowds: int
    quarters: int
    clicking: int
    seconds: float
    think: float


FULL = Town(staff=200, days=90, crowds=27, quarters=4, clicking=50, seconds=120.0, think=4.0)
QUICK = Town(staff=60, days=30, crowds=2, quarters=1, clicking=8, seconds=10.0, think=1.0)


@dataclass(slots=True, kw_only=True)
class Visitor:
    """One person with a browser."""

    roles: Sequence[str]
    pages: Sequence[tuple[str, str]]
    """every page without a number in its address that the matrix lets this person open"""
    cookies: dict[str, str]


def many(answered: Answer, town: Town) -> Answer:
    """Write an answer many times over: other people in each crowd, other months in each quarter."""
    copies = [(crowd, quarter) for quarter in range(town.quarters) for crowd in range(town.crowds)]
    explained = answered.explained
    step = answered.checkpoint.size
    with_copies = replace(
        explained,
        look=_times(explained.look, copies, step),
        verdict=_times(explained.verdict, copies, step),
        explanation=_times(explained.explanation, copies, step),
        evidence_term=explained.evidence_term,
        late_work=explained.late_work,
        chance=_times(explained.chance, copies, step),
    )
    facts = {
        name: _times(rows, copies, step) if name in _GROWING else rows
        for name, rows in answered.facts.items()
    }
    return replace(answered, explained=with_copies, facts=facts)


_GROWING = {"consultation", "zaak", "task", "contact", "assignment", "relation", "staff"}
_PEOPLE = {"staff", "subject", "zaak", "task", "other_subject", "handler", "line_manager", "assigned_by"}
_ENTRIES = {"look", "entry", "work_entry"}
_DAY = {"happened_day"}
_TIMES = {each.name for one in RELATIONS.values() for each in one if each.kind == "time"} | {"day_began"}


def _times(rows: pa.Table, copies: Sequence[tuple[int, int]], step: int) -> pa.Table:
    parts = [_copy(rows, crowd, quarter, at * step) for at, (crowd, quarter) in enumerate(copies)]
    return pa.concat_tables(parts)


def _copy(rows: pa.Table, crowd: int, quarter: int, offset: int) -> pa.Table:
    if not crowd and not quarter:
        return rows
    columns = []
    for field in rows.schema:
        column = rows.column(field.name)
        if field.name in _ENTRIES:
            column = _plus(column, offset)
        elif field.name in _PEOPLE:
            column = _plus(column, crowd * 0x9E3779B97F4A7C15 & (2**63 - 1))
        elif field.name in _DAY:
            column = _plus(column, -quarter * _DAYS)
        elif field.name in _TIMES and pa.types.is_int64(field.type):
            column = _plus(column, -quarter * _MICROSECONDS)
        columns.append(column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=rows.schema)


def _plus(column: pa.ChunkedArray, much: int) -> pa.Array:
    """Add, around the end of 64 bits; null stays null."""
    whole = column.combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    filled = np.asarray(whole.fill_null(0))
    with np.errstate(over="ignore"):
        moved = filled + np.array(much).astype(filled.dtype)
    return pa.array(moved, mask=np.asarray(whole.is_null()))


def made(home: Path, town: Town) -> tuple[Path, int, float]:
    """Make the house with its large derivation; gives it, the number of looks, and the seconds of writing."""
    run_demo(home / "demo", seed=SEED, told=lambda *_: None) if town.staff == 200 else _small(
        home / "demo", town
    )
    house = House.at(home / "demo" / "house")
    note("explain")
    answered = many(answer(reading(house), house.engine(), seed=SEED), town)
    note("write")
    began = perf_counter()
    derived = write_derived(house.root, answered, [], occasion=Occasion(seed=SEED, now=right_now()))
    seconds = perf_counter() - began
    looks = derived.manifest.looks
    derived.close()
    return house.root, looks, seconds


def _small(place: Path, town: Town) -> None:
    from rekenschap import demo
    from rekenschap.audit.demo import ORIGIN, PROFILE
    from rekenschap.audit.intake import take_in_files
    from rekenschap.intake import load_profile

    drawn = demo.write_town(place / "sources", seed=SEED, staff=town.staff, days=town.days)
    house = House.at(place / "house")
    ledger = house.ledger(origin=ORIGIN)
    take_in_files(house, sorted(drawn.paths.values()), load_profile(PROFILE), ledger=ledger, now=right_now())


def environment(home: Path) -> dict[str, str]:
    """Give what every program of the desk must know."""
    return {
        **os.environ,
        "REKENSCHAP_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "rekenschap_web.settings.desk",
    }


@contextmanager
def served(home: Path) -> Iterator[int]:
    """Serve the desk of a house as `rekenschap serve` does, with its worker, on a free port."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = int(place.getsockname()[1])
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "4", "--no-ws", "--http", "1", "--log-level", "error",
        "rekenschap_web.wsgi:application",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "rekenschap_web.acts.worker", "--no-derive", "--every", "5"]
    logs = (home / "bench.log").open("wb")
    programs = [
        subprocess.Popen(each, env=environment(home), stdout=logs, stderr=logs)  # noqa: S603 - our own words
        for each in (web, worker)
    ]
    try:
        _wait(port)
        yield port
    finally:
        for each in programs:
            each.terminate()
        for each in programs:
            try:
                each.wait(30)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()
        logs.close()


def _wait(port: int) -> None:
    until = monotonic() + 240
    while monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/livez", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            sleep(0.3)
    raise SystemExit("the desk does not answer")


def pages_of(visitor: Visitor, findings: Sequence[str]) -> list[tuple[str, str]]:
    """Name the pages somebody goes to in a week, and their addresses: all there are, and some findings."""
    found = [(name, path) for name, path in visitor.pages]
    if {"integrity_officer", "second_officer", "fg", "auditor"} & set(visitor.roles):
        found += [("finding", f"/bevindingen/{number}/") for number in findings[:8]]
    return found


def click(
    port: int, visitor: Visitor, findings: Sequence[str], town: Town, seed: int
) -> list[tuple[str, int, float]]:
    """Click from page to page until the time is over; gives page, status and seconds of each."""
    chance = random.Random(seed)  # noqa: S311 - where to click
    found: list[tuple[str, int, float]] = []
    pages, until = pages_of(visitor, findings), monotonic() + town.seconds
    sleep(chance.random() * town.think)
    while monotonic() < until:
        name, path = chance.choice(pages)
        began = perf_counter()
        status = _get(port, visitor, path)
        found.append((name, status, perf_counter() - began))
        sleep(min(chance.expovariate(1 / town.think), 5 * town.think))
    return found


def _get(port: int, visitor: Visitor, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookies})
    response = connection.getresponse()
    response.read()
    for header in response.headers.get_all("Set-Cookie") or []:
        name, _, value = header.partition(";")[0].partition("=")
        visitor.cookies[name] = value
    connection.close()
    return response.status


def main(*, quick: bool) -> None:
    """Make the town, let people click, and hold every page against the two limits."""
    town = QUICK if quick else FULL
    sheet = Sheet(name="desk", quick=quick)
    with somewhere() as place:
        home, looks, seconds = made(place, town)
        subprocess.run(
            [sys.executable, "-m", "rekenschap_web.settings.prepare"], env=environment(home), check=True
        )
        told = json.loads(
            subprocess.run(  # noqa: S603 - our own words
                [sys.executable, "-c", _SIGN_IN, str(town.clicking)],
                env=environment(home), check=True, capture_output=True, text=True,
            ).stdout.splitlines()[-1]
        )  # fmt: skip
        visitors = [Visitor(**each) for each in told["people"]]
        found: list[tuple[str, int, float]] = []
        with served(home) as port:
            note("click")
            found = _all_click(port, visitors, told["findings"], town)
    _sum_up(sheet, found, looks=looks, writing=seconds)
    sheet.end()


def _all_click(
    port: int, visitors: Sequence[Visitor], findings: Sequence[str], town: Town
) -> list[tuple[str, int, float]]:
    for visitor in (*visitors[:8], *visitors[:8]):  # what a program does once, it has done
        for _, path in pages_of(visitor, findings):
            _get(port, visitor, path)
    found: list[tuple[str, int, float]] = []
    threads = [
        threading.Thread(target=lambda at=at, one=one: found.extend(click(port, one, findings, town, at)))
        for at, one in enumerate(visitors)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


def _sum_up(sheet: Sheet, found: Sequence[tuple[str, int, float]], *, looks: int, writing: float) -> None:
    by_page: dict[str, list[float]] = defaultdict(list)
    statuses: dict[str, int] = defaultdict(int)
    for name, status, seconds in found:
        statuses[str(status)] += 1
        if status == 200:
            by_page[name].append(seconds)
    sheet.measured(by_page)
    sheet.figures |= {"looks": looks, "write_derived_looks_per_second": looks / writing, "clicks": len(found)}
    middle, slow = {name: median(each) for name, each in by_page.items()}, _slow(by_page)
    every = [each for some in by_page.values() for each in some]
    sheet.ratios |= {
        "median_limit": MEDIAN_LIMIT / median(every),
        "p95_limit": P95_LIMIT / _slow({"": every})[""],
        "slowest_page_median_limit": MEDIAN_LIMIT / max(middle.values()),
        "slowest_page_p95_limit": P95_LIMIT / max(slow.values()),
    }
    sheet.more |= {
        "statuses": dict(statuses),
        "median_ms": {name: round(1000 * each) for name, each in middle.items()},
        "p95_ms": {name: round(1000 * each) for name, each in slow.items()},
    }


def _slow(by_page: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Give the time that nineteen in twenty stay below."""
    return {name: sorted(some)[ceil(0.95 * len(some)) - 1] for name, some in by_page.items()}


if __name__ == "__main__":
    main(quick=asked(__doc__ or ""))
