# SPDX-License-Identifier: EUPL-1.2
"""What counts as explained: a full ground does, a weak one is counted apart, a trace counts for nothing."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from rekenschap.explain import grounds_of_the_house
from rekenschap.explain.pool import Pool
from rekenschap.explain.shares import Looked, shares_of
from rekenschap.explain.weighing.standing import standings_of
from rekenschap.explain.weighing.strength import Sample, strengths
from rekenschap.model.explanation import Shares, Standing, Weight

GROUNDS = (("handler", Weight.FULL), ("queue", Weight.WEAK), ("roster", Weight.TRACE))
NONE, FULL, WEAK, TRACE = (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)
Look = tuple[int, int, int]


def shares(
    *looks: Look, null: tuple[Look, ...] = (NONE,), strangers: int = 0, work_of: str = "looker"
) -> Shares:
    """Shares of looks by which grounds hold for them; the last `strangers` are by shared accounts.

    `work_of` says of each ground whether its work names the one who looked.
    """
    hits, null_hits = (np.array(each, dtype=np.bool_) for each in (looks, null))
    number = np.arange(len(hits))
    member = number < len(hits) - strangers
    every, zero = np.ones(len(hits), dtype=np.bool_), np.zeros(len(hits), dtype=np.int64)
    null_every, null_zero = np.ones(len(null), dtype=np.bool_), np.zeros(len(null), dtype=np.int64)
    pool = Pool(
        staff=number, subject=number, team=zero, day=zero, member=member, first=every, team_class=zero
    )
    some = grounds_of_the_house()[0]
    asked = tuple(replace(some, id=name, weight=weight.value, work_of=work_of) for name, weight in GROUNDS)
    says = strengths(Sample(hits=hits, team_class=zero), Sample(hits=null_hits, team_class=null_zero))
    standings = standings_of(asked, says)
    looked = partial(Looked.of, standings)
    return shares_of(
        pool,
        looked(hits, team_class=zero, counts=member, first=every),
        looked(null_hits, team_class=null_zero, counts=null_every, first=null_every),
        grounds=tuple(name for name, _ in GROUNDS),
        standings=standings,
        strength=says.hit,
        strangers=null_every,
    )


def test_a_look_with_only_a_weak_ground_is_counted_apart_and_not_as_explained():
    found = shares(FULL, WEAK, WEAK, NONE, (1, 1, 0))
    assert (found.explained, found.weak_only) == (pytest.approx(0.4), pytest.approx(0.4))
    assert found.first_explained == found.all_accounts_first_explained == pytest.approx(0.4)


def test_a_weak_ground_does_not_explain_a_random_citizen_either():
    found = shares(FULL, null=(FULL, WEAK, WEAK, NONE))
    assert (found.null_explained, found.first_null_explained) == (0.25, 0.25)


def test_a_trace_explains_nothing_and_is_not_weak_either():
    found = shares(TRACE, TRACE, FULL, NONE, null=(TRACE, NONE))
    assert (found.explained, found.weak_only, found.null_explained) == (0.25, 0.0, 0.0)


def test_a_weak_look_of_a_shared_account_is_left_out():
    found = shares(FULL, NONE, WEAK, WEAK, strangers=2)
    assert (found.looks, found.shared_account_looks) == (2, 2)
    assert (found.explained, found.weak_only) == (0.5, 0.0)
    assert found.all_accounts_first_explained == 0.25


def test_every_ground_keeps_its_own_share():
    found = shares(FULL, (1, 1, 0), WEAK, NONE)
    assert [(each.ground, each.weight, each.share) for each in found.grounds] == [
        ("handler", Weight.FULL, 0.5),
        ("queue", Weight.WEAK, 0.5),
        ("roster", Weight.TRACE, 0.0),
    ]


def test_a_weak_ground_that_tells_apart_counts_among_any_reasons_and_still_not_as_explained():
    found = shares(*[WEAK] * 200, null=(*[NONE] * 199, WEAK))
    assert (found.explained, found.any_explained) == (0.0, 1.0)
    assert (found.null_explained, found.null_any_explained) == (0.0, pytest.approx(1 / 200))
    assert (found.first_any_explained, found.first_null_any_explained) == (1.0, pytest.approx(1 / 200))
    assert found.weak_only == 1.0


def test_a_weak_ground_that_chance_gives_too_counts_nowhere():
    found = shares(*[WEAK] * 200, null=(*[NONE] * 150, *[WEAK] * 50))
    assert (found.any_explained, found.null_any_explained, found.weak_only) == (0.0, 0.0, 1.0)


def test_a_full_ground_of_a_whole_team_that_says_too_little_is_counted_with_the_weak_ones():
    found = shares(*[FULL] * 200, null=(*[NONE] * 150, *[FULL] * 50), work_of="")
    assert (found.explained, found.null_explained, found.weak_only) == (0.0, 0.0, 1.0)
    assert (found.any_explained, found.null_any_explained) == (0.0, 0.0)
    assert (found.grounds[0].standing, found.grounds[0].kept_back) == (Standing.SUPPORTS, 1.0)


def test_work_that_names_the_one_who_looked_explains_however_many_colleagues_have_it_too():
    found = shares(*[FULL] * 200, null=(*[NONE] * 150, *[FULL] * 50))
    assert (found.explained, found.null_explained) == (1.0, 0.25)
    assert found.grounds[0].standing is Standing.STANDS
