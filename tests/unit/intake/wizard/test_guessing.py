# SPDX-License-Identifier: EUPL-1.2
"""What the wizard makes of columns: by their names, and by what their values look like."""

import pyarrow as pa
import pytest

from rekenschap.errors import ConfigurationError
from rekenschap.intake.wizard import Wanted, guess

BSN = "999990019"


def guessed(columns, /, **wanted):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return guess(table, Wanted(register="balie", **wanted))


def filled(found):
    return {name: each.sources or each.value for name, each in found.columns.items()}


LOOKS = {
    "Datum": ["02-03-2026", "03-03-2026"],
    "Tijd": ["09:15:00", "10:01:59"],
    "Gebruikersnaam": ["m.devries", "m.devries"],
    "BSN": [BSN, BSN],
    "Zaaknummer": ["Z-1", "-"],
    "Actie": ["Inzien", "wijzigen"],
    "Zoekingang": ["BSN", "naam"],
    "Volgnr": ["7", "8"],
}


def test_a_dutch_export_of_looks_is_understood():
    found = guessed(LOOKS)
    assert found.relation.name == "consultation"
    assert filled(found) == {
        "looked_at": ("Datum", "Tijd"),
        "staff": ("Gebruikersnaam",),
        "subject": ("BSN",),
        "zaak": ("Zaaknummer",),
        "register": "balie",
        "search_key": ("Zoekingang",),
    }
    assert found.columns["looked_at"].formats == ("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M")
    assert found.columns["search_key"].mapping == {"BSN": "bsn", "naam": "name"}
    assert found.when == {"Actie": ("Inzien",)}
    assert found.empty == {"-"}
    assert not found.has_offset
    assert found.missing == ()


def test_a_subject_is_known_by_its_values_when_its_name_says_nothing():
    found = guessed({"wanneer": ["2026-03-02T09:15:00Z"] * 3, "medewerker": ["a", "b", "c"], "x1": [BSN] * 3})
    assert filled(found)["subject"] == ("x1",)
    assert filled(found)["looked_at"] == ("wanneer",)
    assert found.has_offset


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-03-02 09:15:00", ()),
        ("02-03-2026 9:15", ("%d-%m-%Y %H:%M",)),
        ("02/03/2026 09:15:00", ("%d/%m/%Y %H:%M:%S",)),
        ("03/31/2026 09:15:00", ("%m/%d/%Y %H:%M:%S",)),
        ("20260302091500", ("%Y%m%d%H%M%S",)),
        ("02-03-2026 09:15:00.123", ("%d-%m-%Y %H:%M:%S.%f",)),
    ],
)
def test_the_form_of_a_time_is_found(text, form):
    assert guessed({"tijdstip": [text]}).columns["looked_at"].formats == form


@pytest.mark.parametrize(
    ("names", "relation"),
    [
        ("Pasnummer Lezer Tijdstip", "presence"),
        ("Medewerker Functie Afdeling Ingangsdatum", "staff"),
        ("Gebruiker Rol Autorisatie Vanaf", "authorisation"),
        ("Zaaknummer Zaaktype Registratiedatum", "zaak"),
        ("Gebruiker BSN Datum", "consultation"),
    ],
)
def test_the_names_of_columns_tell_what_a_row_is(names, relation):
    assert guessed({name: ["x"] for name in names.split()}).relation.name == relation


def test_what_is_not_found_is_named():
    assert guessed({"a": ["1"], "b": ["2"]}).missing == ("looked_at", "staff", "subject")


def test_what_a_person_says_goes_before_a_guess():
    found = guessed(LOOKS, columns={"staff": ("BSN",)}, values={"register": "BRP"}, relation="consultation")
    assert filled(found)["staff"] == ("BSN",)
    assert filled(found)["register"] == "BRP"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"relation": "consultatie"}, "a relation"),
        ({"columns": {"stafff": ("BSN",)}}, "a column of consultation"),
        ({"columns": {"staff": ("gebruiker",)}}, "a column of the file"),
        ({"values": {"x": "1"}}, "a column of consultation"),
    ],
)
def test_a_word_nobody_knows_is_refused(wanted, said):
    with pytest.raises(ConfigurationError, match=said):
        guessed(LOOKS, **wanted)


def test_no_value_of_the_file_but_our_own_words_is_kept():
    names = {"Actie": ["inzien", "J. de Vries"], "Zoekingang": ["bsn", "A. Bakker"]}
    found = guessed(LOOKS | names)
    assert "Vries" not in repr(found) and "Bakker" not in repr(found)
    assert BSN not in repr(found)


def test_empty_columns_and_empty_files_are_no_trouble():
    assert guessed({"a": [None, ""]}).missing
    assert guessed({"a": pa.array([], pa.string())}).missing
