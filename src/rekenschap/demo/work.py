# SPDX-License-Identifier: EUPL-1.2
"""The work of Veldhaven: inbound items become zaken, zaken become steps, and people call and visit.

Everything is drawn as it truly happened; what of it was written down is decided here too, look by look later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rekenschap.demo.arrays import (
    NONE,
    Flags,
    Ints,
    between,
    happens,
    joined,
    rank_within,
    repeated,
    rows_of,
    stream,
    taken,
)
from rekenschap.demo.calendar import DAY, HISTORY, HOUR, MINUTE, Calendar, evening_second, office_second
from rekenschap.demo.catalogue import CAST, CHANNELS, TEAM, TEAMS, ZAAKTYPES, cast_position
from rekenschap.demo.citizens import Citizens
from rekenschap.demo.noise import Noise
from rekenschap.demo.workforce import Roster, Workforce

COUNTER, CALL, POST, PORTAL = range(len(CHANNELS))
CALLED, APPOINTED, AT_COUNTER, LETTER, MESSAGE = range(5)
CONTACT_KINDS = ("call", "appointment", "counter", "letter", "message")
_PATIENCE = 4  # days a zaak waits for an absent handler before somebody covers
_CALLS, _VISITS = 9.0, 4.6  # for each member at work in the klantcontactcentrum, in burgerzaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Zaken:
    """Every zaak; moments are wall-clock seconds, `closed` is NONE when open."""

    subject: Ints
    zaaktype: Ints
    team: Ints
    channel: Ints
    arrived: Ints
    registered: Ints
    intake: Ints  # who took it in, or NONE
    handler: Ints
    successor: Ints  # who took it over, or NONE
    moved: Ints
    closed: Ints
    queued: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Every step of a zaak and who truly did it."""

    zaak: Ints
    number: Ints
    last: Flags
    staff: Ints
    at: Ints
    created: Ints
    from_queue: Flags
    cover: Flags
    written: Flags
    task: Flags
    appointment: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Every call, visit and letter; `identified` and `recorded` say what the record of it holds."""

    kind: Ints
    subject: Ints
    staff: Ints
    team: Ints
    zaak: Ints
    started: Ints
    ended: Ints
    identified: Flags
    recorded: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """A lead looks into a zaak of the team (oversight)."""

    zaak: Ints
    staff: Ints
    at: Ints
    written: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """All work of the town."""

    zaken: Zaken
    steps: Steps
    contacts: Contacts
    samples: Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What work is drawn from: the days, the people on both sides, and how honest noise is set."""

    seed: int
    calendar: Calendar
    citizens: Citizens
    workforce: Workforce
    roster: Roster
    noise: Noise


def work_of(setting: Setting) -> Work:
    """Draw the work of the whole period, history included."""
    zaken, first_day = _zaken(setting)
    zaken = _with_the_cast(setting, zaken)
    steps = _steps(setting, zaken, first_day)
    zaken = replace(zaken, closed=_closed(setting, zaken, steps))
    contacts = joined([_calls(setting, zaken), _visits(setting), _meetings(zaken, steps), _letters(zaken)])
    contacts = replace(contacts, recorded=~_in_outage(setting, contacts))
    return Work(zaken=zaken, steps=steps, contacts=contacts, samples=_samples(setting, zaken, steps))


