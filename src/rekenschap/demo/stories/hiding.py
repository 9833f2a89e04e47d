# SPDX-License-Identifier: EUPL-1.2
"""Scenarios of somebody who takes care: makes the work that explains it, or hides in real work or in time."""

from __future__ import annotations

import numpy as np

from rekenschap.demo.arrays import NONE, Ints, between, happens
from rekenschap.demo.calendar import DAY, HISTORY, MINUTE
from rekenschap.demo.catalogue import REGISTER, SEARCH_KEY, TEAMS, ZAAKTYPES
from rekenschap.demo.life.looks import CONTACT, STEP
from rekenschap.demo.life.papers import new_contacts, new_tasks, new_zaken
from rekenschap.demo.life.shapes import APPOINTED, CALL, CALL_BACK, CALLED
from rekenschap.demo.stories.looking import register_of, when
from rekenschap.demo.stories.people import some_days
from rekenschap.demo.stories.scene import Deed, Part, Scene, by_one

_BRP = REGISTER["basisregistratie personen"]
_SLOWLY = 10
"""Days for one look."""
_DESKS = tuple(dict.fromkeys(each.team for each in ZAAKTYPES if each.team not in ("ICT", "staf")))


def made_up_work(scene: Scene, part: Part) -> Deed | None:
    """S18: for each look somebody makes the zaak, task, call note or appointment that explains it."""
    rng = part.rng
    staff = scene.somebody(rng, _DESKS)
    day = some_days(scene, part, staff, a_week=(1, 4), weeks=(3, 10))
    people = scene.strangers(rng, staff, len(day))
    at = when(scene, rng, staff=staff, day=day[: len(people)], late=0.05)
    if not len(people):
        return None
    made = at + between(rng, -20 * MINUTE, 40 * MINUTE, size=len(at))
    team = np.full(len(people), scene.s.workforce.team[staff])
    zaak = _MADE[int(rng.integers(0, len(_MADE)))](
        scene, part, (np.full(len(people), staff), team), people, made
    )
    register = np.where(happens(rng, 0.5, len(people)), _BRP, register_of(scene, staff))
    search = np.where(happens(rng, 0.5, len(people)), SEARCH_KEY["bsn"], SEARCH_KEY["name"])
    return by_one(
        staff, scene.planted(part, (staff, people, at), register=register, search=search, zaak=zaak)
    )


_By = tuple[Ints, Ints]


def _a_zaak(scene: Scene, part: Part, by: _By, people: Ints, made: Ints) -> Ints:
    """Open a zaak that nothing came in for, and close it the same or the next day."""
    kind = TEAMS[int(by[1][0]) % len(TEAMS)].name
    own = [number for number, each in enumerate(ZAAKTYPES) if each.team == kind]
    ends = made + between(part.rng, 20 * MINUTE, DAY, size=len(made))
    return scene.papers.open_zaken(
        new_zaken(
            subject=people,
            zaaktype=part.rng.choice(own, len(people)),
            team=by[1],
            channel=CALL,
            registered=made,
            staff=by[0],
            closed=np.where(ends < scene.s.calendar.last_moment, ends, NONE),
            self_made=True,
        )
    )


def _a_task(scene: Scene, part: Part, by: _By, people: Ints, made: Ints) -> Ints:
    """Make a task to call back, for oneself."""
    done = made + between(part.rng, 5 * MINUTE, 60 * MINUTE, size=len(made))
    scene.papers.make(
        new_tasks(kind=CALL_BACK, subject=people, staff=by[0], team=by[1], created=made, done=done)
    )
    return np.full(len(people), NONE)


def _a_note(scene: Scene, part: Part, by: _By, people: Ints, made: Ints) -> Ints:
    """Write a note of a call that never was."""
    lasts = np.full(len(people), 300)
    scene.papers.note(
        new_contacts(
            kind=CALLED, subject=people, staff=by[0], team=by[1], started=made, lasts=lasts, by_hand=True
        )
    )
    return np.full(len(people), NONE)


def _an_appointment(scene: Scene, part: Part, by: _By, people: Ints, made: Ints) -> Ints:
    """Put an appointment in the diary at which nobody came."""
    started, lasts = made // 600 * 600, np.full(len(people), 900)
    scene.papers.note(
        new_contacts(kind=APPOINTED, subject=people, staff=by[0], team=by[1], started=started, lasts=lasts)
    )
    return np.full(len(people), NONE)


_MADE = (_a_zaak, _a_task, _a_note, _an_appointment)


