# SPDX-License-Identifier: EUPL-1.2
"""The worker takes findings over: one number as long as people work on it, and nothing lost or doubled."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rekenschap.casework.closing import Reason
from rekenschap.casework.roles import Role
from rekenschap.errors import RefusedError
from rekenschap_web.acts.models import Act
from rekenschap_web.acts.system import system_person
from rekenschap_web.findings import actions
from rekenschap_web.findings.actions import Taken, take_over
from rekenschap_web.findings.following.choosing import Chosen, Why
from rekenschap_web.findings.following.gone import GoneAs
from rekenschap_web.findings.models import FindingRecord
from rekenschap_web.findings.queries import changes_of, finding_case
from tests.web.findings.invented import NOON, checkpoint, finding, lower

pytestmark = pytest.mark.django_db


def taken(*views, size=1000, now=NOON):
    return take_over(by=system_person(), findings=views, checkpoint=checkpoint(size), now=now)


def test_new_findings_get_a_number_of_the_day_the_most_telling_first():
    assert taken(finding(1), finding(2, "high", score=9.0)) == Taken(new=2, changed=0, gone=0)
    assert finding_case("2026-0317-1").key == "key2"
    assert finding_case("2026-0317-2").key == "key1"


def test_numbers_go_on_where_they_were_on_the_same_day():
    taken(finding(1))
    taken(finding(1), finding(2), size=1100)
    assert {each.number for each in FindingRecord.objects.all()} == {"2026-0317-1", "2026-0317-2"}


def test_doing_it_twice_changes_nothing():
    taken(finding(1), finding(2))
    acts = Act.objects.count()
    assert taken(finding(1), finding(2)) == Taken(new=0, changed=0, gone=0)
    assert Act.objects.count() == acts


def test_severity_says_how_soon():
    taken(finding(1, "low"), finding(2, "high", score=9.0))
    assert finding_case("2026-0317-1").deadline == NOON + timedelta(days=4)
    assert finding_case("2026-0317-2").deadline == NOON + timedelta(days=14)


def hurried(view, *, size=1000, now=NOON):
    why = {view.key: Chosen(why=Why.URGENT)}
    return take_over(by=system_person(), findings=(view,), checkpoint=checkpoint(size), now=now, chosen=why)


def test_what_does_not_wait_is_for_the_same_day():
    hurried(finding(1, "low"))
    assert timezone.localtime(finding_case("2026-0317-1").deadline).date() == timezone.localtime(NOON).date()


def test_what_becomes_urgent_waits_no_longer():
    taken(finding(1, "low"))
    assert hurried(finding(1, "low"), size=1100).changed == 1
    assert finding_case("2026-0317-1").deadline < NOON + timedelta(days=1)
    assert hurried(finding(1, "low"), size=1200).changed == 0


def test_late_work_that_lowers_a_score_is_shown_as_a_change():
    view = finding(1, looks=(10, 11, 12), score=5.0)
    taken(view)
    assert taken(lower(view, 2.0, (10,)), size=1100).changed == 1
    (change,) = changes_of("2026-0317-1")
    assert (change.score_before, change.score_after) == (5.0, 2.0)
    assert (change.looks_before, change.looks_after) == (3, 1)
    assert finding_case("2026-0317-1").looks == (10,)


def gone(**explained):
    taken(finding(1, looks=(10, 11)))
    became = {int(entry.removeprefix("e")): told for entry, told in explained.items()}
    told = take_over(
        by=system_person(), findings=(), checkpoint=checkpoint(1100), now=NOON, became=lambda _looks: became
    )
    assert told.gone == 1
    return finding_case("2026-0317-1")


@pytest.mark.parametrize(
    ("explained", "why", "verb"),
    [
        ({"e10": True, "e11": True}, GoneAs.EXPLAINED, "gone"),
        ({"e10": True, "e11": False}, GoneAs.PARTLY, "left"),
        ({"e10": False, "e11": False}, GoneAs.NO_LONGER_STANDS_OUT, "left"),
        ({}, GoneAs.NOT_KNOWN, "left"),
    ],
)
def test_what_is_not_found_any_more_is_told_by_what_became_of_its_looks(explained, why, verb):
    assert gone(**explained).gone_as is why
    last = Act.objects.filter(object="finding:2026-0317-1").latest("number")
    assert (last.verb, last.because) == (verb, str(why))


def test_what_left_the_window_and_is_explained_afterwards_is_told_so_once():
    gone(e10=False, e11=False)
    for size in (1200, 1300):
        told = take_over(
            by=system_person(), findings=(), checkpoint=checkpoint(size), now=NOON,
            became=lambda looks: dict.fromkeys(looks, True),
        )  # fmt: skip
        assert told.gone == 0
    assert finding_case("2026-0317-1").gone_as is GoneAs.EXPLAINED
    assert Act.objects.filter(object="finding:2026-0317-1", verb="gone").count() == 1


def test_what_is_found_again_is_not_gone():
    gone(e10=False, e11=False)
    taken(finding(1, looks=(10, 11)), size=1200)
    assert (finding_case("2026-0317-1").is_gone, finding_case("2026-0317-1").gone_explained) == (False, 0)


def test_what_later_work_explains_waits_for_a_human_to_close_it():
    taken(finding(1))
    assert taken(size=1100).gone == 1
    case = finding_case("2026-0317-1")
    assert (case.is_gone, case.state) == (True, "open")
    assert taken(size=1200).gone == 0


def test_what_people_closed_stays_closed(people):
    view = finding(1)
    taken(view)
    close(people)
    assert taken(view, size=1100) == Taken(new=0, changed=0, gone=0)


def test_looks_that_were_not_there_at_closing_are_new_work_that_knows_what_came_before(people):
    taken(finding(1, looks=(10, 11)))
    close(people)
    assert taken(finding(1, looks=(10, 11, 90)), size=1100, now=NOON + timedelta(days=1)).new == 1
    record = FindingRecord.objects.get(number="2026-0318-1")
    assert (record.before.number, record.looks) == ("2026-0317-1", [90])


def test_every_finding_has_an_act_of_its_own():
    taken(finding(1), finding(2))
    found = Act.objects.filter(verb="found").values_list("object", flat=True)
    assert set(found) == {"finding:2026-0317-1", "finding:2026-0317-2"}


def test_a_finding_is_not_changed_outside_an_action():
    taken(finding(1))
    record = FindingRecord.objects.get()
    record.state = "closed"
    record.reason = str(Reason.CANNOT_BE_ESTABLISHED)
    with pytest.raises(RefusedError):
        record.save()


def close(people):
    actions.close(
        number="2026-0317-1",
        by=people[Role.INTEGRITY_OFFICER],
        reason=Reason.EXPLAINED_BY_WORK,
        words="Er lag een papieren dossier.",
    )
