# SPDX-License-Identifier: EUPL-1.2
"""Honest looks of few whose work stands elsewhere: the duty officer, the integrity office, a lawyer."""

from __future__ import annotations

import numpy as np

from rekenschap.demo.arrays import NONE, Flags, Ints, between, stream
from rekenschap.demo.calendar import HISTORY, HOUR, MINUTE, office_second
from rekenschap.demo.catalogue import CAST, REGISTER, SEARCH_KEY, TEAM, TEAMS, ZAAKTYPES, cast_position
from rekenschap.demo.life.looks import DUTY, HOLD, INQUIRY, Looks, looks, team_activity
from rekenschap.demo.life.papers import Papers, new_zaken
from rekenschap.demo.life.shapes import CALL, Setting, Work
from rekenschap.demo.noise import NOISES

_MONTH, _QUARTER = 30, 91
_BRP, _ZAKEN = REGISTER["basisregistratie personen"], REGISTER["zaaksysteem"]


def drawn_from(s: Setting, work: Work, honest: Looks, *, papers: Papers) -> list[Looks]:
    """Draw the looks of every kind."""
    return [_duty(s, papers), _inquiries(s, honest), _holds(s, work)]


def _made(
    s: Setting,
    where: tuple[Ints, Ints, Ints],
    *,
    register: int,
    key: str,
    reason: int,
    noise: str,
    zaak: Ints | int = NONE,
    written: bool | Flags = False,
) -> Looks:
    staff, subject, at = where
    return looks(
        staff=staff,
        subject=subject,
        at=at,
        register=np.full(len(staff), register),
        key=np.full(len(staff), SEARCH_KEY[key]),
        activity=team_activity(s.workforce.team[staff]),
        reason=reason,
        noise=NOISES.index(noise),
        zaak=zaak,
        written=written,
    )


def _often(rng: np.random.Generator, s: Setting, rate: float, per: int, people: float) -> int:
    return int(rng.poisson(rate * (s.calendar.length - HISTORY) / per * people))


def _duty(s: Setting, papers: Papers) -> Looks:
    """Let the duty officer look into a household outside office hours; the zaak is made next morning."""
    rng = stream(s.seed, "emergency_desk")
    often = _often(rng, s, s.noise.emergency_desk, 1, s.workforce.count / 100)
    day = rng.integers(HISTORY, s.calendar.length, often, dtype=np.int64)
    team = TEAM["maatschappelijke ondersteuning"] + len(TEAMS) * (
        rng.integers(0, max(1, s.workforce.teams // len(TEAMS)), often)
    )
    staff, duty_day = s.roster.pick(rng, team, np.maximum(day - 3, 0))
    inside = (staff != NONE) & (duty_day < s.calendar.length)
    inside &= _employed(s, np.where(inside, staff, 0), day)
    staff, day, team = staff[inside], day[inside], team[inside]
    subject = s.citizens.coming(rng, len(day))
    begun = s.calendar.at(day, between(rng, 18 * HOUR + 900, 22 * HOUR, size=len(day)))
    registered = s.calendar.at(day + 1, 8 * HOUR + between(rng, 0, 2 * HOUR, size=len(day)))
    kind = [each.name for each in ZAAKTYPES].index("hulp in huis")
    known = registered < s.calendar.last_moment
    zaak = np.full(len(day), NONE)
    zaak[known] = papers.open_zaken(
        new_zaken(
            subject=subject[known],
            zaaktype=np.full(int(known.sum()), kind),
            team=team[known],
            channel=CALL,
            registered=registered[known],
            staff=staff[known],
            closed=np.full(int(known.sum()), NONE),
            self_made=True,
        )
    )
    each = np.repeat(np.arange(len(day)), between(rng, 1, 3, size=len(day)))
    at = begun[each] + between(rng, 0, 25 * MINUTE, size=len(each))
    where = (staff[each], subject[each], at)
    return _made(
        s,
        where,
        register=_BRP,
        key="name",
        reason=DUTY,
        noise="emergency_desk",
        zaak=zaak[each],
        written=known[each],
    )


def _employed(s: Setting, staff: Ints, day: Ints) -> Flags:
    force = s.workforce
    here: Flags = (force.valid_from[staff] <= day) & (
        (force.valid_until[staff] == NONE) | (day < force.valid_until[staff])
    )
    return here & ~force.on_leave[staff, day]


def _inquiries(s: Setting, honest: Looks) -> Looks:
    """Let the integrity office follow what somebody looked at; that is written nowhere on purpose."""
    rng = stream(s.seed, "integrity_inquiry")
    officer = cast_position(CAST[2].key)
    often = _often(rng, s, s.noise.integrity_inquiry, _MONTH, s.workforce.count / 1000)
    days = np.flatnonzero(s.workforce.present[officer, HISTORY:]) + HISTORY
    parts: list[tuple[Ints, Ints]] = []
    for _ in range(often if len(days) else 0):
        day = int(rng.choice(days))
        about = int(rng.integers(0, s.workforce.count))
        seen = np.unique(
            honest.subject[(honest.staff == about) & (honest.at < s.calendar.at(np.array([day]))[0])]
        )
        people = rng.permutation(seen)[: int(rng.integers(5, 25))]
        at = s.calendar.at(np.full(len(people), day), office_second(rng, len(people)))
        parts.append((people, at))
    nobody = np.zeros(0, dtype=np.int64)
    people, at = (
        np.concatenate([nobody, *column]) for column in (list(zip(*parts, strict=True)) or [(), ()])
    )
    where = (np.full(len(people), officer), people, at)
    return _made(s, where, register=_ZAKEN, key="bsn", reason=INQUIRY, noise="integrity_inquiry")


def _holds(s: Setting, work: Work) -> Looks:
    """Let a lawyer go through some dozens of zaken behind a claim, on one or two days."""
    rng = stream(s.seed, "legal_hold")
    often = _often(rng, s, s.noise.legal_hold, _QUARTER, s.workforce.count / 200)
    blocks = max(1, s.workforce.teams // len(TEAMS))
    parts = []
    for _ in range(often):
        team = TEAM["bezwaar en beroep"] + len(TEAMS) * int(rng.integers(0, blocks))
        day = rng.integers(HISTORY, s.calendar.length, 1, dtype=np.int64)
        staff, day = s.roster.pick(rng, np.array([team]), day)
        if staff[0] == NONE or day[0] >= s.calendar.length:
            continue
        known = np.flatnonzero(work.zaken.registered < s.calendar.at(day)[0])
        zaak = rng.permutation(known[work.zaken.zaaktype[known] == work.zaken.zaaktype[known[-1]]])
        zaak = zaak[: int(rng.integers(20, 60))]
        at = s.calendar.at(np.repeat(day, len(zaak)), office_second(rng, len(zaak)))
        parts.append((np.repeat(staff, len(zaak)), zaak, at))
    nobody = np.zeros(0, dtype=np.int64)
    columns = list(zip(*parts, strict=True)) or [(), (), ()]
    staff, zaak, at = (np.concatenate([nobody, *column]) for column in columns)
    return _made(
        s,
        (staff, work.zaken.subject[zaak], at),
        register=_ZAKEN,
        key="zaak",
        reason=HOLD,
        noise="legal_hold",
        zaak=zaak,
    )
