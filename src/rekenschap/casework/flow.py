# SPDX-License-Identifier: EUPL-1.2
"""A flow is a table: from which state which act leads where, who may do it, and what it needs beside that.

`permitted` is the one answer to *may this be done now*, with the sentence that says why not. A button on a
page and the action behind it ask the same rule. Knows no storage and no clock: facts and moment are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rekenschap.casework.roles import Role

SHORTEST_REASON = 8
"""Letters a reason has at least: `x` tells nobody anything."""


class Tie(StrEnum):
    """How the one who acts stands to what it is about."""

    NOT_ABOUT_SELF = "not_about_self"  # nobody decides in their own affair
    ONLY_ABOUT_SELF = "only_about_self"  # nobody answers for another


class Hour(StrEnum):
    """What an act has to do with the deadline of the state it leaves."""

    ANY = "any"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence in Dutch and in English."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one act needs. No role means that the system does it, when the deadline says so."""

    said: Said
    who: frozenset[Role]
    four_eyes: bool = False
    tie: Tie = Tie.NOT_ABOUT_SELF
    reason: bool = False
    reasons: frozenset[str] = frozenset()
    """when it takes one of a list: which are allowed"""
    hour: Hour = Hour.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """States and acts of one kind of casework. `moves` is `{state: {act: state}}`; `lasts` a state's time."""

    name: str
    said: Said
    start: str
    states: Mapping[str, Said]
    moves: Mapping[str, Mapping[str, str]]
    acts: Mapping[str, Act]
    lasts: Mapping[str, timedelta] = field(default_factory=dict)

    @property
    def ends(self) -> frozenset[str]:
        """Give the states that no act leaves."""
        return frozenset(state for state in self.states if not self.moves.get(state))

    def due(self, state: str, since: datetime) -> datetime | None:
        """Give the moment by which a state that began at `since` must be left, if there is one."""
        lasts = self.lasts.get(state)
        return None if lasts is None else since + lasts


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a rule must know: who acts in which roles, and how they stand to this affair.

    `asked_by` is who did the step that this one would be the second pair of eyes for; `about_self` that the
    affair is about the one who acts. `until` is the deadline of the present state and `now` has a time zone.
    """

    person: str
    roles: frozenset[Role]
    now: datetime
    about_self: bool = False
    asked_by: str = ""
    until: datetime | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether an act may be done, by which rule, where it leads, and a sentence to show."""

    allowed: bool
    rule: str
    nl: str
    en: str
    to: str = ""

    def said(self, language: str) -> str:
        """Give the sentence in a language: Dutch for every other than English."""
        return self.en if language.startswith("en") else self.nl


def permitted(flow: Flow, state: str, act: str, *, facts: Facts) -> Decision:
    """Answer whether `act` may be done in `state`; a reason that is still to be typed is asked of it too."""
    return (
        _refused(flow, state, act, facts) or _missing_reason(flow, act, facts) or _allowed(flow, state, act)
    )


def offered(flow: Flow, state: str, act: str, *, facts: Facts) -> Decision:
    """Answer whether a page may offer the act: the same, before a reason was typed."""
    return _refused(flow, state, act, facts) or _allowed(flow, state, act)


def _allowed(flow: Flow, state: str, act: str) -> Decision:
    return Decision(
        allowed=True,
        rule=f"{flow.name}.{act}",
        nl="Dit mag u nu doen.",
        en="You may do this now.",
        to=flow.moves[state][act],
    )


def _refused(flow: Flow, state: str, act: str, facts: Facts) -> Decision | None:
    """Give the first reason against: the state, the role, the own affair, the second person, the hour."""
    if act not in flow.moves.get(state, {}):
        return _wrong_state(flow, state, act)
    asked = flow.acts[act]
    return (
        _wrong_role(flow, act, asked, facts)
        or _wrong_tie(flow, act, asked, facts)
        or _same_person(flow, act, asked, facts)
        or _wrong_hour(flow, act, asked, facts)
    )


