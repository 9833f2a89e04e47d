# SPDX-License-Identifier: EUPL-1.2
"""Scenarios without care: for an outsider, at home, after the news, in bulk, before leaving."""

from __future__ import annotations

import numpy as np

from rekenschap.demo.arrays import NONE, Ints, between, happens
from rekenschap.demo.calendar import HISTORY, HOUR, MINUTE, evening_second, office_second
from rekenschap.demo.catalogue import CAST, REGISTER, SEARCH_KEY, TEAM, TEAMS, cast_position
from rekenschap.demo.life.looks import team_register
from rekenschap.demo.life.workforce import LATE_BY
from rekenschap.demo.stories.scene import CAST_STAFF, Deed, Part, Scene

_BRP = REGISTER["basisregistratie personen"]
_WATCHER = cast_position(CAST[5].key)


def when(scene: Scene, rng: np.random.Generator, *, staff: int, day: Ints, late: float) -> Ints:
    """Draw moments on the days, a share `late` of them in the evening at home."""
    evening = happens(rng, late, len(day))
    hours = office_second(rng, len(day)) + (LATE_BY if scene.s.workforce.late[staff] else 0)
    return scene.s.calendar.at(day, np.where(evening, evening_second(rng, len(day)), hours))


def register_of(scene: Scene, staff: int) -> int:
    """Give the register that somebody's team mostly looks in."""
    return int(team_register(scene.s.workforce.team[[staff]])[0])


def addresses(scene: Scene, part: Part) -> Deed | None:
    """S01: some unrelated people a week for an outsider, partly in the evening."""
    rng = part.rng
    staff = _WATCHER if part.told else scene.somebody(rng)
    first, last = scene.span(part, weeks=(3, 10))
    few, many = (2, 6) if part.told else (1, 6)
    parts = [scene.workdays(staff, (week, min(last, week + 7))) for week in range(first, last, 7)]
    drawn = [rng.choice(days, int(rng.integers(few, many, endpoint=True))) for days in parts if len(days)]
    day = np.concatenate([np.zeros(0, dtype=np.int64), *drawn])
    people = scene.strangers(rng, staff, len(day))
    at = when(scene, rng, staff=staff, day=day[: len(people)], late=0.35)
    search = np.where(happens(rng, 0.6, len(people)), SEARCH_KEY["address"], SEARCH_KEY["name"])
    return Deed(
        looks=scene.planted(part, (staff, people, at), register=_BRP, search=search),
        staff=staff,
        account=staff,
    )


def one_household(scene: Scene, part: Part) -> Deed | None:
    """S04: somebody returns to one household of three or more for weeks."""
    rng, citizens = part.rng, scene.s.citizens
    staff = scene.somebody(rng, ("belastingen", "werk en inkomen", "maatschappelijke ondersteuning"))
    homes = np.flatnonzero(citizens.size_of >= 3)
    home = rng.choice(homes[~np.isin(homes, citizens.household[scene.met(staff)])])
    days = scene.workdays(staff, scene.span(part, weeks=(4, 12)))
    if not len(days):
        return None
    size = int(rng.integers(16, 26, endpoint=True)) if part.told else int(rng.integers(6, 26, endpoint=True))
    day = np.sort(rng.choice(days, size))
    member = (rng.random(size) ** 1.5 * citizens.size_of[home]).astype(np.int64)
    at = when(scene, rng, staff=staff, day=day, late=0.4)
    register = np.where(happens(rng, 0.5, size), register_of(scene, staff), _BRP)
    search = np.where(happens(rng, 0.5, size), SEARCH_KEY["name"], SEARCH_KEY["bsn"])
    where = (staff, citizens.first_of[home] + member, at)
    return Deed(
        looks=scene.planted(part, where, register=register, search=search), staff=staff, account=staff
    )


