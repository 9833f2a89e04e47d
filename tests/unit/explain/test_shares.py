# SPDX-License-Identifier: EUPL-1.2
"""What counts as explained: a full ground does, a weak one is counted apart, a trace counts for nothing."""

import numpy as np
import pytest

from rekenschap.explain.pool import Pool
from rekenschap.explain.shares import shares_of
from rekenschap.explain.weighing.strength import Sample, strengths
from rekenschap.model.explanation import Shares, Weight

GROUNDS = (("handler", Weight.FULL), ("queue", Weight.WEAK), ("roster", Weight.TRACE))
NONE, FULL, WEAK, TRACE = (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)


def shares(
    *looks: tuple[int, int, int], null: tuple[tuple[int, int, int], ...] = (NONE,), strangers: int = 0
) -> Shares:
    """Shares of looks by which grounds hold for them; the last `strangers` are by shared accounts."""
    hits, null_hits = (np.array(each, dtype=np.bool_) for each in (looks, null))
    number = np.arange(len(hits))
    member = number < len(hits) - strangers
    every, zero = np.ones(len(hits), dtype=np.bool_), np.zeros(len(hits), dtype=np.int64)
    pool = Pool(
        staff=number, subject=number, team=zero, day=zero, member=member, first=every, team_class=zero
    )
    null_class = np.zeros(len(null_hits), dtype=np.int64)
    return shares_of(
        pool,
        hits,
        null_hits=null_hits,
        null_first=np.ones(len(null_hits), dtype=np.bool_),
        grounds=GROUNDS,
        says=strengths(Sample(hits=hits, team_class=zero), Sample(hits=null_hits, team_class=null_class)),
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
