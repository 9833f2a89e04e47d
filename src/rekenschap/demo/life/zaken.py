# SPDX-License-Identifier: EUPL-1.2
"""Inbound items become zaken, and zaken become steps, done by whoever was there.

Knows nothing of looks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rekenschap.demo.arrays import (
    NONE,
    Flags,
    Ints,
    between,
    happens,
    rank_within,
    repeated,
    rows_of,
    stream,
    taken,
)
from rekenschap.demo.calendar import DAY, HISTORY, HOUR, MINUTE, evening_second, office_second
from rekenschap.demo.catalogue import TEAM, TEAMS, ZAAKTYPES
from rekenschap.demo.life.shapes import (
    CALL,
    COUNTER,
    PORTAL,
    POST,
    Setting,
    Steps,
    Zaken,
)

_PATIENCE = 4  # days a zaak waits for an absent handler before somebody covers


def zaken_of(s: Setting) -> tuple[Zaken, Ints]:
    """Draw the zaken in order of registration, and the day on which work on each can begin."""
    rng = stream(s.seed, "zaken")
    zaaktype, team, day = _arrivals(rng, s)
    size = len(day)
    channel = _channels(rng, zaaktype)
    desk = np.select(
        [channel == COUNTER, channel == CALL],
        [team, _same_block(team, "klantcontactcentrum")],
        default=_same_block(team, "documentbeheer"),
    )
    intake, intake_day = s.roster.pick(rng, desk, day)
    intake = np.where((channel == PORTAL) | (intake_day != day), NONE, intake)
    registered = s.calendar.at(day, office_second(rng, size))
    anytime = s.calendar.at(day, between(rng, 7 * HOUR, 22 * HOUR, size=size))
    registered = np.where(channel == PORTAL, anytime, registered)
    waited = between(rng, 0, 2, size=size)
    arrived_day = s.calendar.later(np.maximum(day - 4, 0), np.maximum(2 - waited, 0))
    arrived = np.where(
        channel == POST, s.calendar.at(np.minimum(arrived_day, day), 8 * HOUR), registered - 300
    )
    late = (registered % DAY) > 15 * HOUR
    first_day = np.where(late, s.calendar.later(np.minimum(day + 1, s.calendar.length - 1), day * 0), day)
    handler, picked_day = s.roster.pick(rng, team, first_day)
    queued = rng.random(size) < np.array([each.queue for each in ZAAKTYPES])[zaaktype]
    zaken = Zaken(
        subject=s.citizens.coming(rng, size),
        zaaktype=zaaktype,
        team=team,
        channel=channel,
        arrived=np.minimum(arrived, registered - 120),
        registered=registered,
        intake=intake,
        handler=handler,
        successor=np.full(size, NONE),
        moved=np.full(size, NONE),
        closed=np.full(size, NONE),
        queued=queued,
        self_made=np.zeros(size, dtype=np.bool_),
    )
    zaken = _self_opened(s, zaken, first_day)
    order = np.argsort(zaken.registered, kind="stable")
    order = order[handler[order] != NONE]
    return taken(_reassigned(rng, s, zaken), order), picked_day[order]


def _self_opened(s: Setting, zaken: Zaken, day: Ints) -> Zaken:
    """Let a handler open some zaken without anything that came in, on the day the work begins."""
    rng = stream(s.seed, "self_opened")
    size = len(day)
    chosen = happens(rng, s.noise.self_opened, size) & (zaken.handler != NONE)
    chosen &= s.workforce.present[zaken.handler, np.minimum(day, s.calendar.length - 1)]
    chosen &= day < s.calendar.length
    opened = s.calendar.at(day, office_second(rng, size))
    return replace(
        zaken,
        registered=np.where(chosen, opened, zaken.registered),
        arrived=np.where(chosen, opened - 120, zaken.arrived),
        intake=np.where(chosen, zaken.handler, zaken.intake),
        queued=zaken.queued & ~chosen,
        self_made=chosen,
    )


def _arrivals(rng: np.random.Generator, s: Setting) -> tuple[Ints, Ints, Ints]:
    """Draw how many zaken of each type reach each team on each working day."""
    members = np.bincount(s.workforce.team, minlength=s.workforce.teams)
    kinds = np.arange(s.workforce.teams) % len(TEAMS)
    pairs = [(z, t) for z, each in enumerate(ZAAKTYPES) for t in np.flatnonzero(kinds == TEAM[each.team])]
    zaaktype, team = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    rate = np.array([each.rate for each in ZAAKTYPES])[zaaktype] * members[team]
    weekday = (np.arange(s.calendar.length) + s.calendar.start.weekday() - HISTORY) % 7
    busy = np.array([1.25, 1.05, 0.9, 1.0, 0.85, 0, 0])[weekday] * s.calendar.worked
    counts = rng.poisson(rate[:, None] * busy[None, :])
    cell = repeated(counts.ravel().astype(np.int64))
    pair, day = np.divmod(cell, s.calendar.length)
    return zaaktype[pair], team[pair], day


def _channels(rng: np.random.Generator, zaaktype: Ints) -> Ints:
    heights = np.cumsum(np.array([each.channels for each in ZAAKTYPES]), axis=1)[:, :-1]
    above: Ints = (rng.random(len(zaaktype))[:, None] >= heights[zaaktype]).sum(axis=1, dtype=np.int64)
    return above


def _same_block(team: Ints, kind: str) -> Ints:
    neighbour: Ints = team // len(TEAMS) * len(TEAMS) + TEAM[kind]
    return neighbour


def _reassigned(rng: np.random.Generator, s: Setting, zaken: Zaken) -> Zaken:
    """Hand some zaken over to a colleague after a week or two."""
    day = s.calendar.day_of(zaken.registered) + between(rng, 4, 15, size=rows_of(zaken))
    successor, moved_day = s.roster.pick(rng, zaken.team, np.minimum(day, s.calendar.length))
    moves = happens(rng, 0.07, rows_of(zaken)) & (successor != NONE) & (successor != zaken.handler)
    moved = s.calendar.at(moved_day, office_second(rng, rows_of(zaken)))
    return replace(zaken, successor=np.where(moves, successor, NONE), moved=np.where(moves, moved, NONE))


def steps_of(s: Setting, zaken: Zaken, first_day: Ints) -> Steps:
    """Draw the steps of every zaak from the day on which work can begin."""
    rng = stream(s.seed, "steps")
    mean, gap = (np.array([getattr(each, name) for each in ZAAKTYPES]) for name in ("steps", "gap"))
    counts = 1 + np.minimum(rng.poisson(mean[zaken.zaaktype] - 1), 7).astype(np.int64)
    zaak, number = repeated(counts), rank_within(counts)
    waits = np.where(number == 0, 0, rng.poisson(gap[zaken.zaaktype[zaak]])).astype(np.int64)
    waited = np.cumsum(waits)
    waited -= np.repeat(waited[number == 0], counts)
    day = s.calendar.later(first_day[zaak], waited)
    staff, day, from_queue, cover = _who_does_it(rng, s, zaken, (zaak, number, day))
    unsigned = happens(stream(s.seed, "queue_unsigned"), s.noise.queue_unsigned, len(day))
    at = s.calendar.at(np.minimum(day, s.calendar.length), _clock(rng, s, staff, len(day)))
    soon = zaken.registered[zaak] + between(rng, 10 * MINUTE, 80 * MINUTE, size=len(day))
    at = np.maximum(at, soon)
    steps = Steps(
        zaak=zaak,
        number=number,
        last=number == counts[zaak] - 1,
        staff=staff,
        at=at,
        created=np.maximum(zaken.registered[zaak], at - between(rng, HOUR, 3 * DAY, size=len(day))),
        from_queue=from_queue,
        signed=~(from_queue & unsigned),
        cover=cover,
        written=~cover | ~happens(rng, s.noise.cover_unwritten, len(day)),
        # whoever takes work from a queue does so by a task: without one there is no queue
        task=happens(rng, 0.75, len(day)) | from_queue,
        appointment=rng.random(len(day)) < np.array([e.appointment for e in ZAAKTYPES])[zaken.zaaktype[zaak]],
    )
    return taken(steps, (staff != NONE) & (day < s.calendar.length))


def _clock(rng: np.random.Generator, s: Setting, staff: Ints, size: int) -> Ints:
    """Draw when on the day; now and then somebody works on in the evening at home."""
    evening = rng.random(size) < 0.06 * s.workforce.home_share[staff]
    return np.where(evening, evening_second(rng, size), s.workforce.clock(rng, staff))


def _who_does_it(
    rng: np.random.Generator, s: Setting, zaken: Zaken, planned: tuple[Ints, Ints, Ints]
) -> tuple[Ints, Ints, Flags, Flags]:
    """Find who does each planned (zaak, number, day): handler, successor, queue or cover."""
    zaak, number, day = planned
    moved = (zaken.successor[zaak] != NONE) & (s.calendar.at(day) > zaken.moved[zaak])
    owner = np.where(moved, zaken.successor[zaak], zaken.handler[zaak])
    colleague, colleague_day = s.roster.pick(rng, zaken.team[zaak], day)
    from_queue = zaken.queued[zaak] & (number == 0)
    back = s.roster.back_on[owner, day]
    cover = ~from_queue & ((back - day > _PATIENCE) | (back >= s.calendar.length)) & (colleague != owner)
    other = from_queue | cover
    return np.where(other, colleague, owner), np.where(other, colleague_day, back), from_queue, cover