def a_lead_peeks(scene: Scene, part: Part) -> Deed | None:
    """S20: a lead reads in zaken of the team about people of interest; oversight that nobody sampled."""
    rng, force, zaken = part.rng, scene.s.workforce, scene.work.zaken
    staff = scene.one_of(rng, force.lead & (force.present[:, HISTORY:].sum(axis=1) > 0))
    if staff == NONE:
        return None
    day = some_days(scene, part, staff, a_week=(1, 4), weeks=(4, 12))
    own = np.flatnonzero(zaken.team == force.team[staff])
    own = own[~np.isin(zaken.subject[own], scene.met(staff))]
    if not len(day) or not len(own):
        return None
    few = rng.choice(own, max(1, len(day) // 3))
    zaak = rng.choice(few, len(day))
    at = when(scene, rng, staff=staff, day=day, late=0.05)
    known = zaken.registered[zaak] < at
    seen = scene.planted(
        part,
        (staff, zaken.subject[zaak[known]], at[known]),
        register=REGISTER["zaaksysteem"],
        search=np.where(happens(rng, 0.8, int(known.sum())), SEARCH_KEY["zaak"], SEARCH_KEY["list"]),
        zaak=zaak[known],
    )
    return by_one(staff, seen)


def slowly(scene: Scene, part: Part) -> Deed | None:
    """S26: one look in one to two weeks, the whole period long, in office hours, as the own work goes."""
    rng = part.rng
    staff = scene.somebody(rng)
    days = scene.workdays(staff, (HISTORY, scene.s.calendar.length))
    windows = np.unique((days - days[:1]) // _SLOWLY, return_index=True)[1]
    day = np.array([rng.choice(each) for each in np.split(days, windows[1:])], dtype=np.int64)
    people = scene.strangers(rng, staff, len(day))
    at = when(scene, rng, staff=staff, day=day[: len(people)], late=0.0)
    search = np.where(happens(rng, 0.5, len(people)), SEARCH_KEY["bsn"], SEARCH_KEY["name"])
    return by_one(
        staff, scene.planted(part, (staff, people, at), register=register_of(scene, staff), search=search)
    )


def during_a_call(scene: Scene, part: Part) -> Deed | None:
    """S01-call: while somebody else is on the line, the address of a target is read too."""
    rng, contacts, honest = part.rng, scene.work.contacts, scene.honest
    staff = scene.somebody(rng, ("klantcontactcentrum",))
    own = scene.own(staff) if staff != NONE else np.zeros(0, dtype=np.int64)
    own = own[(honest.reason[own] == CONTACT)]
    own = own[contacts.kind[honest.because[own]] == CALLED]
    at = _near(scene, part, own, a_week=(2, 5))
    people = scene.strangers(rng, staff, len(at)) if len(at) else at
    search = np.where(happens(rng, 0.6, len(people)), SEARCH_KEY["address"], SEARCH_KEY["name"])
    where = (staff, people, at[: len(people)] + between(rng, 5, 60, size=len(people)))
    return by_one(staff, scene.planted(part, where, register=REGISTER["klantbeeld"], search=search))


def _near(scene: Scene, part: Part, own: Ints, *, a_week: tuple[int, int]) -> Ints:
    """Draw moments out of those of one's own looks, some in each week of the span."""
    first, last = scene.span(part, weeks=(3, 10))
    at = scene.honest.at[own]
    begun, ended = scene.s.calendar.at(np.array([first, last]))
    at = at[(at >= begun) & (at < ended)]
    wanted = int(part.rng.integers(*a_week, endpoint=True)) * max(1, (last - first) // 7)
    return np.sort(part.rng.permutation(at)[:wanted])


def under_the_same_name(scene: Scene, part: Part) -> Deed | None:
    """S04-name: one target, read just after a real look at a namesake, as if the list gave the wrong one."""
    rng, citizens, honest = part.rng, scene.s.citizens, scene.honest
    staff = scene.somebody(rng, _DESKS)
    own = scene.own(staff)
    own = own[(honest.at[own] >= scene.s.calendar.first_moment)]
    own = own[np.isin(honest.reason[own], (STEP, CONTACT))]
    if not len(own):
        return None
    names = citizens.surname[honest.subject[own]]
    usual = int(np.argmax(np.bincount(names)))
    namesakes = scene.free(staff, np.flatnonzero(citizens.surname == usual))
    beside = own[names == usual]
    if not len(namesakes):
        return None
    at = np.sort(rng.permutation(honest.at[beside])[: int(rng.integers(5, 14))])
    people = np.repeat(rng.choice(namesakes, 1), len(at))
    where = (staff, people, at + between(rng, 8, 90, size=len(at)))
    return by_one(
        staff, scene.planted(part, where, register=register_of(scene, staff), search=SEARCH_KEY["name"])
    )


def near_own_work(scene: Scene, part: Part) -> Deed | None:
    """S01-near: targets who live in the street of people in one's own zaken, read between real work."""
    rng, honest = part.rng, scene.honest
    staff = scene.somebody(rng, _DESKS)
    own = scene.own(staff)
    own = own[(honest.reason[own] == STEP)]
    own = own[np.argsort(honest.at[own], kind="stable")]
    at = _near(scene, part, own, a_week=(1, 4))
    beside = own[np.searchsorted(honest.at[own], at)]
    people = _neighbour(rng, scene, honest.subject[beside])
    fresh = ~np.isin(people, scene.met(staff))
    people, at = people[fresh], at[: len(people)][fresh]
    search = np.where(happens(rng, 0.5, len(people)), SEARCH_KEY["address"], SEARCH_KEY["name"])
    where = (staff, people, at + between(rng, 30, 10 * MINUTE, size=len(at)))
    return by_one(staff, scene.planted(part, where, register=register_of(scene, staff), search=search))


def _neighbour(rng: np.random.Generator, scene: Scene, citizen: Ints) -> Ints:
    """Draw somebody of the same street: the homes of a street stand together."""
    citizens = scene.s.citizens
    other = citizen + between(rng, 3, 25, size=len(citizen)) * np.where(
        happens(rng, 0.5, len(citizen)), 1, -1
    )
    inside: Ints = np.clip(other, 0, citizens.count - 1)
    return inside
