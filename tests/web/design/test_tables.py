# SPDX-License-Identifier: EUPL-1.2
"""A list on a page: what is asked stands in the address, and what cannot be understood asks for nothing."""

import pytest
from django.http import QueryDict

from rekenschap_web.design.columns import count_column, moment_column, share_column
from rekenschap_web.design.funnel import funnel
from rekenschap_web.design.graph import MOST, around
from rekenschap_web.design.tables import Column, Shape, shape_listing

SHAPE = Shape(
    name="namen",
    columns=(
        Column(key="naam", label="Naam", cell=lambda row: row[0], sort=lambda row: row[0]),
        Column(key="jaar", label="Jaar", cell=lambda row: str(row[1]), sort=lambda row: row[1], numeric=True),
        Column(key="vast", label="Vast", cell=lambda row: "x"),
    ),
    size=2,
)
ROWS = [("c", 1), ("a", 3), ("b", 2), ("d", 0), ("e", 9)]


def shown(asked):
    listing = shape_listing(SHAPE, ROWS, QueryDict(asked))
    return [line.cells[0][1].text for line in listing.lines]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["c", "a"]),
        ("sorteer=naam", ["a", "b"]),
        ("sorteer=-naam", ["e", "d"]),
        ("sorteer=jaar&pagina=2", ["b", "a"]),
        ("pagina=3", ["e"]),
        ("pagina=99", ["e"]),
        ("pagina=-1", ["c", "a"]),
        ("pagina=²", ["c", "a"]),
        ("sorteer=vast", ["c", "a"]),
        ("sorteer=onzin&pagina=onzin", ["c", "a"]),
    ],
)
def test_the_address_says_what_is_shown(asked, names):
    assert shown(asked) == names


def test_a_head_turns_the_order_and_keeps_the_filter():
    head = shape_listing(SHAPE, ROWS, QueryDict("sorteer=naam&ernst=laag&pagina=2")).heads[0]
    assert head.state == "ascending"
    assert QueryDict(head.url[1:]).dict() == {"sorteer": "-naam", "ernst": "laag"}


def test_a_column_without_an_order_has_no_address():
    assert shape_listing(SHAPE, ROWS, QueryDict("")).heads[2].url == ""


def test_leafing_names_this_page_and_the_ends():
    listing = shape_listing(SHAPE, [("x", n) for n in range(40)], QueryDict("pagina=10"))
    assert [step.label for step in listing.steps] == [
        "Vorige",
        "1",
        "…",
        "9",
        "10",
        "11",
        "…",
        "20",
        "Volgende",
    ]
    assert [step.label for step in listing.steps if step.is_here] == ["10"]


def test_one_page_has_nothing_to_leaf():
    assert shape_listing(SHAPE, ROWS[:2], QueryDict("")).steps == ()


def test_groups_are_named_once_and_only_in_their_own_order():
    shape = Shape(name="n", columns=SHAPE.columns, group=lambda row: "even" if row[1] % 2 == 0 else "oneven")
    rows = [("a", 0), ("b", 2), ("c", 1)]
    assert [line.group for line in shape_listing(shape, rows, QueryDict("")).lines] == ["even", "", "oneven"]
    assert {line.group for line in shape_listing(shape, rows, QueryDict("sorteer=naam")).lines} == {""}


def test_a_step_of_a_funnel_that_is_not_empty_can_be_seen():
    assert [step.width for step in funnel([(1_000_000, "a", ""), (1, "b", ""), (0, "c", "")])] == [
        100.0,
        0.4,
        0,
    ]


def test_a_drawing_shows_at_most_twelve_and_the_same_each_time():
    others = [(f"P-{n}", "is-subject") for n in range(30)]
    links = [("M-1", name, "zelfde adres", "is-relation") for name, _ in others]
    first, second = (around(("M-1", "is-staff"), others, links, answer="x") for _ in range(2))
    assert first == second
    assert (len(first.nodes), len(first.edges), first.left_out) == (MOST, MOST - 1, 19)
    assert len({(node.x, node.y) for node in first.nodes}) == MOST


def test_a_column_of_figures_shows_what_it_sorts_by_and_says_when_there_is_none() -> None:
    counts = count_column("n", "N", lambda row: row["n"])
    shares = share_column("s", "S", lambda row: row["s"])
    moments = moment_column("m", "M", lambda row: row["m"])
    row = {"n": 1200, "s": 0.25, "m": None}
    assert (counts.cell(row), shares.cell(row), moments.cell(row)) == ("1.200", "25,0%", "–")
    assert shares.cell({"s": None}) == "–"
    assert counts.numeric and shares.numeric and not moments.numeric
    assert [column.sort(row) for column in (counts, shares, moments) if column.sort] == [1200, 0.25, 0.0]
