# SPDX-License-Identifier: EUPL-1.2
"""All work of the town, as it truly happened: zaken with their steps, contacts, and samples by the leads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rekenschap.demo.arrays import (
    NONE,
    Ints,
    between,
    happens,
    rows_of,
    stream,
    taken,
)
from rekenschap.demo.calendar import HOUR, office_second
from rekenschap.demo.catalogue import CAST, ZAAKTYPES, cast_position
from rekenschap.demo.life.contacts import contacts_of
from rekenschap.demo.life.papers import nothing_else
from rekenschap.demo.life.shapes import (
    Samples,
    Setting,
    Steps,
    Work,
    Zaken,
)
from rekenschap.demo.life.zaken import steps_of, zaken_of


def work_of(setting: Setting) -> Work:
    """Draw the work of the whole period, history included."""
    zaken, first_day = zaken_of(setting)
    zaken = _with_the_cast(setting, zaken)
    steps = steps_of(setting, zaken, first_day)
    zaken = replace(zaken, closed=_closed(setting, zaken, steps))
    contacts = contacts_of(setting, zaken, steps)
    tasks, outgoing, trainings, accounts = nothing_else()
    return Work(
        zaken=zaken,
        steps=steps,
        contacts=contacts,
        samples=_samples(setting, zaken, steps),
        tasks=tasks,
        outgoing=outgoing,
        trainings=trainings,
        accounts=accounts,
    )


def _closed(s: Setting, zaken: Zaken, steps: Steps) -> Ints:
    closed = np.full(rows_of(zaken), NONE, dtype=np.int64)
    done = steps.last
    closed[steps.zaak[done]] = steps.at[done] + HOUR
    return np.where(closed < s.calendar.last_moment, closed, NONE)


def _samples(s: Setting, zaken: Zaken, steps: Steps) -> Samples:
    """Let each lead look into a few of the zaken the team worked on, some days later."""
    rng = stream(s.seed, "samples")
    some = taken(steps, happens(rng, 0.028, rows_of(steps)))
    lead = s.workforce.lead_of()[zaken.team[some.zaak]]
    day = s.calendar.later(s.calendar.day_of(some.at), between(rng, 1, 5, size=rows_of(some)))
    back = s.roster.back_on[lead, day]
    at = s.calendar.at(back, office_second(rng, rows_of(some)))
    samples = Samples(
        zaak=some.zaak, staff=lead, at=at, written=~happens(rng, s.noise.oversight_unwritten, rows_of(some))
    )
    return taken(
        samples, (lead != NONE) & (back < s.calendar.length) & (back - day < 10) & (lead != some.staff)
    )


def _with_the_cast(s: Setting, zaken: Zaken) -> Zaken:
    """Let the citizen of the cast have asked for bijstand with the caseworker of the cast."""
    caseworker, citizen = cast_position(CAST[0].key), cast_position(CAST[4].key)
    wanted = [each.name for each in ZAAKTYPES].index("bijstand")
    fits = (
        (zaken.handler == caseworker)
        & (zaken.zaaktype == wanted)
        & (zaken.registered > s.calendar.first_moment)
    )
    subject = zaken.subject.copy()
    subject[np.flatnonzero(fits)[:1]] = citizen
    return replace(zaken, subject=subject)
