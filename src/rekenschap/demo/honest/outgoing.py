# SPDX-License-Identifier: EUPL-1.2
"""Data that leaves as it should: letters, mail to citizens and partners, lists and deliveries."""

from __future__ import annotations

import numpy as np

from rekenschap.demo.arrays import NONE, Ints, between, happens, joined, rows_of, stream
from rekenschap.demo.calendar import HISTORY, HOUR, MINUTE, office_second
from rekenschap.demo.catalogue import ACTIVITIES, BATCH_ACTIVITY, TEAM, TEAMS, ZAAKTYPES
from rekenschap.demo.life.papers import left
from rekenschap.demo.life.shapes import (
    DEVICE,
    EXPORT,
    EXTERNAL,
    INTERNAL,
    MAIL,
    PARTNER,
    PRINT,
    UPLOAD,
    Outgoing,
    Setting,
    Work,
)

PARTNERS = 24
"""Partners that the town hall writes to: care, schools, housing, lawyers. Their numbers come first."""
CITIZENS_FROM = 1_000
"""The number of the address of the first citizen."""
_ACTIVITY = {each.key: position for position, each in enumerate(ACTIVITIES)}
_BATCH = _ACTIVITY[BATCH_ACTIVITY]
_OF_ZAAKTYPE = np.array([_ACTIVITY[each.activity] for each in ZAAKTYPES])

_TO_PARTNER = 0.03
"""of steps: mail to a partner about one person. One in three or four zaken asks somebody outside."""
_TO_PORTAL = 0.10
"""of closed zaken in the social teams: a file goes up to the portal of a partner."""
_LISTS = 0.3
"""of leads and week: a list of the work of the team, for the meeting."""
_ON_A_STICK = 0.02
"""of staf and ICT, and week: a film, a presentation or a log on a device; nobody's data in nine of ten."""


def outgoing_of(s: Setting, work: Work) -> Outgoing:
    """Draw everything that left as it should."""
    return joined(
        [
            _decisions(s, work),
            _to_partners(s, work),
            _to_portals(s, work),
            _deliveries(s),
            _lists(s),
            _sticks(s),
        ]
    )


def _size(rng: np.random.Generator, size: int, *, typical: int) -> Ints:
    """Draw sizes in bytes, around a typical one; never of nine digits, which could look like a BSN."""
    drawn: Ints = np.minimum(typical * np.exp(rng.normal(0, 0.8, size)), 99_000_000).astype(np.int64)
    return drawn


def _decisions(s: Setting, work: Work) -> Outgoing:
    """Print half of the decisions and mail the others to the citizen.

    Letters are printed out of the zaak and say under which activity; a mail server knows of none.
    """
    rng, zaken = stream(s.seed, "decision letters"), work.zaken
    zaak = np.flatnonzero((zaken.closed != NONE) & (zaken.closed >= s.calendar.first_moment))
    printed = happens(rng, 0.5, len(zaak))
    owner = np.where(zaken.successor != NONE, zaken.successor, zaken.handler)
    at, size = zaken.closed[zaak] - 15 * MINUTE, _size(rng, len(zaak), typical=80_000)
    subject, staff = zaken.subject[zaak], owner[zaak]
    parts = [
        left(
            at=at[flags],
            staff=staff[flags],
            kind=kind,
            where=where,
            subject=subject[flags],
            subjects=1,
            size=size[flags],
            destination=NONE if kind == PRINT else subject[flags] + CITIZENS_FROM,
            activity=_OF_ZAAKTYPE[zaken.zaaktype[zaak[flags]]] if kind == PRINT else NONE,
        )
        for flags, kind, where in ((printed, PRINT, INTERNAL), (~printed, MAIL, EXTERNAL))
    ]
    return joined(parts)


def _to_partners(s: Setting, work: Work) -> Outgoing:
    rng, steps = stream(s.seed, "partners"), work.steps
    step = np.flatnonzero(happens(rng, _TO_PARTNER, rows_of(steps)) & (steps.at >= s.calendar.first_moment))
    team = work.zaken.team[steps.zaak[step]]
    return left(
        at=steps.at[step] + 20 * MINUTE,
        staff=steps.staff[step],
        kind=MAIL,
        where=PARTNER,
        subject=work.zaken.subject[steps.zaak[step]],
        subjects=1,
        size=_size(rng, len(step), typical=120_000),
        destination=(team * 7 + between(rng, 0, 4, size=len(step))) % PARTNERS,
    )


def _to_portals(s: Setting, work: Work) -> Outgoing:
    rng, zaken = stream(s.seed, "portals"), work.zaken
    social = np.isin(zaken.team % len(TEAMS), [TEAM["werk en inkomen"], TEAM["jeugd en onderwijs"]])
    zaak = np.flatnonzero(social & (zaken.closed >= s.calendar.first_moment))
    zaak = zaak[happens(rng, _TO_PORTAL, len(zaak))]
    return left(
        at=zaken.closed[zaak] - 5 * MINUTE,
        staff=zaken.handler[zaak],
        kind=UPLOAD,
        where=PARTNER,
        subject=zaken.subject[zaak],
        subjects=1,
        size=_size(rng, len(zaak), typical=400_000),
        destination=zaken.team[zaak] % 3,
        activity=_OF_ZAAKTYPE[zaken.zaaktype[zaak]],
    )


def _deliveries(s: Setting) -> Outgoing:
    """Let the lead of belastingen send the weekly delivery to its partner."""
    lead = int(s.workforce.lead_of()[TEAM["belastingen"]])
    days = np.flatnonzero(s.workforce.present[lead, HISTORY:]) + HISTORY
    days = days[np.unique(days // 7, return_index=True)[1]]
    return left(
        at=s.calendar.at(days, 11 * HOUR),
        staff=np.full(len(days), lead),
        kind=EXPORT,
        where=PARTNER,
        subjects=120 + (days * 17) % 90,
        size=300_000 + (days * 7919) % 50_000,
        destination=PARTNERS - 1,
        activity=_BATCH,
    )


def _weekly(rng: np.random.Generator, s: Setting, who: Ints, rate: float) -> tuple[Ints, Ints]:
    """Draw moments in the working days of each, at a rate a week."""
    day = np.arange(HISTORY, s.calendar.length)
    chosen = s.workforce.present[np.ix_(who, day)] & (rng.random((len(who), len(day))) < rate / 5)
    row, column = np.nonzero(chosen)
    return who[row], s.calendar.at(day[column], office_second(rng, len(row)))


def _lists(s: Setting) -> Outgoing:
    rng = stream(s.seed, "lists")
    staff, at = _weekly(rng, s, np.flatnonzero(s.workforce.lead), _LISTS)
    subjects = between(rng, 10, 150, size=len(staff))
    return left(at=at, staff=staff, kind=EXPORT, where=INTERNAL, subjects=subjects, size=subjects * 700)


def _sticks(s: Setting) -> Outgoing:
    rng = stream(s.seed, "sticks")
    team = s.workforce.team % len(TEAMS)
    staff, at = _weekly(rng, s, np.flatnonzero(np.isin(team, [TEAM["ICT"], TEAM["staf"]])), _ON_A_STICK)
    about = happens(rng, 0.1, len(staff))
    return left(
        at=at,
        staff=staff,
        kind=DEVICE,
        where=INTERNAL,
        subjects=np.where(about, between(rng, 1, 40, size=len(staff)), 0),
        size=_size(rng, len(staff), typical=20_000_000),
    )
