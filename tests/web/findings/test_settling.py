# SPDX-License-Identifier: EUPL-1.2
"""People settle findings: one by one with a reason, together by a cause; each refusal has its sentence."""

import pytest

from rekenschap.casework.closing import Reason
from rekenschap.casework.roles import Role
from rekenschap.casework.together import drawn
from rekenschap_web.acts.models import Act
from rekenschap_web.acts.system import system_person
from rekenschap_web.findings import actions
from rekenschap_web.findings.queries import (
    finding_case,
    hit_rates,
    known_looks,
    settled_cause,
    settled_causes,
)
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.people.may import NotAllowedError
from tests.web.findings.invented import NOON, cause, checkpoint, finding, preview

pytestmark = pytest.mark.django_db
WORDS = "Er lag een papieren dossier."


@pytest.fixture
def officer(people):
    return people[Role.INTEGRITY_OFFICER]


@pytest.fixture
def numbers(people):
    views = [finding(who) for who in range(1, 22)] + [finding(30, "middle", score=6.0)]
    actions.take_over(by=system_person(), findings=views, checkpoint=checkpoint(), now=NOON)
    return {view.key: f"2026-0317-{at}" for at, view in enumerate(sorted(views, key=lambda x: -x.score), 1)}


def views():
    return tuple(finding(who) for who in range(1, 22))


def test_closing_keeps_the_reason_the_words_and_who(officer, numbers):
    actions.close(number=numbers["key1"], by=officer, reason=Reason.SOURCE_MISSING, words=WORDS)
    case = finding_case(numbers["key1"])
    assert (case.state, case.reason, case.words, case.closed_by) == (
        "closed",
        "bron_mist",
        WORDS,
        officer.name,
    )
    act = Act.objects.get(object=f"finding:{case.number}", verb="closed")
    assert (act.person, act.because) == (officer, f"bron_mist: {WORDS}")


def test_a_closed_finding_is_not_closed_again(officer, numbers):
    actions.close(number=numbers["key1"], by=officer, reason=Reason.SOURCE_MISSING, words=WORDS)
    with pytest.raises(SentenceError) as refused:
        actions.close(number=numbers["key1"], by=officer, reason=Reason.SOURCE_MISSING, words=WORDS)
    assert "afgesloten" in refused.value.decision.because


def test_a_finding_cannot_be_closed_as_going_on_in_an_investigation(officer, numbers):
    with pytest.raises(SentenceError):
        actions.close(number=numbers["key1"], by=officer, reason=Reason.INVESTIGATED, words=WORDS)
    assert finding_case(numbers["key1"]).state == "open"


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.INTEGRITY_OFFICER])
def test_nobody_else_closes(people, numbers, role):
    with pytest.raises(NotAllowedError) as refused:
        actions.close(number=numbers["key1"], by=people[role], reason=Reason.SOURCE_MISSING, words=WORDS)
    assert refused.value.decision.because
    assert finding_case(numbers["key1"]).state == "open"


def test_a_refused_act_leaves_no_act(people, numbers):
    before = Act.objects.count()
    with pytest.raises(NotAllowedError):
        actions.take(number=numbers["key1"], by=people[Role.AUDITOR])
    assert Act.objects.count() == before


def test_a_cause_closes_its_low_findings_and_draws_one_in_twenty(officer, numbers):
    again = actions.settle_cause(
        cause=cause((*views(), finding(30, "middle"))),
        preview=preview(),
        entries=range(1, 42),
        by=officer,
        reason=Reason.SOURCE_MISSING,
        words=WORDS,
        seed="root",
    )
    low = [number for key, number in numbers.items() if key != "key30"]
    assert set(again) == drawn(low, seed="root\nsource.afspraken") and len(again) == 2
    assert {finding_case(number).state for number in low} == {"closed"}
    assert finding_case(numbers["key30"]).state == "open"
    told = settled_cause("source.afspraken")
    assert told is not None and (told.findings, told.would_explain, told.by) == (21, 180, officer.name)


def test_a_cause_that_would_hide_what_was_not_permitted_is_refused(officer, numbers):
    actions.close(number=numbers["key1"], by=officer, reason=Reason.NOT_PERMITTED_SETTLED, words=WORDS)
    assert known_looks() == (10, 11)
    with pytest.raises(SentenceError) as refused:
        settle(officer, hides=known_looks())
    assert refused.value.decision.rule == "together.settle.hides"
    assert finding_case(numbers["key2"]).state == "open"
    assert settled_cause("source.afspraken") is None


def test_a_cause_is_not_settled_with_a_reason_that_lays_something_upon_somebody(officer, numbers):
    with pytest.raises(SentenceError):
        settle(officer, reason=Reason.NOT_PERMITTED_SETTLED)


