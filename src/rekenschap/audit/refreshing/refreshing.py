# SPDX-License-Identifier: EUPL-1.2
"""Brings the newest derivation up to now: explains what came since and what it touches, and asks what does
not wait. Costs what came, not what was there; a run over everything learns, counts and compares anew.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap import __version__, detect
from rekenschap.audit.answer import grounds_in, rules_in
from rekenschap.audit.deriving.buckets import write_sorted
from rekenschap.audit.deriving.columns import Moments, explanations_of, looks_of, work_of
from rekenschap.audit.deriving.deriving import Told, derive
from rekenschap.audit.deriving.finding import Scene
from rekenschap.audit.deriving.newest import alone_in, make_newest
from rekenschap.audit.deriving.reading import DERIVED, HOUR, LEARNT, Derived
from rekenschap.audit.deriving.shares import shares_after
from rekenschap.audit.deriving.sought import Traffic
from rekenschap.audit.deriving.told import Found, Manifest
from rekenschap.audit.deriving.weekly import apart, last_week_over
from rekenschap.audit.hourly.hour import Hourly
from rekenschap.audit.hourly.learning import read_learnt
from rekenschap.audit.hourly.reach import numbers, union
from rekenschap.audit.hourly.shelf import Whole, let_go
from rekenschap.audit.refreshing.arriving import Came, came_since
from rekenschap.audit.refreshing.layer import TRAFFIC, Layer, findings_after, write_json, write_layer
from rekenschap.audit.sources.arriving import Arrived, arrived_in
from rekenschap.errors import StoreError
from rekenschap.explain.following import Learnt
from rekenschap.house import House
from rekenschap.model.relations import PROCESSING_ACTIVITY, RELATIONS
from rekenschap.tables import work_schema

MOST, MOST_OF_ALL = 100_000, 0.05
"""Facts that may come in before everything is explained anew; or the part of all, where that is more."""

AT_LEAST_EVERY = timedelta(days=1)
"""How long what was learnt holds good."""

_URGENT = ("staff", "authorisation", "disclosure", "shielding", "presence")
"""What the urgent rules ask beside looks; read whole."""

_ANEW = frozenset({PROCESSING_ACTIVITY.name})
"""What changes is told of every look."""

_OF_A_LOOK = ["look", "staff", "subject", "looked_at", "weak_only", "team", "role"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """A derivation that is of now. `is_whole` says that everything was explained anew; `came` counts the
    facts since the one before, `anew` the looks that were explained on top of it.
    """

    derived: Derived
    is_whole: bool
    came: int
    anew: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hour:
    """What came since the newest derivation, and on what it is explained."""

    house: House
    before: Derived
    arrived: Arrived
    came: Came
    learnt: Learnt
    now: datetime

    @property
    def state(self) -> Hourly:
        return Hourly(folder=self.before.folder / HOUR)


def bring_up_to_date(
    house: House, *, seed: int, now: datetime, whole: bool = False, told: Told | None = None
) -> Refreshed:
    """Explain what came since the newest derivation, or everything when that is due or asked for (`whole`).

    Raises RefusedError for a ledger without looks.
    """
    refreshed = None if whole else refresh(house, seed=seed, now=now)
    if refreshed is not None:
        return refreshed
    made = derive(house, seed=seed, now=now, told=told)
    later = refresh(house, seed=seed, now=now)  # what waits to be sealed
    return Refreshed(
        derived=made if later is None else later.derived, is_whole=True, came=made.manifest.size,
        anew=made.manifest.looks,
    )  # fmt: skip


def refresh(house: House, *, seed: int, now: datetime) -> Refreshed | None:
    """Explain what came since the newest derivation; None when everything is to be explained anew.

    That is when there is none, or one of another version, seed or grounds; when what was learnt is a day old,
    a week was over since, very much came, or the ledger changed its keys or erased facts.
    """
    with alone_in(house.root / DERIVED):
        try:
            before = Derived.open(house.root)
        except StoreError:
            return None
        hour = _hour(house, before, seed=seed, now=now)
        if hour is None:
            return None
        if not len(hour.came):
            return Refreshed(derived=before, is_whole=False, came=0, anew=0)
        return _refreshed(hour)


def _hour(house: House, before: Derived, *, seed: int, now: datetime) -> _Hour | None:
    told = before.manifest
    if told.version != __version__ or told.seed != seed or _is_due(told, now):
        return None
    arrived = arrived_in(house, at=_microseconds(now), since=told.read_to)
    if arrived.end - told.whole > max(MOST, int(told.whole * MOST_OF_ALL)):
        return None
    came = came_since(arrived, since=told.read_to)
    learnt = read_learnt(before.folder / HOUR / LEARNT, grounds_in(house.root, arrived.ledger))
    if learnt is None or came.of_custody or _ANEW & came.facts.keys():
        return None
    return _Hour(house=house, before=before, arrived=arrived, came=came, learnt=learnt, now=now)


def _is_due(told: Manifest, now: datetime) -> bool:
    if _microseconds(now) - told.whole_at > AT_LEAST_EVERY // timedelta(microseconds=1):
        return True
    return told.last_week is not None and last_week_over(now) > told.over_at


def _refreshed(hour: _Hour) -> Refreshed:
    """Write what is said of what came beside what was said before, and make that the newest."""
    state, told = hour.state, hour.before.manifest
    state.forget_after(f"{told.read_to:020d}")
    engine = hour.house.engine()
    try:
        around, followed = state.follow_on(
            hour.came.facts, engine, hour.learnt, part=f"{hour.arrived.end:020d}"
        )
        asked = state.facts.whole(*_URGENT)
        engine.bind("look", followed.look)
        for name, rows in asked.items():
            engine.bind(name, rows)
        rules = rules_in(hour.house.root, hour.arrived.ledger)
        urgent = detect.urgent(engine, since=told.read_to, rules=rules)
    finally:
        engine.close()
    looks = looks_of(followed, around["consultation"])
    layer = Layer(
        looks=looks, explanation=explanations_of(followed, looks, Moments.of(around)),
        work=_work(hour, state), facts=hour.came.facts,
    )  # fmt: skip
    traffic = Traffic.read(pq.read_table(hour.before.folder / TRAFFIC)).beside(Traffic.of(hour.came.facts))
    scene = Scene(
        looks=_rows_behind(hour.before, looks), sent=asked["disclosure"], terms=followed.evidence_term,
        grounds=hour.learnt.grounds, traffic=traffic, rules=rules,
    )  # fmt: skip
    new = [found for each in urgent if (found := scene.urgent(each)) is not None]
    _write(hour, layer, scene, [_placed(each, hour.before) for each in new])
    return Refreshed(
        derived=Derived.open(hour.house.root), is_whole=False, came=len(hour.came), anew=len(looks)
    )


def _work(hour: _Hour, state: Hourly) -> pa.Table:
    """Give the work that came, by subject; an assignment may be of a zaak that was there before."""
    empty = {name: work_schema(each).empty_table() for name, each in RELATIONS.items()}
    facts = empty | dict(hour.came.facts)
    return work_of(facts, zaken=state.facts.shelf("zaak").with_key("zaak", numbers_of_zaken(facts)))


def numbers_of_zaken(facts: dict[str, pa.Table]) -> Whole:
    """Give the zaken that any of these zaken and assignments are."""
    return union(numbers(facts["zaak"], "zaak"), numbers(facts["assignment"], "zaak"))


def _rows_behind(before: Derived, looks: pa.Table) -> pa.Table:
    """Give the looks of now and those behind what was found before, in the order of their entries."""
    entries = {each for found in (*before.findings, *before.candidates) for each in found.looks}
    older = before.looks(sorted(entries - set(looks.column("look").to_pylist()))).select(_OF_A_LOOK)
    newer = looks.select(_OF_A_LOOK).cast(older.schema)
    return pa.concat_tables([older, newer]).sort_by("look").combine_chunks()


def _placed(found: Found, before: Derived) -> Found:
    """Say the team of somebody of whom no look came now."""
    if found.team or found.about.domain != "staff":
        return found
    known = before.person(found.about.hi) or {}
    return replace(found, team=str(known.get("team") or ""), role=str(known.get("role") or ""))


def _write(hour: _Hour, layer: Layer, scene: Scene, new: list[Found]) -> None:
    before, place = hour.before, hour.house.root / DERIVED
    making = place / f".making-{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        write_layer(making, before, layer)
        write_sorted(scene.traffic.rows(), making / TRAFFIC, by=("day",))
        done = set(layer.looks.filter(pc.field("explained")).column("look").to_pylist())
        known = findings_after([*before.findings, *before.candidates], done.__contains__)
        found, candidates = apart(scene.one_each([*known, *new]))
        write_json(making, "findings.json", found)
        write_json(making, "candidates.json", candidates)
        was = before.looks(layer.looks.column("look").to_pylist())
        write_json(making, "shares.json", shares_after(before.shares, was=was, now=layer.looks))
        write_json(making, "manifest.json", _manifest(hour, layer, fresh=len(layer.looks) - len(was)))
        (before.folder / HOUR).rename(making / HOUR)
        let_go()  # of the shelves at their old place
        make_newest(place, making, f"{hour.arrived.end}-{before.manifest.seed}")
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _manifest(hour: _Hour, layer: Layer, *, fresh: int) -> Manifest:
    told, ledger = hour.before.manifest, hour.arrived.ledger
    days = layer.looks.column("happened_day")
    return replace(
        told,
        size=ledger.checkpoint.size,
        root=ledger.checkpoint.root.to_base64(),
        derived_at=_microseconds(hour.now),
        looks=told.looks + fresh,
        first_day=min(told.first_day, pc.min(days).as_py() or told.first_day),
        last_day=max(told.last_day, pc.max(days).as_py() or told.last_day),
        sealed=ledger.size,
        read_to=hour.arrived.end,
    )


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
