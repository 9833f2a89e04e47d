# SPDX-License-Identifier: EUPL-1.2
"""What a change of a rule would have done over the last weeks; counts and keys, nobody by name."""

from __future__ import annotations

from collections.abc import Mapping

from rekenschap.audit.desk.replaying import Replay, query_named, replay_ground, replay_rule, settings_of
from rekenschap.errors import RefusedError
from rekenschap.house import House
from rekenschap.seams.engine import Parameter
from rekenschap_web.evidence.house import derived, house

__all__ = ["MOST_LOOKS", "Replay", "checked", "replay"]

MOST_LOOKS = 300_000
"""Looks in a ledger up to which a page explains them anew; above it that is work for the night."""


def checked(name: str, told: Mapping[str, str]) -> dict[str, Parameter]:
    """Read the values that are changed; raises ConfigurationError for one that does not fit."""
    query = query_named(name)
    return {} if query is None else settings_of(query, told)


def replay(name: str, told: Mapping[str, str]) -> Replay | None:
    """Replay the last weeks with changed parameters; None when nothing was changed.

    Raises ConfigurationError for a value that does not fit, RefusedError for a ground on too large a ledger.
    """
    query = query_named(name)
    if query is None:
        return None
    settings = settings_of(query, told)
    if not settings:
        return None
    known, engine = derived(), House.engine()
    try:
        if not query.weight:
            return replay_rule(known, engine, settings)
        if known.manifest.looks > MOST_LOOKS:
            raise RefusedError(
                expected=f"a ledger of at most {MOST_LOOKS} looks",
                found="a larger one",
                remedy="try the change on a copy with fewer months",
                rule="rule.preview",
            )
        return replay_ground(known, house(), engine, ground=name, settings=settings)
    finally:
        engine.close()
