# SPDX-License-Identifier: EUPL-1.2
"""What taking a table in would change: new entries, new versions of known ones, and what stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rekenschap.register.activity import Version, changes
from rekenschap.register.table import Drawn, Problem
from rekenschap.register.versions import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be put on record; `absent` are the keys that hold now and are not in the table."""

    fresh: tuple[Version, ...]
    changed: tuple[Version, ...]
    same: int
    absent: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def versions(self) -> tuple[Version, ...]:
        """Give all that would be put on record."""
        return (*self.fresh, *self.changed)


def plan(register: Register, rows: Sequence[Drawn | list[Problem]], *, now: datetime) -> Plan:
    """Compare the rows of a table with what is on record.

    A new version of a known entry never begins in the past: what was done then was done on the basis of then.
    """
    drawn = [each for each in rows if isinstance(each, Drawn)]
    problems = [one for each in rows if isinstance(each, list) for one in each]
    seen: set[str] = set()
    fresh: list[Version] = []
    changed: list[Version] = []
    same = 0
    for each in drawn:
        if each.version.key in seen:
            problems.append(Problem(line=each.line, field="key", reason="twice"))
            continue
        seen.add(each.version.key)
        known = register.latest(each.version.key)
        if known is None:
            fresh.append(replace(each.version, edition=1))
        elif _differs(known, each):
            changed.append(next_version(known, each.version, now=now))
        else:
            same += 1
    problems.sort(key=lambda one: (one.line, one.field))
    return Plan(
        fresh=tuple(fresh), changed=tuple(changed), same=same, absent=_absent(register, seen, now),
        problems=tuple(problems),
    )  # fmt: skip


def next_version(known: Version, wanted: Version, *, now: datetime) -> Version:
    """Give the version that comes after a known one: numbered next, and never holding before now."""
    return replace(
        wanted, edition=known.edition + 1, valid_from=max(wanted.valid_from, now, known.valid_from)
    )


def _differs(known: Version, each: Drawn) -> bool:
    return bool(changes(known, each.version)) or (
        each.version.valid_until is not None and each.version.valid_until != known.valid_until
    )


def _absent(register: Register, seen: Iterable[str], now: datetime) -> tuple[str, ...]:
    return tuple(sorted({each.key for each in register.holding(now)} - set(seen)))
