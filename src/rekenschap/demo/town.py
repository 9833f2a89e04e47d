# SPDX-License-Identifier: EUPL-1.2
"""Veldhaven as a whole: draws the town, gives what its systems wrote down, and the truth beside it.

The truth is never in the files: why each look happened, whether that was written down, and to which episode
of which story it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.demo.arrays import Ints, joined, taken
from rekenschap.demo.calendar import calendar_of
from rekenschap.demo.catalogue import NOT_CONNECTED
from rekenschap.demo.honest.errands import with_errands
from rekenschap.demo.honest.mishaps import with_mishaps
from rekenschap.demo.honest.outgoing import outgoing_of
from rekenschap.demo.honest.recording import as_recorded, from_elsewhere
from rekenschap.demo.life.citizens import citizens_of
from rekenschap.demo.life.looks import Looks, looks_of
from rekenschap.demo.life.papers import Papers
from rekenschap.demo.life.shapes import Outgoing, Setting
from rekenschap.demo.life.work import work_of
from rekenschap.demo.life.workforce import roster_of, workforce_of
from rekenschap.demo.noise import Noise
from rekenschap.demo.paper.drawn import drawn_tables, facts_in
from rekenschap.demo.paper.otlp import write_requests
from rekenschap.demo.paper.people import record_facts
from rekenschap.demo.paper.presence import presence_facts
from rekenschap.demo.paper.sent import sent_facts
from rekenschap.demo.paper.sources import Names, consultations, in_period, work_facts
from rekenschap.demo.paper.writing import Facts, write_sources
from rekenschap.demo.stories.catalogue import ALL, KEYS, Story
from rekenschap.demo.stories.planting import Episode, counts_of, planted
from rekenschap.demo.stories.scene import Scene
from rekenschap.demo.truth import episodes_of, sent_of, truth_of
from rekenschap.errors import ConfigurationError

START = date(2026, 3, 1)
"""The first day of the town, unless another is asked for."""

SMALLEST, SHORTEST = 50, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What was written, and the truth beside it.

    `truth` has one row for each look: staff (the account), citizen, looked_at (the natural key: UTC
    microseconds), reason, noise, story and episode (null when none), written (whether the work behind it
    stands in the files) and system (whether a system account did it by itself).
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
        return _written_share(self.truth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A town in memory: what its systems wrote down as tables, and the truth beside them.

    `tables` holds a table for each relation, in the columns a source fills; identifiers are text.
    `truth` is as in `Town`, row by row beside `tables["consultation"]`.
    `episodes` has one row each: episode, scenario, hiding, staff (who really did it; null when many did),
    account (whose account was used), first_at, last_at, looks and negligent. One without looks left a record
    in `disclosure`: `sent` says which (episode, staff, disclosed_at).
    """

    tables: Mapping[str, pa.Table]
    truth: pa.Table
    episodes: pa.Table
    sent: pa.Table
    seed: int
    first_day: date
    days: int
    staff: int
    citizens: int

    @property
    def written_share(self) -> float:
        """Give the share of legitimate looks of people whose work stands in the tables (0 to 1)."""
        return _written_share(self.truth)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lived:
    """Everything that happened, and what was written of it."""

    names: Names
    seen: Looks
    outgoing: Outgoing
    episodes: Sequence[Episode]
    facts: list[Facts]


def draw_town(
    *,
    seed: int,
    staff: int = 200,
    days: int = 90,
    start: date = START,
    noise: Noise | None = None,
    scenarios: Mapping[str, float | int] | None = None,
) -> Drawn:
    """Draw a town in memory; the same arguments give the same tables.

    `scenarios` gives for a key of the catalogue how many episodes there are (a whole number) or how many per
    1,000 staff and year (a number with a fraction); without it every scenario has the rate of the catalogue.
    Raises ConfigurationError for a scenario that is not in the catalogue, fewer than 50 staff or 10 days.
    """
    _check_size(staff, days)
    _check_scenarios(scenarios or ())
    setting = _setting(seed, staff, days, start, noise or Noise())
    lived = _lived(setting, counts_of(setting, scenarios), told=False)
    tables = drawn_tables(lived.facts)
    tables["consultation"] = tables["consultation"].take(pa.array(_back_in_order(lived.seen.register)))
    return Drawn(
        tables=tables,
        truth=truth_of(lived.names, lived.seen),
        episodes=episodes_of(lived.names, lived.seen, sent=lived.outgoing, episodes=lived.episodes),
        sent=sent_of(lived.names, lived.outgoing),
        seed=seed,
        first_day=start,
        days=days,
        staff=staff,
        citizens=setting.citizens.count,
    )


