# SPDX-License-Identifier: EUPL-1.2
"""What the town hall keeps about people beside their work: staff, presence, rights, households, shielding.

Also the register of processing activities and what left the building. Knows no reason of any look.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rekenschap.demo.arrays import NONE, Flags, Ints, between, happens, rows_of, stream, taken
from rekenschap.demo.calendar import DAY, HISTORY, HOUR, MINUTE
from rekenschap.demo.catalogue import (
    ACTIVITIES,
    AGENCIES,
    BATCH_ACTIVITY,
    CAST,
    REGISTERS,
    TEAM,
    cast_position,
)
from rekenschap.demo.life.looks import Looks, team_register
from rekenschap.demo.life.shapes import Setting, Work
from rekenschap.demo.life.workforce import EMPLOYMENT, role_name
from rekenschap.demo.paper.sources import Names, in_period
from rekenschap.demo.paper.writing import Facts, counted, moments, numbered, same, words

SHIELDED_SHARE = 0.004
_SHIELDS = ("threatened", "profession", "vip", "secrecy")
_PLACES = ("gemeentehuis", "thuis")
_LONG_AGO = 4000  # days


def record_facts(s: Setting, names: Names, work: Work, *, seen: Looks) -> list[Facts]:
    """Give everything that is kept about people and organisation."""
    shielded = _shielded(s)
    return [
        *_staff(s, names),
        _rights(s, names),
        *_presence(s, names, seen),
        _households(s, names),
        _selves(s, names),
        _shielding(s, names, shielded),
        _activities(s),
        _prints(s, names, work),
        _deliveries(s, names),
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


def _until(s: Setting, day: Ints) -> pa.Array:
    return moments(np.where(day == NONE, NONE, s.calendar.at(day)))


def _rights(s: Setting, names: Names) -> Facts:
    """Give the right to each register: own, zaaksysteem, persons; some of leavers are still open."""
    rng = stream(s.seed, "rights")
    force = s.workforce
    own = team_register(force.team)
    opened = np.stack([own, np.full(force.count, 0), np.full(force.count, 3)], axis=1)
    fresh = np.stack([np.ones(force.count, dtype=np.bool_), own != 0, own != 3], axis=1)
    who, place = np.nonzero(fresh)
    withdrawn = happens(rng, 0.8, len(who)) & (force.valid_until[who] != NONE)
    begins = s.calendar.at(force.valid_from[who])
    return Facts(
        relation="authorisation",
        source="autorisaties",
        moment=begins,
        columns={
            "staff": names.staff(who),
            "right": same("raadplegen", len(who)),
            "register": words([each.name for each in REGISTERS], opened[who, place]),
            "valid_from": moments(begins),
            "valid_until": _until(s, np.where(withdrawn, force.valid_until[who], NONE)),
            "granted_by": names.staff(force.lead_of()[force.team[who]]),
        },
    )


def _presence(s: Setting, names: Names, seen: Looks) -> list[Facts]:
    """Give shifts, badges of those in the office, sessions of everybody who worked, and leave."""
    rng = stream(s.seed, "presence")
    who, day = np.nonzero(s.workforce.present[:, HISTORY:])
    day, size = day + HISTORY, len(who)
    home = rng.random(size) < s.workforce.home_share[who]
    begun, gone = (
        s.calendar.at(day, base + between(rng, -20, 20, size=size) * MINUTE) for base in (8 * HOUR, 17 * HOUR)
    )
    office = ~home & ~happens(rng, s.noise.missed_badge, size)
    planned = (s.calendar.at(day, 8 * HOUR), s.calendar.at(day, 17 * HOUR))
    return [
        _there(names, "shift", "rooster", who, planned, home),
        _there(names, "badge", "toegangspassen", who, (begun, gone), home).kept(office),
        _there(names, "session", "werkplek", who, (begun + 6 * MINUTE, gone - 4 * MINUTE), home),
        _evenings(s, names, seen),
        _leave(s, names),
    ]


def _there(names: Names, kind: str, source: str, who: Ints, span: tuple[Ints, Ints], home: Flags) -> Facts:
    columns = {
        "kind": same(kind, len(who)),
        "staff": names.staff(who),
        "started_at": moments(span[0]),
        "ended_at": moments(span[1]),
        "place": words(_PLACES, home.astype(np.int64)),
    }
    if kind == "session":
        columns["device"] = numbered("ws-", who, width=4)
    return Facts(relation="presence", source=source, moment=span[0], columns=columns)


def _evenings(s: Setting, names: Names, seen: Looks) -> Facts:
    """Give a session at home for everybody who looked in the evening."""
    late = (seen.staff != names.system) & ((seen.at % DAY) > 18 * HOUR)
    days = np.unique(np.stack([seen.staff[late], seen.at[late] // DAY], axis=1), axis=0)
    who, midnight = days[:, 0], days[:, 1] * DAY
    span = (midnight + 18 * HOUR + 900, midnight + 22 * HOUR + 2700)
    return _there(names, "session", "werkplek", who, span, np.ones(len(who), dtype=np.bool_))


def _leave(s: Setting, names: Names) -> Facts:
    away = s.workforce.on_leave[:, HISTORY:]
    edge = np.diff(np.pad(away, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    who, first = np.nonzero(edge == 1)
    _, last = np.nonzero(edge == -1)
    span = (s.calendar.at(first + HISTORY), s.calendar.at(last + HISTORY))
    facts = _there(names, "leave", "personeel", who, span, np.zeros(len(who), dtype=np.bool_))
    columns = {name: column for name, column in facts.columns.items() if name != "place"}
    return Facts(relation="presence", source="personeel", moment=facts.moment, columns=columns)


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


def _shielded(s: Setting) -> Ints:
    rng = stream(s.seed, "shielded")
    return np.flatnonzero(happens(rng, SHIELDED_SHARE, s.citizens.count))


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


def _prints(s: Setting, names: Names, work: Work) -> Facts:
    """Give the decision letters that were printed in the town hall."""
    zaken = work.zaken
    zaak = np.flatnonzero((zaken.closed != NONE) & (np.arange(rows_of(zaken)) % 2 == 0))
    zaak = zaak[in_period(s.calendar, zaken.closed[zaak])]
    moment = zaken.closed[zaak] - 15 * MINUTE
    return Facts(
        relation="disclosure",
        source="uitvoer",
        moment=moment,
        columns={
            "disclosed_at": moments(moment),
            "staff": names.staff(zaken.handler[zaak]),
            "kind": same("print", len(zaak)),
            "subject": names.citizen(zaken.subject[zaak]),
            "subjects": counted(np.ones(len(zaak), dtype=np.int64)),
            "size": counted(40_000 + (zaak * 631) % 90_000),
            "destination_kind": same("internal", len(zaak)),
        },
    )


def _deliveries(s: Setting, names: Names) -> Facts:
    """Give the weekly delivery of belastingen to its partner."""
    lead = int(s.workforce.lead_of()[TEAM["belastingen"]])
    days = np.flatnonzero(s.workforce.present[lead, HISTORY:]) + HISTORY
    days = days[np.unique(days // 7, return_index=True)[1]]
    size, moment = len(days), s.calendar.at(days, 11 * HOUR)
    return Facts(
        relation="disclosure",
        source="uitvoer",
        moment=moment,
        columns={
            "disclosed_at": moments(moment),
            "staff": names.staff(np.full(size, lead)),
            "kind": same("export", size),
            "subjects": counted(120 + (days * 17) % 90),
            "size": counted(300_000 + (days * 7919) % 50_000),
            "destination_kind": same("partner", size),
            "processing_activity": same(BATCH_ACTIVITY, size),
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
