# SPDX-License-Identifier: EUPL-1.2
"""What may be settled together: low severity, one reason, a limit, nothing hidden, a lot one can redraw."""

import pytest

from rekenschap.casework.closing import Reason
from rekenschap.casework.together import MOST_TOGETHER, drawn, may_settle_together


def test_low_findings_with_a_reason_in_favour_go_together():
    decision = may_settle_together(["low", "low"], Reason.SOURCE_MISSING)
    assert (decision.allowed, decision.to) == (True, "closed")


@pytest.mark.parametrize(
    ("severities", "reason", "would_hide", "rule"),
    [
        ([], "", 0, "nothing"),
        (["low", "middle"], Reason.SOURCE_MISSING, 0, "severity"),
        (["high"], Reason.SOURCE_MISSING, 0, "severity"),
        (["low"], Reason.NOT_PERMITTED_SETTLED, 0, "reason"),
        (["low"], Reason.CANNOT_BE_ESTABLISHED, 0, "reason"),
        (["low"], "because I say so", 0, "reason"),
        (["low"], Reason.SOURCE_MISSING, 1, "hides"),
        (["low"] * (MOST_TOGETHER + 1), Reason.SOURCE_MISSING, 0, "many"),
    ],
)
def test_anything_else_is_refused_with_its_sentence(severities, reason, would_hide, rule):
    decision = may_settle_together(severities, reason, would_hide=would_hide)
    assert (decision.allowed, decision.rule) == (False, f"together.settle.{rule}")
    assert decision.nl.endswith(".") and decision.en.endswith(".") and decision.nl != decision.en


def test_as_many_as_the_limit_still_go_together():
    assert may_settle_together(["low"] * MOST_TOGETHER, Reason.SOURCE_MISSING).allowed


@pytest.mark.parametrize(("many", "again"), [(0, 0), (1, 1), (20, 1), (21, 2), (40, 2), (100, 5)])
def test_one_in_twenty_is_drawn_and_at_least_one(many, again):
    assert len(drawn([f"n-{each}" for each in range(many)], seed="root")) == again


def test_the_lot_is_the_same_for_whoever_draws_it_again_and_in_whatever_order():
    numbers = [f"2026-0317-{each}" for each in range(60)]
    assert drawn(numbers, seed="root") == drawn(reversed(numbers), seed="root")


def test_another_checkpoint_draws_others():
    numbers = [f"2026-0317-{each}" for each in range(60)]
    assert len({drawn(numbers, seed=f"root {each}") for each in range(20)}) > 15


def test_every_number_has_its_turn():
    numbers = [f"2026-0317-{each}" for each in range(20)]
    assert frozenset().union(*(drawn(numbers, seed=str(each)) for each in range(400))) == frozenset(numbers)