def write_drawn(directory: Path, drawn: Drawn, *, requests: bool = False) -> dict[str, Path]:
    """Write what the systems of a drawn town wrote down as source files; gives the paths by source.

    With `requests` the looks are not in these files: they stand in the folder `otlp`, as a program with
    OpenTelemetry would send them. The truth is in neither.
    """
    tables = dict(drawn.tables)
    if requests:
        write_requests(directory / "otlp", tables.pop("consultation"), seed=drawn.seed)
    return write_sources(directory, facts_in(tables))


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

    Of each story one episode is planted, with the cast of the demo in its part.
    Raises ConfigurationError for fewer than 50 members of staff or fewer than 10 days.
    """
    _check_size(staff, days)
    chosen = tuple(stories)
    setting = _setting(seed, staff, days, start, noise or Noise())
    lived = _lived(setting, {each.key: 1 for each in chosen}, told=True)
    return Town(
        paths=write_sources(directory, lived.facts),
        counts=_counts(lived.facts),
        citizens=setting.citizens.count,
        not_connected=NOT_CONNECTED,
        stories=chosen,
        truth=truth_of(lived.names, lived.seen),
    )


def _lived(setting: Setting, counts: Mapping[str, int], *, told: bool) -> _Lived:
    """Let everything happen, and only then let the systems write."""
    work = work_of(setting)
    papers = Papers(work)
    papers.send(outgoing_of(setting, work))
    honest = with_mishaps(setting, work, looks_of(setting, work))
    honest = with_errands(setting, work, honest, papers=papers)
    deeds, episodes = planted(Scene.of(setting, work, honest, papers=papers), counts=counts, told=told)
    planted_looks = from_elsewhere(setting, joined([taken(honest, slice(0)), *deeds]))
    honest = as_recorded(setting, honest)
    every = joined([honest, planted_looks])
    del honest, deeds  # a large town is gigabytes
    work = papers.added()
    seen = _distinct(taken(every, in_period(setting.calendar, every.at)))
    names = Names(setting, work)
    facts = [*consultations(setting, names, seen), *work_facts(setting, names, work, seen=every)]
    facts += [
        *record_facts(setting, names, seen=seen, accounts=work.accounts),
        *presence_facts(setting, names, seen, trainings=work.trainings),
    ]
    facts.append(sent_facts(setting, names, work.outgoing))
    return _Lived(names=names, seen=seen, outgoing=work.outgoing, episodes=episodes, facts=facts)


def _check_size(staff: int, days: int) -> None:
    if staff < SMALLEST or days < SHORTEST:
        raise ConfigurationError(
            expected=f"a town of at least {SMALLEST} members of staff and {SHORTEST} days",
            found=f"{staff} members of staff and {days} days",
            remedy="ask for a larger town",
        )


def _check_scenarios(wished: Iterable[str]) -> None:
    for key in wished:
        if key not in KEYS:
            raise ConfigurationError(
                expected=f"scenarios out of {' '.join(KEYS)}",
                found=repr(key),
                remedy="ask for one of the catalogue",
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
    ordered = taken(seen, np.lexsort((seen.story, seen.subject, seen.staff, seen.at)))
    first = np.ones(len(ordered.at), dtype=np.bool_)
    keys = (ordered.at, ordered.staff, ordered.subject)
    first[1:] = np.logical_or.reduce([each[1:] != each[:-1] for each in keys])
    return taken(ordered, first)


def _back_in_order(register: Ints) -> Ints:
    """Give where each look stands among the looks told register by register."""
    order = np.argsort(register, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place


def _counts(facts: list[Facts]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in facts:
        counts[each.relation] = counts.get(each.relation, 0) + len(each.moment)
    return counts


def _written_share(truth: pa.Table) -> float:
    legitimate = ~np.asarray(truth["story"].is_valid()) & ~np.asarray(truth["system"])
    return float(np.asarray(truth["written"])[legitimate].mean())
