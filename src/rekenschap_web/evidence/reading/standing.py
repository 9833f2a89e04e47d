# SPDX-License-Identifier: EUPL-1.2
"""On which signed state everything rests, and how systems stand: counts that name nobody."""

from __future__ import annotations

from rekenschap_web.evidence.house import derived
from rekenschap_web.evidence.reading.shaping import (
    local,
    share_view,
    system_view,
)
from rekenschap_web.evidence.views import (
    Checkpoint,
    ShareView,
    SystemView,
)


def checkpoint() -> Checkpoint:
    """Say on which signed state everything here rests."""
    told = derived().manifest
    return Checkpoint(
        origin=told.origin, size=told.size, root=told.root, at=local(told.derived_at), version=told.version,
        seed=told.seed,
    )  # fmt: skip


def sealed() -> int:
    """Give the entry from which on there is no proof yet: what comes after it waits to be sealed."""
    told = derived().manifest
    return told.sealed or told.size


def shares(*, by: str = "system") -> tuple[ShareView, ...]:
    """Give the explained share by system, week, month or team, or `all`; or `month+team`, `month+system`."""
    return tuple(share_view(each) for each in derived().shares if each.by == by)


def systems() -> tuple[SystemView, ...]:
    """Give every source with how it stands."""
    return tuple(system_view(each) for each in derived().systems)
