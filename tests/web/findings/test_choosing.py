# SPDX-License-Identifier: EUPL-1.2
"""What comes onto the work list by itself, and what a week picks: most by rank, some to learn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rekenschap_web.acts.models import Act
from rekenschap_web.acts.system import system_person
from rekenschap_web.evidence.views import Both, SaidView, Week
from rekenschap_web.findings.following.choosing import Why, chosen, most_in_a_week
from rekenschap_web.findings.following.taking import take_over
from rekenschap_web.findings.models import FindingRecord
from tests.web.findings.invented import NOON, checkpoint, finding

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 9)
WEEK = Week(monday=MONDAY, people=400)


def weekly(who: int, score: float, *, week: date = MONDAY, kinds: tuple[str, ...] = ("weekly",)):
    title = Both(nl="Zonder reden", en="Without a reason")
    said = SaidView(rule="unexplained", title=title, line=title, score=score, week=week)
    return replace(finding(who, score=score), kinds=kinds, said=(said,), rule="unexplained")


def taken(views, *, size=1000, budget=5, now=NOON):
    return take_over(
        by=system_person(), findings=views, checkpoint=checkpoint(size), now=now,
        chosen=chosen(views, WEEK, budget=budget),
    )  # fmt: skip


def whys() -> dict[str, str]:
    return {each.key: each.why for each in FindingRecord.objects.all()}


def test_a_week_is_filled_by_rank_and_some_to_learn():
    views = [weekly(who, 20.0 - who) for who in range(1, 16)]
    assert taken(views).new == 5
    told = whys()
    assert {key for key, why in told.items() if why == Why.RANK} == {"key1", "key2", "key3", "key4"}
    assert [why for why in told.values()].count(Why.LEARNING) == 1
    assert {each.week for each in FindingRecord.objects.all()} == {MONDAY}


def test_a_week_is_picked_once():
    views = [weekly(who, 20.0 - who) for who in range(1, 16)]
    taken(views)
    before = whys()
    assert taken(views, size=1100).new == 0
    assert whys() == before


def test_what_does_not_wait_and_what_is_more_than_chance_come_by_themselves():
    views = [
        weekly(1, 3.0, kinds=("urgent",), week=MONDAY - timedelta(days=70)),
        weekly(2, 3.0, kinds=("standing", "weekly"), week=MONDAY - timedelta(days=70)),
        weekly(3, 9.0, week=MONDAY - timedelta(days=70)),
    ]
    taken(views)
    assert whys() == {"key1": Why.URGENT, "key2": Why.STANDING}


def test_what_is_on_the_list_is_followed_when_no_week_would_pick_it_any_more():
    taken([weekly(1, 9.0)])
    later = replace(weekly(1, 2.0, week=MONDAY - timedelta(days=7)), looks=(10,))
    assert taken([later], size=1100).changed == 1
    assert FindingRecord.objects.get().looks == [10]


def test_a_finding_in_which_nothing_changed_leaves_no_act():
    views = [weekly(1, 9.0)]
    taken(views)
    acts = Act.objects.count()
    taken(views, size=1100)
    assert Act.objects.count() == acts
    assert FindingRecord.objects.get().size == 1100


def test_a_large_body_looks_into_more():
    assert most_in_a_week(200) == 5
    assert most_in_a_week(30_000) == 150
