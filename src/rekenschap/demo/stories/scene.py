# SPDX-License-Identifier: EUPL-1.2
"""Where episodes are drawn from: who could do it, on which days, and whom they do not know from their work.

Knows no scenario.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rekenschap.demo.arrays import NONE, Flags, Ints
from rekenschap.demo.calendar import HISTORY
from rekenschap.demo.catalogue import CAST, TEAM, TEAMS, cast_position
from rekenschap.demo.life.looks import STORY, Looks, looks, team_activity
from rekenschap.demo.life.papers import Papers
from rekenschap.demo.life.shapes import Setting, Work

CAST_STAFF = tuple(cast_position(each.key) for each in CAST if each.key.startswith("mw-"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which episode is being drawn, and from what lot; `told` is the one of the demo."""

    story: int
    episode: int
    rng: np.random.Generator
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done in one episode, by whom (NONE: by many), and under whose account."""

    looks: Looks
    staff: int
    account: int
    negligent: bool = False


def by_one(staff: int, seen: Looks) -> Deed | None:
    """Make the deed of somebody under their own account; nothing when no look came of it."""
    return Deed(looks=seen, staff=staff, account=staff) if len(seen.at) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The town before any story; `busy` holds who is in one already."""

    s: Setting
    work: Work
    honest: Looks
    papers: Papers
    order: Ints = field(repr=False)
    starts: Ints = field(repr=False)
    busy: Flags = field(repr=False)

    @classmethod
    def of(cls, s: Setting, work: Work, honest: Looks, *, papers: Papers) -> Scene:
        """Lay the honest looks out by member of staff."""
        order = np.argsort(honest.staff, kind="stable")
        starts = np.searchsorted(honest.staff[order], np.arange(s.workforce.count + 2))
        busy = np.zeros(s.workforce.count, dtype=np.bool_)
        busy[list(CAST_STAFF)] = True
        return cls(s=s, work=work, honest=honest, papers=papers, order=order, starts=starts, busy=busy)

    def own(self, staff: int) -> Ints:
        """Give the positions of the honest looks of somebody."""
        return self.order[self.starts[staff] : self.starts[staff + 1]]

    def met(self, staff: int) -> Ints:
        """Give the citizens whom somebody met in their own work."""
        return self.honest.subject[self.own(staff)]

    def free(self, staff: int, candidates: Ints) -> Ints:
        """Leave out the citizens whom somebody met in their own work."""
        return candidates[~np.isin(candidates, self.met(staff))]

    def strangers(self, rng: np.random.Generator, staff: int, size: int) -> Ints:
        """Draw different citizens whom somebody did not meet in their own work."""
        pool = np.unique(self.s.citizens.anyone(rng, 2 * size + 20))
        return self.free(staff, rng.permutation(pool))[:size]

    def workdays(self, staff: int, span: tuple[int, int]) -> Ints:
        """Give the days of the period on which somebody works, from the first up to the last of `span`."""
        days = np.flatnonzero(self.s.workforce.present[staff])
        return days[(days >= max(span[0], HISTORY)) & (days < span[1])]

    def span(self, part: Part, *, weeks: tuple[int, int]) -> tuple[int, int]:
        """Draw from which day to which day an episode goes on; that of the demo goes on to the end."""
        length = self.s.calendar.length
        written = length - HISTORY
        if part.told:
            return HISTORY + min(14, written // 5), length
        lasts = 7 * int(part.rng.integers(weeks[0], weeks[1], endpoint=True))
        first = HISTORY + int(part.rng.integers(0, max(1, written - lasts), endpoint=True))
        return first, min(length, first + lasts)

    def somebody(
        self, rng: np.random.Generator, teams: tuple[str, ...] = (), *, also: Flags | None = None
    ) -> int:
        """Draw a member of staff of long standing, no lead, from one of the teams, who is in no story yet."""
        force = self.s.workforce
        fits = ~force.lead & (force.valid_from < 0) & (force.valid_until == NONE)
        fits &= force.present[:, HISTORY:].any(axis=1)
        if teams:
            fits &= np.isin(force.team % len(TEAMS), [TEAM[each] for each in teams])
        return self.one_of(rng, fits if also is None else fits & also)

    def one_of(self, rng: np.random.Generator, fits: Flags) -> int:
        """Draw one of the flagged staff, at best one who is in no story yet; NONE when there are none."""
        fresh = np.flatnonzero(fits & ~self.busy)
        if not len(fresh):
            cast = np.isin(np.arange(len(fits)), CAST_STAFF)
            fresh = np.flatnonzero(fits & ~cast)
        if not len(fresh):
            return NONE
        chosen = int(rng.choice(fresh))
        self.busy[chosen] = True
        return chosen

    def planted(
        self,
        part: Part,
        where: tuple[Ints | int, Ints, Ints],
        *,
        register: Ints | int,
        search: Ints | int,
        zaak: Ints | int = NONE,
        device: Ints | int = NONE,
    ) -> Looks:
        """Make the looks of an episode: (account, citizen, moment)."""
        size = len(where[1])
        staff, register, search = (
            np.broadcast_to(np.asarray(each, dtype=np.int64), (size,))
            for each in (where[0], register, search)
        )
        team = self.s.workforce.team[np.minimum(staff, self.s.workforce.count - 1)]
        return looks(
            staff=staff,
            subject=where[1],
            at=where[2],
            register=register,
            key=search,
            zaak=zaak,
            device=device,
            activity=team_activity(team),
            reason=STORY,
            story=part.story,
            episode=part.episode,
            written=False,
        )
