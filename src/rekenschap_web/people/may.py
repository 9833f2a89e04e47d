# SPDX-License-Identifier: EUPL-1.2
"""Whether this person may do this to that, and by which rule: the one place that answers.

The rules are Cedar policies in `policies/`, one file for each room, each with a sentence in two languages.
What no rule permits is refused; a rule that forbids goes before any that permits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cedarpy
from django.utils.translation import gettext

from rekenschap.casework.roles import Role
from rekenschap.errors import RefusedError
from rekenschap_web.people.language import said
from rekenschap_web.people.models import Person
from rekenschap_web.people.names import role_names
from rekenschap_web.people.pseudonyms import own_pseudonym

POLICIES = Path(__file__).with_name("policies")
NO_RULE = "no_rule_permits"
UNKNOWN_ACTION = "unknown_action"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What somebody wants to do something to; `about` is the pseudonym or number of the member of staff."""

    kind: str
    id: str = ""
    about: str = ""
    opened_by: str = ""
    """the `sub` of the person who opened or asked it"""
    team: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether it is allowed, the rule that says so, and that rule in a sentence."""

    allowed: bool
    rule: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One policy as people read it."""

    name: str
    nl: str
    en: str
    effect: str
    text: str

    def said(self) -> str:
        """Give the sentence in the language of the page."""
        return said(self)


class NotAllowedError(RefusedError):
    """A rule of the desk says no; `because` is the sentence for the one who asked."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        super().__init__(
            expected="a person whom a rule of the desk permits this",
            found="another",
            remedy="ask somebody whose work it is",
            rule=decision.rule,
        )


def may(person: Person, action: str, thing: Thing) -> Decision:
    """Decide; an action that is not in the schema is refused by name, never guessed."""
    if action not in actions():
        return Decision(allowed=False, rule=UNKNOWN_ACTION, because=gettext("Deze handeling bestaat niet."))
    return _decide(_Asker.of(person), action, thing)


def require(person: Person, action: str, thing: Thing) -> Decision:
    """Decide, and raise NotAllowedError when it is not allowed."""
    decision = may(person, action, thing)
    if not decision.allowed:
        raise NotAllowedError(decision)
    return decision


def rule_named(name: str) -> Rule | None:
    """Give the rule of this name, to show on a page."""
    return _rules().get(name)


def actions() -> frozenset[str]:
    """Name all actions that the schema knows."""
    return frozenset(re.findall(r'^action "([^"]+)"', schema_text(), flags=re.MULTILINE)) - _GROUPS


_GROUPS = frozenset({"reading", "writing", "evidence"})


@cache
def policy_text() -> str:
    """Give all policies, in the order of their files."""
    return _joined("*.cedar")


@cache
def schema_text() -> str:
    """Give the whole schema, in the order of its files."""
    return _joined("*.cedarschema")


def _joined(pattern: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(POLICIES.glob(pattern)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    sub: str
    roles: frozenset[Role]
    team: str = ""
    selves: frozenset[str] = frozenset()
    is_locked: bool = False

    @classmethod
    def of(cls, person: Person) -> _Asker:
        selves = frozenset({own_pseudonym(person), person.staff_id} - {""})
        return cls(
            sub=person.sub, roles=person.roles, team=person.team, selves=selves, is_locked=person.is_locked
        )


def _decide(asker: _Asker, action: str, thing: Thing) -> Decision:
    answer = _ask(asker, action, thing)
    names = [_by_number()[reason] for reason in answer.diagnostics.reasons]
    if names:
        rule = min(names)
        return Decision(allowed=answer.allowed, rule=rule, because=_rules()[rule].said())
    return Decision(allowed=False, rule=NO_RULE, because=_whose_work(action, thing))


def _whose_work(action: str, thing: Thing) -> str:
    """Say who may do this, found by asking the rules for each role."""
    them = [
        role
        for role in Role
        if _ask(
            _Asker(sub="-", roles=frozenset({Role.STAFF, role}), team=thing.team or "-"), action, thing
        ).allowed
    ]
    if not them:
        return gettext("Niemand mag dit hier doen.")
    return gettext("Dit is werk voor: %(roles)s.") % {"roles": ", ".join(role_names(them))}


def _ask(asker: _Asker, action: str, thing: Thing) -> cedarpy.AuthzResult:
    person, resource = (
        {"type": "Person", "id": asker.sub},
        {"type": "Thing", "id": f"{thing.kind}:{thing.id}"},
    )
    entities = [
        {
            "uid": person,
            "attrs": {
                "sub": asker.sub,
                "roles": sorted(asker.roles),
                "team": asker.team,
                "selves": sorted(asker.selves),
                "is_locked": asker.is_locked,
            },
            "parents": [],
        },
        {
            "uid": resource,
            "attrs": {
                "kind": thing.kind,
                "about": thing.about,
                "opened_by": thing.opened_by,
                "team": thing.team,
                "state": thing.state,
            },
            "parents": [],
        },
        *_action_groups(),
    ]
    request = {
        "principal": person,
        "action": {"type": "Action", "id": action},
        "resource": resource,
        "context": {},
    }
    return cedarpy.is_authorized(request, _policy_set(), json.dumps(entities), None)


@cache
def _action_groups() -> tuple[Mapping[str, object], ...]:
    """Tell which action is reading and which is writing, from the schema."""
    told = re.findall(r'^action "([^"]+)" in \[([^\]]*)\]', schema_text(), flags=re.MULTILINE)
    groups = [{"uid": {"type": "Action", "id": name}, "attrs": {}, "parents": []} for name in sorted(_GROUPS)]
    return (
        *groups,
        *(
            {"uid": {"type": "Action", "id": name}, "attrs": {}, "parents": _parents(named)}
            for name, named in told
        ),
    )


def _parents(named: str) -> list[Mapping[str, str]]:
    return [{"type": "Action", "id": each} for each in re.findall(r"\w+", named)]


@cache
def _policy_set() -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str(policy_text())


@cache
def _told() -> Mapping[str, Mapping[str, object]]:
    told: dict[str, Mapping[str, object]] = json.loads(cedarpy.policies_to_json_str(policy_text()))[
        "staticPolicies"
    ]
    return told


@cache
def _by_number() -> Mapping[str, str]:
    return {number: _annotation(policy, "id") for number, policy in _told().items()}


@cache
def _rules() -> Mapping[str, Rule]:
    texts = _texts(policy_text())
    return {
        _annotation(policy, "id"): Rule(
            name=_annotation(policy, "id"),
            nl=_annotation(policy, "nl"),
            en=_annotation(policy, "en"),
            effect=str(policy["effect"]),
            text=texts.get(_annotation(policy, "id"), ""),
        )
        for policy in _told().values()
    }


def all_rules() -> Iterable[Rule]:
    """Give every rule, for the page and the tests."""
    return _rules().values()


def _annotation(policy: Mapping[str, object], name: str) -> str:
    annotations = policy.get("annotations")
    return str(annotations.get(name, "")) if isinstance(annotations, dict) else ""


def _texts(whole: str) -> Mapping[str, str]:
    """Cut the text of the policies into rules; each begins with its @id."""
    parts = re.split(r'(?=^@id\(")', whole, flags=re.MULTILINE)
    return {
        found[1]: part[: part.rindex(";") + 1]
        for part in parts
        if (found := re.match(r'@id\("([^"]+)"\)', part))
    }
