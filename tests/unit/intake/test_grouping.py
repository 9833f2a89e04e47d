# SPDX-License-Identifier: EUPL-1.2
import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from rekenschap.intake.fields.grouping import grouped, may_fold
from rekenschap.intake.profile import ColumnRule, FactRule, GroupKey, Take
from rekenschap.model.relations import STAFF, ZAAK
from rekenschap.tables import arrow_type

START = datetime(2026, 3, 1, tzinfo=UTC)
ZONE = "Europe/Amsterdam"


def rule(relation, *keys, **takes):
    columns = tuple(
        ColumnRule(target=c, sources=("x",), take=takes.get(c.name, Take.FIRST)) for c in relation.content
    )
    by = tuple(GroupKey(column=k.removesuffix(".day"), by_day=k.endswith(".day")) for k in keys)
    return FactRule(relation=relation, columns=columns, one_per=by)


def facts(relation, rows):
    arrays = {c.name: pa.array([row.get(c.name) for row in rows], arrow_type(c)) for c in relation.content}
    return pa.table(arrays), pa.array(range(1, len(rows) + 1), pa.int64())


def staff(who, hours, team, role=None):
    token = None if who is None else who.encode() * 16
    return {"staff": token, "valid_from": START + timedelta(hours=hours), "team": team, "role": role}


ROWS = [
    staff("a", 5, "Noord", "r1"),
    staff("b", 1, None),
    staff("a", 2, "Zuid", "r2"),
    staff("a", 2, None, "r3"),
    staff("a", 9, "Noord", "r4"),
    staff(None, 3, "West"),
]


@pytest.mark.parametrize(
    ("take", "column", "of_a"),
    [
        (Take.FIRST, "role", "r2"),
        (Take.LAST, "role", "r4"),
        (Take.MOST, "team", "Noord"),
        (Take.MIN, "valid_from", START + timedelta(hours=2)),
        (Take.MAX, "valid_from", START + timedelta(hours=9)),
    ],
)
def test_a_group_takes_the_value_its_rule_asks_for(take, column, of_a):
    content, lines = grouped(*facts(STAFF, ROWS), rule(STAFF, "staff", **{column: take}), zone=ZONE)
    assert lines.to_pylist() == [2, 3, 6]
    assert content.column(column).to_pylist()[1] == of_a


def test_the_most_frequent_of_equals_is_the_one_that_came_first():
    rows = [staff("a", 3, "late"), staff("a", 1, "early"), staff("a", 2, None), staff("b", 1, None)]
    content, _ = grouped(*facts(STAFF, rows), rule(STAFF, "staff", team=Take.MOST), zone=ZONE)
    assert content.column("team").to_pylist() == ["early", None]


def test_a_day_is_a_local_day():
    rows = [staff("a", hours, "x") for hours in (22.5, 23.5, 46.5)]
    _, lines = grouped(*facts(STAFF, rows), rule(STAFF, "staff", "valid_from.day"), zone=ZONE)
    assert lines.to_pylist() == [1, 2]


def test_no_rows_give_no_groups():
    assert grouped(*facts(STAFF, []), rule(STAFF, "staff"), zone=ZONE)[0].num_rows == 0


@pytest.mark.parametrize(
    ("takes", "folds"),
    [
        ({}, True),
        ({"valid_from": Take.MIN, "valid_until": Take.MAX}, True),
        ({"valid_from": Take.MAX}, False),
        ({"team": Take.MOST}, False),
        ({"team": Take.LAST}, False),
    ],
)
def test_groups_fold_only_where_that_changes_nothing(takes, folds):
    assert may_fold(rule(STAFF, "staff", **takes)) == folds


def test_folding_on_the_way_gives_what_grouping_at_once_gives():
    chance = random.Random(3)  # noqa: S311  seeded, so that a failure comes back
    rows = [
        {
            "zaak": bytes([chance.randrange(40)]) * 16,
            "registered_at": START + timedelta(hours=chance.randrange(20)),
            "closed_at": chance.choice([None, START + timedelta(hours=chance.randrange(90))]),
            "channel": chance.choice("abc"),
        }
        for _ in range(600)
    ]
    asked = rule(ZAAK, "zaak", registered_at=Take.MIN, closed_at=Take.MAX)
    content, lines = facts(ZAAK, rows)
    at_once = grouped(content, lines, asked, zone=ZONE)
    some, where = grouped(content.slice(0, 250), lines.slice(0, 250), asked, zone=ZONE)
    later = pa.concat_tables([some, content.slice(250)])
    folded = grouped(later, pa.concat_arrays([where, lines.slice(250)]), asked, zone=ZONE)
    assert folded[0].to_pylist() == at_once[0].to_pylist()
    assert folded[1].to_pylist() == at_once[1].to_pylist()
