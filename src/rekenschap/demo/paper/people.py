# SPDX-License-Identifier: EUPL-1.2
"""What the town hall keeps about people beside their work: staff, presence, rights, households, shielding.

Also the register of processing activities and what left the building. Knows no reason of any look.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rekenschap.demo.arrays import NONE, Ints, happens, rows_of, stream, taken
from rekenschap.demo.calendar import DAY
from rekenschap.demo.catalogue import (
    ACTIVITIES,
    AGENCIES,
    CAST,
    PLATE_TEAMS,
    REGISTER,
    REGISTERS,
    TEAM,
    TEAMS,
    cast_position,
)
from rekenschap.demo.honest.recording import merged_of
from rekenschap.demo.life.citizens import shielded_of
from rekenschap.demo.life.looks import Looks, team_register
from rekenschap.demo.life.shapes import Accounts, Setting
from rekenschap.demo.life.workforce import EMPLOYMENT, role_name
from rekenschap.demo.paper.sources import Names
from rekenschap.demo.paper.writing import Facts, counted, moments, same, words

_SHIELDS = ("threatened", "profession", "vip", "secrecy")
_PLATES = REGISTER["kentekenregister"]
_LONG_AGO = 4000  # days


def record_facts(s: Setting, names: Names, *, seen: Looks, accounts: Accounts) -> list[Facts]:
    """Give everything that is kept about people and organisation."""
    shielded = shielded_of(s.seed, s.citizens)
    return [
        *_staff(s, names),
        *_of_projects(s, names, accounts),
        _rights(s, names),
        _households(s, names),
        _families(s, names),
        _selves(s, names),
        _mergers(s, names),
        _shielding(s, names, shielded),
        _activities(s),
        *_decisions(s, names, taken(seen, np.isin(seen.subject, shielded))),
    ]


def _staff(s: Setting, names: Names) -> list[Facts]:
    """Give one row for each time somebody was in one team and role, and one for the system account."""
    force = s.workforce
    everyone = np.arange(force.count)
    moved = np.flatnonzero(force.moves_on != NONE)
    who = np.concatenate([everyone, moved])
    team = np.concatenate([force.team, force.new_team[moved]])
    begins = np.concatenate([force.valid_from, force.moves_on[moved]])
    ends = np.concatenate(
        [np.where(force.moves_on != NONE, force.moves_on, force.valid_until), force.valid_until[moved]]
    )
    lead = force.lead_of()[team]
    roles = [role_name(force, int(one), int(its)) for one, its in zip(who, team, strict=True)]
    moment = s.calendar.at(begins)
    agency = np.where(force.employment[who] > 0, who % len(AGENCIES), NONE)
    system = Facts(
        relation="staff",
        source="personeel",
        moment=s.calendar.at(np.array([-_LONG_AGO])),
        columns={
            "staff": names.staff(np.array([names.system])),
            "valid_from": moments(s.calendar.at(np.array([-_LONG_AGO]))),
            "team": same("ICT", 1),
            "role": same("systeemaccount", 1),
            "employment": same("system", 1),
        },
    )
    people = Facts(
        relation="staff",
        source="personeel",
        moment=moment,
        columns={
            "staff": names.staff(who),
            "valid_from": moments(moment),
            "valid_until": _until(s, ends),
            "team": names.team(team),
            "role": words(roles, np.arange(len(who))),
            "employment": words(EMPLOYMENT, force.employment[who]),
            "agency": words(AGENCIES, agency),
            "line_manager": names.staff(np.where(lead == who, NONE, lead)),
        },
    )
    return [system, people]


def _of_projects(s: Setting, names: Names, accounts: Accounts) -> list[Facts]:
    """Give the accounts that the people of a project share, each with the right of its team."""
    size = len(accounts.team)
    begins = s.calendar.at(accounts.opened)
    account, lead = names.staff(names.system + 1 + np.arange(size)), s.workforce.lead_of()[accounts.team]
    span = {"valid_from": moments(begins), "valid_until": moments(begins + 21 * DAY)}
    known = {
        "team": names.team(accounts.team),
        "role": same("projectaccount", size),
        "employment": same("shared", size),
        "line_manager": names.staff(lead),
    }
    right = {
        "right": same("raadplegen", size),
        "register": words([each.name for each in REGISTERS], team_register(accounts.team)),
        "granted_by": names.staff(lead),
    }
    return [
        Facts(relation=name, source=source, moment=begins, columns={"staff": account, **span, **columns})
        for name, source, columns in (("staff", "personeel", known), ("authorisation", "autorisaties", right))
    ]


def _until(s: Setting, day: Ints) -> pa.Array:
    return moments(np.where(day == NONE, NONE, s.calendar.at(day)))


def _rights(s: Setting, names: Names) -> Facts:
    """Give the rights: own register, persons, zaaksysteem, plates, a spare one; leavers keep some."""
    rng = stream(s.seed, "rights")
    force = s.workforce
    own = team_register(force.team)
    plates = np.isin(force.team % len(TEAMS), [TEAM[each] for each in PLATE_TEAMS])
    opened = np.stack([own, own * 0, own * 0 + 3, np.where(plates, _PLATES, own), force.spare_right], axis=1)
    fresh = opened != NONE
    for column in range(1, opened.shape[1]):
        fresh[:, column] &= (opened[:, :column] != opened[:, [column]]).all(axis=1)
    who, place = np.nonzero(fresh)
    moved = np.flatnonzero(force.moves_on != NONE)
    register = np.concatenate([opened[who, place], team_register(force.new_team[moved])])
    begins = s.calendar.at(np.concatenate([force.valid_from[who], force.moves_on[moved]]))
    who = np.concatenate([who, moved])
    withdrawn = happens(rng, 0.8, len(who)) & (force.valid_until[who] != NONE)
    return Facts(
        relation="authorisation",
        source="autorisaties",
        moment=begins,
        columns={
            "staff": names.staff(who),
            "right": same("raadplegen", len(who)),
            "register": words([each.name for each in REGISTERS], register),
            "valid_from": moments(begins),
            "valid_until": _until(s, np.where(withdrawn, force.valid_until[who], NONE)),
            "granted_by": names.staff(force.lead_of()[force.team[who]]),
        },
    )


def _households(s: Setting, names: Names) -> Facts:
    """Give every two people of one household, once."""
    one, other = s.citizens.pairs()
    begins = s.calendar.at(-(50 + (one * 37) % _LONG_AGO))
    return Facts(
        relation="relation",
        source="burgerzaken",
        moment=begins,
        columns={
            "kind": same("household", len(one)),
            "subject": names.citizen(one),
            "other_subject": names.citizen(other),
            "valid_from": moments(begins),
        },
    )


def _families(s: Setting, names: Names) -> Facts:
    """Give parents and children who live apart: the first of the one home and the first of the other."""
    citizens = s.citizens
    home = np.flatnonzero(citizens.parents != NONE)
    child, parent = citizens.first_of[home], citizens.first_of[citizens.parents[home]]
    begins = s.calendar.at(-(50 + (child * 41) % _LONG_AGO))
    return Facts(
        relation="relation",
        source="burgerzaken",
        moment=begins,
        columns={
            "kind": same("family", len(child)),
            "subject": names.citizen(child),
            "other_subject": names.citizen(parent),
            "valid_from": moments(begins),
        },
    )


def _selves(s: Setting, names: Names) -> Facts:
    """Give which citizen a member of staff is."""
    who = np.flatnonzero(s.workforce.own_citizen != NONE)
    begins = s.calendar.at(s.workforce.valid_from[who])
    return Facts(
        relation="relation",
        source="personeel",
        moment=begins,
        columns={
            "kind": same("self", len(who)),
            "subject": names.citizen(s.workforce.own_citizen[who]),
            "staff": names.staff(who),
            "valid_from": moments(begins),
        },
    )


def _mergers(s: Setting, names: Names) -> Facts:
    """Give which two numbers are one person: a register of persons keeps the former number beside the new."""
    merged = merged_of(s)
    begins = s.calendar.at(-(50 + (merged * 43) % _LONG_AGO))
    return Facts(
        relation="relation",
        source="burgerzaken",
        moment=begins,
        columns={
            "kind": same("same_person", len(merged)),
            "subject": names.citizen(merged),
            "other_subject": names.citizen(s.citizens.count + np.arange(len(merged))),
            "valid_from": moments(begins),
        },
    )


def _shielding(s: Setting, names: Names, shielded: Ints) -> Facts:
    begins = s.calendar.at(-(20 + (shielded * 53) % 900))
    return Facts(
        relation="shielding",
        source="burgerzaken",
        moment=begins,
        columns={
            "subject": names.citizen(shielded),
            "kind": words(_SHIELDS, shielded % len(_SHIELDS)),
            "valid_from": moments(begins),
            "decided_by": names.staff(np.full(len(shielded), cast_position(CAST[2].key))),
        },
    )


def _activities(s: Setting) -> Facts:
    size = len(ACTIVITIES)
    begins = s.calendar.at(np.full(size, -500))
    texts = {
        column: words([getattr(each, column) for each in ACTIVITIES], np.arange(size))
        for column in ("name", "purpose", "legal_basis", "law", "categories", "owner")
    }
    return Facts(
        relation="processing_activity",
        source="verwerkingenregister",
        moment=begins,
        columns={
            "processing_activity": words([each.key for each in ACTIVITIES], np.arange(size)),
            "edition": counted(np.ones(size, dtype=np.int64)),
            **texts,
            "retention_period": counted(np.array([each.retention_period for each in ACTIVITIES])),
            "confidentiality": same("open", size),
            "valid_from": moments(begins),
        },
    )


def _decisions(s: Setting, names: Names, seen: Looks) -> list[Facts]:
    """Give what the register answered to looks at shielded people, and now and then a first refusal."""
    rng = stream(s.seed, "decisions")
    again = taken(seen, happens(rng, 0.08, rows_of(seen)))
    return [
        _decided(names, seen, seen.at - 1, "permit_with_duty"),
        _decided(names, again, again.at - 30, "refuse"),
    ]


def _decided(names: Names, seen: Looks, moment: Ints, outcome: str) -> Facts:
    size = rows_of(seen)
    return Facts(
        relation="decision",
        source="autorisaties",
        moment=moment,
        columns={
            "decided_at": moments(moment),
            "staff": names.staff(seen.staff),
            "subject": names.citizen(seen.subject),
            "outcome": same(outcome, size),
            "rule": same("afscherming", size),
        },
    )
