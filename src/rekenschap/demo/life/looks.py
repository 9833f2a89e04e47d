# SPDX-License-Identifier: EUPL-1.2
"""Every look, made because of something: a step, a call, a visit, a sample, the nightly run.

A look carries its true reason from the start; nothing here reads what was written down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rekenschap.demo.arrays import (
    NONE,
    Flags,
    Floats,
    Ints,
    between,
    drawn,
    happens,
    joined,
    repeated,
    rows_of,
    stream,
)
from rekenschap.demo.calendar import DAY, HISTORY, HOUR, MINUTE
from rekenschap.demo.catalogue import (
    ACTIVITIES,
    BATCH_ACTIVITY,
    BY_PLATE,
    CONTACT_ACTIVITY,
    REGISTER,
    SEARCH_KEY,
    TEAMS,
    ZAAKTYPES,
)
from rekenschap.demo.life.shapes import AT_COUNTER, CALLED, POST, Contacts, Setting, Work

REASONS = (
    *("step", "intake", "contact", "oversight", "batch", "after", "before", "alongside", "slip", "own"),
    *("project", "training", "mailing", "duty", "inquiry", "hold", "check", "story"),
)
STEP, INTAKE, CONTACT, SAMPLE, BATCH, LATER, EARLY, ALONGSIDE, SLIP, OWN = range(10)
PROJECT, TRAINING, MAILING, DUTY, INQUIRY, HOLD, CHECK, STORY = range(10, len(REASONS))
"""Why somebody looked: the kind of reason, in the order of the numbers above."""

ACTIVITY = {each.key: position for position, each in enumerate(ACTIVITIES)}
_BRP, _ZAKEN, _CLIENT = (
    REGISTER[each] for each in ("basisregistratie personen", "zaaksysteem", "klantbeeld")
)
_SYSTEM_LOOKS_PER_STAFF = 0.65  # each night


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Every look with its true reason; `written` says whether the work behind it was written down."""

    staff: Ints
    subject: Ints
    at: Ints
    zaak: Ints  # the zaak it was for, or NONE
    register: Ints
    key: Ints  # what was searched by
    activity: Ints
    reason: Ints  # position in REASONS
    because: Ints  # position of the step, zaak, contact or sample; NONE otherwise
    noise: Ints  # position in the fields of Noise, or NONE
    story: Ints  # position of the story, or NONE
    episode: Ints  # number of the episode, or NONE
    device: Ints  # whose workplace it came from, when not that of the account; NONE otherwise
    written: Flags


def looks(
    *,
    staff: Ints,
    subject: Ints,
    at: Ints,
    register: Ints,
    key: Ints,
    activity: Ints,
    reason: int,
    because: Ints | int = NONE,
    zaak: Ints | int = NONE,
    noise: int = NONE,
    story: int = NONE,
    episode: int = NONE,
    device: Ints | int = NONE,
    written: Flags | bool,
) -> Looks:
    """Make looks; a single number or flag counts for every row."""
    size = len(staff)
    return Looks(
        staff=staff,
        subject=subject,
        at=at,
        register=register,
        key=key,
        activity=activity,
        reason=np.full(size, reason),
        because=np.broadcast_to(np.asarray(because), (size,)),
        zaak=np.broadcast_to(np.asarray(zaak), (size,)),
        noise=np.full(size, noise),
        story=np.full(size, story),
        episode=np.full(size, episode),
        device=np.broadcast_to(np.asarray(device), (size,)),
        written=np.broadcast_to(np.asarray(written), (size,)),
    )


def looks_of(s: Setting, work: Work) -> Looks:
    """Draw the looks of all legitimate work that went by the book, history included."""
    rng = stream(s.seed, "looks")
    kinds = (_at_steps, _at_intake, _at_contacts, _at_samples, _by_night)
    return joined([draw(rng, s, work) for draw in kinds])


def team_activity(team: Ints) -> Ints:
    """Give the processing activity that a team mostly works under."""
    return np.array([ACTIVITY[each.activity] for each in TEAMS])[team % len(TEAMS)]


def team_register(team: Ints) -> Ints:
    """Give the register that a team mostly looks in."""
    return np.array([REGISTER[each.register] for each in TEAMS])[team % len(TEAMS)]


def _of_type(name: str) -> Floats:
    return np.array([getattr(each, name) for each in ZAAKTYPES], dtype=np.float64)


def _keys(rng: np.random.Generator, size: int, **weights: float) -> Ints:
    """Draw search keys with the chances given by name."""
    table = np.array([SEARCH_KEY[each] for each in weights])
    return table[drawn(rng, list(weights.values()), size)]


def _at_steps(rng: np.random.Generator, s: Setting, work: Work) -> Looks:
    zaken, steps = work.zaken, work.steps
    zaaktype = zaken.zaaktype[steps.zaak]
    mean = np.maximum(1.05, _of_type("looks")[zaaktype] * s.workforce.pace[steps.staff])
    step = repeated(np.minimum(rng.geometric(1 / mean), 25).astype(np.int64))
    size, zaaktype, zaak = len(step), zaaktype[step], steps.zaak[step]
    subject = zaken.subject[zaak]
    related = rng.random(size) < _of_type("related")[zaaktype]
    own = team_register(zaken.team[zaak])
    register = np.choose(
        drawn(rng, (0.58, 0.28, 0.14), size), [own, np.full(size, _ZAKEN), np.full(size, _BRP)]
    )
    plates = np.array([BY_PLATE.get(each.name, 0.0) for each in ZAAKTYPES])
    by_plate = stream(s.seed, "plates").random(size) < plates[zaaktype]
    at = steps.at[step] + between(rng, 0, 38 * MINUTE, size=size)
    keys = _keys(rng, size, zaak=0.46, bsn=0.33, name=0.11, address=0.04, list=0.06)
    return looks(
        staff=steps.staff[step],
        subject=np.where(related & ~by_plate, s.citizens.housemate(rng, subject), subject),
        at=at,
        zaak=zaak,
        register=np.where(by_plate, REGISTER["kentekenregister"], register),
        key=np.where(by_plate, SEARCH_KEY["plate"], keys),
        activity=np.array([ACTIVITY[each.activity] for each in ZAAKTYPES])[zaaktype],
        reason=STEP,
        because=step,
        written=steps.written[step],
    )