def well_known(scene: Scene, part: Part) -> Deed | None:
    """S06: staff of many teams look at one resident in the week after the news."""
    rng, s, honest = part.rng, scene.s, scene.honest
    counts = np.bincount(honest.subject, minlength=s.citizens.count)
    resident = int(rng.choice(np.flatnonzero((counts > 0) & (counts < 6))))
    written = s.calendar.length - HISTORY
    news = HISTORY + int(written * (0.45 if part.told else rng.uniform(0.05, 0.85)))
    team, everyone = s.workforce.team % len(TEAMS), np.arange(s.workforce.count)
    able = (team != TEAM["ICT"]) & (team != TEAM["staf"]) & ~np.isin(everyone, CAST_STAFF)
    met = np.unique(honest.staff[honest.subject == resident])
    free = np.flatnonzero(able & ~np.isin(everyone, met))
    most = max(6, s.workforce.count * 12 // 100)
    curious = rng.permutation(free)[: most if part.told else min(most, int(rng.integers(5, 40)))]
    soon = np.minimum(news + rng.geometric(0.45, len(curious)), s.calendar.length - 1)
    first = s.roster.back_on[curious, soon]
    curious, first = curious[first < s.calendar.length], first[first < s.calendar.length]
    twice = np.repeat(np.arange(len(curious)), 1 + happens(rng, 0.25, len(curious)))
    at = s.calendar.at(first[twice], office_second(rng, len(twice)))
    where = (curious[twice], np.full(len(twice), resident), at)
    seen = scene.planted(part, where, register=_BRP, search=SEARCH_KEY["name"])
    return Deed(looks=seen, staff=NONE, account=NONE)


def one_afternoon(scene: Scene, part: Part) -> Deed | None:
    """S08: hundreds of people in the order of their numbers, on one afternoon."""
    rng, s = part.rng, scene.s
    staff = scene.somebody(rng, ("belastingen", "vergunningen", "handhaving"))
    days = scene.workdays(staff, (HISTORY, s.calendar.length))
    day = days[len(days) // 2] if part.told else rng.choice(days)
    size = min(260 if part.told else int(rng.integers(150, 600)), s.citizens.count // 4)
    first = int(rng.integers(0, s.citizens.count - size))
    people = scene.free(staff, np.arange(first, first + size))
    size = len(people)
    at = s.calendar.at(np.full(size, day), 13 * HOUR + np.sort(between(rng, 0, 3 * HOUR, size=size)))
    seen = scene.planted(
        part, (staff, people, at), register=register_of(scene, staff), search=SEARCH_KEY["list"]
    )
    return Deed(looks=seen, staff=staff, account=staff)


def before_leaving(scene: Scene, part: Part) -> Deed | None:
    """S14: old closed zaken of others in the last three weeks of a contract."""
    rng, force, zaken = part.rng, scene.s.workforce, scene.work.zaken
    ending = (force.employment > 0) & (force.valid_until > HISTORY)
    if part.told and ending.any():
        ending &= force.valid_until == force.valid_until[ending].max()
    staff = scene.one_of(rng, ending)
    if staff == NONE:
        return None
    ends = int(force.valid_until[staff])
    days = scene.workdays(staff, (ends - 21, ends))
    if not len(days):
        return None
    day = np.repeat(days, rng.integers(9, 22, len(days)))
    old = (zaken.closed != NONE) & (zaken.closed < scene.s.calendar.at(day[:1])[0])
    old &= (zaken.handler != staff) & (zaken.successor != staff)
    zaak = rng.permutation(np.flatnonzero(old & ~np.isin(zaken.subject, scene.met(staff))))[: len(day)]
    day, size = day[: len(zaak)], len(zaak)
    at = scene.s.calendar.at(day, office_second(rng, size) + between(rng, 0, 20 * MINUTE, size=size))
    seen = scene.planted(
        part,
        (staff, zaken.subject[zaak], at),
        register=REGISTER["zaaksysteem"],
        search=SEARCH_KEY["zaak"],
        zaak=zaak,
    )
    return Deed(looks=seen, staff=staff, account=staff)
