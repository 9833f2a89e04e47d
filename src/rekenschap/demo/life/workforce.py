# SPDX-License-Identifier: EUPL-1.2
"""The staff of Veldhaven: teams, roles, employment, and who is at work on which day.

Days are positions in the calendar. Knows no work yet, only who is there to do it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rekenschap.demo.arrays import NONE, Flags, Floats, Ints, between, drawn, happens, stream
from rekenschap.demo.calendar import HISTORY, HOUR, Calendar, office_second
from rekenschap.demo.catalogue import CAST, REGISTERS, TEAM, TEAMS, cast_position
from rekenschap.demo.noise import Noise

EMPLOYMENT = ("employee", "hired", "agency")
LATE_BY = 5 * HOUR
_GROUP = 50  # the layout of teams repeats every fifty members of staff
_STAFF_PER_BLOCK = 400  # a larger town has the same teams more than once


@dataclass(frozen=True, slots=True, kw_only=True)
class Workforce:
    """Every member of staff, and the roster by staff (row) and day (column)."""

    team: Ints  # at first
    lead: Flags
    employment: Ints
    valid_from: Ints  # day; below 0 when long before
    valid_until: Ints  # day; NONE when open
    moves_on: Ints  # day of a change of team, or NONE
    new_team: Ints
    pace: Floats
    home_share: Floats
    own_citizen: Ints  # who they are as a citizen of the town, or NONE
    late: Flags  # works from one until ten in the evening
    spare_right: Ints  # a register they may look in and whose work they do not do, or NONE
    present: Flags  # staff by day
    on_leave: Flags  # staff by day
    team_on: Ints  # staff by day

    @property
    def count(self) -> int:
        """Count the staff."""
        return len(self.team)

    @property
    def teams(self) -> int:
        """Count the teams."""
        return int(self.team.max()) + 1

    def clock(self, rng: np.random.Generator, staff: Ints) -> Ints:
        """Draw a second of the day in the working hours of each."""
        return office_second(rng, len(staff)) + np.where(self.late[staff], LATE_BY, 0)

    def lead_of(self) -> Ints:
        """Give the lead of each team, NONE when it has none."""
        leads = np.full(len(TEAMS) * (self.teams // len(TEAMS) + 1), NONE, dtype=np.int64)
        who = np.flatnonzero(self.lead)
        leads[self.team[who]] = who
        return leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who is free for ordinary work, by team and day, and when somebody is back."""

    back_on: Ints  # staff by day: the first day from then on that they work; `days` when never
    open_on: Ints  # team by day: the first day from then on that anybody works
    starts: Ints  # team by day, flat: where its people begin in `people`
    counts: Ints
    people: Ints
    days: int

    def pick(self, rng: np.random.Generator, team: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Draw somebody of the team at work on the first day from `day` on; NONE after the period."""
        open_on = self.open_on[team, np.minimum(day, self.days)]
        cell = team * (self.days + 1) + open_on
        place = self.starts[cell] + (rng.random(len(team)) * self.counts[cell]).astype(np.int64)
        there = self.counts[cell] > 0
        return np.where(there, self.people[np.where(there, place, 0)], NONE), open_on

    def headcount(self, team: Ints, day: Ints) -> Ints:
        """Count who of the team works on the day."""
        there: Ints = self.counts[team * (self.days + 1) + day]
        return there


def team_name(team: int) -> str:
    """Name a team; a second one of the same kind has a number."""
    block, kind = divmod(team, len(TEAMS))
    return TEAMS[kind].name if block == 0 else f"{TEAMS[kind].name} {block + 1}"


def role_name(workforce: Workforce, staff: int, team: int) -> str:
    """Name the function of somebody in a team."""
    fixed = {CAST[2].key: "integriteitsfunctionaris", CAST[3].key: "functionaris gegevensbescherming"}
    for key, role in fixed.items():
        if staff == cast_position(key):
            return role
    return "teamleider" if workforce.lead[staff] else TEAMS[team % len(TEAMS)].role


def workforce_of(seed: int, calendar: Calendar, *, staff: int, citizens: int, noise: Noise) -> Workforce:
    """Hire the staff and draw their working days, leave and changes."""
    rng = stream(seed, "workforce")
    team = _teams(staff)
    lead = _leads(team)
    employment = drawn(rng, (0.86, 0.08, 0.06), staff)
    employment[_fixed(staff) | lead] = 0
    at_desks = ~_fixed(staff) & ~lead & (team % len(TEAMS) < TEAM["documentbeheer"])
    leaver = int(rng.choice(np.flatnonzero(at_desks)))
    employment[leaver] = EMPLOYMENT.index("hired")
    valid_from, valid_until = _validity(rng, calendar, employment, noise)
    valid_from[leaver] = -between(rng, 60, 300, size=1)[0]
    valid_until[leaver] = calendar.length - 1 - (calendar.length - HISTORY) // 20
    moves_on, new_team = _moves(rng, calendar, team, noise.role_change)
    stays = (valid_from >= 0) | lead | _fixed(staff)
    moves_on, new_team = np.where(stays, NONE, moves_on), np.where(stays, team, new_team)
    day = np.arange(calendar.length)
    employed = (day >= valid_from[:, None]) & ((valid_until[:, None] == NONE) | (day < valid_until[:, None]))
    on_leave = _leave(rng, staff, calendar) & employed
    on_leave[[leaver, cast_position(CAST[5].key)], HISTORY:] = False  # a planted story needs them at work
    return Workforce(
        team=team,
        lead=lead,
        employment=employment,
        valid_from=valid_from,
        valid_until=valid_until,
        moves_on=moves_on,
        new_team=new_team,
        pace=np.exp(rng.normal(0, 0.3, staff)),
        home_share=np.clip(rng.normal(0.35, 0.2, staff), 0, 0.8),
        own_citizen=_own_citizens(rng, staff, citizens),
        late=(team % len(TEAMS) == TEAM["handhaving"]) & ~lead & (np.arange(staff) % 2 == 0),
        spare_right=_spare_rights(seed, staff),
        present=employed & ~on_leave & _pattern(rng, calendar, staff),
        on_leave=on_leave,
        team_on=np.where(
            (moves_on[:, None] != NONE) & (day >= moves_on[:, None]), new_team[:, None], team[:, None]
        ),
    )


def roster_of(workforce: Workforce, calendar: Calendar) -> Roster:
    """Lay out who is free for ordinary work; leads of larger teams are not."""
    days = calendar.length
    size = np.bincount(workforce.team)
    free = workforce.present & ~(workforce.lead & (size[workforce.team] > 3))[:, None]
    who, day = np.nonzero(free)
    cell = workforce.team_on[who, day] * (days + 1) + day
    order = np.argsort(cell, kind="stable")
    counts = np.bincount(cell, minlength=workforce.teams * (days + 1)).astype(np.int64)
    anybody = counts.reshape(workforce.teams, days + 1)[:, :days] > 0
    return Roster(
        back_on=_next_true(workforce.present),
        open_on=_next_true(anybody),
        starts=np.cumsum(counts) - counts,
        counts=counts,
        people=who[order],
        days=days,
    )


def _next_true(flags: Flags) -> Ints:
    days = flags.shape[1]
    marked = np.where(flags, np.arange(days), days)
    nearest = np.minimum.accumulate(marked[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([nearest, np.full((len(flags), 1), days)], axis=1).astype(np.int64)


def _teams(staff: int) -> Ints:
    slots = sorted(
        ((each + 0.5) / team.weight, kind) for kind, team in enumerate(TEAMS) for each in range(team.weight)
    )
    layout = np.array([kind for _, kind in slots], dtype=np.int64)
    position = np.arange(staff)
    blocks = max(1, round(staff / _STAFF_PER_BLOCK))
    return layout[position % _GROUP] + len(TEAMS) * ((position // _GROUP) % blocks)


def _leads(team: Ints) -> Flags:
    lead = np.zeros(len(team), dtype=np.bool_)
    lead[np.unique(team, return_index=True)[1]] = True
    lead[team % len(TEAMS) == TEAM["staf"]] = False
    return lead


def _fixed(staff: int) -> Flags:
    fixed = np.zeros(staff, dtype=np.bool_)
    fixed[[cast_position(each.key) for each in CAST if each.key.startswith("mw-")]] = True
    return fixed


def _validity(
    rng: np.random.Generator, calendar: Calendar, employment: Ints, noise: Noise
) -> tuple[Ints, Ints]:
    """Most were here long before; a few begin or end inside the period."""
    staff, written = len(employment), calendar.length - HISTORY
    valid_from = -between(rng, 30, 4000, size=staff)
    valid_until = np.full(staff, NONE, dtype=np.int64)
    new = happens(rng, noise.new_colleague, staff) & (employment > 0)
    new |= (
        happens(rng, noise.new_colleague * 0.7, staff)
        & ~_fixed(staff)
        & (employment == 0)
        & ~_first_of_teams(staff)
    )
    valid_from[new] = HISTORY + between(rng, 1, max(1, int(written * 0.6)), size=int(new.sum()))
    ends = happens(rng, 0.25, staff) & (employment > 0) & ~new
    valid_until[ends] = HISTORY + between(rng, int(written * 0.3), int(written * 0.88), size=int(ends.sum()))
    return valid_from, valid_until


def _first_of_teams(staff: int) -> Flags:
    first = np.zeros(staff, dtype=np.bool_)
    first[:_GROUP] = True
    return first


def _moves(rng: np.random.Generator, calendar: Calendar, team: Ints, rate: float) -> tuple[Ints, Ints]:
    staff, written = len(team), calendar.length - HISTORY
    moving = rng.random(staff) < rate
    step = between(rng, 1, 6, size=staff)
    block, kind = np.divmod(team, len(TEAMS))
    day = HISTORY + between(rng, int(written * 0.2), max(int(written * 0.2), int(written * 0.8)), size=staff)
    new_team = block * len(TEAMS) + (kind + step) % TEAM["bezwaar en beroep"]
    return np.where(moving, day, NONE), np.where(moving, new_team, team)


def _pattern(rng: np.random.Generator, calendar: Calendar, staff: int) -> Flags:
    """Draw part-time weeks: three, four or five days, with days off that stay the same."""
    weekday = (np.arange(calendar.length) + calendar.start.weekday() - HISTORY) % 7
    days_off = drawn(rng, (0.5, 0.36, 0.14), staff)
    dislike = np.argsort(rng.random((staff, 5)) + np.array([0.1, 0, 0, 0, -0.2]), axis=1)
    off = np.zeros((staff, 7), dtype=np.bool_)
    for number in range(2):
        who = np.flatnonzero(days_off > number)
        off[who, dislike[who, number]] = True
    return ~off[:, weekday] & calendar.worked


def _leave(rng: np.random.Generator, staff: int, calendar: Calendar) -> Flags:
    day = np.arange(calendar.length)
    away = np.zeros((staff, calendar.length), dtype=np.bool_)
    for length, chance in ((14, 0.35), (7, 0.4), (3, 0.5), (2, 0.5)):
        first = between(rng, -3, calendar.length, size=staff)
        takes = happens(rng, chance, staff)
        away |= takes[:, None] & (day >= first[:, None]) & (day < first[:, None] + length)
    return away


def _spare_rights(seed: int, staff: int) -> Ints:
    """Leave some a right of earlier work that nobody took back: reviews of rights find such everywhere."""
    rng = stream(seed, "spare rights")
    return np.where(happens(rng, 0.06, staff), between(rng, 0, len(REGISTERS) - 1, size=staff), NONE)


def _own_citizens(rng: np.random.Generator, staff: int, citizens: int) -> Ints:
    lives_here = happens(rng, 0.55, staff)
    return np.where(lives_here, rng.permutation(citizens)[:staff], NONE)