def _zaken(s: Setting) -> tuple[Zaken, Ints]:
    """Draw the zaken in order of registration, and the day on which work on each can begin."""
    rng = stream(s.seed, "zaken")
    zaaktype, team, day = _arrivals(rng, s)
    size = len(day)
    channel = _channels(rng, zaaktype)
    desk = np.select(
        [channel == COUNTER, channel == CALL], [team, _same_block(team, "klantcontactcentrum")],
        default=_same_block(team, "documentbeheer"),
    )  # fmt: skip
    intake, intake_day = s.roster.pick(rng, desk, day)
    intake = np.where((channel == PORTAL) | (intake_day != day), NONE, intake)
    registered = s.calendar.at(day, office_second(rng, size))
    anytime = s.calendar.at(day, between(rng, 7 * HOUR, 22 * HOUR, size))
    registered = np.where(channel == PORTAL, anytime, registered)
    waited = between(rng, 0, 2, size)
    arrived_day = s.calendar.later(np.maximum(day - 4, 0), np.maximum(2 - waited, 0))
    arrived = np.where(
        channel == POST, s.calendar.at(np.minimum(arrived_day, day), 8 * HOUR), registered - 300
    )
    late = (registered % DAY) > 15 * HOUR
    first_day = np.where(late, s.calendar.later(np.minimum(day + 1, s.calendar.length - 1), day * 0), day)
    handler, picked_day = s.roster.pick(rng, team, first_day)
    queued = rng.random(size) < np.array([each.queue for each in ZAAKTYPES])[zaaktype]
    zaken = Zaken(
        subject=s.citizens.coming(rng, size), zaaktype=zaaktype, team=team, channel=channel,
        arrived=np.minimum(arrived, registered - 120), registered=registered, intake=intake, handler=handler,
        successor=np.full(size, NONE), moved=np.full(size, NONE), closed=np.full(size, NONE), queued=queued,
    )  # fmt: skip
    order = np.argsort(registered, kind="stable")
    order = order[handler[order] != NONE]
    return taken(_reassigned(rng, s, zaken), order), picked_day[order]


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
    return (rng.random(len(zaaktype))[:, None] >= heights[zaaktype]).sum(axis=1).astype(np.int64)


def _same_block(team: Ints, kind: str) -> Ints:
    return team // len(TEAMS) * len(TEAMS) + TEAM[kind]


def _reassigned(rng: np.random.Generator, s: Setting, zaken: Zaken) -> Zaken:
    """Hand some zaken over to a colleague after a week or two."""
    day = s.calendar.day_of(zaken.registered) + between(rng, 4, 15, rows_of(zaken))
    successor, moved_day = s.roster.pick(rng, zaken.team, np.minimum(day, s.calendar.length))
    moves = happens(rng, 0.07, rows_of(zaken)) & (successor != NONE) & (successor != zaken.handler)
    moved = s.calendar.at(moved_day, office_second(rng, rows_of(zaken)))
    return replace(zaken, successor=np.where(moves, successor, NONE), moved=np.where(moves, moved, NONE))


def _with_the_cast(s: Setting, zaken: Zaken) -> Zaken:
    """Let the citizen of the cast have asked for bijstand with the caseworker of the cast."""
    caseworker, citizen = cast_position(CAST[0].key), cast_position(CAST[4].key)
    wanted = [each.name for each in ZAAKTYPES].index("bijstand")
    fits = (
        (zaken.handler == caseworker)
        & (zaken.zaaktype == wanted)
        & (zaken.registered > s.calendar.first_moment)
    )
    subject = zaken.subject.copy()
    subject[np.flatnonzero(fits)[:1]] = citizen
    return replace(zaken, subject=subject)


def _steps(s: Setting, zaken: Zaken, first_day: Ints) -> Steps:
    rng = stream(s.seed, "steps")
    mean, gap = (np.array([getattr(each, name) for each in ZAAKTYPES]) for name in ("steps", "gap"))
    counts = 1 + np.minimum(rng.poisson(mean[zaken.zaaktype] - 1), 7).astype(np.int64)
    zaak, number = repeated(counts), rank_within(counts)
    waits = np.where(number == 0, 0, rng.poisson(gap[zaken.zaaktype[zaak]])).astype(np.int64)
    waited = np.cumsum(waits)
    waited -= np.repeat(waited[number == 0], counts)
    day = s.calendar.later(first_day[zaak], waited)
    staff, day, from_queue, cover = _who_does_it(rng, s, zaken, (zaak, number, day))
    at = s.calendar.at(np.minimum(day, s.calendar.length), _clock(rng, s, staff, len(day)))
    soon = zaken.registered[zaak] + between(rng, 10 * MINUTE, 80 * MINUTE, len(day))
    at = np.maximum(at, soon)
    steps = Steps(
        zaak=zaak, number=number, last=number == counts[zaak] - 1, staff=staff, at=at,
        created=np.maximum(zaken.registered[zaak], at - between(rng, HOUR, 3 * DAY, len(day))),
        from_queue=from_queue, cover=cover,
        written=~cover | ~happens(rng, s.noise.cover_unwritten, len(day)),
        task=happens(rng, 0.75, len(day)),
        appointment=rng.random(len(day)) < np.array([e.appointment for e in ZAAKTYPES])[zaken.zaaktype[zaak]],
    )  # fmt: skip
    return taken(steps, (staff != NONE) & (day < s.calendar.length))


