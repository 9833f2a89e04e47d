# SPDX-License-Identifier: EUPL-1.2
"""A draft becomes a profile whose invented example gives what it expects, whatever the kind of file."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.adapters.sources import READERS
from rekenschap.intake import check_example, parse_profile
from rekenschap.intake.wizard import Draft, Wanted, guess, profile_text
from rekenschap.model.columns import Kind
from rekenschap.model.relations import RELATIONS
from rekenschap.seams.source import ReaderOptions
from tests.unit.intake.small_house import NOW


def draft(columns, *, kind="csv", options=None, wanted=None):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    found = guess(table, wanted or Wanted(register="balie"))
    return Draft(
        id="bron",
        title={"nl": "Bron", "en": "Source"},
        kind=kind,
        options=options or ReaderOptions(),
        guess=found,
    )


LOOKS = {"tijd.begin": ["2026-03-02 09:15:00"], "gebruiker": ["m"], "bsn": ["999990019"], "actie": ["inzien"]}


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("csv", ReaderOptions(delimiter=";", encoding="cp1252", header_row=3)),
        ("csv", ReaderOptions(delimiter="\t")),
        ("jsonl", ReaderOptions()),
        ("jsonl", ReaderOptions(settings={"flatten": "yes"})),
        ("json", ReaderOptions(settings={"rows": "data.items"})),
        ("json", ReaderOptions()),
        ("parquet", ReaderOptions()),
    ],
)
def test_a_draft_is_a_profile_that_holds(kind, options):
    profile = parse_profile(profile_text(draft(LOOKS, kind=kind, options=options), note="gemaakt"))
    check_example(profile, READERS, now=NOW)
    assert kind in profile.readers


@pytest.mark.parametrize("name", sorted(RELATIONS))
def test_every_relation_can_be_drafted(name):
    relation = RELATIONS[name]
    columns = {each.name: ["x"] for each in relation.content if each.name not in ("source", "record")}
    wanted = Wanted(relation=name, columns={each: (each,) for each in columns}, register="balie")
    times = {each.name for each in relation.content if each.kind is Kind.TIME}
    columns |= {each: ["02-03-2026 09:15:00"] for each in times}
    check_example(parse_profile(profile_text(draft(columns, wanted=wanted))), READERS, now=NOW)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
        min_size=3,
        max_size=3,
    )
)
def test_any_names_of_columns_can_stand_in_a_profile(names):
    names = [f"{at}{name.strip()}" for at, name in enumerate(names)]
    columns = dict(zip(names, (["2026-03-02 09:15:00"], ["m"], ["999990019"]), strict=True))
    said = dict(zip(("looked_at", "staff", "subject"), ((name,) for name in names), strict=True))
    text = profile_text(draft(columns, wanted=Wanted(relation="consultation", columns=said, register="x")))
    check_example(parse_profile(text), READERS, now=NOW)
