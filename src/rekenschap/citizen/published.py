# SPDX-License-Identifier: EUPL-1.2
"""The register of processing activities as anybody may read it: what is done, for what, under which law.

Leaves out an activity as long as its newest version is shielded, and who owns or protects what: those can be
names of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType

from rekenschap.citizen.look import Activity

_TEXTS = ("key", "name", "purpose", "legal_basis", "law", "on_behalf", "retention_law")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The versions of each activity that is public, oldest first; `of` makes it."""

    history: Mapping[str, tuple[Activity, ...]]

    @classmethod
    def of(cls, versions: Iterable[Activity], *, now: datetime) -> Published:
        """Keep what has begun by now and is not shielded any more."""
        found = _by_key(each for each in versions if each.valid_from <= now)
        public = {key: some for key, some in found.items() if not some[-1].is_shielded}
        return cls(history=MappingProxyType(public))

    def as_of(self, key: str, at: datetime) -> Activity | None:
        """Give the version that held at a moment; None when none did."""
        begun = [each for each in self.history.get(key, ()) if each.valid_from <= at]
        last = begun[-1] if begun else None
        return last if last is not None and (last.valid_until is None or at < last.valid_until) else None

    def edition(self, key: str, number: int) -> Activity | None:
        """Give one version by its number."""
        return next((each for each in self.history.get(key, ()) if each.edition == number), None)

    def holding(self, at: datetime) -> tuple[Activity, ...]:
        """Give what held at a moment, by name."""
        found = (self.as_of(key, at) for key in self.history)
        return tuple(sorted((each for each in found if each is not None), key=lambda one: one.name.lower()))

    def told(self) -> list[dict[str, object]]:
        """Give it as plain values, for JSON."""
        return [_told(each) for some in self.history.values() for each in some]


def published_in(told: Iterable[Mapping[str, object]]) -> Published:
    """Read what `told` gave; raises ValueError for anything else."""
    return Published(history=MappingProxyType(_by_key(map(_read, told))))


def _by_key(versions: Iterable[Activity]) -> dict[str, tuple[Activity, ...]]:
    found: dict[str, list[Activity]] = {}
    for each in sorted(versions, key=lambda one: (one.key, one.valid_from, one.edition)):
        found.setdefault(each.key, []).append(each)
    return {key: tuple(some) for key, some in found.items()}


def _told(each: Activity) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(each).items()
    }


def _read(told: Mapping[str, object]) -> Activity:
    try:
        since, until, edition = told["valid_from"], told["valid_until"], told["edition"]
        key, name, purpose, legal_basis, law, on_behalf, retention_law = (str(told[each]) for each in _TEXTS)
    except KeyError:
        raise ValueError("expected an activity") from None
    return Activity(
        key=key, name=name, purpose=purpose, legal_basis=legal_basis, law=law, on_behalf=on_behalf,
        retention_law=retention_law,
        people=_texts(told.get("people")),
        categories=_texts(told.get("categories")),
        recipients=_texts(told.get("recipients")),
        transfers=_texts(told.get("transfers")),
        retention_days=_number(told.get("retention_days")),
        looks_days=_number(told.get("looks_days")),
        edition=_number(edition) or 1,
        is_shielded=told.get("is_shielded") is not False,
        valid_from=datetime.fromisoformat(str(since)),
        valid_until=None if until is None else datetime.fromisoformat(str(until)),
    )  # fmt: skip


def _texts(told: object) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, list) else ()


def _number(told: object) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) else None
