# SPDX-License-Identifier: EUPL-1.2
"""The tables of work as it truly happened, and the setting it is drawn from.

Only shapes: knows no way of drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

from rekenschap.demo.arrays import (
    Flags,
    Ints,
)
from rekenschap.demo.calendar import Calendar
from rekenschap.demo.catalogue import CHANNELS
from rekenschap.demo.life.citizens import Citizens
from rekenschap.demo.life.workforce import Roster, Workforce
from rekenschap.demo.noise import Noise

COUNTER, CALL, POST, PORTAL = range(len(CHANNELS))
CALLED, APPOINTED, AT_COUNTER, LETTER, MESSAGE = range(5)
CONTACT_KINDS = ("call", "appointment", "counter", "letter", "message")
TASK_KINDS = ("project", "terugbellen", "gegevens controleren")
PROJECT, CALL_BACK, CHECKING = range(len(TASK_KINDS))
WAYS_OUT = ("export", "mail", "device", "upload", "print")
EXPORT, MAIL, DEVICE, UPLOAD, PRINT = range(len(WAYS_OUT))
WHERE = ("internal", "own", "partner", "external", "abroad")
INTERNAL, OWN_ADDRESS, PARTNER, EXTERNAL, ABROAD = range(len(WHERE))
COUNTRIES = ("DE", "US", "RU", "PA")


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
    self_made: Flags  # opened by the handler, with nothing that came in before


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
    signed: Flags  # the system keeps who did it; not so for some that were taken from a queue
    cover: Flags
    written: Flags
    task: Flags
    appointment: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Every call, visit and letter; the flags say what the record of it holds."""

    kind: Ints
    subject: Ints
    staff: Ints
    team: Ints
    zaak: Ints
    started: Ints
    ended: Ints
    identified: Flags
    recorded: Flags
    by_hand: Flags  # not by the telephone system: somebody typed a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """A lead looks into a zaak of the team (oversight)."""

    zaak: Ints
    staff: Ints
    at: Ints
    written: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """A task that is no step of a zaak: of a project, or one that somebody made."""

    zaak: Ints  # or NONE
    subject: Ints
    staff: Ints  # NONE when it waits for a team
    team: Ints
    kind: Ints  # position in TASK_KINDS
    created: Ints
    done: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Data that left: by mail, export, device, upload or print; `episode` is part of the truth."""

    at: Ints
    staff: Ints
    kind: Ints  # position in WAYS_OUT
    subject: Ints  # NONE when it is about several
    subjects: Ints
    size: Ints
    where: Ints  # position in WHERE
    destination: Ints  # number of an address or site, NONE when the system keeps none
    abroad: Ints  # position in COUNTRIES, or NONE
    activity: Ints  # or NONE
    episode: Ints  # or NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainings:
    """Who was at a training on which day, by the roster."""

    staff: Ints
    day: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Accounts of projects, each shared by some of a team; they come after the system account."""

    team: Ints
    opened: Ints  # day


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """All work of the town, and what else its systems kept."""

    zaken: Zaken
    steps: Steps
    contacts: Contacts
    samples: Samples
    tasks: Tasks
    outgoing: Outgoing
    trainings: Trainings
    accounts: Accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What work is drawn from: the days, the people on both sides, and how honest noise is set."""

    seed: int
    calendar: Calendar
    citizens: Citizens
    workforce: Workforce
    roster: Roster
    noise: Noise
