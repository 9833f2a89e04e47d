# SPDX-License-Identifier: EUPL-1.2
"""Runs the chain on the latest checkpoint and keeps what pages ask for, where a page finds it in a moment.

HOME/derived/<size>/   rows in Parquet, the rest in JSON; nothing in it is a fact, all can be made again
HOME/derived/latest    the name of the newest; swapped in one step, after all of it is on disk
"""

from __future__ import annotations

import os
import shutil
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap import __version__
from rekenschap.audit.answer import Answer, answer, grounds_in
from rekenschap.audit.deriving.buckets import BUCKETS, write_buckets, write_sorted
from rekenschap.audit.deriving.causes import causes_of
from rekenschap.audit.deriving.columns import Moments, coded, explanations_of, looks_of, people_of, work_of
from rekenschap.audit.deriving.for_citizens import FILE, FOLDER, for_citizens, looks_for_citizens
from rekenschap.audit.deriving.newest import make_newest
from rekenschap.audit.deriving.reading import DERIVED, FACTS, FORM, Derived
from rekenschap.audit.deriving.shares import shares_of
from rekenschap.audit.deriving.sought import Traffic, sought_for
from rekenschap.audit.deriving.told import Found, Manifest, Ruled, System
from rekenschap.audit.sources.coverage import declared_in
from rekenschap.detect.sources import Known, standing_of
from rekenschap.errors import RefusedError
from rekenschap.frontdoor.callers.sources import read_callers
from rekenschap.house import House
from rekenschap.ledger import Ledger
from rekenschap.model.finding import Finding
from rekenschap.places import open_anchor, open_store
from rekenschap.seams.engine import Engine

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
    finally:
        engine.close()
    return write_derived(house.root, answered, systems, occasion=Occasion(seed=seed, now=now), told=step)


def write_derived(
    home: Path, answered: Answer, systems: list[System], *, occasion: Occasion, told: Told | None = None
) -> Derived:
    """Keep an answer below `home` and make it the newest."""
    step = told or _unheard
    place = home / DERIVED
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = place / f".making-{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        step("columns")
        looks = looks_of(answered)
        moments = Moments.of(answered.facts)
        explanation = explanations_of(answered, looks, moments)
        step("findings")
        traffic = Traffic.of(answered.facts)
        found = [_found(each, looks, answered, traffic) for each in answered.findings]
        caused = causes_of(looks, explanation, traffic=traffic, findings=found)
        step("write")
        _write_rows(making, answered, looks, explanation)
        write_sorted(caused.looks, making / "cause-looks.parquet", by=("look",))
        _write(making / "findings.json", found)
        _write(making / "causes.json", list(caused.causes))
        _write(making / "shares.json", shares_of(answered, looks))
        _write(making / "systems.json", systems)
        _write(making / "rules.json", _ruled(answered, explanation))
        _write(making / "manifest.json", _manifest(answered, looks, occasion))
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
    write_sorted(coded(_relations(answered)), making / "relations.parquet", by=("subject",))
    for name in FACTS:
        write_sorted(coded(answered.facts[name]), making / f"facts-{name}.parquet", by=("entry",))


def _relations(answered: Answer) -> pa.Table:
    """Give every relation from both sides, so that it is found by either."""
    told = answered.facts["relation"].select(
        ["entry", "source", "kind", "subject", "other_subject", "staff", "valid_from", "valid_until"]
    )
    two = told.filter(pc.is_valid(told.column("other_subject")))
    turned = two.rename_columns(
        ["entry", "source", "kind", "other_subject", "subject", "staff", "valid_from", "valid_until"]
    )
    return pa.concat_tables([told, turned.select(told.column_names)])


def _found(finding: Finding, looks: pa.Table, answered: Answer, traffic: Traffic) -> Found:
    entries = np.asarray(looks.column("look"))
    rows = looks.take(pa.array(np.searchsorted(entries, np.array(finding.looks, dtype=np.int64))))
    days = pc.min_max(rows.column("happened_day")).as_py()
    at = pc.min_max(rows.column("looked_at")).as_py()
    is_staff = finding.about.domain == "staff"
    last = rows.sort_by([("looked_at", "descending")]).slice(0, 1).to_pylist()[0]
    return Found(
        key=key_of(finding.about.domain, finding.about.hi),
        rule=finding.rule,
        about=finding.about,
        score=finding.score,
        terms=finding.terms,
        sentences=finding.sentences,
        looks=finding.looks,
        subjects=len(pc.unique(rows.column("subject"))),
        staff=len(pc.unique(rows.column("staff"))),
        weak_looks=pc.sum(rows.column("weak_only").cast(pa.int64())).as_py() or 0,
        first_at=at["min"],
        last_at=at["max"],
        team=(last["team"] or "") if is_staff else "",
        role=(last["role"] or "") if is_staff else "",
        sought=sought_for(answered, finding.looks, days=(days["min"], days["max"]), traffic=traffic),
    )


def key_of(domain: str, hi: int) -> str:
    """Give the key under which a finding about this person is known, in every derivation."""
    digest = sha256(f"{domain}|{hi}".encode()).digest()
    return b32encode(digest[:10]).decode("ascii").lower().rstrip("=")


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


def _ruled(answered: Answer, explanation: pa.Table) -> list[Ruled]:
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
    for finding in answered.findings:
        rules[finding.rule] = rules.get(finding.rule, 0) + 1
    return [*grounds, *(Ruled(id=name, kind="rule", volume=count, alone=0) for name, count in rules.items())]


def _manifest(answered: Answer, looks: pa.Table, occasion: Occasion) -> Manifest:
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
    )


def _write(path: Path, told: object) -> None:
    path.write_bytes(msgspec.json.encode(told))


def _unheard(step: str) -> None:
    del step
