# SPDX-License-Identifier: EUPL-1.2
"""People call, visit and write, about a zaak or about nothing that is registered.

Knows nothing of looks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rekenschap.demo.arrays import (
    NONE,
    Flags,
    Ints,
    between,
    happens,
    joined,
    repeated,
    rows_of,
    stream,
    taken,
)
from rekenschap.demo.calendar import DAY, HISTORY, HOUR, office_second
from rekenschap.demo.catalogue import TEAM, TEAMS
from rekenschap.demo.life.shapes import (
    APPOINTED,
    AT_COUNTER,
    CALL,
    CALLED,
    LETTER,
    MESSAGE,
    POST,
    Contacts,
    Setting,
    Steps,
    Zaken,
)

_CALLS, _VISITS = 9.0, 4.8  # for each member at work in the klantcontactcentrum, in burgerzaken


def contacts_of(s: Setting, zaken: Zaken, steps: Steps) -> Contacts:
    """Draw every contact, and flag those that the telephone system failed to record."""
    contacts = joined([_calls(s, zaken), _visits(s), _meetings(zaken, steps), _letters(zaken)])
    by_hand = (contacts.kind == CALLED) & happens(
        stream(s.seed, "hand_noted"), s.noise.hand_noted, rows_of(contacts)
    )
    return replace(contacts, by_hand=by_hand, recorded=by_hand | ~_in_outage(s, contacts))


def _visiting(rng: np.random.Generator, s: Setting, kind: str, rate: float) -> tuple[Ints, Ints, Ints]:
    """Draw (team, staff, day) of visits or calls in proportion to who is at work."""
    teams = np.arange(TEAM[kind], s.workforce.teams, len(TEAMS))
    days = np.arange(HISTORY, s.calendar.length)
    team, day = (each.ravel() for each in np.meshgrid(teams, days, indexing="ij"))
    cell = repeated(rng.poisson(rate * s.roster.headcount(team, day)).astype(np.int64))
    staff, _ = s.roster.pick(rng, team[cell], day[cell])
    return team[cell], staff, day[cell]


def _calls(s: Setting, zaken: Zaken) -> Contacts:
    rng = stream(s.seed, "calls")
    team, staff, day = _visiting(rng, s, "klantcontactcentrum", _CALLS)
    size = len(day)
    started = s.calendar.at(day, office_second(rng, size))
    low, high = np.searchsorted(zaken.registered, [started - 40 * DAY, started - HOUR])
    about = happens(rng, 0.6, size) & (high > low)
    zaak = np.where(about, low + (rng.random(size) * (high - low)).astype(np.int64), NONE)
    return Contacts(
        kind=np.full(size, CALLED),
        subject=np.where(about, zaken.subject[zaak], s.citizens.coming(rng, size)),
        staff=staff,
        team=team,
        zaak=zaak,
        started=started,
        ended=started + between(rng, 70, 660, size=size),
        identified=~happens(rng, s.noise.caller_unidentified, size),
        recorded=np.ones(size, dtype=np.bool_),
        by_hand=np.zeros(size, dtype=np.bool_),
    )


def _in_outage(s: Setting, contacts: Contacts) -> Flags:
    """Flag the calls of one working day during which the telephone system recorded nothing."""
    rng = stream(s.seed, "outage")
    worked = np.append(np.flatnonzero(s.calendar.worked[HISTORY:]), 0) + HISTORY
    day = worked[[int(rng.random() * max(1, len(worked) - 1))]]
    first = s.calendar.at(day, 10 * HOUR)
    last = first + int(s.noise.phone_outage * HOUR)
    lost: Flags = (contacts.kind == CALLED) & (contacts.started >= first) & (contacts.started < last)
    return lost


def _visits(s: Setting) -> Contacts:
    """Draw visits to the counter of burgerzaken, most by appointment."""
    rng = stream(s.seed, "visits")
    team, staff, day = _visiting(rng, s, "burgerzaken", _VISITS)
    size = len(day)
    moment = s.calendar.at(day, office_second(rng, size))
    planned = happens(rng, 0.7, size)
    started = np.where(planned, moment // 600 * 600, moment)
    return Contacts(
        kind=np.where(planned, APPOINTED, AT_COUNTER),
        subject=s.citizens.coming(rng, size),
        staff=staff,
        team=team,
        zaak=np.full(size, NONE),
        started=started,
        ended=started + between(rng, 300, 1200, size=size),
        identified=np.ones(size, dtype=np.bool_),
        recorded=np.ones(size, dtype=np.bool_),
        by_hand=np.zeros(size, dtype=np.bool_),
    )


def _meetings(zaken: Zaken, steps: Steps) -> Contacts:
    """Note the steps that were done together with the citizen, and what came in at a desk or by call."""
    met = taken(steps, steps.appointment)
    came = np.flatnonzero((zaken.channel <= CALL) & (zaken.intake != NONE) & ~zaken.self_made)
    zaak = np.concatenate([met.zaak, came])
    started = np.concatenate([met.at // 600 * 600, zaken.registered[came] - 400])
    size = len(zaak)
    at_desk = np.where(zaken.channel[came] == CALL, CALLED, AT_COUNTER)
    return Contacts(
        kind=np.concatenate([np.full(rows_of(met), APPOINTED), at_desk]),
        subject=zaken.subject[zaak],
        staff=np.concatenate([met.staff, zaken.intake[came]]),
        team=zaken.team[zaak],
        zaak=zaak,
        started=started,
        ended=started + 1500,
        identified=np.ones(size, dtype=np.bool_),
        recorded=np.ones(size, dtype=np.bool_),
        by_hand=np.zeros(size, dtype=np.bool_),
    )


def _letters(zaken: Zaken) -> Contacts:
    """Note letters and messages that came in, and the decision that went out."""
    came = np.flatnonzero((zaken.channel >= POST) & ~zaken.self_made)
    decided = np.flatnonzero(zaken.closed != NONE)
    zaak = np.concatenate([came, decided])
    kind = np.where(zaken.channel[came] == POST, LETTER, MESSAGE)
    size = len(zaak)
    owner = np.where(zaken.successor[decided] != NONE, zaken.successor[decided], zaken.handler[decided])
    return Contacts(
        kind=np.concatenate([kind, np.full(len(decided), LETTER)]),
        subject=zaken.subject[zaak],
        staff=np.concatenate([np.full(len(came), NONE), owner]),
        team=zaken.team[zaak],
        zaak=zaak,
        started=np.concatenate([zaken.arrived[came], zaken.closed[decided]]),
        ended=np.full(size, NONE),
        identified=np.ones(size, dtype=np.bool_),
        recorded=np.ones(size, dtype=np.bool_),
        by_hand=np.zeros(size, dtype=np.bool_),
    )
