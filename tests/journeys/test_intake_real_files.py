# SPDX-License-Identifier: EUPL-1.2
"""The logs of real municipalities, read from beside the project, with the figures known of them."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.unit.intake.small_house import SmallHouse

REAL = Path(__file__).parents[2].parent / "shared" / "data"
RECEIPT = REAL / "coselog-receipt"
PERMITS = REAL / "bpic2015-municipalities-dev"


def taken(folder: Path, path: Path, profile: str) -> tuple[SmallHouse, dict[str, int]]:
    if not path.is_file():
        pytest.skip("no real logs: they are kept in ../shared/data, outside the project")
    house = SmallHouse(folder)
    report = house.take_in(path, profile)
    report.check_complete()
    house.door.close()
    return house, {name: count.accepted for name, count in report.facts.items()} | {"rows": report.rows}


def table(house: SmallHouse, relation: str) -> pa.Table:
    return house.ledger.facts(relation).table


@pytest.mark.parametrize("name", ["receipt.xes.gz", "receipt.csv.gz"])
def test_the_receipt_log_gives_the_facts_that_were_counted_in_it(tmp_path, name):
    house, counts = taken(tmp_path, RECEIPT / name, "coselog-receipt")
    assert counts == {
        "rows": 8_577,
        "consultation": 2_822,
        "zaak": 1_434,
        "assignment": 2_868,
        "task": 8_577,
        "staff": 48,
    }
    looks, staff, tasks = (table(house, each) for each in ("consultation", "staff", "task"))
    assert len(pc.unique(looks.column("staff"))) == 48
    assert len(pc.unique(looks.column("zaak"))) == 1_434
    assert Counter(staff.column("employment").to_pylist()) == {"employee": 43, "shared": 5}
    assert len(pc.unique(table(house, "zaak").column("handler"))) == 39
    assert tasks.column("created_at").null_count == 8_577
    assert tasks.column("team").null_count == 1_936  # written EMPTY in the log
    assert table(house, "zaak").column("closed_at").null_count == 1_434 - 1_329


def test_both_files_of_the_receipt_log_hold_the_same_facts(tmp_path):
    xes, _ = taken(tmp_path / "xes", RECEIPT / "receipt.xes.gz", "coselog-receipt")
    csv, _ = taken(tmp_path / "csv", RECEIPT / "receipt.csv.gz", "coselog-receipt")
    for relation in ("consultation", "zaak", "assignment", "task", "staff"):
        one, other = (set(table(house, relation).column("fact_id").to_pylist()) for house in (xes, csv))
        assert one == other


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        (
            "BPIC15_1.xes.gz",
            {
                "rows": 52_217,
                "consultation": 7_936,
                "zaak": 1_199,
                "assignment": 5_678,
                "task": 52_198,
                "staff": 23,
            },
        ),
        (
            "BPIC15_2.xes.gz",
            {
                "rows": 44_354,
                "consultation": 5_581,
                "zaak": 832,
                "assignment": 2_886,
                "task": 44_273,
                "staff": 11,
            },
        ),
    ],
)
def test_the_permit_logs_give_the_facts_that_were_counted_in_them(tmp_path, name, counts):
    house, found = taken(tmp_path, PERMITS / name, "bpic2015")
    assert found == counts
    kinds = Counter(table(house, "assignment").column("kind").to_pylist())
    assert kinds["intake"] == counts["zaak"]
    assert kinds["handler"] == counts["zaak"] - (name == "BPIC15_1.xes.gz")  # one zaak has no handler
    assert kinds["oversight"] > counts["zaak"]
    assert set(table(house, "staff").column("employment").to_pylist()) <= {"employee", "system"}
