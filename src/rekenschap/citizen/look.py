# SPDX-License-Identifier: EUPL-1.2
"""One look as far as this room may know it, the register of processing activities, and what is withheld."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """What the work behind a look was, in kinds that a sentence can be made of."""

    CALL = "call"
    APPOINTMENT = "appointment"
    COUNTER = "counter"
    LETTER = "letter"
    MESSAGE = "message"
    ZAAK = "zaak"
    ZAAK_OF_OTHER = "zaak_of_other"
    OVERSIGHT = "oversight"
    SYSTEM = "system"
    STATED = "stated"
    OUR_CHECK = "our_check"
    WORK = "work"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look at one subject. `entry` is its place in the ledger, `reference` what a citizen calls it."""

    entry: int
    reference: str
    at: datetime
    known_at: datetime
    why: Why
    register: str
    about: str = ""
    """type of the zaak it was for; empty when that is somebody else's, or there is none"""
    department: str = ""
    fields: tuple[str, ...] = ()
    activity: str = ""
    is_explained: bool = True
    is_of_desk: bool = False
    """whether it was made while checking earlier looks"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One version of an entry of the register of processing activities (GDPR art. 30)."""

    key: str
    name: str
    purpose: str
    legal_basis: str
    law: str
    is_shielded: bool
    valid_from: datetime
    valid_until: datetime | None = None
    on_behalf: str = ""
    """the body in whose name it is done; empty: the organisation itself"""
    edition: int = 1
    people: tuple[str, ...] = ()
    """categories of people it is about"""
    categories: tuple[str, ...] = ()
    """categories of data"""
    recipients: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    """countries outside the EU"""
    retention_days: int | None = None
    retention_law: str = ""
    looks_days: int | None = None
    """how long it is kept who looked; None: as long as the data"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """From one moment up to another; without an end it still lasts."""

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether a moment is in it."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """A decision that one look is not shown yet, with the ground in law."""

    entry: int
    ground: str
    spell: Spell
