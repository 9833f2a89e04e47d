# SPDX-License-Identifier: EUPL-1.2
"""The grid gives what going through all looks would give, from few files."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rekenschap.audit.grid import Grid, write_month

MONTHS = ("2025-12", "2026-01", "2026-02")
ALIKE = 7 * 2**32
"""Two subjects that share the first half of their token, and lie in one place of the locator."""


@pytest.fixture(scope="module")
def looks() -> dict[str, pa.Table]:
    rng = np.random.default_rng(4)
    staff = rng.integers(-(2**63), 2**63 - 1, 40)
    subjects = np.r_[rng.integers(-(2**63), 2**63 - 1, 300), ALIKE, ALIKE + 1]
    found = {}
    for number, month in enumerate(MONTHS):
        rows = 4_000
        found[month] = pa.table(
            {
                "entry": np.arange(rows) + number * rows,
                "staff": rng.choice(staff, rows),
                "subject": rng.choice(subjects, rows),
                "looked_at": rng.integers(0, 10**6, rows) + number * 10**6,
                "register": pa.array(rng.choice(np.array(["BRP", "zaken"]), rows)),
            }
        )
    return found


@pytest.fixture(scope="module")
def grid(looks: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Grid:
    folder: Path = tmp_path_factory.mktemp("grid")
    for month, rows in looks.items():
        write_month(folder, month, rows)
    return Grid.open(folder)


def entries(rows: pa.Table | None) -> list[int]:
    return [] if rows is None else rows.column("entry").to_pylist()


def newest_first(rows: pa.Table) -> list[int]:
    return entries(rows.sort_by([("looked_at", "descending"), ("entry", "descending")]))


@pytest.mark.parametrize("at", [0, 17, 200, 300, 301])
def test_all_looks_at_a_subject_are_found_newest_first(grid: Grid, looks: dict[str, pa.Table], at: int):
    subject = pc.unique(pa.concat_tables(looks.values()).column("subject")).to_pylist()[at]
    whole = pa.concat_tables(looks.values())
    assert entries(grid.at_subject(subject)) == newest_first(whole.filter(pc.field("subject") == subject))


def test_of_two_subjects_with_one_first_half_each_has_its_own(grid: Grid, looks: dict[str, pa.Table]):
    whole = pa.concat_tables(looks.values())
    for subject in (ALIKE, ALIKE + 1):
        assert entries(grid.at_subject(subject)) == newest_first(whole.filter(pc.field("subject") == subject))


def test_only_the_months_asked_for_are_read(grid: Grid, looks: dict[str, pa.Table]):
    subject = looks["2026-01"].column("subject")[0].as_py()
    some = pa.concat_tables([looks["2026-01"], looks["2026-02"]])
    asked = grid.at_subject(subject, first="2026-01", last="2026-02")
    assert entries(asked) == newest_first(some.filter(pc.field("subject") == subject))


def test_all_looks_of_somebody_in_a_month_are_in_one_file(grid: Grid, looks: dict[str, pa.Table]):
    for staff in pc.unique(looks["2026-01"].column("staff")).to_pylist()[:5]:
        own = looks["2026-01"].filter(pc.field("staff") == staff)
        assert entries(grid.of_staff(staff, "2026-01")) == newest_first(own)


def test_a_long_list_is_cut_at_the_newest(grid: Grid, looks: dict[str, pa.Table]):
    staff = looks["2026-02"].column("staff")[0].as_py()
    own = looks["2026-02"].filter(pc.field("staff") == staff)
    assert entries(grid.of_staff(staff, "2026-02", most=3)) == newest_first(own)[:3]


def test_whoever_is_in_no_file_has_no_looks(grid: Grid):
    assert entries(grid.at_subject(12_345)) == []
    assert entries(grid.of_staff(12_345, "1999-01")) == []


def test_a_month_is_replaced_whole(looks: dict[str, pa.Table], tmp_path: Path):
    write_month(tmp_path, "2026-01", looks["2026-01"])
    fewer = looks["2026-01"].slice(0, 10)
    write_month(tmp_path, "2026-01", fewer)
    grid = Grid.open(tmp_path)
    found = [
        each
        for staff in set(fewer.column("staff").to_pylist())
        for each in entries(grid.of_staff(staff, "2026-01"))
    ]
    assert sorted(found) == entries(fewer)
