# SPDX-License-Identifier: EUPL-1.2
"""What a register records of a look otherwise than usual: the device, the account, the number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rekenschap.demo.arrays import NONE, Ints, happens, rows_of, stream
from rekenschap.demo.life.looks import Looks
from rekenschap.demo.life.shapes import Setting
from rekenschap.demo.noise import NOISES

_POOL = 25
"""One laptop in the pool for so many staff."""


def elsewhere(s: Setting) -> Ints:
    """Give, by staff and day, which laptop of the pool was used instead of the own one; NONE mostly."""
    rng = stream(s.seed, "other_device")
    count, shape = s.workforce.count, s.workforce.present.shape
    away = (rng.random(shape) < s.noise.other_device) & s.workforce.present
    turn = np.cumsum(away, axis=0) - 1
    size = pool_of(s)
    lent = away & (turn < size)  # who comes too late finds the pool empty, and mends the own one
    return np.where(lent, count + (turn + 7 * np.arange(shape[1])) % size, NONE)


def pool_of(s: Setting) -> int:
    """Count the laptops of the pool."""
    return s.workforce.count // _POOL + 1


def as_recorded(s: Setting, seen: Looks) -> Looks:
    """Let looks come from another device, under another account or by an old number, as it goes."""
    return _old_numbers(s, _unlocked(s, from_elsewhere(s, seen)))


def from_elsewhere(s: Setting, seen: Looks) -> Looks:
    """Let looks come from the device that the account used that day."""
    people = (seen.staff < s.workforce.count) & (seen.device == NONE)
    day = np.clip(s.calendar.day_of(seen.at), 0, s.calendar.length - 1)
    used = elsewhere(s)[np.where(people, seen.staff, 0), day]
    return replace(seen, device=np.where(people, used, seen.device))


def _unlocked(s: Setting, seen: Looks) -> Looks:
    """Let some looks be recorded for the colleague whose screen stood open, and not for who worked."""
    rng = stream(s.seed, "unlocked_screen")
    force, size = s.workforce, rows_of(seen)
    chosen = happens(rng, s.noise.unlocked_screen, size) & (seen.staff < force.count)
    day = s.calendar.day_of(seen.at)
    inside = chosen & (day < s.calendar.length)
    colleague, there = s.roster.pick(
        rng, force.team[np.where(inside, seen.staff, 0)], np.where(inside, day, 0)
    )
    swapped = inside & (there == day) & (colleague != NONE) & (colleague != seen.staff)
    return replace(
        seen,
        staff=np.where(swapped, colleague, seen.staff),
        device=np.where(swapped, colleague, seen.device),
        noise=np.where(swapped, NOISES.index("unlocked_screen"), seen.noise),
        written=seen.written & ~swapped,
    )


def merged_of(s: Setting) -> Ints:
    """Draw whose files were merged; the old number of each comes after all citizens, in this order."""
    return _merged(stream(s.seed, "merged_person"), s)


def _merged(rng: np.random.Generator, s: Setting) -> Ints:
    return np.flatnonzero(happens(rng, s.noise.merged_person, s.citizens.count))


def _old_numbers(s: Setting, seen: Looks) -> Looks:
    """Let people whose files were merged be found by their old number half of the time.

    The work behind it stands under the new number, and the register of persons says that both are one.
    """
    rng = stream(s.seed, "merged_person")
    merged = _merged(rng, s)
    old = np.full(s.citizens.count, NONE)
    old[merged] = s.citizens.count + np.arange(len(merged))
    by_old = happens(rng, 0.5, rows_of(seen)) & (old[seen.subject] != NONE)
    return replace(
        seen,
        subject=np.where(by_old, old[seen.subject], seen.subject),
        noise=np.where(by_old, NOISES.index("merged_person"), seen.noise),
    )