def test_findings_that_are_not_low_are_not_closed_together(officer, numbers):
    with pytest.raises(SentenceError) as refused:
        actions.settle_together(
            numbers=[numbers["key1"], numbers["key30"]],
            by=officer,
            reason=Reason.SOURCE_MISSING,
            words=WORDS,
            seed="root",
        )
    assert refused.value.decision.rule == "together.settle.severity"
    assert finding_case(numbers["key1"]).state == "open"


def test_only_somebody_else_looks_again_and_may_open_it(people, officer, numbers):
    number = settle(officer)[0]
    with pytest.raises(NotAllowedError) as refused:
        actions.look_again(number=number, by=officer, agrees=True, words=WORDS)
    assert refused.value.decision.rule == "not_own_closing_again"
    actions.look_again(number=number, by=people[Role.SECOND_OFFICER], agrees=False, words="Dit klopt niet.")
    case = finding_case(number)
    assert (case.state, case.agrees, case.reason) == ("open", False, "")


def test_what_was_not_drawn_is_not_looked_at_again(people, officer, numbers):
    again = settle(officer)
    other = next(number for key, number in numbers.items() if number not in again and key != "key30")
    with pytest.raises(SentenceError):
        actions.look_again(number=other, by=people[Role.SECOND_OFFICER], agrees=True, words=WORDS)


def test_from_the_reasons_follows_how_often_a_rule_was_right(officer, numbers):
    actions.close(number=numbers["key1"], by=officer, reason=Reason.NOT_PERMITTED_SETTLED, words=WORDS)
    actions.close(number=numbers["key2"], by=officer, reason=Reason.RULE_TOO_BROAD, words=WORDS)
    actions.close(number=numbers["key3"], by=officer, reason=Reason.CANNOT_BE_ESTABLISHED, words=WORDS)
    rate = hit_rates()["unexplained_by_staff"]
    assert (rate.hits, rate.misses, rate.unknown) == (1, 1, 1)


def settle(officer, *, hides=(), reason=Reason.SOURCE_MISSING):
    return actions.settle_cause(
        cause=cause(views()),
        preview=preview(hides),
        entries=range(1, 42),
        by=officer,
        reason=reason,
        words=WORDS,
        seed="root",
    )


def test_of_the_looks_of_a_cause_one_in_twenty_is_drawn(officer, numbers):
    settle(officer)
    told = settled_cause("source.afspraken")
    assert told is not None and len(told.drawn) == 3
    assert set(map(str, told.drawn)) == drawn(map(str, range(1, 42)), seed="root\nsource.afspraken")


def test_a_cause_is_not_settled_twice(officer, numbers):
    settle(officer)
    with pytest.raises(SentenceError) as refused:
        settle(officer)
    assert refused.value.decision.rule == "finding.settled"


def test_who_does_not_agree_with_a_cause_opens_all_it_closed(people, officer, numbers):
    settle(officer)
    with pytest.raises(NotAllowedError) as refused:
        actions.look_at_cause_again(cause="source.afspraken", by=officer, agrees=False, words=WORDS)
    assert refused.value.decision.rule == "not_own_closing_again"
    second = people[Role.SECOND_OFFICER]
    actions.look_at_cause_again(
        cause="source.afspraken", by=second, agrees=False, words="De bron stuurde wel."
    )
    assert {finding_case(number).state for number in numbers.values()} == {"open"}
    assert settled_causes() == frozenset()
    settle(officer)
    assert settled_causes() == {"source.afspraken"}


def test_who_agrees_leaves_it_closed(people, officer, numbers):
    settle(officer)
    actions.look_at_cause_again(
        cause="source.afspraken", by=people[Role.SECOND_OFFICER], agrees=True, words="Klopt, de bron zweeg."
    )
    assert settled_causes() == {"source.afspraken"}
    assert finding_case(numbers["key1"]).state == "closed"
    with pytest.raises(SentenceError):
        actions.look_at_cause_again(
            cause="source.afspraken", by=people[Role.SECOND_OFFICER], agrees=False, words="Toch niet."
        )


def settled_looks(verb):
    return set(Act.objects.filter(kind="look", verb=verb).values_list("look", flat=True))


def test_every_look_of_a_settled_cause_is_told_of_and_told_again_when_somebody_does_not_agree(
    people, officer, numbers
):
    settle(officer)
    assert settled_looks("settled") == set(range(1, 42))
    actions.look_at_cause_again(
        cause="source.afspraken", by=people[Role.SECOND_OFFICER], agrees=False, words="De bron stuurde wel."
    )
    assert settled_looks("unsettled") == set(range(1, 42))


def test_a_rule_that_is_too_broad_says_nothing_of_the_looks(officer, numbers):
    settle(officer, reason=Reason.RULE_TOO_BROAD)
    assert settled_looks("settled") == set()