def _clock(rng: np.random.Generator, s: Setting, staff: Ints, size: int) -> Ints:
    """Draw when on the day; now and then somebody works on in the evening at home."""
    evening = rng.random(size) < 0.06 * s.workforce.home_share[staff]
    return np.where(evening, evening_second(rng, size), office_second(rng, size))


def _who_does_it(
    rng: np.random.Generator, s: Setting, zaken: Zaken, planned: tuple[Ints, Ints, Ints]
) -> tuple[Ints, Ints, Flags, Flags]:
    """Find who does each planned (zaak, number, day): handler, successor, queue, or who covers for long leave."""
    zaak, number, day = planned
    moved = (zaken.successor[zaak] != NONE) & (s.calendar.at(day) > zaken.moved[zaak])
    owner = np.where(moved, zaken.successor[zaak], zaken.handler[zaak])
    colleague, colleague_day = s.roster.pick(rng, zaken.team[zaak], day)
    from_queue = zaken.queued[zaak] & (number == 0)
    back = s.roster.back_on[owner, day]
    cover = ~from_queue & ((back - day > _PATIENCE) | (back >= s.calendar.length)) & (colleague != owner)
    other = from_queue | cover
    return np.where(other, colleague, owner), np.where(other, colleague_day, back), from_queue, cover


def _closed(s: Setting, zaken: Zaken, steps: Steps) -> Ints:
    closed = np.full(rows_of(zaken), NONE, dtype=np.int64)
    done = steps.last
    closed[steps.zaak[done]] = steps.at[done] + HOUR
    return np.where(closed < s.calendar.last_moment, closed, NONE)


def _visiting(rng: np.random.Generator, s: Setting, kind: str, rate: float) -> tuple[Ints, Ints, Ints]:
    """Draw (team, staff, day) of visits or calls in proportion to who is at work."""
    teams = np.arange(TEAM[kind], s.workforce.teams, len(TEAMS))
    days = np.arange(HISTORY, s.calendar.length)
    team, day = (each.ravel() for each in np.meshgrid(teams, days, indexing="ij"))
    cell = repeated(rng.poisson(rate * s.roster.headcount(team, day)).astype(np.int64))
    staff, _ = s.roster.pick(rng, team[cell], day[cell])
    return team[cell], staff, day[cell]


def _calls(s: Setting, zaken: Zaken) -> Contacts:
    rng = stream(s.seed, "calls")
    team, staff, day = _visiting(rng, s, "klantcontactcentrum", _CALLS)
    size = len(day)
    started = s.calendar.at(day, office_second(rng, size))
    low, high = np.searchsorted(zaken.registered, [started - 40 * DAY, started - HOUR])
    about = happens(rng, 0.6, size) & (high > low)
    zaak = np.where(about, low + (rng.random(size) * (high - low)).astype(np.int64), NONE)
    return Contacts(
        kind=np.full(size, CALLED),
        subject=np.where(about, zaken.subject[zaak], s.citizens.coming(rng, size)),
        staff=staff, team=team, zaak=zaak, started=started,
        ended=started + between(rng, 70, 660, size),
        identified=~happens(rng, s.noise.caller_unidentified, size),
        recorded=np.ones(size, dtype=np.bool_),
    )  # fmt: skip


