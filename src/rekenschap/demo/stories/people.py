# SPDX-License-Identifier: EUPL-1.2
"""Scenarios about certain people: under pressure, by plate, near oneself, shielded, by a right too wide."""

from __future__ import annotations

import numpy as np

from rekenschap.demo.arrays import NONE, Ints, between, happens
from rekenschap.demo.calendar import HISTORY, MINUTE
from rekenschap.demo.catalogue import PLATE_TEAMS, REGISTER, REGISTERS, SEARCH_KEY, TEAM, TEAMS
from rekenschap.demo.life.citizens import shielded_of
from rekenschap.demo.life.looks import team_register
from rekenschap.demo.stories.looking import register_of, when
from rekenschap.demo.stories.scene import Deed, Part, Scene, by_one

_BRP = REGISTER["basisregistratie personen"]
_WEEKS = (3, 10)


def some_days(
    scene: Scene, part: Part, staff: int, *, a_week: tuple[int, int], weeks: tuple[int, int]
) -> Ints:
    """Draw working days of an episode: some looks in each week of its span, in order."""
    first, last = scene.span(part, weeks=weeks)
    days = [scene.workdays(staff, (week, min(last, week + 7))) for week in range(first, last, 7)]
    few = [
        part.rng.choice(each, int(part.rng.integers(*a_week, endpoint=True))) for each in days if len(each)
    ]
    return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *few]))


def under_pressure(scene: Scene, part: Part) -> Deed | None:
    """S02: one to three looks at somebody, because an acquaintance insists; then never again."""
    rng = part.rng
    staff = scene.somebody(rng)
    days = scene.workdays(staff, (HISTORY, scene.s.calendar.length))
    size = int(rng.integers(1, 4))
    target = scene.strangers(rng, staff, 1)[:1]
    home = np.concatenate([target, scene.s.citizens.housemate(rng, np.repeat(target, 2))])[:size]
    at = when(scene, rng, staff=staff, day=np.repeat(rng.choice(days, 1), size), late=0.15)
    register = np.where(happens(rng, 0.5, size), _BRP, register_of(scene, staff))
    search = np.where(happens(rng, 0.7, size), SEARCH_KEY["name"], SEARCH_KEY["address"])
    return by_one(staff, scene.planted(part, (staff, home, at), register=register, search=search))


def plates(scene: Scene, part: Part) -> Deed | None:
    """S03: holders of vehicles, by plate, some a week; the register of plates, for no fine and no permit."""
    rng = part.rng
    staff = scene.somebody(rng, PLATE_TEAMS)
    day = some_days(scene, part, staff, a_week=(1, 5), weeks=_WEEKS)
    people = scene.strangers(rng, staff, len(day))
    at = when(scene, rng, staff=staff, day=day[: len(people)], late=0.2)
    seen = scene.planted(
        part, (staff, people, at), register=REGISTER["kentekenregister"], search=SEARCH_KEY["plate"]
    )
    return by_one(staff, seen)


def near_oneself(scene: Scene, part: Part) -> Deed | None:
    """S05: a neighbour, the family, a colleague or a new partner; a few looks, in office hours mostly."""
    rng, citizens, own = part.rng, scene.s.citizens, scene.s.workforce.own_citizen
    staff = scene.somebody(rng, also=own != NONE)
    if staff == NONE:
        return None
    me = int(own[staff])
    street = np.flatnonzero(citizens.street == citizens.street[me])
    neighbours = street[citizens.household[street] != citizens.household[me]]
    parents = citizens.parents[citizens.household[me]]
    family = np.flatnonzero(np.isin(citizens.household, [parents])) if parents != NONE else neighbours
    team = np.flatnonzero((scene.s.workforce.team == scene.s.workforce.team[staff]) & (own != NONE))
    colleagues = own[team[team != staff]]
    kinds = [each for each in (neighbours, family, colleagues, scene.strangers(rng, staff, 1)) if len(each)]
    target = rng.choice(kinds[int(rng.integers(0, len(kinds)))], 2)
    day = some_days(scene, part, staff, a_week=(0, 2), weeks=(2, 8))
    people = target[(rng.random(len(day)) < 0.2).astype(np.int64)]
    register = np.where(happens(rng, 0.5, len(day)), _BRP, register_of(scene, staff))
    search = np.where(happens(rng, 0.6, len(day)), SEARCH_KEY["name"], SEARCH_KEY["address"])
    where = (staff, people, when(scene, rng, staff=staff, day=day, late=0.2))
    return by_one(staff, scene.planted(part, where, register=register, search=search))


