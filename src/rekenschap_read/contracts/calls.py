# SPDX-License-Identifier: EUPL-1.2
"""What all interfaces share: a call, what is wanted by it, an answer, and what is wrong with a call."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl
from uuid import UUID
from zoneinfo import ZoneInfo

from rekenschap_read.place.clerk import Known
from rekenschap_read.place.names import Seals
from rekenschap_read.place.settings import Client, Offer, Settings

JSON, PROBLEM = "application/json", "application/problem+json"
ZONE = ZoneInfo("Europe/Amsterdam")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST, LATEST = -(2**62), 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that is wrong with a call: where, a code, and why in a sentence."""

    name: str
    code: str
    reason: str


class NotAnsweredError(Exception):
    """A call that gets no answer; the door words it as the interface wants its faults worded."""

    def __init__(self, status: int, detail: str, *, kind: str = "", wrong: Sequence[Wrong] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind, self.wrong = status, detail, kind, tuple(wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of a known client, with where everything is that may be given."""

    client: Client
    settings: Settings
    offer: Offer
    place: Path
    citizens: Path
    """the place of the citizen page: what citizens may see"""
    seals: Seals
    base: str
    """the address of the interface as the client knows it"""
    part: str = ""
    """the last part of the path, where the interface has one"""
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def parameters(self) -> dict[str, list[str]]:
        """Give the values of each parameter in the query."""
        found: dict[str, list[str]] = {}
        try:
            told = parse_qsl(self.query, keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError:
            raise NotAnsweredError(400, "De zoekvraag in het adres is niet te lezen.") from None
        for name, value in told:
            found.setdefault(name, []).append(value)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a call asks, understood: who must be looked up, and how the answer is then made."""

    action: str
    answer: Callable[[Known], object]
    """gives what goes back, as plain values"""
    identifier: str = ""
    token: bytes = b""
    reference: str = ""


Reads = Callable[[Call], Wanted]
"""Understands a call; raises NotAnsweredError."""


def uuid_in(text: str) -> UUID | None:
    """Read a UUID as RFC 9562 writes it; None for anything else."""
    return UUID(text) if _UUID.fullmatch(text) else None


def moment_in(text: str) -> int | None:
    """Read a date-time of RFC 3339 as µs UTC; None for anything else."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(each) for each in found.groups()[:6])
    if not (hour < 24 and minute < 60 and second < 61) or int(found[9] or 0) > 23 or int(found[10] or 0) > 59:
        return None
    try:
        at = datetime(max(year, 1), month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
    away = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0))
    part = int((found[7] or "0")[:6].ljust(6, "0"))
    return (at - _EPOCH) // _MICROSECOND + part + (1 if found[8] == "-" else -1) * (away // _MICROSECOND)


def day_in(text: str) -> date | None:
    """Read a date of RFC 3339; None for anything else."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def begin_of(day: date) -> int:
    """Give when a day begins where we are, in µs UTC."""
    if day.year < 2:  # before it there is nothing to convert to
        return EARLIEST
    at = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
    return (at - _EPOCH) // _MICROSECOND


def microseconds(at: datetime) -> int:
    """Give a moment in µs UTC."""
    return (at - _EPOCH) // _MICROSECOND


def written(microseconds_utc: int) -> str:
    """Write a moment as RFC 3339, in UTC."""
    at = _EPOCH + timedelta(microseconds=microseconds_utc)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
