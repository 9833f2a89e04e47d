# SPDX-License-Identifier: EUPL-1.2
"""Runs the chain on the latest checkpoint and keeps what pages ask for, where a page finds it in a moment.

HOME/derived/<size>/   rows in Parquet, the rest in JSON; nothing in it is a fact, all can be made again
HOME/derived/latest    the name of the newest; swapped in one step, after all of it is on disk
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap import __version__
from rekenschap.audit.answer import Answer, answer, grounds_in, rules_in
from rekenschap.audit.deriving.buckets import BUCKETS, write_buckets, write_sorted
from rekenschap.audit.deriving.causes import causes_of
from rekenschap.audit.deriving.columns import Moments, coded, explanations_of, looks_of, people_of, work_of
from rekenschap.audit.deriving.finding import Scene
from rekenschap.audit.deriving.for_citizens import FILE, FOLDER, for_citizens, looks_for_citizens
from rekenschap.audit.deriving.newest import alone_in, make_newest
from rekenschap.audit.deriving.reading import DERIVED, FACTS, FORM, HOUR, LEARNT, Derived
from rekenschap.audit.deriving.shares import shares_of
from rekenschap.audit.deriving.sought import Traffic
from rekenschap.audit.deriving.told import Found, Manifest, Ruled, System
from rekenschap.audit.deriving.weekly import NOTHING, Beside, beside, every_found
from rekenschap.audit.hourly.hour import Hourly
from rekenschap.audit.hourly.learning import keep_learnt
from rekenschap.audit.sources.coverage import declared_in
from rekenschap.detect.sources import Known, standing_of
from rekenschap.errors import RefusedError
from rekenschap.frontdoor.callers.sources import read_callers
from rekenschap.house import House
from rekenschap.ledger import Ledger
from rekenschap.places import open_anchor, open_store
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import Query

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """With what a derivation is made: seed of everything drawn by lot, and the moment."""

    seed: int
    now: datetime


def derive(house: House, *, seed: int, now: datetime, told: Told | None = None) -> Derived:
    """Explain and search the latest checkpoint, and keep the outcome; gives it opened.

    Raises RefusedError for a ledger without looks. What stood there before can be read until the end.
    """
    with alone_in(house.root / DERIVED):
        return _derive(house, seed=seed, now=now, told=told)


def _derive(house: House, *, seed: int, now: datetime, told: Told | None) -> Derived:
    step = told or _unheard
    ledger = Ledger.open(store=open_store(house.config.store), anchor=open_anchor(house.config))
    engine = house.engine()
    try:
        step("explain")
        answered = answer(ledger, engine, seed=seed, grounds=grounds_in(house.root, ledger))
        if not len(answered.explained.look):
            raise RefusedError(
                expected="a ledger with looks", found="none", remedy="take a file in first", rule="derive"
            )
        systems = _systems(house, ledger, engine, answered)
        step("weeks")
        more = beside(engine, answered, rules_in(house.root, ledger), now=now)
    finally:
        engine.close()
    occasion = Occasion(seed=seed, now=now)
    return write_derived(house.root, answered, systems, occasion=occasion, told=step, more=more)


def write_derived(
    home: Path, answered: Answer, systems: list[System], *, occasion: Occasion, told: Told | None = None,
    more: Beside = NOTHING,
) -> Derived:  # fmt: skip
    """Keep an answer below `home`, with what was found `more`, and make it the newest."""
    step = told or _unheard
    place = home / DERIVED
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = place / f".making-{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        step("columns")
        looks = looks_of(answered.explained, answered.facts["consultation"])
        explanation = explanations_of(answered.explained, looks, Moments.of(answered.facts))
        step("findings")
        traffic = Traffic.of(answered.facts)
        found, candidates = every_found(_scene(answered, looks, traffic, more.rules), answered.findings, more)
        caused = causes_of(looks, explanation, traffic=traffic, findings=found)
        step("write")
        _write_rows(making, answered, looks, explanation)
        write_sorted(caused.looks, making / "cause-looks.parquet", by=("look",))
        _write_state(making / HOUR, answered)
        write_sorted(traffic.rows(), making / "traffic.parquet", by=("day",))
        _write(making / "findings.json", found)
        _write(making / "candidates.json", candidates)
        _write(making / "causes.json", list(caused.causes))
        _write(making / "shares.json", shares_of(answered, looks))
        _write(making / "systems.json", systems)
        _write(making / "rules.json", _ruled(answered, explanation, found))
        _write(making / "manifest.json", _manifest(answered, looks, occasion, more))
        make_newest(place, making, f"{answered.checkpoint.size}-{occasion.seed}")
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return Derived.open(home)


def _write_rows(making: Path, answered: Answer, looks: pa.Table, explanation: pa.Table) -> None:
    write_buckets(looks, making / "look-by-staff", by="staff", then="looked_at")
    write_buckets(looks, making / "look-by-subject", by="subject", then="looked_at")
    write_buckets(explanation, making / "explanation-by-staff", by="staff", then="looked_at")
    write_buckets(work_of(answered.facts), making / "work-by-subject", by="subject", then="work_at")
    theirs = looks_for_citizens(answered.facts, looks, explanation)
    write_buckets(theirs, making / FOLDER, by="subject", then="looked_at")
    _write(making / FILE, for_citizens(answered.facts))
    index = looks.select(["look", "staff", "looked_at"])
    write_sorted(index, making / "entries.parquet", by=("look",))
    write_sorted(coded(people_of(looks)), making / "people.parquet", by=("staff",))
    write_sorted(coded(both_sides(answered.facts["relation"])), making / "relations.parquet", by=("subject",))
    for name in FACTS:
        write_sorted(coded(answered.facts[name]), making / f"facts-{name}.parquet", by=("entry",))


def _scene(answered: Answer, looks: pa.Table, traffic: Traffic, rules: tuple[Query, ...]) -> Scene:
    return Scene(
        looks=looks, sent=answered.facts["disclosure"], terms=answered.explained.evidence_term,
        grounds=answered.grounds, traffic=traffic, rules=rules,
    )  # fmt: skip


def _write_state(folder: Path, answered: Answer) -> None:
    """Keep what the hours after this are explained on: every fact by key, and what was learnt."""
    verdict = answered.explained.verdict
    done = verdict.filter(verdict.column("explained")).column("look").combine_chunks()
    told = answered.facts["consultation"]
    Hourly(folder=folder).begin(
        {name: [rows] for name, rows in answered.facts.items()},
        [told.filter(pc.invert(pc.is_in(told.column("entry"), value_set=done)))],
    )
    keep_learnt(folder / LEARNT, answered.grounds, answered.explained)


def both_sides(facts: pa.Table) -> pa.Table:
    """Give every relation from both sides, so that it is found by either."""
    told = facts.select(
        ["entry", "source", "kind", "subject", "other_subject", "staff", "valid_from", "valid_until"]
    )
    two = told.filter(pc.is_valid(told.column("other_subject")))
    turned = two.rename_columns(
        ["entry", "source", "kind", "other_subject", "subject", "staff", "valid_from", "valid_until"]
    )
    return pa.concat_tables([told, turned.select(told.column_names)])


def _systems(house: House, ledger: Ledger, engine: Engine, answered: Answer) -> list[System]:
    """Say how each source stood when something came in last; what a page says must not depend on today."""
    at = ledger.newest() or 0
    known = Known(declared=declared_in(read_callers(house.root)))
    counted = pc.value_counts(answered.facts["consultation"].column("source").combine_chunks()).to_pylist()
    looks = {row["values"]: row["counts"] for row in counted}
    first = {each.name: each.first for each in answered.systems}
    found = []
    for each in standing_of(engine, known, at=at):
        began = first.get(each.name)
        found.append(
            System(
                name=each.name, facts=each.facts, looks=looks.get(each.name, 0), hears=str(each.hears),
                declared=each.is_declared,
                first_at=None if began is None else int(began.timestamp() * 1_000_000),
                last_at=each.last_at, recorded_at=each.recorded_at,
                delay=each.delays.median if each.delays else None, at=at,
            )
        )  # fmt: skip
    return found


def _ruled(answered: Answer, explanation: pa.Table, found: Sequence[Found]) -> list[Ruled]:
    """Count what each ground explains, alone or with others, and what each rule found."""
    counted = explanation.group_by("ground").aggregate([("look", "count")]).to_pylist()
    volume = {row["ground"]: row["look_count"] for row in counted}
    full = explanation.filter(pc.equal(explanation.column("weight").cast(pa.string()), "full"))
    _, where, count = np.unique(np.asarray(full.column("look")), return_inverse=True, return_counts=True)
    lonely = full.column("ground").filter(pa.array(count[where] == 1)).cast(pa.string())
    alone = {row["values"]: row["counts"] for row in pc.value_counts(lonely.combine_chunks()).to_pylist()}
    shares = {each.ground: each for each in answered.explained.shares.grounds}
    grounds = [
        Ruled(
            id=each.id, kind="ground", volume=volume.get(each.id, 0), alone=alone.get(each.id, 0),
            share=shares[each.id].share, null_share=shares[each.id].null_share,
            strength=shares[each.id].strength,
            standing=shares[each.id].standing.value, kept_back=shares[each.id].kept_back,
        )
        for each in answered.grounds
        if each.id in shares
    ]  # fmt: skip
    rules: dict[str, int] = {}
    for finding in found:
        rules[finding.rule] = rules.get(finding.rule, 0) + 1
    return [*grounds, *(Ruled(id=name, kind="rule", volume=count, alone=0) for name, count in rules.items())]


def _manifest(answered: Answer, looks: pa.Table, occasion: Occasion, more: Beside) -> Manifest:
    days = pc.min_max(looks.column("happened_day")).as_py()
    return Manifest(
        form=FORM,
        origin=answered.checkpoint.origin,
        size=answered.checkpoint.size,
        root=answered.checkpoint.root.to_base64(),
        derived_at=int(occasion.now.timestamp() * 1_000_000),
        seed=occasion.seed,
        version=__version__,
        grounds={each.id: each.version for each in answered.grounds},
        looks=len(looks),
        first_day=days["min"],
        last_day=days["max"],
        buckets=BUCKETS,
        sealed=answered.sealed,
        read_to=answered.sealed,
        whole=answered.checkpoint.size,
        whole_at=int(occasion.now.timestamp() * 1_000_000),
        last_week=more.last_week,
        over_at=more.over_at,
        people=more.staff,
    )


def _write(path: Path, told: object) -> None:
    path.write_bytes(msgspec.json.encode(told))


def _unheard(step: str) -> None:
    del step
