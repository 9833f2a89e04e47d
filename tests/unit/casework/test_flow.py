# SPDX-License-Identifier: EUPL-1.2
"""What the rule of the desk answers: allowed, or the sentence that says why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rekenschap.casework.closing import Reason
from rekenschap.casework.drawing import drawn, reasons_table
from rekenschap.casework.flow import Facts, offered, permitted
from rekenschap.casework.flows import EXPORT, FINDING, FLOWS, INVESTIGATION, LIFTING, QUESTION
from rekenschap.casework.roles import Role

NOW = datetime(2026, 3, 17, 9, 14, tzinfo=UTC)
OFFICER = Facts(person="o1", roles=frozenset({Role.STAFF, Role.INTEGRITY_OFFICER}), now=NOW)
SECOND = replace(OFFICER, person="o2", roles=frozenset({Role.STAFF, Role.SECOND_OFFICER}))
LEADER = replace(OFFICER, person="t1", roles=frozenset({Role.STAFF, Role.TEAM_MANAGER}))
STAFF = replace(OFFICER, person="m1", roles=frozenset({Role.STAFF}))
SUM = "verklaard_werk: er was een afspraak"


def test_an_officer_asks_for_an_explanation():
    answer = permitted(FINDING, "open", "ask", facts=OFFICER)
    assert (answer.allowed, answer.to, answer.rule) == (True, "asked", "finding.ask")


def test_the_wrong_role_is_told_whose_work_it_is():
    answer = permitted(FINDING, "open", "ask", facts=STAFF)
    assert not answer.allowed
    assert answer.rule == "finding.ask.role"
    assert answer.nl == "Dit doet alleen: integriteitsfunctionaris of tweede functionaris."
    assert answer.en == "Only this role does that: integrity officer or second officer."


def test_nobody_decides_about_themselves():
    answer = permitted(FINDING, "open", "ask", facts=replace(OFFICER, about_self=True))
    assert (answer.allowed, answer.rule) == (False, "finding.ask.own")
    assert answer.nl == "Dit gaat over uzelf. Een ander moet dit doen."


def test_nobody_answers_for_another():
    assert permitted(QUESTION, "asked", "answer", facts=STAFF).rule == "question.answer.another"
    assert permitted(QUESTION, "asked", "answer", facts=replace(STAFF, about_self=True)).to == "answered"


def test_who_asked_is_not_the_second_pair_of_eyes():
    own = permitted(LIFTING, "asked", "approve", facts=replace(OFFICER, asked_by="o1"))
    assert (own.allowed, own.rule) == (False, "lifting.approve.four_eyes")
    assert own.nl == "U vroeg dit zelf aan. Een tweede persoon moet meekijken."
    assert permitted(LIFTING, "asked", "approve", facts=replace(SECOND, asked_by="o1")).to == "live"


def test_four_eyes_are_refused_when_nobody_knows_who_asked():
    assert permitted(LIFTING, "asked", "approve", facts=SECOND).rule == "lifting.approve.four_eyes"


def test_an_act_of_another_state_is_told_the_state():
    answer = permitted(LIFTING, "over", "see_name", facts=OFFICER)
    assert (answer.allowed, answer.nl) == (False, "Dit kan nu niet: de stand is “voorbij”.")
    assert permitted(LIFTING, "nowhere", "approve", facts=OFFICER).rule == "lifting.approve.state"


def test_a_lifting_that_ran_out_shows_no_name():
    live = replace(OFFICER, until=NOW + timedelta(seconds=1))
    assert permitted(LIFTING, "live", "see_name", facts=live).allowed
    late = permitted(LIFTING, "live", "see_name", facts=replace(live, now=NOW + timedelta(seconds=1)))
    assert (late.allowed, late.nl) == (False, "De termijn hiervoor is voorbij.")


def test_going_on_without_a_reply_waits_for_the_deadline():
    facts = replace(OFFICER, until=NOW + timedelta(days=1), because="geen reactie gekregen")
    early = permitted(INVESTIGATION, "hearing", "go_on", facts=facts)
    assert (early.allowed, early.rule) == (False, "investigation.go_on.early")
    assert permitted(
        INVESTIGATION, "hearing", "go_on", facts=replace(facts, now=NOW + timedelta(days=2))
    ).allowed


def test_a_reason_is_asked_when_the_act_is_done_and_not_when_it_is_offered():
    assert offered(FINDING, "open", "investigate", facts=OFFICER).allowed
    assert permitted(FINDING, "open", "investigate", facts=OFFICER).rule == "finding.investigate.reason"
    assert permitted(FINDING, "open", "investigate", facts=replace(OFFICER, because="drie avonden")).allowed


def test_closing_takes_one_of_the_reasons_of_the_list():
    assert not permitted(FINDING, "open", "close", facts=replace(OFFICER, because="weet ik niet")).allowed
    assert permitted(FINDING, "open", "close", facts=replace(OFFICER, because=SUM)).allowed
    onward = replace(OFFICER, because=Reason.INVESTIGATED)
    assert not permitted(FINDING, "open", "close", facts=onward).allowed


@pytest.mark.parametrize("reason", list(Reason))
def test_only_what_lays_nothing_on_anybody_ends_before_the_hearing(reason):
    early = permitted(INVESTIGATION, "open", "propose_early", facts=replace(OFFICER, because=reason))
    assert early.allowed is (reason in {"verklaard_werk", "bron_mist", "regel_te_breed"})


def test_an_export_is_approved_by_somebody_else():
    asked = replace(SECOND, asked_by="o1", until=NOW + timedelta(days=1))
    assert permitted(EXPORT, "asked", "approve", facts=asked).to == "approved"
    assert (
        permitted(EXPORT, "asked", "approve", facts=replace(asked, person="o1")).rule
        == "export.approve.four_eyes"
    )


def test_a_leader_does_not_confirm_an_own_answer():
    assert permitted(QUESTION, "answered", "confirm", facts=replace(LEADER, asked_by="m1")).to == "confirmed"
    own = permitted(QUESTION, "answered", "confirm", facts=replace(LEADER, asked_by="t1", about_self=True))
    assert own.rule == "question.confirm.own"


def test_a_state_says_when_it_must_be_left():
    assert QUESTION.due("asked", NOW) == NOW + timedelta(days=7)
    assert QUESTION.due("confirmed", NOW) is None
    assert QUESTION.ends == {"confirmed", "withdrawn"}


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_flow_holds_together(flow):
    assert flow.start in flow.states
    assert set(flow.moves) == set(flow.states)
    assert set(flow.lasts) <= set(flow.states)
    assert {to for moves in flow.moves.values() for to in moves.values()} <= set(flow.states)
    assert {act for moves in flow.moves.values() for act in moves} == set(flow.acts)
    assert all(len(said.nl.split()) <= 20 for said in flow.states.values())


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_state_is_reached_from_the_start(flow):
    reached, waiting = set(), [flow.start]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting.extend(flow.moves[state].values())
    assert reached == set(flow.states)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_drawing_names_every_state_and_every_act(flow):
    page = drawn(flow)
    assert all(f"`{name}`" in page for name in (*flow.states, *flow.acts))
    assert f"[*] --> {flow.start}" in page


def test_the_table_of_reasons_has_all_six():
    assert sum(f"`{each}`" in reasons_table() for each in Reason) == 6
