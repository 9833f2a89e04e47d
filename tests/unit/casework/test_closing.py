# SPDX-License-Identifier: EUPL-1.2
"""How often a rule was right, read off the reasons with which people closed."""

import pytest

from rekenschap.casework.closing import Reason, hit_rate


def test_a_rule_without_closed_findings_has_no_rate():
    rate = hit_rate({})
    assert (rate.share, rate.low, rate.high) == (None, 0.0, 1.0)


def test_what_cannot_be_established_and_what_still_runs_count_in_no_share():
    rate = hit_rate(
        {
            Reason.NOT_PERMITTED_SETTLED: 3,
            Reason.EXPLAINED_BY_WORK: 4,
            Reason.SOURCE_MISSING: 1,
            Reason.RULE_TOO_BROAD: 2,
            Reason.INVESTIGATED: 5,
            Reason.CANNOT_BE_ESTABLISHED: 6,
        }
    )
    assert (rate.hits, rate.misses, rate.waiting, rate.unknown) == (3, 7, 5, 6)
    assert rate.share == pytest.approx(0.3)


def test_the_interval_is_the_one_of_wilson():
    # Wilson score interval of 3 in 10 at z = 1.96, worked out by hand.
    rate = hit_rate({Reason.NOT_PERMITTED_SETTLED: 3, Reason.EXPLAINED_BY_WORK: 7})
    assert rate.low == pytest.approx(0.1078, abs=5e-4)
    assert rate.high == pytest.approx(0.6032, abs=5e-4)


def test_every_reason_is_said_in_two_languages():
    assert len({each.nl for each in Reason}) == len({each.en for each in Reason}) == 6
