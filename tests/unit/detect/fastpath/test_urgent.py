# SPDX-License-Identifier: EUPL-1.2
"""What does not wait: one finding per kind and member of staff, of what became known since the last run."""

from math import fsum

import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.detect import urgent
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.sql.derived import LOOK, VERDICT
from rekenschap.sql.workspace import bind_all
from rekenschap.tables import work_schema
from tests.unit.detect.little_town import table

HOUR = 3_600_000_000


def facts(name: str, columns: dict[str, list]) -> pa.Table:
    rows = len(next(iter(columns.values())))
    return pa.Table.from_arrays(
        [
            pa.array(columns[each.name], each.type) if each.name in columns else pa.nulls(rows, each.type)
            for each in work_schema(SEARCHED_RELATIONS[name])
        ],
        schema=work_schema(SEARCHED_RELATIONS[name]),
    )


@pytest.fixture
def engine():
    """Three people look at two shielded subjects; one mails a list to an own address."""
    look = {
        "look": [0, 1, 2, 3],
        "staff": [7, 7, 8, 9],
        "subject": [1, 2, 1, 2],
        "looked_at": [0, HOUR, HOUR, 0],
    }
    verdict = {"look": [0, 1, 2, 3], "explained": [False, False, True, False], "weak_only": [False] * 4}
    made = DuckDbEngine(threads=1)
    bind_all(
        made,
        {
            "look": table(look, LOOK),
            "verdict": table(verdict, VERDICT),
            "shielding": facts(
                "shielding",
                {
                    "entry": [-1, -1], "subject": [1, 2], "kind": ["threatened"] * 2,
                    "valid_from": [-HOUR] * 2,
                },
            ),
            "disclosure": facts(
                "disclosure",
                {
                    "entry": [10], "staff": [7], "kind": ["mail"], "destination_kind": ["own"],
                    "subjects": [12], "disclosed_at": [HOUR],
                },
            ),
        },
    )  # fmt: skip
    yield made
    made.close()


def test_each_kind_gives_a_finding_with_what_it_rests_on(engine):
    found = urgent(engine, since=0)
    assert {(each.rule, each.about.hi, each.looks) for each in found} == {
        ("urgent_shielded", 7, (0, 1)),
        ("urgent_shielded", 9, (3,)),
        ("urgent_outside", 7, (10,)),
    }


def test_what_was_known_before_is_not_told_again_but_says_how_usual_it_is(engine):
    late = urgent(engine, since=1)
    assert {(each.rule, each.about.hi, each.looks) for each in late} == {
        ("urgent_shielded", 7, (1,)),
        ("urgent_shielded", 9, (3,)),
        ("urgent_outside", 7, (10,)),
    }
    assert not urgent(engine, since=11)
    only = urgent(engine, since=2)
    shielded = next(each for each in only if each.rule == "urgent_shielded")
    assert (shielded.about.hi, shielded.looks) == (9, (3,))
    assert "bij 1 anderen" in shielded.terms[1].nl
    assert only[0].rule == "urgent_outside"


def test_leave_that_is_recorded_after_the_look_is_told_when_it_comes(engine):
    leave = {"entry": [20], "staff": [8], "kind": ["leave"], "started_at": [0], "ended_at": [3 * HOUR]}
    engine.bind("presence", facts("presence", leave))
    assert {(each.rule, each.looks) for each in urgent(engine, since=20)} == {("urgent_away", (2,))}
    assert not urgent(engine, since=21)


def test_new_looks_alone_are_enough_to_be_told_of_them(engine):
    look = {"look": [30], "staff": [9], "subject": [1], "looked_at": [2 * HOUR]}
    engine.bind("look", table(look, LOOK))
    engine.bind("verdict", table({"look": [30], "explained": [False], "weak_only": [False]}, VERDICT))
    assert [(each.rule, each.looks) for each in urgent(engine, since=30)] == [("urgent_shielded", (30,))]


def test_invented_subjects_are_named_by_whoever_keeps_them(engine):
    found = [each for each in urgent(engine, since=0, canaries=[1]) if each.rule == "urgent_canary"]
    assert {each.about.hi for each in found} == {7, 8}
    assert not [each for each in urgent(engine, since=0) if each.rule == "urgent_canary"]


def test_terms_sum_to_the_score_and_both_languages_speak(engine):
    for each in urgent(engine, since=0):
        assert each.score == fsum(term.value for term in each.terms)
        assert all(sentence.endswith(".") for sentence in (*each.sentences.nl, *each.sentences.en))
        assert each.about.short in each.sentences.nl[0]


def test_a_setting_moves_the_line(engine):
    found = urgent(engine, since=0, settings={"people": 20})
    assert "urgent_outside" not in {each.rule for each in found}
