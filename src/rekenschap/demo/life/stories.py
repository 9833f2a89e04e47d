# SPDX-License-Identifier: EUPL-1.2
"""Planted stories: looks that no work asked for, drawn from the mission and marked in the truth.

Each story draws from a stream of its own, so one more story leaves the rest of the town as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from rekenschap.demo.arrays import NONE, Flags, Ints, between, happens, joined, rows_of, stream
from rekenschap.demo.calendar import HISTORY, HOUR, MINUTE, evening_second, office_second
from rekenschap.demo.catalogue import CAST, REGISTER, SEARCH_KEY, TEAM, TEAMS, cast_position
from rekenschap.demo.life.looks import STORY, Looks, looks, team_activity, team_register
from rekenschap.demo.life.shapes import Setting, Work

_BRP = REGISTER["basisregistratie personen"]
_WATCHER = cast_position(CAST[5].key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One planted story: its identifier in the catalogue of scenarios, and one line in each language."""

    key: str
    name: str
    dutch: str
    english: str


ALL = (
    Story(
        key="S01",
        name="adressen voor een buitenstaander",
        dutch="Een medewerker zoekt elke week adressen op van mensen buiten zijn werk.",
        english="Week after week a member of staff looks up addresses of people unrelated to his work.",
    ),
    Story(
        key="S04",
        name="een ruzie thuis",
        dutch="Een medewerker bekijkt telkens weer hetzelfde huishouden, ook in de avond.",
        english="A member of staff keeps returning to one household, in the evening too.",
    ),
    Story(
        key="S06",
        name="een bekende inwoner in het nieuws",
        dutch="Na een nieuwsbericht bekijken veel medewerkers uit veel teams dezelfde bekende inwoner.",
        english="After a news item staff from many teams look at the same well-known resident.",
    ),
    Story(
        key="S08",
        name="honderden mensen op één middag",
        dutch="Een medewerker opent op één middag honderden dossiers achter elkaar.",
        english="A member of staff opens hundreds of files in a row on one afternoon.",
    ),
    Story(
        key="S14",
        name="oude zaken vóór het einde van een contract",
        dutch="Een ingehuurde medewerker opent aan het einde van het contract veel oude zaken van anderen.",
        english="A hired member of staff opens many old zaken of others in the last weeks of the contract.",
    ),
)
"""Every story that can be planted."""

KEYS = tuple(each.key for each in ALL)


def with_stories(s: Setting, work: Work, honest: Looks, *, stories: Iterable[Story]) -> Looks:
    """Plant the chosen stories among the honest looks."""
    return joined([honest, *(_PLANTED[each.key](s, work, honest) for each in stories)])


def hired_until(s: Setting) -> tuple[int, int]:
    """Give the hired member of staff of S14 and the day the contract ends; NONE without one."""
    force = s.workforce
    ending = np.flatnonzero((force.employment > 0) & (force.valid_until > HISTORY))
    if not len(ending):
        return NONE, NONE
    last = ending[np.argmax(force.valid_until[ending])]
    return int(last), int(force.valid_until[last])


def _workdays(s: Setting, staff: int, first: int, last: int) -> Ints:
    """Give the days on which somebody works from `first` up to `last`."""
    days = np.flatnonzero(s.workforce.present[staff])
    return days[(days >= max(first, HISTORY)) & (days < last)]


def _strangers(s: Setting, honest: Looks, staff: int, candidates: Ints) -> Ints:
    """Leave out the citizens whom somebody met in their own work."""
    met = honest.subject[honest.staff == staff]
    return candidates[~np.isin(candidates, met)]


def _planted(
    s: Setting,
    key: str,
    where: tuple[Ints, Ints, Ints],
    *,
    register: Ints,
    search: Ints,
    zaak: Ints | int = NONE,
) -> Looks:
    """Make the looks of a story: (staff, citizen, moment)."""
    staff, subject, at = where
    return looks(
        staff=staff,
        subject=subject,
        at=at,
        register=register,
        key=search,
        zaak=zaak,
        activity=team_activity(s.workforce.team[staff]),
        reason=STORY,
        story=KEYS.index(key),
        written=False,
    )


