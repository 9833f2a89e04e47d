# SPDX-License-Identifier: EUPL-1.2
"""What is asked of every ground, whatever it searches."""

import pytest
import sqlglot
from sqlglot import exp

from rekenschap.explain import grounds_of_the_house
from rekenschap.sql.query import Query

GROUNDS = grounds_of_the_house()
WHO = ("subject", "zaak")


def branches(query: Query) -> list[exp.Select]:
    """The selects that read looks: there work and look are joined."""
    tree = sqlglot.parse_one(query.sql, dialect="duckdb")
    looks = {"look", "look_zaak"}
    return [each for each in tree.find_all(exp.Select) if looks & {t.name for t in each.find_all(exp.Table)}]


def names_the_citizen(select: exp.Select) -> bool:
    """Whether it goes by the subject or the zaak: `look_zaak` does, and so does a join on one of the two."""
    if any(table.name == "look_zaak" for table in select.find_all(exp.Table)):
        return True
    keys = (key for join in select.find_all(exp.Join) for key in join.args["on"].find_all(exp.EQ))
    return any(key.left.name in WHO and key.right.name == key.left.name for key in keys)


@pytest.mark.parametrize(
    "ground", [each for each in GROUNDS if each.weight == "full"], ids=lambda each: each.id
)
def test_a_ground_that_explains_fully_names_the_citizen_or_the_zaak(ground: Query):
    assert branches(ground)
    assert all(names_the_citizen(select) for select in branches(ground))


def test_a_ground_that_names_no_citizen_is_weak():
    [system] = [each for each in GROUNDS if each.id == "system_process"]
    assert not all(names_the_citizen(select) for select in branches(system))
    assert system.weight == "weak"


@pytest.mark.parametrize("ground", GROUNDS, ids=lambda each: each.id)
def test_every_ground_tells_its_weight_its_blind_spots_and_why_its_windows(ground: Query):
    assert ground.writes == "explanation"
    assert ground.weight
    assert ground.blind_spots
    assert all(setting.why for setting in ground.settings)
