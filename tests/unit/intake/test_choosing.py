# SPDX-License-Identifier: EUPL-1.2
"""Which rows and which text a rule takes: lists taken apart, a part picked out of a text."""

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.intake.fields.choosing import Chosen, Texts, text_for
from rekenschap.intake.profile import ColumnRule, Condition, FactRule, Split
from rekenschap.model.relations import AUTHORISATION

RIGHT = AUTHORISATION["right"]


def taken(values, *, split=None, when=(), pick="", empty=frozenset()):
    """Which rows are chosen, and the text each gives."""
    texts = Texts(pa.table({"c": pa.array(values, pa.string())}), empty=empty)
    rule = FactRule(relation=AUTHORISATION, columns=(), when=when, split=split)
    chosen = Chosen(texts, rule, np.ones(len(values), dtype=bool))
    text = text_for(chosen, ColumnRule(target=RIGHT, sources=("c",), pick=pick))
    return list(zip(chosen.rows.tolist(), text.to_pylist(), strict=True))


def test_each_part_of_a_list_gives_a_row_of_its_own():
    assert taken(["a; b;;c", None, "", "d"], split=Split(column="c", by=";")) == [
        (0, "a"),
        (0, "b"),
        (0, "c"),
        (3, "d"),
    ]


def test_a_list_of_json_is_taken_apart_by_key():
    lists = [
        '[{"value":"x","display":"Balie"},{"display":"Zorg"}]',
        "[]",
        '["kaal"]',
        "geen json",
        '{"display":"een"}',
    ]
    assert taken(lists, split=Split(column="c", by="json", key="display")) == [
        (0, "Balie"),
        (0, "Zorg"),
        (2, "kaal"),
        (3, "geen json"),
        (4, "een"),
    ]


def test_only_parts_in_which_the_pattern_is_found_count():
    groups = ["CN=BRP;OU=x", "OU=y", "CN=Suwi"]
    assert taken(groups, split=Split(column="c", by=";", pattern="^CN="), pick="^CN=(.+)") == [
        (0, "BRP"),
        (2, "Suwi"),
    ]


def test_a_row_can_be_chosen_by_a_pattern():
    assert taken(["inzien", "wijzigen", None], when=(Condition(column="c", pattern="zien$"),)) == [
        (0, "inzien")
    ]


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("bekeek zaak Z-1, daarna zaak Z-2", r"zaak (\S+?),", "Z-1"),
        ("eerste\nzaak Z-9\nlaatste", r"zaak (\S+)", "Z-9"),
        ("niets", r"zaak (\S+)", None),
        ("zaak ", "zaak (.*)", None),
        ("a|b", "(?:a|b)[|](b)", "b"),
        ("x=1 y=2", "^x=(\\d)", "1"),
        ("ZAAK z", "(?i)zaak (.)", "z"),
    ],
)
def test_a_pattern_takes_its_group_out_of_the_text(text, pattern, found):
    assert taken([text], pick=pattern) == [(0, found)]


def test_a_list_of_objects_gives_what_stands_under_a_key():
    roles = '[{"type":"medewerker","wie":{"id":"m"}},{"type":"burger"},{"wie":"x"},7]'
    texts = Texts(pa.table({"rollen": [roles, "{", None]}), empty=frozenset())
    rule = FactRule(relation=AUTHORISATION, columns=(), split=Split(column="rollen", by="json"))
    chosen = Chosen(texts, rule, np.ones(3, dtype=bool))
    assert chosen.rows.tolist() == [0, 0, 0, 0, 1]
    assert chosen.column("rollen.wie.id").to_pylist() == ["m", None, None, None, None]
    assert chosen.column("rollen.wie").to_pylist() == ['{"id":"m"}', None, "x", None, None]


def test_json_nested_without_end_is_left_as_it_is():
    deep = "[" * 500 + "]" * 500
    assert taken([deep], split=Split(column="c", by="json")) == [(0, deep)]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ([None, "a", "b", None], ["x", None, "y", None], ["x", "a", "b y", None]),
        ([None, None], [None, None], [None, None]),
        ([], [], []),
    ],
)
def test_a_row_with_nothing_to_join_stays_a_row(first: list, second: list, joined: list):
    rows = pa.table({"a": pa.array(first, pa.string()), "b": pa.array(second, pa.string())})
    rule = ColumnRule(target=RIGHT, sources=("a", "b"), joined_by=" ")
    assert text_for(Texts(rows, empty=frozenset()), rule).to_pylist() == joined