def _addresses(s: Setting, work: Work, honest: Looks) -> Looks:
    """S01: two to six unrelated people a week, from the third week on, partly in the evening."""
    rng = stream(s.seed, "S01")
    written = s.calendar.length - HISTORY
    begins = HISTORY + min(14, written // 5)
    parts = [_workdays(s, _WATCHER, week, week + 7) for week in range(begins, s.calendar.length, 7)]
    day = np.concatenate([rng.choice(days, int(rng.integers(2, 7))) for days in parts if len(days)])
    people = _strangers(s, honest, _WATCHER, rng.permutation(s.citizens.count))[: len(day)]
    late = happens(rng, 0.35, len(day))
    at = s.calendar.at(day, np.where(late, evening_second(rng, len(day)), office_second(rng, len(day))))
    search = np.where(happens(rng, 0.6, len(day)), SEARCH_KEY["address"], SEARCH_KEY["name"])
    staff = np.full(len(day), _WATCHER)
    return _planted(s, "S01", (staff, people, at), register=np.full(len(day), _BRP), search=search)


def _one_household(s: Setting, work: Work, honest: Looks) -> Looks:
    """S04: somebody returns to one household of three or more for weeks."""
    rng = stream(s.seed, "S04")
    staff = _somebody(rng, s, ("belastingen", "werk en inkomen", "maatschappelijke ondersteuning"))
    homes = np.flatnonzero(s.citizens.size_of >= 3)
    met = s.citizens.household[honest.subject[honest.staff == staff]]
    home = rng.choice(homes[~np.isin(homes, met)])
    days = _workdays(s, staff, HISTORY, s.calendar.length)
    size = int(rng.integers(16, 27))
    day = np.sort(rng.choice(days, size))
    member = (rng.random(size) ** 1.5 * s.citizens.size_of[home]).astype(np.int64)
    late = happens(rng, 0.4, size)
    at = s.calendar.at(day, np.where(late, evening_second(rng, size), office_second(rng, size)))
    register = team_register(s.workforce.team[np.full(size, staff)])
    where = (np.full(size, staff), s.citizens.first_of[home] + member, at)
    search = np.where(happens(rng, 0.5, size), SEARCH_KEY["name"], SEARCH_KEY["bsn"])
    return _planted(
        s, "S04", where, register=np.where(happens(rng, 0.5, size), register, _BRP), search=search
    )


def _well_known(s: Setting, work: Work, honest: Looks) -> Looks:
    """S06: an eighth of the staff, two dozen here, look at one resident in the week after the news."""
    rng = stream(s.seed, "S06")
    counts = np.bincount(honest.subject, minlength=s.citizens.count)
    resident = int(rng.choice(np.flatnonzero((counts > 0) & (counts < 6))))
    news = HISTORY + int((s.calendar.length - HISTORY) * 0.45)
    team = s.workforce.team % len(TEAMS)
    able = (team != TEAM["ICT"]) & (team != TEAM["staf"]) & (np.arange(s.workforce.count) != _WATCHER)
    met = np.unique(honest.staff[honest.subject == resident])
    free = np.flatnonzero(able & ~np.isin(np.arange(s.workforce.count), met))
    curious = rng.permutation(free)[: max(6, s.workforce.count * 12 // 100)]
    first = s.roster.back_on[
        curious, np.minimum(news + rng.geometric(0.45, len(curious)), s.calendar.length - 1)
    ]
    curious, first = curious[first < s.calendar.length], first[first < s.calendar.length]
    twice = np.repeat(np.arange(len(curious)), 1 + happens(rng, 0.25, len(curious)))
    size = len(twice)
    at = s.calendar.at(first[twice], office_second(rng, size))
    where = (curious[twice], np.full(size, resident), at)
    return _planted(s, "S06", where, register=np.full(size, _BRP), search=np.full(size, SEARCH_KEY["name"]))


def _one_afternoon(s: Setting, work: Work, honest: Looks) -> Looks:
    """S08: hundreds of people in the order of their numbers, on one afternoon."""
    rng = stream(s.seed, "S08")
    staff = _somebody(rng, s, ("belastingen", "vergunningen", "handhaving"))
    day = _workdays(s, staff, HISTORY, s.calendar.length)
    day = day[len(day) // 2]
    size = min(260, s.citizens.count // 4)
    first = int(rng.integers(0, s.citizens.count - size))
    people = _strangers(s, honest, staff, np.arange(first, first + size))
    size = len(people)
    at = s.calendar.at(np.full(size, day), 13 * HOUR + np.sort(between(rng, 0, 3 * HOUR, size=size)))
    register = team_register(s.workforce.team[np.full(size, staff)])
    return _planted(
        s,
        "S08",
        (np.full(size, staff), people, at),
        register=register,
        search=np.full(size, SEARCH_KEY["list"]),
    )


def _before_leaving(s: Setting, work: Work, honest: Looks) -> Looks:
    """S14: old closed zaken of others in the last three weeks of a contract."""
    rng = stream(s.seed, "S14")
    staff, ends = hired_until(s)
    days = _workdays(s, staff, ends - 21, ends) if staff != NONE else np.zeros(0, dtype=np.int64)
    day = np.repeat(days, rng.integers(9, 22, len(days)))
    zaken, before = work.zaken, s.calendar.at(day[:1])
    old = _closed_before(s, work, before) & (zaken.handler != staff) & (zaken.successor != staff)
    met = honest.subject[honest.staff == staff]
    zaak = rng.permutation(np.flatnonzero(old & ~np.isin(zaken.subject, met)))[: len(day)]
    day = day[: len(zaak)]
    size = len(zaak)
    at = s.calendar.at(day, office_second(rng, size) + between(rng, 0, 20 * MINUTE, size=size))
    where = (np.full(size, staff), zaken.subject[zaak], at)
    register = np.full(size, REGISTER["zaaksysteem"])
    return _planted(s, "S14", where, register=register, search=np.full(size, SEARCH_KEY["zaak"]), zaak=zaak)


def _closed_before(s: Setting, work: Work, moment: Ints) -> Flags:
    zaken = work.zaken
    if not len(moment):
        return np.zeros(rows_of(zaken), dtype=np.bool_)
    closed: Flags = (zaken.closed != NONE) & (zaken.closed < moment[0])
    return closed


def _somebody(rng: np.random.Generator, s: Setting, teams: tuple[str, ...]) -> int:
    """Draw a member of staff of long standing from one of the teams, none of the cast and no lead."""
    force = s.workforce
    cast = np.array([cast_position(each.key) for each in CAST if each.key.startswith("mw-")])
    fits = np.isin(force.team % len(TEAMS), [TEAM[each] for each in teams]) & ~force.lead
    fits &= (
        (force.valid_from < 0) & (force.valid_until == NONE) & (force.present[:, HISTORY:].sum(axis=1) > 0)
    )
    fits[cast] = False
    return int(rng.choice(np.flatnonzero(fits)))


_PLANTED: dict[str, Callable[[Setting, Work, Looks], Looks]] = {
    "S01": _addresses,
    "S04": _one_household,
    "S06": _well_known,
    "S08": _one_afternoon,
    "S14": _before_leaving,
}