def _no(flow: Flow, act: str, why: str, said: Said) -> Decision:
    return Decision(allowed=False, rule=f"{flow.name}.{act}.{why}", nl=said.nl, en=said.en)


def _wrong_state(flow: Flow, state: str, act: str) -> Decision:
    now = flow.states.get(state)
    return _no(
        flow,
        act,
        "state",
        Said(
            nl=f"Dit kan nu niet: de stand is “{now.nl if now else state}”.",
            en=f"This cannot be done now: the state is “{now.en if now else state}”.",
        ),
    )


def _wrong_role(flow: Flow, act: str, asked: Act, facts: Facts) -> Decision | None:
    if not asked.who or asked.who & facts.roles:
        return None
    return _no(
        flow,
        act,
        "role",
        Said(
            nl=f"Dit doet alleen: {_either(tuple(role.nl for role in _ordered(asked.who)), 'of')}.",
            en=f"Only this role does that: {_either(tuple(role.en for role in _ordered(asked.who)), 'or')}.",
        ),
    )


def _wrong_tie(flow: Flow, act: str, asked: Act, facts: Facts) -> Decision | None:
    if not asked.who:
        return None
    if asked.tie is Tie.NOT_ABOUT_SELF and facts.about_self:
        return _no(
            flow,
            act,
            "own",
            Said(
                nl="Dit gaat over uzelf. Een ander moet dit doen.",
                en="This is about yourself. Somebody else must do it.",
            ),
        )
    if asked.tie is Tie.ONLY_ABOUT_SELF and not facts.about_self:
        return _no(
            flow,
            act,
            "another",
            Said(
                nl="Dit is een vraag aan een ander. Alleen die persoon kan dit doen.",
                en="This question is for somebody else. Only that person can do this.",
            ),
        )
    return None


def _same_person(flow: Flow, act: str, asked: Act, facts: Facts) -> Decision | None:
    """Refuse the second pair of eyes to who asked; when it is not known who asked, to everybody."""
    if not asked.four_eyes or (facts.asked_by and facts.asked_by != facts.person):
        return None
    return _no(
        flow,
        act,
        "four_eyes",
        Said(
            nl="U vroeg dit zelf aan. Een tweede persoon moet meekijken.",
            en="You asked for this yourself. A second person must look too.",
        ),
    )


def _wrong_hour(flow: Flow, act: str, asked: Act, facts: Facts) -> Decision | None:
    if facts.until is None or asked.hour is Hour.ANY:
        return None
    over = facts.now >= facts.until
    if asked.hour is Hour.BEFORE and over:
        return _no(
            flow, act, "late", Said(nl="De termijn hiervoor is voorbij.", en="The time for this is over.")
        )
    if asked.hour is Hour.AFTER and not over:
        return _no(
            flow,
            act,
            "early",
            Said(
                nl="De termijn loopt nog. Dit kan pas daarna.", en="The time still runs. This comes after it."
            ),
        )
    return None


def _missing_reason(flow: Flow, act: str, facts: Facts) -> Decision | None:
    asked, given = flow.acts[act], " ".join(facts.because.split())
    if asked.reasons and given.partition(":")[0] not in asked.reasons:
        return _no(
            flow,
            act,
            "reason",
            Said(
                nl="Kies een reden uit de lijst die hier past.",
                en="Choose a reason of the list that fits here.",
            ),
        )
    if asked.reason and len(given) < SHORTEST_REASON:
        return _no(
            flow,
            act,
            "reason",
            Said(
                nl=f"Schrijf waarom, in minstens {SHORTEST_REASON} letters.",
                en=f"Write why, in at least {SHORTEST_REASON} letters.",
            ),
        )
    return None


def _ordered(roles: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)


def _either(names: tuple[str, ...], word: str) -> str:
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
