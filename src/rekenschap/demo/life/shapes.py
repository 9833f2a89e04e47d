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
