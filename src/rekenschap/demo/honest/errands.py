# SPDX-License-Identifier: EUPL-1.2
"""Honest looks of many people at once: a project with its list, a training, a letter to thousands.

Each function is one switch of `Noise`; what the systems keep of it goes to the papers.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rekenschap.demo.arrays import NONE, Ints, between, happens, joined, stream
from rekenschap.demo.calendar import HISTORY, HOUR, MINUTE, office_second
from rekenschap.demo.catalogue import SEARCH_KEY, TEAM, TEAMS
from rekenschap.demo.honest import inquiries
from rekenschap.demo.life.looks import (
    MAILING,
    PROJECT,
    TRAINING,
    Looks,
    looks,
    team_activity,
    team_register,
)
from rekenschap.demo.life.papers import Papers, left, new_contacts, new_tasks
from rekenschap.demo.life.shapes import CALLED, INTERNAL, PRINT, Setting, Trainings, Work
from rekenschap.demo.life.shapes import PROJECT as PROJECT_TASK
from rekenschap.demo.noise import NOISES

_MONTH, _QUARTER = 30, 91
_CALL_AFTER_LETTER = 0.03
_LETTERS_PER_STAFF = 30
_IN_A_GROUP = 6


def with_errands(s: Setting, work: Work, honest: Looks, *, papers: Papers) -> Looks:
    """Add every honest errand beside the ordinary work."""
    kinds = (_projects, _trainings, _letters)
    parts = [each(s, work, papers) for each in kinds]
    return joined([honest, *parts, *inquiries.drawn_from(s, work, honest, papers=papers)])


def expected(s: Setting, rate: float, *, per: int, people: float) -> float:
    """Give how often something happens in the period, for a rate per so many days and a number of people."""
    return rate * (s.calendar.length - HISTORY) / per * people


def _none(s: Setting) -> Looks:
    nobody = np.zeros(0, dtype=np.int64)
    return _looked(s, nobody, nobody, nobody, reason=PROJECT, noise="project")


def _looked(
    s: Setting, staff: Ints, subject: Ints, at: Ints, *, reason: int, noise: str, written: object = False
) -> Looks:
    team = s.workforce.team[staff]
    return looks(
        staff=staff,
        subject=subject,
        at=at,
        register=team_register(team),
        key=np.full(len(staff), SEARCH_KEY["list"]),
        activity=team_activity(team),
        reason=reason,
        noise=NOISES.index(noise),
        written=np.broadcast_to(np.asarray(written, dtype=np.bool_), (len(staff),)),
    )


def _projects(s: Setting, work: Work, papers: Papers) -> Looks:
    """Let a few people of a team go through a list of citizens, for a fortnight; most get a task each."""
    rng = stream(s.seed, "project")
    parts = [_none(s)]
    often = rng.poisson(expected(s, s.noise.project, per=_QUARTER, people=s.workforce.teams))
    for _ in range(int(often)):
        team = int(rng.integers(0, s.workforce.teams))
        first = int(rng.integers(HISTORY, max(HISTORY + 1, s.calendar.length - 14)))
        size = int(rng.integers(80, 300))
        days = np.sort(between(rng, first, min(first + 13, s.calendar.length - 1), size=size))
        staff, day = s.roster.pick(rng, np.full(size, team), days)
        few = np.unique(staff[staff != NONE])[: int(rng.integers(2, 5))]
        inside = (day < s.calendar.length) & np.isin(staff, few)
        staff, day = staff[inside], day[inside]
        people = s.citizens.anyone(rng, len(staff))
        at = s.calendar.at(day, office_second(rng, len(day)))
        listed = ~happens(rng, s.noise.project_unwritten, len(day))
        turn = stream(s.seed, f"project_unsigned {len(parts)}")
        unsigned = happens(turn, s.noise.queue_unsigned, int(listed.sum()))
        papers.make(
            new_tasks(
                kind=PROJECT_TASK,
                subject=people[listed],
                staff=np.where(unsigned, NONE, staff[listed]),
                team=np.full(int(listed.sum()), team),
                created=np.full(int(listed.sum()), int(s.calendar.at(np.array([first]), 8 * HOUR)[0])),
                done=at[listed] + 10 * MINUTE,
            )
        )
        seen = _looked(s, staff, people, at, reason=PROJECT, noise="project", written=listed)
        if stream(s.seed, f"project_account {len(parts)}").random() < s.noise.project_account:
            account = s.workforce.count + papers.open_account(team, first)
            seen = replace(seen, staff=np.full(len(staff), account), device=staff)
        unlisted = np.where(listed, NOISES.index("project"), NOISES.index("project_unwritten"))
        parts.append(_renamed(seen, unlisted))
    return joined(parts)


def _renamed(seen: Looks, noise: Ints) -> Looks:
    return replace(seen, noise=noise)


def _trainings(s: Setting, work: Work, papers: Papers) -> Looks:
    """Let groups learn for an afternoon on files of real people; the roster says who, not on whom."""
    rng = stream(s.seed, "training")
    parts = [_none(s)]
    people = expected(s, s.noise.training, per=_MONTH, people=s.workforce.count)
    for _ in range(int(rng.poisson(people / _IN_A_GROUP))):
        day = rng.integers(HISTORY, s.calendar.length, 1, dtype=np.int64)
        team = rng.integers(0, s.workforce.teams, 1, dtype=np.int64)
        size = int(rng.integers(2, 2 * _IN_A_GROUP - 1))
        staff, there = s.roster.pick(rng, np.repeat(team, size), np.repeat(day, size))
        staff = np.unique(staff[there < s.calendar.length])
        if not len(staff):
            continue
        example = s.citizens.anyone(rng, int(rng.integers(10, 25)))
        who = np.repeat(staff, between(rng, 8, 25, size=len(staff)))
        at = s.calendar.at(there[:1], 13 * HOUR + between(rng, 0, 3 * HOUR, size=len(who)))
        parts.append(_looked(s, who, rng.choice(example, len(who)), at, reason=TRAINING, noise="training"))
        in_roster = staff[~happens(rng, s.noise.training_unplanned, len(staff))]
        papers.train(Trainings(staff=in_roster, day=np.repeat(there[:1], len(in_roster))))
    return joined(parts)


def _letters(s: Setting, work: Work, papers: Papers) -> Looks:
    """Send a letter to thousands: somebody checks a few before, some call in the week after."""
    rng = stream(s.seed, "mass_letter")
    parts = [_none(s)]
    blocks = max(1, s.workforce.teams // len(TEAMS))
    for _ in range(int(rng.poisson(expected(s, s.noise.mass_letter, per=_QUARTER, people=blocks)))):
        block = int(rng.integers(0, blocks)) * len(TEAMS)
        day = s.calendar.later(rng.integers(HISTORY, s.calendar.length, 1), np.zeros(1, dtype=np.int64))
        sender, day = s.roster.pick(rng, np.array([block + TEAM["belastingen"]]), day)
        if day[0] >= s.calendar.length:
            continue
        sent = min(s.citizens.count // 4, _LETTERS_PER_STAFF * s.workforce.count // blocks)
        addressees = np.unique(s.citizens.anyone(rng, sent))
        parts.append(_checked(rng, s, (int(sender[0]), day, addressees), papers))
        parts.append(_called(rng, s, (block + TEAM["klantcontactcentrum"], int(day[0]), addressees), papers))
    return joined(parts)


def _checked(rng: np.random.Generator, s: Setting, sent: tuple[int, Ints, Ints], papers: Papers) -> Looks:
    """Look into a few files of the list before it is printed."""
    sender, day, addressees = sent
    few = rng.permutation(addressees)[:25]
    at = s.calendar.at(np.repeat(day, len(few)), 9 * HOUR + between(rng, 0, 2 * HOUR, size=len(few)))
    papers.send(
        left(
            at=s.calendar.at(day, 12 * HOUR),
            staff=np.array([sender]),
            kind=PRINT,
            where=INTERNAL,
            subjects=len(addressees),
            size=np.array([4_500 * len(addressees)]),
        )
    )
    return _looked(s, np.full(len(few), sender), few, at, reason=MAILING, noise="mass_letter")


def _called(rng: np.random.Generator, s: Setting, sent: tuple[int, int, Ints], papers: Papers) -> Looks:
    """Let some of them call in the days after; those calls are recorded like any other."""
    team, day, addressees = sent
    callers = addressees[happens(rng, _CALL_AFTER_LETTER, len(addressees))]
    later = np.minimum(day + 1 + rng.geometric(0.3, len(callers)), s.calendar.length - 1)
    staff, day_of = s.roster.pick(rng, np.full(len(callers), team), later)
    inside = day_of < s.calendar.length
    staff, callers, day_of = staff[inside], callers[inside], day_of[inside]
    started = s.calendar.at(day_of, office_second(rng, len(callers)))
    lasts = between(rng, 70, 500, size=len(callers))
    papers.note(
        new_contacts(
            kind=CALLED,
            subject=callers,
            staff=staff,
            team=s.workforce.team[staff],
            started=started,
            lasts=lasts,
        )
    )
    at = started + (rng.random(len(callers)) * lasts).astype(np.int64)
    seen = _looked(s, staff, callers, at, reason=MAILING, noise="mass_letter", written=True)
    return seen
