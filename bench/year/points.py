# SPDX-License-Identifier: EUPL-1.2
"""Five years of looks in a grid, and single questions asked of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from time import perf_counter, process_time

import duckdb
import numpy as np

from rekenschap.audit.grid import Grid, write_month
from year.drawing import FIRST_DAY

YEARS = 5
_MONTH = 30.5  # days; no month of the calendar, and as long
_COLUMNS = (
    "entry, looked_at, staff, subject, zaak, register, fields, search_key, source, "
    "happened_day, happened_minute"
)


def write_grid(folder: Path, place: Path) -> int:
    """Write the year as twelve months, and four years more that have the same looks in files of their own."""
    looks = 0
    for month in range(12):
        first, last = (FIRST_DAY + round(_MONTH * each) for each in (month, month + 1))
        rows = duckdb.sql(
            f"SELECT {_COLUMNS} FROM read_parquet('{folder}/consultation/*.parquet') "  # noqa: S608
            f"WHERE happened_day >= {first} AND happened_day < {last}"
        ).to_arrow_table()
        looks += len(rows)
        write_month(place, f"2026-{month + 1:02}", rows)
    for year in range(1, YEARS):
        for month in range(12):
            shutil.copytree(place / f"2026-{month + 1:02}", place / f"{2026 + year}-{month + 1:02}")
    return looks * YEARS


def some_people(folder: Path, count: int, *, seed: int) -> tuple[list[int], list[int]]:
    """Give subjects and staff of looks drawn by lot: whoever is looked at more is asked about more."""
    rows = duckdb.execute(
        f"SELECT subject, staff FROM read_parquet('{folder}/consultation/*.parquet') "  # noqa: S608
        f"USING SAMPLE {count} ROWS (reservoir, {seed})"
    ).fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]


def ask(grid: Grid, subjects: list[int], staff: list[int]) -> dict[str, tuple[list[float], list[float]]]:
    """Ask about each of them; the seconds and the processor seconds of each answer."""
    found: dict[str, tuple[list[float], list[float]]] = {
        "subject_in_years": ([], []),
        "staff_in_a_month": ([], []),
    }
    months = [each.name for each in grid.months]
    for number, (subject, person) in enumerate(zip(subjects, staff, strict=True)):
        asked = {
            "subject_in_years": lambda who=subject: grid.at_subject(who),
            "staff_in_a_month": lambda who=person, at=number: grid.of_staff(who, months[at % len(months)]),
        }
        for name, question in asked.items():
            began, used = perf_counter(), process_time()
            question()
            found[name][0].append(perf_counter() - began)
            found[name][1].append(process_time() - used)
    return found


def tail(seconds: list[float], share: float) -> float:
    return float(np.quantile(np.array(seconds), share))
