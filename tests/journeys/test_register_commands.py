# SPDX-License-Identifier: EUPL-1.2
"""A register in a table, from the command line: taken in, changed, held against looks."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from rekenschap.audit.deriving import derive
from rekenschap.audit.desk import DeskFact, append_desk_facts
from rekenschap.house import ORIGIN, House
from tests.journeys.commands import rekenschap

NOW = datetime.now(UTC).replace(microsecond=0)
HEAD = "Nummer;Naam;Doel;Grondslag;Wettelijke grondslag;Bewaartermijn;Vanaf"
ROWS = (
    "VA-01;Basisregistratie;gegevens bijhouden;6.1.e publieke taak;Wet BRP art. 2.1;10 jaar;01-01-2020",
    "VA-02;Reisdocumenten;documenten afgeven;e;Paspoortwet;11 jaar;01-01-2020",
    "VA-03;Parkeren;vergunning geven;e;Gemeentewet art. 225;2 jaar;01-01-2020",
)
WHO = ("--by", "a.bakker", "--because", "vastgesteld door het college")


def looks(**named: str) -> list[DeskFact]:
    """Five looks by somebody of burgerzaken, in the days before now."""
    return [
        DeskFact(
            relation="consultation",
            values={
                "looked_at": NOW - timedelta(days=n + 1), "staff": "mw-1", "subject": "999990019",
                "register": "BRP", **named,
            },
        )
        for n in range(5)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("register") / "house"
    house = House.at(home)
    staff = DeskFact(
        relation="staff",
        values={"staff": "mw-1", "valid_from": NOW - timedelta(days=900), "team": "burgerzaken"},
    )
    zaak = DeskFact(
        relation="zaak",
        values={
            "zaak": "Z-1", "subject": "999990019", "registered_at": NOW - timedelta(days=9),
            "processing_activity": "VA-02",
        },
    )  # fmt: skip
    sent = [
        DeskFact(
            relation="disclosure",
            values={"disclosed_at": NOW - timedelta(hours=n + 1), "staff": "mw-1", "kind": "export", **named},
        )
        for n, named in enumerate(({}, {"processing_activity": "VA-01"}))
    ]
    facts = [
        staff, zaak, *sent, *looks(processing_activity="VA-01"), *looks(zaak="Z-1"),
        *looks(processing_activity="VA-99"), *looks(),
    ]  # fmt: skip
    append_desk_facts(house, facts, ledger=house.ledger(origin=ORIGIN), now=NOW, source="balie")
    return home


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(founded, tmp_path / "house"))


def table(place: Path, *rows: str) -> Path:
    path = place / "register.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def workbook(place: Path, *rows: str) -> Path:
    """The same table as a workbook."""
    path = place / "register.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEAD, *rows]):
            sheet.write_row(number, 0, row.split(";"))
    return path


def test_a_register_is_taken_in_and_what_changed_becomes_a_version(home: Path, tmp_path: Path) -> None:
    at = ("--home", home, "--json")
    file = table(tmp_path, *ROWS)
    seen = rekenschap("register", "import", file, "--only-look", *at).told
    assert (seen["fresh"], seen["on_record"]) == (["VA-01", "VA-02", "VA-03"], False)
    assert rekenschap("register", "list", *at).told["activities"] == []
    assert rekenschap("register", "import", file, *WHO, *at).told["on_record"] is True
    again = rekenschap("register", "import", workbook(tmp_path, *ROWS), *WHO, *at).told
    assert (again["fresh"], again["changed"], again["same"]) == ([], [], 3), "the workbook says the same"
    changed = rekenschap("register", "import", table(tmp_path, ROWS[0].replace("2.1", "2.2")), *WHO, *at).told
    assert (changed["changed"], changed["absent"]) == (["VA-01"], ["VA-02", "VA-03"])
    told = {each["key"]: each for each in rekenschap("register", "list", *at).told["activities"]}
    assert (told["VA-01"]["edition"], told["VA-01"]["law"]) == (2, "Wet BRP art. 2.2")
    assert (told["VA-02"]["edition"], told["VA-02"]["retention_period"]) == (1, 4018)
    then = rekenschap("register", "list", "--at", "2021-01-01", *at).told["activities"]
    assert [each["law"] for each in then if each["key"] == "VA-01"] == ["Wet BRP art. 2.1"]
    assert rekenschap("check", home).code == 0


def test_a_table_with_a_fault_changes_nothing_and_says_where(home: Path, tmp_path: Path) -> None:
    wrong = ROWS[1].replace(";e;", ";vast wel;").replace("documenten afgeven", "zie 999990019")
    done = rekenschap("register", "import", table(tmp_path, ROWS[0], wrong), *WHO, "--home", home)
    assert done.code == 6
    assert "Regel 3, doel: bevat een getal dat een BSN kan zijn." in done.out
    assert "999990019" not in done.out + done.err
    assert rekenschap("register", "list", "--home", home, "--json").told["activities"] == []
    odd = tmp_path / "other.csv"
    odd.write_text("a;b\n1;2\n")
    refused = rekenschap("register", "import", odd, *WHO, "--home", home)
    assert (refused.code, "none for key, name, purpose, legal_basis" in refused.err) == (4, True), refused.err
    nameless = rekenschap("register", "import", table(tmp_path, *ROWS), "--home", home)
    assert nameless.code == 4, "the ledger keeps who decided"


def test_versions_of_the_draft_interface_are_taken_in(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    told = {
        "id": "0b1f6a52-5d0a-4d0e-9d5e-2f6f6f1d0001", "name": "Parkeren", "purpose": "vergunning geven",
        "legalBasis": ["PublicInterest"], "dataSubjects": ["Citizen"], "validFrom": "2024-01-01T00:00:00Z",
        "personalData": {"categories": ["naam", "kenteken"], "retentionPeriod": "P2Y"},
    }  # fmt: skip
    path.write_text(json.dumps([told]), encoding="utf-8")
    at = ("--home", home, "--json")
    assert rekenschap("register", "import", path, *WHO, *at).told["fresh"] == [told["id"]]
    (found,) = rekenschap("register", "list", *at).told["activities"]
    assert (found["legal_basis"], found["people"], found["retention_period"]) == ("e", ["inwoners"], 731)


def test_what_has_no_basis_is_counted_by_system_and_team_and_what_lies_idle_is_named(
    home: Path, tmp_path: Path
) -> None:
    rekenschap("register", "import", table(tmp_path, *ROWS), *WHO, "--home", home)
    derive(House.at(home), seed=1, now=NOW)
    told = rekenschap("register", "report", "--home", home, "--json").told
    assert {(each["team"], each["basis"]): each["count"] for each in told["looks"]} == {
        ("burgerzaken", "known"): 10, ("burgerzaken", "unknown"): 5, ("burgerzaken", "none"): 5,
    }  # fmt: skip
    assert {(each["system"], each["team"], each["basis"]): each["count"] for each in told["sets"]} == {
        ("balie", "burgerzaken", "known"): 1, ("balie", "burgerzaken", "none"): 1,
    }  # fmt: skip
    assert told["idle"] == ["VA-03"]
    said = rekenschap("register", "report", "--home", home, "--language", "en").out
    assert "Looks: 20, of which 10 with a basis in law (50.0 %)" in said
    assert "BRP, burgerzaken: 5 without a basis; the activity is not in the register" in said
