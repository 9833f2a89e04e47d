# SPDX-License-Identifier: EUPL-1.2
"""Scenarios in which account and person part: borrowed, used from elsewhere, or of a machine."""

from __future__ import annotations

import numpy as np

from rekenschap.demo.arrays import NONE, happens
from rekenschap.demo.calendar import office_second
from rekenschap.demo.catalogue import REGISTER, SEARCH_KEY, TEAM, TEAMS
from rekenschap.demo.honest.recording import pool_of
from rekenschap.demo.stories.looking import register_of, when
from rekenschap.demo.stories.people import some_days
from rekenschap.demo.stories.scene import Deed, Part, Scene, by_one

_BRP = REGISTER["basisregistratie personen"]


def _unknown_device(scene: Scene, part: Part) -> int:
    """Give a device that nobody of the town ever used."""
    return scene.s.workforce.count + pool_of(scene.s) + part.episode


def borrowed(scene: Scene, part: Part) -> Deed | None:
    """S15: under the account of a colleague who is away, from the own or an unknown device."""
    rng, force = part.rng, scene.s.workforce
    staff = scene.somebody(rng)
    owner = scene.one_of(
        rng, (force.team == force.team[staff]) & (force.valid_from < 0) & (force.valid_until == NONE)
    )
    if NONE in (staff, owner) or owner == staff:
        return None
    days = scene.workdays(staff, scene.span(part, weeks=(3, 10)))
    away = days[~force.present[owner, days]]
    some = rng.permutation(away if len(away) else days)[: int(rng.integers(2, 8))]
    day = np.sort(np.repeat(some, rng.integers(1, 6, len(some))))
    people = scene.strangers(rng, owner, len(day))
    device = staff if rng.random() < 0.6 else _unknown_device(scene, part)
    at = when(scene, rng, staff=staff, day=day[: len(people)], late=0.0)
    search = np.where(happens(rng, 0.7, len(people)), SEARCH_KEY["name"], SEARCH_KEY["address"])
    register = np.where(happens(rng, 0.5, len(people)), _BRP, register_of(scene, owner))
    seen = scene.planted(part, (owner, people, at), register=register, search=search, device=device)
    return Deed(looks=seen, staff=staff, account=owner)


def from_elsewhere(scene: Scene, part: Part) -> Deed | None:
    """S16: under the own account on days off, from a device and a place that are not of the town."""
    rng, force = part.rng, scene.s.workforce
    staff = scene.somebody(rng)
    first, last = scene.span(part, weeks=(4, 12))
    free = np.flatnonzero(~force.present[staff, first:last]) + first
    some = rng.permutation(free)[: int(rng.integers(2, 8))]
    day = np.sort(np.repeat(some, rng.integers(1, 7, len(some))))
    if not len(day):
        return None
    people = scene.strangers(rng, staff, len(day))
    at = when(scene, rng, staff=staff, day=day[: len(people)], late=0.3)
    search = np.where(happens(rng, 0.5, len(people)), SEARCH_KEY["name"], SEARCH_KEY["bsn"])
    device = _unknown_device(scene, part)
    seen = scene.planted(
        part, (staff, people, at), register=register_of(scene, staff), search=search, device=device
    )
    return by_one(staff, seen)


def as_a_machine(scene: Scene, part: Part) -> Deed | None:
    """S23: an administrator looks under the account of the nightly run, in the rhythm of a person."""
    rng, force = part.rng, scene.s.workforce
    staff = scene.somebody(rng, ("ICT",))
    if staff == NONE:
        staff = scene.one_of(rng, force.team % len(TEAMS) == TEAM["ICT"])
    if staff == NONE:
        return None
    day = some_days(scene, part, staff, a_week=(2, 8), weeks=(3, 10))
    people = np.unique(scene.s.citizens.anyone(rng, len(day)))
    day = day[: len(people)]
    at = scene.s.calendar.at(day, office_second(rng, len(day)))
    device = staff if rng.random() < 0.5 else NONE
    search = np.where(happens(rng, 0.6, len(people)), SEARCH_KEY["name"], SEARCH_KEY["bsn"])
    account = force.count
    seen = scene.planted(part, (account, people, at), register=_BRP, search=search, device=device)
    return Deed(looks=seen, staff=staff, account=account)
