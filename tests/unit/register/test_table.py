# SPDX-License-Identifier: EUPL-1.2
"""A register as people keep it in a table, read as an entry; and what taking it in would change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rekenschap.register import Drawn, Problem, Register, Row, columns_in, is_key, plan, read_row
from rekenschap.register.draft import cells_of, id_of, to_activity, to_version
from rekenschap.register.reading import basis_in, days_in, moment_in, parts_in, secrecy_in
from rekenschap.register.table import COLUMNS

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Amsterdam")
NAMES = ("Nummer", "Naam verwerking", "Doel", "Grondslag", "Wettelijke grondslag", "Bewaartermijn",
         "Categorieën betrokkenen", "Ingangsdatum")  # fmt: skip
COLUMN_OF = columns_in(NAMES)


def row(line: int = 2, **cells: str) -> Drawn | list[Problem]:
    """Read a row with these cells, by field."""
    told = {"key": "VA-01", "name": "Bijstand", "purpose": "bijstand verlenen", "legal_basis": "e"} | cells
    by_name = {COLUMN_OF[field]: text for field, text in told.items()}
    return read_row(Row(line=line, cells=by_name), COLUMN_OF, zone=ZONE, now=NOW)


def drawn(line: int = 2, **cells: str) -> Drawn:
    found = row(line, **cells)
    assert isinstance(found, Drawn), found
    return found


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("e", "e"), ("6.1.e", "e"), ("6(1)(c)", "c"), ("Artikel 6 lid 1 sub e AVG", "e"),
        ("art. 6, eerste lid, onder a", "a"), ("wettelijke verplichting", "c"),
        ("e - taak van algemeen belang", "e"), ("Publieke taak", "e"), ("toestemming of overeenkomst", None),
        ("c - publieke taak", None), ("art. 9 lid 2", None), ("onbekend", None), ("g", None),
    ],
)  # fmt: skip
def test_a_basis_is_read_as_people_write_it_and_never_guessed(text: str, letter: str | None) -> None:
    assert basis_in(text) == letter


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("90", 90), ("7 jaar", 2557), ("1 jaar", 366), ("18 maanden", 548), ("P7Y", 2557), ("P1Y6M", 548),
        ("30 dagen", 30), ("2 jaar en 6 maanden", 914), ("permanent", None), ("0", None), ("7", 7),
        ("200 jaar", None), ("zo lang als nodig", None),
    ],
)  # fmt: skip
def test_a_length_of_time_is_read_and_rounded_up(text: str, days: int | None) -> None:
    assert days_in(text) == days


def test_a_day_begins_where_the_organisation_is() -> None:
    assert moment_in("01-02-2026", ZONE) == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert moment_in("2026-02-01T00:00:00", ZONE) == moment_in("01-02-2026", ZONE)
    assert moment_in("eind februari", ZONE) is None


def test_a_list_is_read_with_each_part_once() -> None:
    assert parts_in("naam, adres;\n- naam\n• inkomen") == ("naam", "adres", "inkomen")


def test_secrecy_that_is_not_said_in_a_known_word_is_not_guessed() -> None:
    assert (secrecy_in("Ja"), secrecy_in("nee"), secrecy_in("misschien")) == ("shielded", "open", None)


def test_columns_are_found_under_the_names_that_registers_have() -> None:
    assert COLUMN_OF == {
        "key": "Nummer", "name": "Naam verwerking", "purpose": "Doel", "legal_basis": "Grondslag",
        "law": "Wettelijke grondslag", "retention_period": "Bewaartermijn",
        "people": "Categorieën betrokkenen", "valid_from": "Ingangsdatum",
    }  # fmt: skip
    aliases = [alias for some in COLUMNS.values() for alias in some]
    assert len(aliases) == len(set(aliases)), "one name means two columns"


def test_a_row_becomes_an_entry() -> None:
    found = drawn(law="Pw", retention_period="10 jaar", people="inwoners", valid_from="01-01-2020")
    version = found.version
    assert (version.law, version.retention_period, version.people) == ("Pw", 3653, ("inwoners",))
    assert version.valid_from == datetime(2019, 12, 31, 23, tzinfo=UTC)


def test_all_that_is_wrong_with_a_row_is_said_and_nothing_of_what_stood_there() -> None:
    found = row(7, name="", legal_basis="geen idee", retention_period="eeuwig", key="VA 01")
    assert isinstance(found, list)
    assert {(one.line, one.field, one.reason) for one in found} == {
        (7, "name", "empty"), (7, "legal_basis", "unreadable"), (7, "retention_period", "unreadable"),
        (7, "key", "unreadable"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("VA-01", True), ("https://register.example/VA-01", True), ("urn:nl:va:1", True), ("va/1", True),
        ("va/../x", False), ("va/./x", False), ("va/", False), (" va", False), ("-va", False),
        ("v" * 201, False), ("va 1", False),
    ],
)  # fmt: skip
def test_a_number_can_be_part_of_an_address(text: str, is_one: bool) -> None:
    assert is_key(text) is is_one


def test_a_new_entry_is_taken_with_the_day_it_says() -> None:
    found = plan(Register.of(()), [drawn(valid_from="01-01-2020")], now=NOW)
    (version,) = found.fresh
    assert (version.edition, version.valid_from.year, found.changed) == (1, 2020, ())


def test_a_changed_entry_becomes_the_next_version_and_never_holds_before_now() -> None:
    first = plan(Register.of(()), [drawn(valid_from="01-01-2020", law="oud")], now=NOW - timedelta(days=9))
    found = plan(Register.of(first.versions), [drawn(valid_from="01-01-2020", law="nieuw")], now=NOW)
    (version,) = found.changed
    assert (version.edition, version.valid_from, version.law) == (2, NOW, "nieuw")


def test_what_is_the_same_is_not_taken_again_and_what_is_absent_is_named() -> None:
    rows = [drawn(), drawn(3, key="VA-02")]
    first = plan(Register.of(()), rows, now=NOW)
    again = plan(Register.of(first.versions), rows[:1], now=NOW + timedelta(days=1))
    assert (again.versions, again.same, again.absent) == ((), 1, ("VA-02",))


def test_one_number_twice_in_a_table_is_said() -> None:
    found = plan(Register.of(()), [drawn(2), drawn(3)], now=NOW)
    assert [(one.line, one.reason) for one in found.problems] == [(3, "twice")]


def test_what_the_draft_interface_gives_comes_back_as_it_went() -> None:
    version = plan(Register.of(()), [drawn(people="inwoners", retention_period="90")], now=NOW).fresh[0]
    told = to_version(version) | {"id": "9f6d1c0e-0000-5000-8000-000000000001"}
    assert (told["legalBasis"], told["dataSubjects"]) == (["OfficialAuthorityOfController"], ["Citizen"])
    cells = cells_of(told)
    assert (cells["legal_basis"], cells["people"], cells["retention_period"]) == ("e", "inwoners", "90")
    own = {field: field for field in COLUMNS}
    read = read_row(Row(line=1, cells=cells), own, zone=ZONE, now=NOW)
    assert isinstance(read, Drawn)
    assert (read.version.name, read.version.retention_period) == ("Bijstand", 90)
    activity = to_activity(Register.of([version]), "VA-01", uri="https://example.org/VA-01", now=NOW)
    assert activity["id"] == str(id_of("https://example.org/VA-01"))
    assert (activity["active"], activity["latestVersion"]) == (True, 1)
