# SPDX-License-Identifier: EUPL-1.2
"""What the systems of the town hall wrote down of work and of looks; the true reasons stay behind.

Here the honest noise in records takes effect: what was not written is left out, one clock is ahead.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.demo.arrays import NONE, Flags, Ints, happens, rows_of, stream, taken
from rekenschap.demo.calendar import DAY, HOUR, MINUTE, Calendar
from rekenschap.demo.catalogue import (
    ACTIVITIES,
    CHANNELS,
    REGISTERS,
    SEARCH_KEYS,
    STEP_KINDS,
    SYSTEM_ACCOUNT,
    ZAAKTYPES,
)
from rekenschap.demo.life.looks import STEP, Looks
from rekenschap.demo.life.shapes import (
    AT_COUNTER,
    CALLED,
    CONTACT_KINDS,
    TASK_KINDS,
    Contacts,
    Setting,
    Work,
    Zaken,
)
from rekenschap.demo.life.workforce import team_name
from rekenschap.demo.paper.writing import Facts, moments, numbered, same, words

_CHECKS_WITH_TASK = 0.85


class Names:
    """The identifiers that stand in source files: staff, citizens, zaken, teams."""

    def __init__(self, setting: Setting, work: Work) -> None:
        self.system = setting.workforce.count
        staff = numbered("mw-", np.arange(setting.workforce.count), width=4).to_pylist()
        projects = numbered("prj-", np.arange(rows_of(work.accounts)), width=3).to_pylist()
        self._staff = pa.array([*staff, SYSTEM_ACCOUNT, *projects])
        self._teams = [team_name(each) for each in range(setting.workforce.teams)]
        self._task = f"T-{setting.calendar.start.year % 100:02}-"
        self._zaken = _zaak_names(work.zaken)

    def staff(self, index: Ints) -> pa.Array:
        """Name members of staff; NONE is empty."""
        return self._staff.take(pa.array(index, mask=index == NONE))

    def citizen(self, index: Ints) -> pa.Array:
        """Name citizens; NONE is empty."""
        return numbered("K-", index, width=6)

    def zaak(self, index: Ints) -> pa.Array:
        """Name zaken; NONE is empty."""
        return self._zaken.take(pa.array(index, mask=index == NONE))

    def task(self, index: Ints) -> pa.Array:
        """Name tasks; NONE is empty."""
        return numbered(self._task, index, width=5)

    def team(self, index: Ints) -> pa.Array:
        """Name teams; NONE is empty."""
        return words(self._teams, index)


def _zaak_names(zaken: Zaken) -> pa.Array:
    """Name every zaak by the year in which it was registered: `Z-26-00123`."""
    number = np.arange(rows_of(zaken))
    year = pc.year(pa.array(zaken.registered).cast(pa.timestamp("s"))).to_numpy() % 100
    names = pa.repeat(pa.scalar("", pa.string()), len(number))
    for each in np.unique(year):
        names = pc.if_else(pa.array(year == each), numbered(f"Z-{each:02}-", number, width=5), names)
    return names


def consultations(s: Setting, names: Names, seen: Looks) -> list[Facts]:
    """Give the looks as each register reports them, register by register; within each the order is kept."""
    rng = stream(s.seed, "reported")
    named = (seen.key == SEARCH_KEYS.index("zaak")) | (seen.register == 3)
    zaak = np.where(named, seen.zaak, NONE)
    activity = np.where(happens(rng, 0.12, rows_of(seen)), NONE, seen.activity)
    return [
        _consulted(names, number, taken(seen, own), (zaak[own], activity[own]))
        for number, own in ((each, seen.register == each) for each in range(len(REGISTERS)))
    ]


def _consulted(names: Names, register: int, seen: Looks, reported: tuple[Ints, Ints]) -> Facts:
    zaak, activity = reported
    size, kind = rows_of(seen), REGISTERS[register]
    by_system = seen.staff == names.system
    own = np.where(by_system, NONE, seen.staff)
    return Facts(
        relation="consultation",
        source=kind.source,
        moment=seen.at,
        columns={
            "looked_at": moments(seen.at),
            "staff": names.staff(seen.staff),
            "subject": names.citizen(seen.subject),
            "zaak": names.zaak(zaak),
            "register": same(kind.name, size),
            "fields": same(kind.fields, size),
            "search_key": words(SEARCH_KEYS, seen.key),
            "processing_activity": words([each.key for each in ACTIVITIES], activity),
            "device": numbered("ws-", np.where(seen.device == NONE, own, seen.device), width=4),
        },
    )


def work_facts(s: Setting, names: Names, work: Work, *, seen: Looks) -> list[Facts]:
    """Give the work as zaaksysteem, werkstroom, telephone and desks wrote it down."""
    facts = [
        _zaken(names, work.zaken),
        _tasks(s, names, work),
        _other_tasks(s, names, work, seen),
        _checks(s, names, work, seen),
        *_contacts(s, names, work.contacts),
    ]
    return [*facts, *_assignments(s, names, work)]


def _zaken(names: Names, zaken: Zaken) -> Facts:
    return Facts(
        relation="zaak",
        source="zaken",
        moment=zaken.registered,
        columns={
            "zaak": names.zaak(np.arange(rows_of(zaken))),
            "subject": names.citizen(zaken.subject),
            "zaaktype": words([each.name for each in ZAAKTYPES], zaken.zaaktype),
            "registered_at": moments(zaken.registered),
            "closed_at": moments(zaken.closed),
            "handler": names.staff(zaken.handler),
            "team": names.team(zaken.team),
            "channel": words(CHANNELS, zaken.channel),
            "processing_activity": words([each.activity for each in ZAAKTYPES], zaken.zaaktype),
        },
    )


def _tasks(s: Setting, names: Names, work: Work) -> Facts:
    steps, zaken = work.steps, work.zaken
    done = steps.at + 45 * MINUTE
    doer = np.where(steps.cover & ~steps.written, zaken.handler[steps.zaak], steps.staff)
    waits = steps.from_queue & (done >= s.calendar.last_moment)
    kind = np.where(steps.last, len(STEP_KINDS) - 1, np.minimum(steps.number, len(STEP_KINDS) - 2))
    facts = Facts(
        relation="task",
        source="werkstroom",
        moment=steps.created,
        columns={
            "task": names.task(np.arange(rows_of(steps))),
            "zaak": names.zaak(steps.zaak),
            "subject": names.citizen(zaken.subject[steps.zaak]),
            "staff": names.staff(np.where(steps.signed & ~waits, doer, NONE)),
            "team": names.team(zaken.team[steps.zaak]),
            "kind": words(STEP_KINDS, kind),
            "created_at": moments(steps.created),
            "done_at": moments(np.where(done < s.calendar.last_moment, done, NONE)),
        },
    )
    return facts.kept(
        steps.task & (done >= s.calendar.first_moment) & (steps.created < s.calendar.last_moment)
    )


def _checks(s: Setting, names: Names, work: Work, seen: Looks) -> Facts:
    """Give the tasks to check somebody of the household; some checks are made without a task of their own."""
    zaken, steps = work.zaken, work.steps
    there = taken(seen, (seen.reason == STEP) & (seen.zaak != NONE) & seen.written)
    other = taken(there, there.subject != zaken.subject[there.zaak])
    pairs = np.unique(np.stack([other.because, other.subject], axis=1), axis=0)
    pairs = pairs[happens(stream(s.seed, "checks"), _CHECKS_WITH_TASK, len(pairs))]
    step, subject = pairs[:, 0], pairs[:, 1]
    done = steps.at[step] + 45 * MINUTE
    facts = Facts(
        relation="task",
        source="werkstroom",
        moment=steps.created[step],
        columns={
            "task": names.task(rows_of(steps) + np.arange(len(step))),
            "zaak": names.zaak(steps.zaak[step]),
            "subject": names.citizen(subject),
            "staff": names.staff(steps.staff[step]),
            "team": names.team(zaken.team[steps.zaak[step]]),
            "kind": same("huishouden controleren", len(step)),
            "created_at": moments(steps.created[step]),
            "done_at": moments(np.where(done < s.calendar.last_moment, done, NONE)),
        },
    )
    return facts.kept((done >= s.calendar.first_moment) & (steps.created[step] < s.calendar.last_moment))


def _other_tasks(s: Setting, names: Names, work: Work, seen: Looks) -> Facts:
    """Give the tasks that are no step of a zaak; their numbers come after all others."""
    tasks = work.tasks
    number = rows_of(work.steps) + rows_of(seen) + np.arange(rows_of(tasks))
    facts = Facts(
        relation="task",
        source="werkstroom",
        moment=tasks.created,
        columns={
            "task": names.task(number),
            "zaak": names.zaak(tasks.zaak),
            "subject": names.citizen(tasks.subject),
            "staff": names.staff(tasks.staff),
            "team": names.team(tasks.team),
            "kind": words(TASK_KINDS, tasks.kind),
            "created_at": moments(tasks.created),
            "done_at": moments(np.where(tasks.done < s.calendar.last_moment, tasks.done, NONE)),
        },
    )
    return facts.kept(in_period(s.calendar, tasks.created))


def _contacts(s: Setting, names: Names, contacts: Contacts) -> list[Facts]:
    inside = (contacts.started >= s.calendar.first_moment) & (contacts.started < s.calendar.last_moment)
    seen = taken(contacts, inside & contacts.recorded)
    called = (seen.kind == CALLED) & ~seen.by_hand
    visited = (seen.kind > CALLED) & (seen.kind <= AT_COUNTER) & ~seen.by_hand
    noted = taken(seen, seen.by_hand)
    return [
        _met(names, replace(noted, ended=np.full(rows_of(noted), NONE)), "klantbeeld", 0),
        _met(names, taken(seen, called), "telefonie", _skew(s, seen.started[called])),
        _met(names, taken(seen, visited), "afspraken", 0),
        _met(names, taken(seen, ~called & ~visited & ~seen.by_hand), "post", 0),
    ]


def _skew(s: Setting, started: Ints) -> Ints:
    """Give how many seconds the telephone clock is ahead: a fortnight around the middle of the period."""
    middle = s.calendar.first_moment + (s.calendar.last_moment - s.calendar.first_moment) // 2
    return np.where(np.abs(started - middle) < 7 * DAY, int(s.noise.clock_skew * MINUTE), 0)


def _met(names: Names, contacts: Contacts, source: str, ahead: Ints | int) -> Facts:
    started = contacts.started + ahead
    return Facts(
        relation="contact",
        source=source,
        moment=started,
        columns={
            "kind": words(CONTACT_KINDS, contacts.kind),
            "subject": names.citizen(np.where(contacts.identified, contacts.subject, NONE)),
            "staff": names.staff(contacts.staff),
            "team": names.team(np.where(contacts.staff == NONE, contacts.team, NONE)),
            "zaak": names.zaak(np.where(contacts.identified, contacts.zaak, NONE)),
            "started_at": moments(started),
            "ended_at": moments(np.where(contacts.ended == NONE, NONE, contacts.ended + ahead)),
        },
    )


def _assignments(s: Setting, names: Names, work: Work) -> list[Facts]:
    """Give who was to do what: handlers and successors, intake, cover, oversight, the queue."""
    zaken, steps, samples = work.zaken, work.steps, work.samples
    every = np.arange(rows_of(zaken))
    flags = (zaken.queued, zaken.intake != NONE, zaken.successor != NONE)
    queue, intake, moved = (np.flatnonzero(each) for each in flags)
    picked = np.where(zaken.queued, NONE, zaken.registered)
    first = steps.from_queue
    picked[steps.zaak[first]] = steps.at[first] + HOUR
    begun = picked != NONE
    handled_until = np.where(zaken.moved != NONE, zaken.moved, zaken.closed)
    covered, checked = taken(steps, steps.cover & steps.written), taken(samples, samples.written)
    lead = s.workforce.lead_of()[zaken.team]
    give = _Given(s, names, np.where(zaken.self_made, zaken.handler, lead))
    return [
        give("handler", every[begun], zaken.handler[begun], (picked[begun], handled_until[begun])),
        give("handler", moved, zaken.successor[moved], (zaken.moved[moved], zaken.closed[moved])),
        give(
            "intake",
            intake,
            zaken.intake[intake],
            (zaken.registered[intake] - 300, zaken.registered[intake] + HOUR),
        ),
        give("cover", covered.zaak, covered.staff, (covered.at - HOUR, covered.at + DAY)),
        give("oversight", checked.zaak, checked.staff, (checked.at - HOUR, checked.at + DAY)),
        give("queue", queue, zaken.team[queue], (zaken.registered[queue], picked[queue])),
    ]


class _Given:
    """Makes rows of `assignment`; a queue is given to a team, all else to a person."""

    def __init__(self, s: Setting, names: Names, lead: Ints) -> None:
        self._last, self._names, self._lead = s.calendar.last_moment, names, lead

    def __call__(self, kind: str, zaak: Ints, receiver: Ints, valid: tuple[Ints, Ints]) -> Facts:
        begins, ends = valid
        nobody = np.full(len(zaak), NONE)
        queue = kind == "queue"
        facts = Facts(
            relation="assignment",
            source="werkstroom" if queue else "zaken",
            moment=begins,
            columns={
                "zaak": self._names.zaak(zaak),
                "kind": same(kind, len(zaak)),
                "staff": self._names.staff(nobody if queue else receiver),
                "team": self._names.team(receiver if queue else nobody),
                "valid_from": moments(begins),
                "valid_until": moments(np.where(ends < self._last, ends, NONE)),
                "assigned_by": self._names.staff(nobody if queue else self._lead[zaak]),
            },
        )
        return facts.kept(begins < self._last)


def in_period(calendar: Calendar, moment: Ints) -> Flags:
    """Flag the moments that are written."""
    return (moment >= calendar.first_moment) & (moment < calendar.last_moment)