def _in_outage(s: Setting, contacts: Contacts) -> Flags:
    """Flag the calls of one working day during which the telephone system recorded nothing."""
    rng = stream(s.seed, "outage")
    worked = np.append(np.flatnonzero(s.calendar.worked[HISTORY:]), 0) + HISTORY
    day = worked[[int(rng.random() * max(1, len(worked) - 1))]]
    first = s.calendar.at(day, 10 * HOUR)
    last = first + int(s.noise.phone_outage * HOUR)
    return (contacts.kind == CALLED) & (contacts.started >= first) & (contacts.started < last)


def _visits(s: Setting) -> Contacts:
    """Draw visits to the counter of burgerzaken, most by appointment."""
    rng = stream(s.seed, "visits")
    team, staff, day = _visiting(rng, s, "burgerzaken", _VISITS)
    size = len(day)
    moment = s.calendar.at(day, office_second(rng, size))
    planned = happens(rng, 0.7, size)
    started = np.where(planned, moment // 600 * 600, moment)
    return Contacts(
        kind=np.where(planned, APPOINTED, AT_COUNTER),
        subject=s.citizens.coming(rng, size), staff=staff, team=team, zaak=np.full(size, NONE),
        started=started, ended=started + between(rng, 300, 1200, size),
        identified=np.ones(size, dtype=np.bool_), recorded=np.ones(size, dtype=np.bool_),
    )  # fmt: skip


def _meetings(zaken: Zaken, steps: Steps) -> Contacts:
    """Note the steps that were done together with the citizen, and what came in at a desk or by call."""
    met = taken(steps, steps.appointment)
    came = np.flatnonzero((zaken.channel <= CALL) & (zaken.intake != NONE))
    zaak = np.concatenate([met.zaak, came])
    started = np.concatenate([met.at // 600 * 600, zaken.registered[came] - 400])
    size = len(zaak)
    at_desk = np.where(zaken.channel[came] == CALL, CALLED, AT_COUNTER)
    return Contacts(
        kind=np.concatenate([np.full(rows_of(met), APPOINTED), at_desk]),
        subject=zaken.subject[zaak], staff=np.concatenate([met.staff, zaken.intake[came]]),
        team=zaken.team[zaak], zaak=zaak, started=started, ended=started + 1500,
        identified=np.ones(size, dtype=np.bool_), recorded=np.ones(size, dtype=np.bool_),
    )  # fmt: skip


def _letters(zaken: Zaken) -> Contacts:
    """Note letters and messages that came in, and the decision that went out."""
    came = np.flatnonzero(zaken.channel >= POST)
    decided = np.flatnonzero(zaken.closed != NONE)
    zaak = np.concatenate([came, decided])
    kind = np.where(zaken.channel[came] == POST, LETTER, MESSAGE)
    size = len(zaak)
    owner = np.where(zaken.successor[decided] != NONE, zaken.successor[decided], zaken.handler[decided])
    return Contacts(
        kind=np.concatenate([kind, np.full(len(decided), LETTER)]),
        subject=zaken.subject[zaak], staff=np.concatenate([np.full(len(came), NONE), owner]),
        team=zaken.team[zaak], zaak=zaak,
        started=np.concatenate([zaken.arrived[came], zaken.closed[decided]]), ended=np.full(size, NONE),
        identified=np.ones(size, dtype=np.bool_), recorded=np.ones(size, dtype=np.bool_),
    )  # fmt: skip


def _samples(s: Setting, zaken: Zaken, steps: Steps) -> Samples:
    """Let each lead look into a few of the zaken the team worked on, some days later."""
    rng = stream(s.seed, "samples")
    some = taken(steps, happens(rng, 0.028, rows_of(steps)))
    lead = s.workforce.lead_of()[zaken.team[some.zaak]]
    day = s.calendar.later(s.calendar.day_of(some.at), between(rng, 1, 5, rows_of(some)))
    back = s.roster.back_on[lead, day]
    at = s.calendar.at(back, office_second(rng, rows_of(some)))
    samples = Samples(
        zaak=some.zaak, staff=lead, at=at, written=~happens(rng, s.noise.oversight_unwritten, rows_of(some))
    )
    return taken(
        samples, (lead != NONE) & (back < s.calendar.length) & (back - day < 10) & (lead != some.staff)
    )
