# SPDX-License-Identifier: EUPL-1.2
"""The price of asking often: both terms are there, below zero, and as large as the documentation says."""

from dataclasses import replace
from math import exp, log

import pytest

from rekenschap.detect.scan import Standing
from rekenschap.detect.terms import score_of, terms_of_count

STANDING = Standing(
    rule="unexplained_by_staff",
    about=7,
    other=0,
    count=12,
    exposure=40.0,
    expected=1.5,
    window_days=28,
    newest=0,
    log_tail=-18.0,
    windows=52.0,
    tests=180.0,
    borrowed=False,
    rules=3,
)


def values(standing: Standing) -> dict[str, float]:
    return {term.name: term.value for term in terms_of_count(standing, days=28)}


def test_every_term_of_the_count_has_the_value_the_documentation_gives():
    assert values(STANDING) == {
        "against_peers": 18.0,
        "windows_tried": pytest.approx(-log(52)),
        "tests_done": pytest.approx(-log(180 * 3)),
    }


def test_together_they_are_the_chance_times_all_that_was_tried():
    score = score_of(tuple(terms_of_count(STANDING, days=28)))
    assert exp(-score) == pytest.approx(exp(-18.0) * 52 * 180 * 3)


@pytest.mark.parametrize(("field", "name"), [("windows", "windows_tried"), ("tests", "tests_done")])
def test_twice_as_many_tries_cost_ln_two_more(field: str, name: str):
    twice = replace(STANDING, **{field: 2 * getattr(STANDING, field)})
    assert values(twice)[name] - values(STANDING)[name] == pytest.approx(-log(2))


def test_one_window_costs_nothing_and_is_not_told():
    assert set(values(replace(STANDING, windows=1.0))) == {"against_peers", "tests_done"}


def test_less_than_one_test_never_adds_to_the_score():
    assert values(replace(STANDING, tests=0.2))["tests_done"] == pytest.approx(-log(3))
