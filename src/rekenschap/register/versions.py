# SPDX-License-Identifier: EUPL-1.2
"""All versions of all activities: which one held at a moment, and whether a look had a basis in law.

A later version never changes what held before it: what was looked at then had the basis of then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from rekenschap.register.activity import Version

GRACE = timedelta(days=1)
"""A look and the register may come in on one day in any order."""


class Basis(StrEnum):
    """How a look, or a delivered set, stands to the register."""

    KNOWN = "known"
    """it names an activity of which a version held then"""
    AFTERWARDS = "afterwards"
    """as above, but that version was put on record more than a day after the look was"""
    NOT_THEN = "not_then"
    """the activity is known, but no version of it held then"""
    UNKNOWN = "unknown"
    """it names an activity that is not in the register"""
    NONE = "none"
    """neither the look nor its zaak names an activity"""

    @property
    def counts(self) -> bool:
        """Whether this is a basis."""
        return self in (Basis.KNOWN, Basis.AFTERWARDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The versions of each activity, oldest first; `of` makes it."""

    history: Mapping[str, tuple[Version, ...]]

    @classmethod
    def of(cls, versions: Iterable[Version]) -> Register:
        """Put versions in order: by when they begin to hold, then by number."""
        found: dict[str, list[Version]] = {}
        for each in sorted(versions, key=lambda one: (one.key, one.valid_from, one.edition)):
            found.setdefault(each.key, []).append(each)
        return cls(history=MappingProxyType({key: tuple(some) for key, some in found.items()}))

    @property
    def versions(self) -> tuple[Version, ...]:
        """Give all versions of all activities."""
        return tuple(each for some in self.history.values() for each in some)

    def as_of(self, key: str, at: datetime) -> Version | None:
        """Give the version that held at a moment; None when none did."""
        begun = [each for each in self.history.get(key, ()) if each.valid_from <= at]
        last = begun[-1] if begun else None
        return last if last is not None and (last.valid_until is None or at < last.valid_until) else None

    def latest(self, key: str) -> Version | None:
        """Give the version with the highest number, whether it holds now or not."""
        return max(self.history.get(key, ()), key=lambda one: one.edition, default=None)

    def edition(self, key: str, number: int) -> Version | None:
        """Give one version by its number."""
        return next((each for each in self.history.get(key, ()) if each.edition == number), None)

    def holding(self, at: datetime) -> tuple[Version, ...]:
        """Give what held at a moment, in the order of the keys."""
        found = (self.as_of(key, at) for key in self.history)
        return tuple(each for each in found if each is not None)

    def basis(self, key: str, at: datetime, *, known_at: datetime | None = None) -> Basis:
        """Say how a look at a moment, made for the activity of this key, stands to the register.

        `known_at` is when the look was put on record; without it, when it was made.
        """
        if not key:
            return Basis.NONE
        if key not in self.history:
            return Basis.UNKNOWN
        then = self.as_of(key, at)
        if then is None:
            return Basis.NOT_THEN
        last = (known_at or at) + GRACE
        return Basis.AFTERWARDS if then.recorded_at is not None and last < then.recorded_at else Basis.KNOWN
