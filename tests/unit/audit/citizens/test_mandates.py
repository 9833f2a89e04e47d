# SPDX-License-Identifier: EUPL-1.2
"""What citizens do with mandates becomes facts: each step once, for both people, without a name in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from rekenschap.audit.citizens import Names, take_mandates
from rekenschap.audit.deriving.buckets import write_buckets
from rekenschap.audit.deriving.for_citizens import FOLDER
from rekenschap.audit.desk.facts import DeskFact, append_desk_facts
from rekenschap.audit.desk.people import hi_of
from rekenschap.citizen.mandating import Bond, MandateStep, Step
from rekenschap.house import ORIGIN, House
from rekenschap_citizen.place.box import drawn, leave_step

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KNOWN, STRANGER = "klant-1", "00abcdefghjkmnpqrstvwxyzabcdef"
Row = dict[str, object]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house in which somebody looked at one citizen."""
    root = tmp_path_factory.mktemp("house")
    house = House.at(root)
    look = {"looked_at": NOW, "staff": "mw-1", "subject": KNOWN, "register": "brp"}
    append_desk_facts(
        house,
        [DeskFact(relation="consultation", values=look)],
        ledger=house.appending(origin=ORIGIN),
        now=NOW,
    )
    facts = house.ledger(origin=ORIGIN).facts("consultation")
    hi = hi_of(facts.table.column("subject").to_pylist()[0])
    rows = pa.table({"subject": [hi], "look": facts.entries, "looked_at": [1]})
    (root / "derived").mkdir()
    write_buckets(rows, root / "derived" / "1-1" / FOLDER, by="subject", then="looked_at")
    (root / "derived" / "latest").write_text("1-1\n", encoding="ascii")
    return root


def drawer_of_known(home: Path) -> str:
    facts = House.at(home).ledger(origin=ORIGIN).facts("consultation")
    return Names.of(home).drawer(hi_of(facts.table.column("subject").to_pylist()[0]))


def step(home: Path, what: Step, *, taker: str = "", days: int = 31) -> MandateStep:
    return MandateStep(
        id=drawn(), mandate="machtigingeen", step=what, bond=Bond.FAMILY, giver=drawer_of_known(home),
        taker=taker, until=NOW + timedelta(days=days), at=NOW + timedelta(seconds=list(Step).index(what)),
    )  # fmt: skip


def lines(home: Path) -> list[Row]:
    rows = House.at(home).ledger(origin=ORIGIN).facts("processing").table.to_pylist()
    return sorted(rows, key=lambda row: (row["processed_at"], row["subject_kind"]))


def test_every_step_becomes_a_fact_of_both_people_once(home: Path) -> None:
    steps = [
        step(home, Step.GIVEN), step(home, Step.ACCEPTED, taker=STRANGER),
        step(home, Step.CHANGED, taker=STRANGER, days=183),
        step(home, Step.WITHDRAWN, taker=STRANGER, days=183),
    ]  # fmt: skip
    for each in steps:
        leave_step(home / "citizen", each)
    strange = home / "citizen" / "mandated" / "strange.json"
    strange.write_text(json.dumps(steps[0].told() | {"giver": "../../desk"}), encoding="utf-8")
    assert take_mandates(home, now=NOW) == 4
    assert list((home / "citizen" / "mandated").iterdir()) == []
    told = lines(home)
    assert [row["name"] for row in told[::2]] == [
        "machtiging gegeven (familie), tot en met 2026-12-21",
        "machtiging aangenomen (familie), tot en met 2026-12-21",
        "machtiging gewijzigd (familie), tot en met 2027-05-22",
        "machtiging ingetrokken (familie), tot en met 2027-05-22",
    ]
    assert [row["subject_kind"] for row in told] == ["gever", *["gemachtigde", "gever"] * 3]
    assert len({row["trace_id"] for row in told}) == 1
    assert len({row["operation_id"] for row in told}) == len(told) == 7
    for each in steps:  # the worker was stopped just before it took them out of the box
        leave_step(home / "citizen", each)
    take_mandates(home, now=NOW + timedelta(hours=1))
    assert lines(home) == told
    _are_about_the_same_citizen_as_the_looks(home, told)


def _are_about_the_same_citizen_as_the_looks(home: Path, told: list[Row]) -> None:
    (looked_at,) = (
        House.at(home).ledger(origin=ORIGIN).facts("consultation").table.column("subject").to_pylist()
    )
    givers = {row["subject"] for row in told if row["subject_kind"] == "gever"}
    takers = {row["subject"] for row in told if row["subject_kind"] == "gemachtigde"}
    assert givers == {looked_at}
    assert len(takers) == 1
    assert takers != givers


@pytest.mark.parametrize(
    "wrong",
    [
        {"giver": "../x"}, {"taker": "99"}, {"step": "stolen"}, {"bond": "owner"},
        {"at": "2026-11-20T12:00:00"}, {"mandate": "999990019"}, {"id": ""}, {"until": "never"},
    ],
)  # fmt: skip
def test_what_is_no_step_is_refused(home: Path, wrong: dict[str, str]) -> None:
    told = step(home, Step.GIVEN).told()
    assert MandateStep.of(told).told() == told
    with pytest.raises(ValueError, match=r"expected|valid|Invalid"):
        MandateStep.of(told | wrong)
