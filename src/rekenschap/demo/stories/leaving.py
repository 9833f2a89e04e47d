# SPDX-License-Identifier: EUPL-1.2
"""Scenarios in which what was read leaves: by mail, on a device, to a site abroad, or home to work."""

from __future__ import annotations

import numpy as np

from rekenschap.demo.arrays import NONE, Ints, between, happens
from rekenschap.demo.calendar import HISTORY, HOUR, MINUTE
from rekenschap.demo.catalogue import SEARCH_KEY
from rekenschap.demo.life.looks import Looks
from rekenschap.demo.life.papers import left
from rekenschap.demo.life.shapes import (
    ABROAD,
    COUNTRIES,
    DEVICE,
    EXPORT,
    EXTERNAL,
    INTERNAL,
    MAIL,
    OWN_ADDRESS,
    PRINT,
    UPLOAD,
)
from rekenschap.demo.stories.looking import register_of, when
from rekenschap.demo.stories.people import some_days
from rekenschap.demo.stories.scene import Deed, Part, Scene, by_one

_STRANGE_FROM = 900_000
"""Numbers of addresses and sites that no work of the town ever used begin here."""
_DESKS = ("belastingen", "werk en inkomen", "klantcontactcentrum", "vergunningen")


def _gone(
    scene: Scene, part: Part, staff: int, at: Ints, way: tuple[int, int], *, subjects: Ints, bytes_each: int
) -> None:
    """Record what left: `way` is the kind and where to; the address is new to the town."""
    kind, where = way
    strange = where not in (INTERNAL,)
    abroad = int(part.rng.integers(0, len(COUNTRIES))) if where == ABROAD else NONE
    scene.papers.send(
        left(
            at=at,
            staff=np.full(len(at), staff),
            kind=kind,
            where=where,
            subjects=subjects,
            size=subjects * bytes_each + 4_000,
            destination=_STRANGE_FROM + part.episode if strange else NONE,
            abroad=abroad,
            episode=part.episode,
        )
    )


def _gathered(
    scene: Scene, part: Part, staff: int, *, a_week: tuple[int, int], weeks: tuple[int, int]
) -> Looks:
    """Draw looks at strangers in a few weeks, in the own register."""
    rng = part.rng
    day = some_days(scene, part, staff, a_week=a_week, weeks=weeks)
    people = scene.strangers(rng, staff, len(day))
    at = when(scene, rng, staff=staff, day=day[: len(people)], late=0.15)
    search = np.where(happens(rng, 0.5, len(people)), SEARCH_KEY["list"], SEARCH_KEY["name"])
    return scene.planted(part, (staff, people, at), register=register_of(scene, staff), search=search)


def mailed_out(scene: Scene, part: Part) -> Deed | None:
    """S09: a list of hundreds or thousands is exported, and within hours mailed to an outsider."""
    rng, s = part.rng, scene.s
    staff = scene.somebody(rng, _DESKS)
    days = scene.workdays(staff, (HISTORY, s.calendar.length))
    day = np.repeat(rng.choice(days, 1), int(rng.integers(3, 16)))
    at = np.sort(s.calendar.at(day, 10 * HOUR + between(rng, 0, 2 * HOUR, size=len(day))))
    people = scene.strangers(rng, staff, len(day))
    subjects = np.array([int(np.exp(rng.uniform(np.log(200), np.log(20_000))))])
    ready = at[-1:] + 5 * MINUTE
    _gone(scene, part, staff, ready, (EXPORT, INTERNAL), subjects=subjects, bytes_each=300)
    sent = ready + between(rng, 10 * MINUTE, 4 * HOUR, size=1)
    _gone(scene, part, staff, sent, (MAIL, EXTERNAL), subjects=subjects, bytes_each=300)
    seen = scene.planted(
        part,
        (staff, people, at[: len(people)]),
        register=register_of(scene, staff),
        search=SEARCH_KEY["list"],
    )
    return by_one(staff, seen)


def carried_out(scene: Scene, part: Part) -> Deed | None:
    """S10: read for some weeks, then copied or printed; of a picture of the screen nothing stays."""
    rng = part.rng
    staff = scene.somebody(rng, _DESKS)
    seen = _gathered(scene, part, staff, a_week=(6, 20), weeks=(2, 5))
    if not len(seen.at):
        return None
    way = int(rng.integers(0, 3))
    if way < 2:
        kind, where = ((DEVICE, OWN_ADDRESS), (PRINT, INTERNAL))[way]
        many = np.array([len(seen.at)])
        _gone(
            scene,
            part,
            staff,
            seen.at.max(keepdims=True) + HOUR,
            (kind, where),
            subjects=many,
            bytes_each=9_000,
        )
    return by_one(staff, seen)


def to_a_cloud(scene: Scene, part: Part) -> Deed | None:
    """S11: read for some weeks, and put on a site abroad once or a few times."""
    rng = part.rng
    staff = scene.somebody(rng)
    seen = _gathered(scene, part, staff, a_week=(4, 20), weeks=(2, 5))
    if not len(seen.at):
        return None
    times = rng.choice(seen.at, int(rng.integers(1, 4))) + 40 * MINUTE
    many = np.full(len(times), max(1, len(seen.at) // len(times)))
    _gone(scene, part, staff, times, (UPLOAD, ABROAD), subjects=many, bytes_each=60_000)
    return by_one(staff, seen)


def home_to_work(scene: Scene, part: Part) -> Deed | None:
    """S12: own zaken go to the own address, to finish the work at home; negligent, and no look is amiss."""
    rng = part.rng
    staff = scene.somebody(rng)
    day = some_days(scene, part, staff, a_week=(1, 4), weeks=(3, 10))
    if not len(day):
        return None
    at = when(scene, rng, staff=staff, day=day, late=0.0)
    subjects = between(rng, 1, 30, size=len(at))
    _gone(scene, part, staff, at, (MAIL, OWN_ADDRESS), subjects=subjects, bytes_each=40_000)
    none = np.zeros(0, dtype=np.int64)
    seen = scene.planted(part, (staff, none, none), register=0, search=0)
    return Deed(looks=seen, staff=staff, account=staff, negligent=True)
