# SPDX-License-Identifier: EUPL-1.2
"""The rules of the desk: sound by their own schema, in two languages, and strict where it matters."""

import re

import cedarpy
import pytest
from django.utils import translation

from rekenschap.casework.roles import Role
from rekenschap_web.people import may as rules
from rekenschap_web.people.may import NotAllowedError, Thing, may, require
from rekenschap_web.people.models import Person


def one(*roles: Role, sub: str = "one", team: str = "", staff_id: str = "", locked: bool = False) -> Person:
    person = Person(sub=sub, name="Iemand", email="iemand@veldhaven.example", team=team, staff_id=staff_id)
    person.roles, person.is_locked = roles, locked
    return person


def test_every_policy_is_sound_by_the_schema() -> None:
    found = cedarpy.validate_policies(rules.policy_text(), rules.schema_text())
    assert found.validation_passed, found.errors


def test_a_policy_with_a_word_that_is_wrong_is_found() -> None:
    wrong = (
        rules.policy_text()
        + '\npermit (principal is Person, action, resource) when { principal.rols == "x" };'
    )
    assert not cedarpy.validate_policies(wrong, rules.schema_text()).validation_passed


def test_every_rule_has_a_name_of_its_own_and_a_sentence_in_two_languages() -> None:
    told = list(rules.all_rules())
    assert len({rule.name for rule in told}) == rules.policy_text().count("\n@id(")
    for rule in told:
        assert rule.name and rule.nl.endswith(".") and rule.en.endswith("."), rule
        assert rule.text.endswith(";"), rule.name


def test_every_sentence_is_short() -> None:
    for rule in rules.all_rules():
        for text in (rule.nl, rule.en):
            assert all(len(part.split()) <= 20 for part in re.split(r"[.;]", text)), text


def test_every_action_can_be_done_by_somebody() -> None:
    """An action that no rule permits is a page that nobody can open."""
    for action in sorted(rules.actions()):
        kind = action.partition(".")[0]
        things = [Thing(kind=kind), Thing(kind=kind, team="t"), Thing(kind=kind, about="self")]
        things.append(Thing(kind=kind, opened_by="one"))
        everyone = [one(role, team="t", staff_id="self") for role in Role]
        assert any(may(person, action, thing).allowed for person in everyone for thing in things), action


def test_an_action_nobody_wrote_down_is_refused_by_name() -> None:
    decision = may(one(*Role), "finding.burn", Thing(kind="finding"))
    assert (decision.allowed, decision.rule) == (False, rules.UNKNOWN_ACTION)


@pytest.mark.parametrize("action", sorted(rules.actions()))
def test_who_is_locked_may_nothing(action: str) -> None:
    person = one(*set(Role) - {Role.OPERATOR, Role.AUDITOR}, locked=True)
    decision = may(person, action, Thing(kind="x", opened_by="one"))
    assert (decision.allowed, decision.rule) == (False, "locked_out")


def test_the_answer_names_the_rule_in_the_language_of_the_page() -> None:
    officer = one(Role.INTEGRITY_OFFICER)
    assert may(officer, "finding.settle", Thing(kind="finding")).rule == "officer_settles"
    with translation.override("en"):
        assert may(officer, "finding.settle", Thing(kind="finding")).because.startswith(
            "The integrity officer"
        )


def test_who_may_not_hears_whose_work_it_is() -> None:
    decision = may(one(Role.STAFF), "finding.settle", Thing(kind="finding"))
    assert decision.rule == rules.NO_RULE
    assert decision.because == "Dit is werk voor: integriteitsfunctionaris."


def test_require_raises_with_the_sentence() -> None:
    with pytest.raises(NotAllowedError) as refused:
        require(one(Role.STAFF), "leak.search", Thing(kind="leak"))
    assert refused.value.decision.because.startswith("Dit is werk voor")


def test_a_manager_sees_the_own_team_only() -> None:
    manager = one(Role.TEAM_MANAGER, team="burgerzaken")
    assert may(manager, "finding.read", Thing(kind="finding", team="burgerzaken")).allowed
    assert not may(manager, "finding.read", Thing(kind="finding", team="belastingen")).allowed
    assert not may(manager, "finding.read", Thing(kind="finding")).allowed
    assert not may(one(Role.TEAM_MANAGER), "finding.read", Thing(kind="finding", team="")).allowed


@pytest.mark.parametrize(
    "action", ["finding.settle", "answer.weigh", "lifting.approve", "investigation.open"]
)
def test_nobody_judges_a_matter_about_oneself(action: str) -> None:
    officer = one(Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER, staff_id="mw-0016", team="staf")
    decision = may(officer, action, Thing(kind="finding", about="mw-0016", team="staf"))
    assert (decision.allowed, decision.rule) == (False, "nobody_judges_oneself")
    other = one(Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER, staff_id="mw-0017", team="staf")
    assert may(other, action, Thing(kind="finding", about="mw-0016", team="staf")).allowed


def test_nobody_is_the_second_pair_of_eyes_on_an_own_request() -> None:
    officer = one(Role.SECOND_OFFICER, sub="tweede")
    decision = may(officer, "lifting.approve", Thing(kind="lifting", opened_by="tweede"))
    assert (decision.allowed, decision.rule) == (False, "second_pair_of_eyes")
    assert may(officer, "lifting.approve", Thing(kind="lifting", opened_by="eerste")).allowed


def test_an_operator_sees_no_evidence_whatever_other_role_comes_with_it() -> None:
    both = one(Role.OPERATOR, Role.INTEGRITY_OFFICER)
    decision = may(both, "finding.read", Thing(kind="finding"))
    assert (decision.allowed, decision.rule) == (False, "operator_sees_no_evidence")
    assert may(both, "own_looks.read", Thing(kind="own_looks")).allowed


def test_an_auditor_changes_nothing_but_may_answer_a_question() -> None:
    both = one(Role.AUDITOR, Role.INTEGRITY_OFFICER, staff_id="mw-1")
    assert may(both, "finding.settle", Thing(kind="finding")).rule == "auditor_only_reads"
    assert may(both, "question.answer", Thing(kind="question", about="mw-1")).allowed


def test_a_question_is_read_and_answered_by_the_one_it_is_about() -> None:
    thing = Thing(kind="question", about="mw-0031")
    assert may(one(Role.STAFF, staff_id="mw-0031"), "question.answer", thing).allowed
    assert not may(one(Role.STAFF, staff_id="mw-0032"), "question.answer", thing).allowed
    assert not may(one(Role.STAFF), "question.answer", Thing(kind="question", about="")).allowed
