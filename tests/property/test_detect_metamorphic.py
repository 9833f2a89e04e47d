# SPDX-License-Identifier: EUPL-1.2
"""What must not change a finding: new names, another order, the same row twice, a reason that is added."""

from dataclasses import replace
from math import fsum

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.detect.little_town import Town, findings_of, token, town

STORIES = st.fixed_dictionaries(
    {
        "looks": st.integers(14, 40),
        "days": st.integers(1, 80),
        "subjects": st.sampled_from([1, 3, 12, 1000]),
        "minute": st.sampled_from([600, 1300]),
        "seed": st.integers(0, 5),
    }
)
few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
OWN = 3


def planted(story) -> Town:
    """A small town in which one member of staff, and a dozen on one subject, look without a reason."""
    there = town(story["seed"], staff=45, looks=3_000, subjects=1_500)
    count = story["looks"]
    there = there.plus(
        staff=np.full(count, OWN),
        subject=np.arange(count) % story["subjects"] + 40_000,
        day=np.arange(count) * 7 % story["days"],
        minute=story["minute"],
        score=np.arange(count) % 5 + 1.0,
    )
    return there.plus(staff=np.arange(20, 32), subject=np.full(12, 60_000), day=30 + np.arange(12) % 4)


def scores(findings) -> dict[tuple[str, int], float]:
    return {(finding.about.domain, finding.about.hi): finding.score for finding in findings}


@few
@given(STORIES, st.data())
def test_a_reason_that_is_added_never_raises_the_score_of_whom_it_concerns(story, data):
    before = planted(story)
    first = len(before.staff) - story["looks"] - 12
    place = data.draw(st.integers(first, len(before.staff) - 1), label="look that gets a reason")
    after = scores(before.explaining(np.array([place])).findings())
    for about, score in scores(before.findings()).items():
        if about[1] in (before.staff[place], before.subject[place]):
            assert after.get(about, -np.inf) <= score + 1e-9


@few
@given(STORIES)
def test_new_names_change_nothing_but_names(story):
    before = planted(story)
    renamed = replace(before, staff=before.staff ^ 0x5DEECE66D, subject=before.subject * 3 + 7)
    ours, theirs = before.findings(), renamed.findings()
    assert [each.looks for each in ours] == [each.looks for each in theirs]
    assert [each.score for each in ours] == close([each.score for each in theirs])
    assert [[term.nl for term in each.terms] for each in ours] == [
        [term.nl for term in each.terms] for each in theirs
    ]
    assert [each.sentences.nl[1] for each in ours] == [each.sentences.nl[1] for each in theirs]


@few
@given(STORIES, st.integers(0, 1000))
def test_the_order_of_the_rows_changes_nothing(story, seed):
    look, verdict = planted(story).tables()
    order = np.random.default_rng(seed).permutation(len(look))
    assert scores(findings_of(look.take(order), verdict)) == close(scores(findings_of(look, verdict)))


@few
@given(STORIES)
def test_a_year_of_weeks_later_is_the_same(story):
    before = planted(story)
    later = replace(before, day=before.day + 364)
    assert scores(later.findings()) == close(scores(before.findings()))


@few
@given(STORIES)
def test_the_terms_sum_to_the_score_and_looks_are_unexplained(story):
    there = planted(story)
    for finding in there.findings():
        assert abs(finding.score - fsum(term.value for term in finding.terms)) <= 1e-9
        assert len(set(finding.looks)) == len(finding.looks) > 0
        assert not there.explained[list(finding.looks)].any()


def test_a_reason_that_breaks_a_joined_finding_does_not_raise_what_is_left():
    before = planted({"looks": 14, "days": 8, "subjects": 1, "minute": 600, "seed": 5})
    about = ("staff", int(token([OWN])[0]))
    after = scores(before.explaining(np.array([3_000])).findings())
    assert after[about] <= scores(before.findings())[about]


def close(values):
    return pytest.approx(values, abs=1e-9)


def test_the_story_of_these_tests_gives_findings():
    story = {"looks": 30, "days": 80, "subjects": 1000, "minute": 1300, "seed": 1}
    found = scores(planted(story).findings())
    assert ("staff", int(token([OWN])[0])) in found
    assert any(domain == "subject" for domain, _ in found)
