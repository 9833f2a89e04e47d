# SPDX-License-Identifier: EUPL-1.2
"""The honest looks that go differently from the book: slips, help, haste, curiosity about one's own file.

Each function is one switch of `Noise`, draws from a stream of its own, and marks its looks with its name.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rekenschap.demo.arrays import NONE, Ints, between, happens, joined, rows_of, stream, taken
from rekenschap.demo.calendar import DAY, HOUR, MINUTE
from rekenschap.demo.catalogue import SEARCH_KEY
from rekenschap.demo.life.looks import (
    ALONGSIDE,
    CONTACT,
    EARLY,
    LATER,
    OWN,
    SAMPLE,
    SLIP,
    STEP,
    Looks,
    looks,
    team_activity,
    team_register,
)
from rekenschap.demo.life.shapes import POST, Setting, Work
from rekenschap.demo.noise import NOISES

_WATCHED_ALONG = 14  # steps a newcomer watches, in the first fortnight


def with_mishaps(s: Setting, work: Work, plain: Looks) -> Looks:
    """Add every honest mishap to the looks, and name the noise in looks that lack written work."""
    people = taken(plain, plain.staff < s.workforce.count)
    return joined(
        [
            _named(work, plain),
            _wrong_name(s, people),
            _mistyped(s, people),
            _before_registration(s, work),
            _after_closure(s, work),
            _helping(s, work),
            _watching_along(s, work),
            _own_file(s, people),
        ]
    )


def _named(work: Work, plain: Looks) -> Looks:
    """Say which noise took away the written work of a look, or left weaker work."""
    contacts, zaken = work.contacts, work.zaken
    unheard = np.where(contacts.recorded, NOISES.index("caller_unidentified"), NOISES.index("phone_outage"))
    called = np.where(plain.reason == CONTACT, plain.because, 0)
    missing = np.select(
        [plain.reason == STEP, plain.reason == SAMPLE, plain.reason == CONTACT],
        [NOISES.index("cover_unwritten"), NOISES.index("oversight_unwritten"), unheard[called]],
        default=NONE,
    )
    by_hand = (plain.reason == CONTACT) & contacts.by_hand[called]
    in_step = plain.reason == STEP
    by_self = in_step & zaken.self_made[np.where(in_step, plain.zaak, 0)]
    by_nobody = in_step & ~work.steps.signed[np.where(in_step, plain.because, 0)]
    weaker = np.select(
        [by_hand, by_self, by_nobody],
        [NOISES.index(each) for each in ("hand_noted", "self_opened", "queue_unsigned")],
        default=NONE,
    )
    return replace(plain, noise=np.where(plain.written, weaker, missing))


def _slip(before: Looks, rng: np.random.Generator, name: str) -> Looks:
    """Open another file a moment before the right one."""
    size = rows_of(before)
    return replace(
        before,
        at=before.at - between(rng, 4, 45, size=size),
        zaak=np.full(size, NONE),
        reason=np.full(size, SLIP),
        noise=np.full(size, NOISES.index(name)),
        written=np.zeros(size, dtype=np.bool_),
    )


def _wrong_name(s: Setting, people: Looks) -> Looks:
    rng = stream(s.seed, "wrong_name")
    chosen = (people.key == SEARCH_KEY["name"]) & happens(rng, s.noise.wrong_name, rows_of(people))
    right = taken(people, chosen)
    wrong = s.citizens.namesake(rng, right.subject)
    return taken(replace(_slip(right, rng, "wrong_name"), subject=wrong), wrong != right.subject)


def _mistyped(s: Setting, people: Looks) -> Looks:
    rng = stream(s.seed, "mistyped_number")
    chosen = (people.key == SEARCH_KEY["bsn"]) & happens(rng, s.noise.mistyped_number, rows_of(people))
    right = taken(people, chosen)
    return replace(_slip(right, rng, "mistyped_number"), subject=s.citizens.anyone(rng, rows_of(right)))


def _before_registration(s: Setting, work: Work) -> Looks:
    """Let a handler read a letter and look before documentbeheer has registered it."""
    rng = stream(s.seed, "before_registration")
    zaken = work.zaken
    chosen = happens(rng, s.noise.before_registration, rows_of(zaken))
    zaak = np.flatnonzero((zaken.channel == POST) & ~zaken.self_made & chosen)
    at = np.maximum(
        zaken.arrived[zaak] + between(rng, HOUR, 5 * HOUR, size=len(zaak)), zaken.registered[zaak] - DAY
    )
    at = np.minimum(at, zaken.registered[zaak] - 15 * MINUTE)
    there = s.workforce.present[zaken.handler[zaak], s.calendar.day_of(at)] & ((at % DAY) > 8 * HOUR)
    return _by_handler(rng, s, work, (zaak[there], at[there]), EARLY, "before_registration")


def _after_closure(s: Setting, work: Work) -> Looks:
    """Let a handler look again after the decision, because somebody asked."""
    rng = stream(s.seed, "after_closure")
    zaken = work.zaken
    zaak = np.flatnonzero((zaken.closed != NONE) & happens(rng, s.noise.after_closure, rows_of(zaken)))
    day = s.calendar.day_of(zaken.closed[zaak]) + between(rng, 1, 18, size=len(zaak))
    back = s.roster.back_on[zaken.handler[zaak], np.minimum(day, s.calendar.length)]
    at = s.calendar.at(back, s.workforce.clock(rng, zaken.handler[zaak]))
    inside = back < s.calendar.length
    return _by_handler(rng, s, work, (zaak[inside], at[inside]), LATER, "after_closure")


def _by_handler(
    rng: np.random.Generator, s: Setting, work: Work, moments: tuple[Ints, Ints], reason: int, name: str
) -> Looks:
    zaak, at = moments
    staff = work.zaken.handler[zaak]
    team = s.workforce.team[staff]
    return looks(
        staff=staff,
        subject=work.zaken.subject[zaak],
        at=at,
        zaak=zaak,
        register=team_register(team),
        key=np.where(happens(rng, 0.6, len(zaak)), SEARCH_KEY["bsn"], SEARCH_KEY["address"]),
        activity=team_activity(team),
        reason=reason,
        because=zaak,
        noise=NOISES.index(name),
        written=True,
    )


def _alongside(s: Setting, work: Work, chosen: tuple[Ints, Ints, Ints], name: str) -> Looks:
    """Let somebody else look at the person of a step: (staff, step, moment)."""
    staff, step, at = chosen
    team = s.workforce.team[staff]
    return looks(
        staff=staff,
        subject=work.zaken.subject[work.steps.zaak[step]],
        at=at,
        zaak=NONE,
        register=team_register(team),
        key=np.full(len(staff), SEARCH_KEY["bsn"]),
        activity=team_activity(team),
        reason=ALONGSIDE,
        because=step,
        noise=NOISES.index(name),
        written=False,
    )


def _helping(s: Setting, work: Work) -> Looks:
    rng = stream(s.seed, "helping_colleague")
    steps = work.steps
    step = np.flatnonzero(happens(rng, s.noise.helping_colleague, rows_of(steps)))
    at = steps.at[step] + between(rng, MINUTE, 12 * MINUTE, size=len(step))
    day = s.calendar.day_of(at)
    staff, there = s.roster.pick(rng, work.zaken.team[steps.zaak[step]], day)
    keep = (staff != NONE) & (there == day) & (staff != steps.staff[step])
    return _alongside(s, work, (staff[keep], step[keep], at[keep]), "helping_colleague")


def _watching_along(s: Setting, work: Work) -> Looks:
    """Let each new colleague look along with the steps of the team during the first fortnight."""
    rng = stream(s.seed, "watching_along")
    steps, force = work.steps, s.workforce
    day, team = s.calendar.day_of(steps.at), work.zaken.team[steps.zaak]
    order = np.lexsort((steps.at, team))
    staff, step = [], []
    for newcomer in np.flatnonzero(force.valid_from >= 0):
        first, last = np.searchsorted(team[order], [force.team[newcomer], force.team[newcomer] + 1])
        near = order[first:last]
        begun = force.valid_from[newcomer]
        near = near[(day[near] >= begun) & (day[near] < begun + 14) & (steps.staff[near] != newcomer)]
        near = near[rng.random(len(near)) < _WATCHED_ALONG / max(len(near), _WATCHED_ALONG)]
        staff.append(np.full(len(near), newcomer))
        step.append(near)
    if not staff:
        return _alongside(s, work, (day[:0], day[:0], day[:0]), "new_colleague")
    return _watched(rng, s, work, (np.concatenate(staff), np.concatenate(step)))


def _watched(rng: np.random.Generator, s: Setting, work: Work, pairs: tuple[Ints, Ints]) -> Looks:
    staff, step = pairs
    keep = s.workforce.present[staff, s.calendar.day_of(work.steps.at[step])]
    at = work.steps.at[step] + between(rng, MINUTE, 10 * MINUTE, size=len(step))
    return _alongside(s, work, (staff[keep], step[keep], at[keep]), "new_colleague")


def _own_file(s: Setting, people: Looks) -> Looks:
    """Let somebody open their own file while looking for another."""
    rng = stream(s.seed, "own_file")
    own = s.workforce.own_citizen[people.staff]
    near = taken(people, happens(rng, s.noise.own_file, rows_of(people)) & (own != NONE))
    size = rows_of(near)
    return replace(
        _slip(near, rng, "own_file"), subject=s.workforce.own_citizen[near.staff], reason=np.full(size, OWN)
    )