def at_risk(scene: Scene, part: Part) -> Deed | None:
    """S07: somebody whose data is shielded, once or a few times in a few days."""
    rng = part.rng
    staff = scene.somebody(rng)
    hidden = scene.free(staff, shielded_of(scene.s.seed, scene.s.citizens))
    days = scene.workdays(staff, (HISTORY, scene.s.calendar.length))
    size = int(rng.integers(1, 5))
    begun = int(rng.integers(0, max(1, len(days) - 4)))
    day = np.sort(rng.choice(days[begun : begun + 4], size))
    people = np.repeat(rng.choice(hidden, 1), size)
    search = np.where(happens(rng, 0.5, size), SEARCH_KEY["name"], SEARCH_KEY["bsn"])
    where = (staff, people, when(scene, rng, staff=staff, day=day, late=0.15))
    return by_one(staff, scene.planted(part, where, register=_BRP, search=search))


def too_wide(scene: Scene, part: Part) -> Deed | None:
    """S13: a right that somebody kept is used to read in a register of other work, for weeks."""
    rng, force = part.rng, scene.s.workforce
    spare = (force.spare_right != NONE) & (force.spare_right != team_register(force.team))
    spare &= ~np.isin(force.spare_right, [_BRP, REGISTER["zaaksysteem"]]) & (
        force.team % len(TEAMS) != TEAM["ICT"]
    )
    staff = scene.somebody(rng, also=spare)
    if staff == NONE:
        return None
    day = some_days(scene, part, staff, a_week=(2, 10), weeks=_WEEKS)
    people = scene.strangers(rng, staff, len(day))
    key = "plate" if REGISTERS[int(force.spare_right[staff])].name == "kentekenregister" else "bsn"
    search = np.where(happens(rng, 0.5, len(people)), SEARCH_KEY["name"], SEARCH_KEY[key])
    at = when(scene, rng, staff=staff, day=day[: len(people)], late=0.1)
    seen = scene.planted(part, (staff, people, at), register=int(force.spare_right[staff]), search=search)
    return by_one(staff, seen)


def reopened(scene: Scene, part: Part) -> Deed | None:
    """S04-closed: the handler of a zaak that is closed goes on reading about the same household."""
    rng, zaken = part.rng, scene.work.zaken
    middle = scene.s.calendar.at(np.array([HISTORY + (scene.s.calendar.length - HISTORY) // 2]))[0]
    done = np.flatnonzero((zaken.closed != NONE) & (zaken.closed < middle) & (zaken.successor == NONE))
    handlers = np.zeros(scene.s.workforce.count, dtype=np.bool_)
    handlers[zaken.handler[done]] = True
    staff = scene.somebody(rng, also=handlers)
    if staff == NONE:
        return None
    own = done[zaken.handler[done] == staff]
    zaak = int(rng.choice(own if len(own) else done))
    begins = int(scene.s.calendar.day_of(zaken.closed[[zaak]])[0]) + 5
    days = scene.workdays(staff, (begins, scene.s.calendar.length))
    if not len(days):
        return None
    size = int(rng.integers(5, 16))
    subject = np.repeat(zaken.subject[[zaak]], size)
    other = happens(rng, 0.3, size)
    people = np.where(other, scene.s.citizens.housemate(rng, subject), subject)
    at = when(scene, rng, staff=staff, day=np.sort(rng.choice(days, size)), late=0.1)
    register = np.where(happens(rng, 0.5, size), REGISTER["zaaksysteem"], register_of(scene, staff))
    seen = scene.planted(
        part,
        (staff, people, at + between(rng, 0, 5 * MINUTE, size=size)),
        register=register,
        search=np.where(happens(rng, 0.6, size), SEARCH_KEY["zaak"], SEARCH_KEY["bsn"]),
        zaak=zaak,
    )
    return by_one(staff, seen)
