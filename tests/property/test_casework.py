# SPDX-License-Identifier: EUPL-1.2
"""Whatever people try in whatever order: no flow reaches its weighty end without its second pair of eyes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rekenschap.casework.closing import IN_FAVOUR, Reason
from rekenschap.casework.flow import Facts, Hour, Tie, offered, permitted
from rekenschap.casework.flows import EXPORT, FLOWS, INVESTIGATION, LIFTING
from rekenschap.casework.roles import Role

NOW = datetime(2026, 3, 17, tzinfo=UTC)
PEOPLE = ("a", "b", "c")
PERSONS = st.sampled_from(PEOPLE)
ROLES = st.frozensets(st.sampled_from(list(Role)))
REASONS = st.sampled_from([*Reason, "", "kort", "een reden met genoeg letters"])
HOURS = st.one_of(st.none(), st.integers(-5, 5).map(lambda hours: NOW + timedelta(hours=hours)))
FLOW_ACTS = [(flow, act) for flow in FLOWS for act in flow.acts]
FACTS = st.builds(
    Facts,
    person=PERSONS,
    roles=ROLES,
    now=st.just(NOW),
    about_self=st.booleans(),
    asked_by=st.sampled_from(["", *PEOPLE]),
    until=HOURS,
    because=REASONS,
)


@given(st.sampled_from(FLOW_ACTS), st.text(max_size=8), FACTS)
def test_a_decision_always_says_why_in_both_languages(flow_act, elsewhere, facts):
    flow, act = flow_act
    for state in (*flow.states, elsewhere):
        answer = permitted(flow, state, act, facts=facts)
        assert answer.nl and answer.en and answer.rule.startswith(f"{flow.name}.{act}")
        assert bool(answer.to) is answer.allowed
        assert len(answer.nl.split()) <= 20


@given(st.sampled_from(FLOW_ACTS), FACTS)
def test_what_is_allowed_keeps_every_condition(flow_act, facts):
    flow, name = flow_act
    act = flow.acts[name]
    for state in flow.states:
        if not permitted(flow, state, name, facts=facts).allowed:
            continue
        assert offered(flow, state, name, facts=facts).allowed
        if act.who:
            assert act.who & facts.roles
            assert facts.about_self is (act.tie is Tie.ONLY_ABOUT_SELF)
        if act.four_eyes:
            assert facts.asked_by and facts.asked_by != facts.person
        if facts.until is not None and act.hour is not Hour.ANY:
            assert (facts.now >= facts.until) is (act.hour is Hour.AFTER)
        if act.reasons:
            assert facts.because in act.reasons


@given(st.sampled_from(FLOW_ACTS), FACTS, ROLES)
def test_another_role_never_takes_a_right_away(flow_act, facts, more):
    flow, act = flow_act
    wider = Facts(
        person=facts.person, roles=facts.roles | more, now=facts.now, about_self=facts.about_self,
        asked_by=facts.asked_by, until=facts.until, because=facts.because,
    )  # fmt: skip
    for state in flow.states:
        assert (
            permitted(flow, state, act, facts=wider).allowed
            >= permitted(flow, state, act, facts=facts).allowed
        )


@dataclass
class Row:
    """What an app would keep of one affair."""

    state: str
    proposed_by: str = ""
    reason: str = ""
    heard: bool = False
    closed_by: str = ""
    seen: bool = False


class Desk(RuleBasedStateMachine):
    """Three people in every role do what they like; `c` is whom everything is about."""

    def __init__(self):
        super().__init__()
        self.investigation = Row(state=INVESTIGATION.start)
        self.lifting = Row(state=LIFTING.start, proposed_by="a")
        self.export = Row(state=EXPORT.start, proposed_by="a")

    def _try(self, flow, row, act, person, because=""):
        facts = Facts(
            person=person, roles=frozenset(Role), now=NOW, about_self=person == "c",
            asked_by=row.proposed_by, because=because,
        )  # fmt: skip
        answer = permitted(flow, row.state, act, facts=facts)
        if answer.allowed:
            row.state = answer.to
        return answer.allowed

    @rule(act=st.sampled_from([*INVESTIGATION.acts]), person=PERSONS, because=REASONS)
    def investigate(self, act, person, because):
        row = self.investigation
        if not self._try(INVESTIGATION, row, act, person, because):
            return
        if act in ("propose", "propose_early"):
            row.proposed_by, row.reason = person, because
        if act in ("ask_reply",):
            row.heard = True
        if act == "reopen":
            row.proposed_by, row.heard = "", False
        if act == "close":
            row.closed_by = person

    @rule(act=st.sampled_from([*LIFTING.acts]), person=PERSONS, because=REASONS)
    def lift(self, act, person, because):
        if self._try(LIFTING, self.lifting, act, person, because):
            self.lifting.closed_by = person if act == "approve" else self.lifting.closed_by
            self.lifting.seen = self.lifting.seen or act == "see_name"

    @rule(act=st.sampled_from([*EXPORT.acts]), person=PERSONS, because=REASONS)
    def export_list(self, act, person, because):
        if self._try(EXPORT, self.export, act, person, because):
            self.export.closed_by = person if act == "approve" else self.export.closed_by
            self.export.seen = self.export.seen or act == "take"

    @invariant()
    def nothing_closes_without_two_people(self):
        row = self.investigation
        if row.state == "closed":
            assert row.closed_by and row.closed_by != row.proposed_by
            assert row.reason in set(Reason)

    @invariant()
    def nothing_is_laid_on_anybody_unheard(self):
        row = self.investigation
        if row.state == "closed" and row.reason not in IN_FAVOUR:
            assert row.heard

    @invariant()
    def nobody_helps_close_their_own_affair(self):
        assert "c" not in (self.investigation.closed_by, self.lifting.closed_by, self.export.closed_by)

    @invariant()
    def no_name_and_no_export_without_a_second_person(self):
        for row in (self.lifting, self.export):
            if row.seen:
                assert row.closed_by not in ("", row.proposed_by)


TestDesk = Desk.TestCase
