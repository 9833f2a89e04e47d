# SPDX-License-Identifier: EUPL-1.2
"""Whether a look is withheld at a moment. Each ground ends by itself; then the look is shown.

GDPR art. 15(4) and 23, Dutch implementation act (UAVG) art. 41: not showing needs a ground, and an end.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from rekenschap.citizen.look import Activity, Look, Spell, Withholding

OWN_LOOKS_AFTER = timedelta(days=365)
"""A check of earlier looks is shown after a year: by then it can no longer warn whom it is about."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything that decides, at one moment."""

    now: datetime
    register: Sequence[Activity] = ()
    withheld: Sequence[Withholding] = ()
    departments: Collection[str] = frozenset()
    """departments with so many people that their name points to nobody"""
    own_looks_after: timedelta = OWN_LOOKS_AFTER

    @cached_property
    def by_key(self) -> Mapping[str, tuple[Activity, ...]]:
        """Give the versions of each activity, oldest first."""
        found: dict[str, list[Activity]] = {}
        for each in sorted(self.register, key=lambda version: version.valid_from):
            found.setdefault(each.key, []).append(each)
        return {key: tuple(versions) for key, versions in found.items()}

    @cached_property
    def decided(self) -> frozenset[int]:
        """Name the looks that a decision withholds now."""
        return frozenset(each.entry for each in self.withheld if each.spell.holds(self.now))


def activity_at(rules: Rules, key: str, at: datetime) -> Activity | None:
    """Give the version of an activity that held at a moment; None when the register knew none then."""
    held = (each for each in rules.by_key.get(key, ()) if Spell(since=each.valid_from).holds(at))
    last = max(held, key=lambda each: each.valid_from, default=None)
    return last if last is not None and (last.valid_until is None or at < last.valid_until) else None


def is_withheld(look: Look, rules: Rules, investigated: Sequence[Spell] = ()) -> bool:
    """Say whether a look is not shown now. `investigated`: when the subject is part of an investigation."""
    return (
        look.entry in rules.decided
        or _is_shielded(look, rules)
        or _tells_of_investigation(look, rules, investigated)
        or (look.is_of_desk and rules.now < look.at + rules.own_looks_after)
    )


def _is_shielded(look: Look, rules: Rules) -> bool:
    """Ask the register as of the look; a later version that is open ends the ground."""
    then = activity_at(rules, look.activity, look.at)
    if then is None or not then.is_shielded:
        return False
    known = [each for each in rules.by_key[look.activity] if each.valid_from <= rules.now]
    return not known or known[-1].is_shielded


def _tells_of_investigation(look: Look, rules: Rules, investigated: Sequence[Spell]) -> bool:
    """What ordinary work explains is shown as ever; only the rest could tell somebody of an investigation."""
    return not look.is_explained and any(
        each.holds(rules.now) and look.at >= each.since for each in investigated
    )
