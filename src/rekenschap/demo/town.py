# SPDX-License-Identifier: EUPL-1.2
"""Veldhaven as a whole: draws the town, writes its source files and hands over the truth beside them.

The truth is never in the files: why each look happened, whether that
was written down, and which story it tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.demo.arrays import NONE, Flags, Ints, taken
from rekenschap.demo.calendar import calendar_of
from rekenschap.demo.catalogue import NOT_CONNECTED
from rekenschap.demo.life.citizens import citizens_of
from rekenschap.demo.life.looks import BATCH, CONTACT, REASONS, STEP, Looks, looks_of
from rekenschap.demo.life.mishaps import NOISES, with_mishaps
from rekenschap.demo.life.shapes import Setting
from rekenschap.demo.life.stories import ALL, KEYS, Story, with_stories
from rekenschap.demo.life.work import work_of
from rekenschap.demo.life.workforce import roster_of, workforce_of
from rekenschap.demo.noise import Noise
from rekenschap.demo.paper.people import record_facts
from rekenschap.demo.paper.sources import Names, consultations, in_period, work_facts
from rekenschap.demo.paper.writing import Facts, numbered, utc_microseconds, words, write_sources
from rekenschap.errors import ConfigurationError

START = date(2026, 3, 1)
"""The first day of the town, unless another is asked for."""

SMALLEST, SHORTEST = 50, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What was written, and the truth beside it.

    `truth` has one row for each look: staff, citizen, looked_at (the natural key: UTC microseconds), reason,
    noise and story (null when none), written (whether the work behind it stands in the files).
    """

    paths: Mapping[str, Path]
    counts: Mapping[str, int]
    citizens: int
    not_connected: tuple[str, ...]
    stories: tuple[Story, ...]
    truth: pa.Table

    @property
    def looks(self) -> int:
        """Count the looks."""
        return int(self.truth.num_rows)

    @property
    def written_share(self) -> float:
        """Give the share of legitimate looks of people whose work stands in the files (0 to 1)."""
        legitimate = ~np.asarray(self.truth["story"].is_valid()) & ~np.asarray(self.truth["system"])
        return float(np.asarray(self.truth["written"])[legitimate].mean())


def write_town(
    directory: Path,
    *,
    seed: int,
    staff: int = 200,
    days: int = 90,
    start: date = START,
    noise: Noise | None = None,
    stories: Iterable[Story] = ALL,
) -> Town:
    """Write the source files of a town into `directory`; the same arguments give the same bytes.

    Raises ConfigurationError for fewer than 50 members of staff or fewer than 10 days.
    """
    _check_size(staff, days)
    chosen = tuple(stories)
    setting = _setting(seed, staff, days, start, noise or Noise())
    work = work_of(setting)
    every = with_stories(setting, work, with_mishaps(setting, work, looks_of(setting, work)), stories=chosen)
    seen = _distinct(taken(every, in_period(setting.calendar, every.at)))
    names = Names(setting, work.zaken)
    facts = [*consultations(setting, names, seen), *work_facts(setting, names, work, seen=every)]
    facts += record_facts(setting, names, work, seen=seen)
    return Town(
        paths=write_sources(directory, facts),
        counts=_counts(facts),
        citizens=setting.citizens.count,
        not_connected=NOT_CONNECTED,
        stories=chosen,
        truth=_truth(names, seen),
    )


def _check_size(staff: int, days: int) -> None:
    if staff < SMALLEST or days < SHORTEST:
        raise ConfigurationError(
            expected=f"a town of at least {SMALLEST} members of staff and {SHORTEST} days",
            found=f"{staff} members of staff and {days} days",
            remedy="ask for a larger town",
        )


def _setting(seed: int, staff: int, days: int, start: date, noise: Noise) -> Setting:
    calendar = calendar_of(start, days)
    citizens = citizens_of(seed, staff)
    workforce = workforce_of(seed, calendar, staff=staff, citizens=citizens.count, noise=noise)
    return Setting(
        seed=seed,
        calendar=calendar,
        citizens=citizens,
        workforce=workforce,
        roster=roster_of(workforce, calendar),
        noise=noise,
    )


def _distinct(seen: Looks) -> Looks:
    """Sort by time; of two looks by one person at one citizen in one second keep one."""
    order = np.lexsort((seen.story, seen.subject, seen.staff, seen.at))
    ordered = taken(seen, order)
    keys = np.stack([ordered.at, ordered.staff, ordered.subject], axis=1)
    first = np.ones(len(keys), dtype=np.bool_)
    first[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    return taken(ordered, first)


def _counts(facts: list[Facts]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in facts:
        counts[each.relation] = counts.get(each.relation, 0) + len(each.moment)
    return counts


def _truth(names: Names, seen: Looks) -> pa.Table:
    moment = pa.array(utc_microseconds(seen.at), pa.timestamp("us", tz="UTC"))
    return pa.table(
        {
            "staff": names.staff(seen.staff),
            "citizen": names.citizen(seen.subject),
            "looked_at": moment,
            "reason": _reasons(names, seen),
            "noise": words(NOISES, seen.noise),
            "story": words(KEYS, seen.story),
            "written": pa.array(seen.written),
            "system": pa.array(seen.reason == BATCH),
        }
    )


def _reasons(names: Names, seen: Looks) -> pa.Array:
    """Name the work a look was for: a task, a contact or a zaak; else only the kind of reason."""
    task = names.task(_where(seen, seen.reason == STEP))
    contact = numbered("C-", _where(seen, seen.reason == CONTACT), width=6)
    kind = words(REASONS, seen.reason)
    work = pc.coalesce(task, contact, names.zaak(np.where(seen.reason > STEP, seen.zaak, NONE)))
    return pc.coalesce(pc.binary_join_element_wise(kind, work, " "), kind)


def _where(seen: Looks, flags: Flags) -> Ints:
    return np.where(flags, seen.because, NONE)
