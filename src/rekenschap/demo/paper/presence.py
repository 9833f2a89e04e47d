# SPDX-License-Identifier: EUPL-1.2
"""Who was where, as rosters, gates and workplaces recorded it: shifts, badges, sessions and leave."""

from __future__ import annotations

import numpy as np

from rekenschap.demo.arrays import NONE, Ints, between, happens, stream, taken
from rekenschap.demo.calendar import DAY, HISTORY, HOUR, MINUTE
from rekenschap.demo.honest.recording import elsewhere
from rekenschap.demo.life.looks import Looks
from rekenschap.demo.life.shapes import Setting, Trainings
from rekenschap.demo.life.workforce import LATE_BY
from rekenschap.demo.paper.sources import Names
from rekenschap.demo.paper.writing import Facts, moments, numbered, same, words

_PLACES = ("gemeentehuis", "thuis", "elders", "opleiding")
_OFFICE, _HOME, _ELSEWHERE, _TRAINING = range(len(_PLACES))
_EVENING = 18 * HOUR

Span = tuple[Ints, Ints]


def presence_facts(s: Setting, names: Names, seen: Looks, *, trainings: Trainings) -> list[Facts]:
    """Give shifts, badges of those in the office, sessions of every account that was used, and leave."""
    rng = stream(s.seed, "presence")
    who, day = np.nonzero(s.workforce.present[:, HISTORY:])
    day, size = day + HISTORY, len(who)
    trained = np.zeros(s.workforce.present.shape, dtype=np.bool_)
    trained[trainings.staff, trainings.day] = True
    learns = trained[who, day]
    home = (rng.random(size) < s.workforce.home_share[who]) & ~learns
    late = np.where(s.workforce.late[who], LATE_BY, 0)
    begun, gone = (
        s.calendar.at(day, base + late + between(rng, -20, 20, size=size) * MINUTE)
        for base in (8 * HOUR, 17 * HOUR)
    )
    office = ~home & ~happens(rng, s.noise.missed_badge, size)
    planned = (s.calendar.at(day, 8 * HOUR + late), s.calendar.at(day, 17 * HOUR + late))
    place = home.astype(np.int64)
    other = elsewhere(s)[who, day]
    device = np.where(other == NONE, who, other)
    return [
        _there(names, "shift", who, planned, np.where(learns, _TRAINING, place)),
        _there(names, "badge", who, (begun, gone), place).kept(office),
        _there(names, "session", who, (begun + 6 * MINUTE, gone - 4 * MINUTE), place, device),
        _beside(s, names, seen),
        _leave(s, names),
    ]


_SOURCE = {"shift": "rooster", "badge": "toegangspassen", "session": "werkplek", "leave": "personeel"}


def _there(
    names: Names, kind: str, who: Ints, span: Span, place: Ints | None, device: Ints | None = None
) -> Facts:
    columns = {
        "kind": same(kind, len(who)),
        "staff": names.staff(who),
        "started_at": moments(span[0]),
        "ended_at": moments(span[1]),
    }
    if place is not None:
        columns["place"] = words(_PLACES, place)
    if device is not None:
        columns["device"] = numbered("ws-", device, width=4)
    return Facts(relation="presence", source=_SOURCE[kind], moment=span[0], columns=columns)


def _beside(s: Setting, names: Names, seen: Looks) -> Facts:
    """Give a session for each account and device that looked outside the working day of the account."""
    people = taken(seen, seen.staff < s.workforce.count)
    device = np.where(people.device == NONE, people.staff, people.device)
    midnight = people.at // DAY * DAY
    day = s.calendar.day_of(people.at)
    late = (people.at - midnight) > _EVENING + np.where(s.workforce.late[people.staff], LATE_BY, 0)
    usual = elsewhere(s)[people.staff, day]
    on_own = device == np.where(usual == NONE, people.staff, usual)
    beside = ~s.workforce.present[people.staff, day] | late | ~on_own
    keys = np.stack([people.staff, device, midnight, late], axis=1)[beside]
    sessions, place = np.unique(keys, axis=0, return_inverse=True)
    first = np.full(len(sessions), np.iinfo(np.int64).max)
    last = np.zeros(len(sessions), dtype=np.int64)
    np.minimum.at(first, place.ravel(), people.at[beside])
    np.maximum.at(last, place.ravel(), people.at[beside])
    own = sessions[:, 0] == sessions[:, 1]
    known = sessions[:, 1] < s.workforce.count
    where = np.select([own, known], [_HOME, _OFFICE], default=_ELSEWHERE)
    return _there(
        names, "session", sessions[:, 0], (first - 5 * MINUTE, last + 15 * MINUTE), where, sessions[:, 1]
    )


def _leave(s: Setting, names: Names) -> Facts:
    away = s.workforce.on_leave[:, HISTORY:]
    edge = np.diff(np.pad(away, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    who, first = np.nonzero(edge == 1)
    _, last = np.nonzero(edge == -1)
    span = (s.calendar.at(first + HISTORY), s.calendar.at(last + HISTORY))
    return _there(names, "leave", who, span, None)