def _at_intake(rng: np.random.Generator, s: Setting, work: Work) -> Looks:
    zaken = work.zaken
    chance = np.where(zaken.channel == POST, 0.6, 0.9)
    zaak = np.flatnonzero((zaken.intake != NONE) & (rng.random(rows_of(zaken)) < chance))
    staff, size = zaken.intake[zaak], len(zaak)
    return looks(
        staff=staff,
        subject=zaken.subject[zaak],
        at=zaken.registered[zaak] - between(rng, 5, 280, size=size),
        zaak=NONE,
        register=_intake_register(zaken.channel[zaak], s.workforce.team[staff]),
        key=_keys(rng, size, bsn=0.4, name=0.3, address=0.3),
        activity=np.array([ACTIVITY[each.activity] for each in ZAAKTYPES])[zaken.zaaktype[zaak]],
        reason=INTAKE,
        because=zaak,
        written=True,
    )


def _intake_register(channel: Ints, team: Ints) -> Ints:
    return np.where(channel == POST, _ZAKEN, team_register(team))


def _at_contacts(rng: np.random.Generator, s: Setting, work: Work) -> Looks:
    """Draw the looks during calls and around visits (not those that brought a zaak, nor letters)."""
    contacts = work.contacts
    called = contacts.kind == CALLED
    lively = (contacts.kind <= AT_COUNTER) & (contacts.staff != NONE) & ((contacts.zaak == NONE) | called)
    counts = np.where(called, rng.binomial(3, 0.42, len(called)), 1 + rng.poisson(0.45, len(called)))
    contact = repeated(np.where(lively, counts, 0).astype(np.int64))
    size, called = len(contact), called[contact]
    late = np.maximum(20, contacts.ended[contact] - contacts.started[contact])
    delay = np.where(
        called, (rng.random(size) * late).astype(np.int64), between(rng, -4 * MINUTE, 9 * MINUTE, size=size)
    )
    team = s.workforce.team[contacts.staff[contact]]
    by_phone = _keys(rng, size, bsn=0.35, name=0.3, address=0.15, zaak=0.2)
    face_to_face = _keys(rng, size, bsn=0.6, name=0.2, list=0.2)
    return looks(
        staff=contacts.staff[contact],
        subject=contacts.subject[contact],
        at=contacts.started[contact] + delay,
        zaak=contacts.zaak[contact],
        register=np.where(called, _CLIENT, team_register(team)),
        key=np.where(called, by_phone, face_to_face),
        activity=np.where(called, ACTIVITY[CONTACT_ACTIVITY], team_activity(team)),
        reason=CONTACT,
        because=contact,
        noise=NONE,
        written=_held(contacts)[contact],
    )


def _held(contacts: Contacts) -> Flags:
    return contacts.recorded & contacts.identified


def _at_samples(rng: np.random.Generator, s: Setting, work: Work) -> Looks:
    samples = work.samples
    sample = repeated(between(rng, 1, 3, size=rows_of(samples)))
    zaak, size = samples.zaak[sample], len(sample)
    return looks(
        staff=samples.staff[sample],
        subject=work.zaken.subject[zaak],
        at=samples.at[sample] + between(rng, 0, 20 * MINUTE, size=size),
        zaak=zaak,
        register=np.full(size, _ZAKEN),
        key=_keys(rng, size, zaak=0.85, list=0.15),
        activity=np.array([ACTIVITY[each.activity] for each in ZAAKTYPES])[work.zaken.zaaktype[zaak]],
        reason=SAMPLE,
        because=sample,
        written=samples.written[sample],
    )


def _by_night(rng: np.random.Generator, s: Setting, work: Work) -> Looks:
    """Let the system account pass on, each night, the people of recent zaken."""
    night = np.arange(HISTORY, s.calendar.length)
    day = np.repeat(night, max(3, int(s.workforce.count * _SYSTEM_LOOKS_PER_STAFF)))
    size = len(day)
    at = s.calendar.at(day, 3 * HOUR + 1800) + between(rng, 0, 45 * MINUTE, size=size)
    newest = np.searchsorted(work.zaken.registered, s.calendar.at(day))
    oldest = np.searchsorted(work.zaken.registered, s.calendar.at(day) - 5 * DAY)
    pick = oldest + (rng.random(size) * (newest - oldest)).astype(np.int64)
    recent = work.zaken.subject[np.clip(pick, 0, rows_of(work.zaken) - 1)]
    anyone = happens(rng, 0.3, size) | (newest == oldest)
    return looks(
        staff=np.full(size, s.workforce.count),
        subject=np.where(anyone, s.citizens.anyone(rng, size), recent),
        at=at,
        register=np.full(size, _BRP),
        key=np.full(size, SEARCH_KEY["list"]),
        activity=np.full(size, ACTIVITY[BATCH_ACTIVITY]),
        reason=BATCH,
        written=True,
    )
