# SPDX-License-Identifier: EUPL-1.2
"""Grounds that were mined in the work of a house itself: none counts until a person says so.

Those that were approved are the pack `mined` of the house, so that the ledger keeps who decided and why.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rekenschap.audit.answer import bound, grounds_in
from rekenschap.audit.desk.people import reading
from rekenschap.audit.packs.changing import add_pack
from rekenschap.audit.packs.trying import check_pack
from rekenschap.errors import RefusedError
from rekenschap.explain import explain
from rekenschap.explain.mining import Candidate, draft, mine
from rekenschap.house import House
from rekenschap.model.explanation import Weight
from rekenschap.packs import PACK_FILE, Pack, read_pack
from rekenschap.packs.held import packs_of

NAME = "mined"
APPROVED_FILE = "approved.toml"
"""Beside each approved ground: who, when and why, and what was measured then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """The decision of a person about one candidate. `by` is a staff number."""

    id: str
    weight: Weight
    by: str
    because: str
    at: datetime


def candidates_in(house: House, *, seed: int) -> tuple[Candidate, ...]:
    """Find candidates in the whole ledger of a house, beside the grounds that it has."""
    ledger, engine = reading(house), house.engine()
    try:
        bound(ledger, engine)
        grounds = grounds_in(house.root, ledger)
        explain(engine, seed=seed, grounds=grounds)
        there = {each.id for each in grounds}
        return tuple(each for each in mine(engine, seed=seed) if each.id not in there)
    finally:
        engine.close()


def approve(house: House, approval: Approval, *, seed: int) -> Pack:
    """Make a candidate a ground of the house, in the pack `mined`; tells the ledger who and why.

    Raises RefusedError for what is no candidate, or is no full ground.
    """
    found = {each.id: each for each in candidates_in(house, seed=seed)}
    if approval.id not in found:
        raise RefusedError(
            expected="the name of a candidate",
            found="another",
            remedy="see `rekenschap grounds mine` with the same seed",
            rule="mined",
        )
    standing = next((each for each in packs_of(house.root) if each.name == NAME), None)
    with tempfile.TemporaryDirectory(prefix="rekenschap-") as passing:
        folder = Path(passing) / NAME
        if standing is not None:
            shutil.copytree(standing.folder, folder)
        pack = _with(folder, found[approval.id], approval, version=_next(standing))
        engine = house.engine()
        try:
            check_pack(pack, engine)
        finally:
            engine.close()
        add_pack(house, pack, by=approval.by, because=approval.because, now=approval.at)
    return pack


def _with(folder: Path, candidate: Candidate, approval: Approval, *, version: str) -> Pack:
    """Write the ground, the decision and the head of the pack."""
    ground = draft(candidate, weight=approval.weight, into=folder / "grounds")
    (ground.folder / APPROVED_FILE).write_text(_decision(candidate, approval), encoding="utf-8")
    head = {"name": NAME, "version": version, "author": "this house", "licence": "EUPL-1.2"}
    lines = [f"{key} = {json.dumps(value)}" for key, value in head.items()]
    lines += [
        'title = { nl = "Gevonden in eigen werk", en = "Mined in own work" }',
        'about = { nl = "Gronden die hier zijn gevonden en goedgekeurd.", '
        'en = "Grounds that were found and approved here." }',
    ]
    (folder / PACK_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_pack(folder)


def _decision(candidate: Candidate, approval: Approval) -> str:
    told: dict[str, object] = {
        "approved_by": approval.by,
        "approved_on": approval.at.date().isoformat(),
        "reason": approval.because,
        "weight": approval.weight.value,
        "looks": candidate.looks,
        "support": round(candidate.support, 6),
        "null": round(candidate.null, 6),
        "lift": round(candidate.lift, 2),
        "newly_explained": candidate.newly,
    }
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in told.items())


def _next(standing: Pack | None) -> str:
    if standing is None:
        return "1.0.0"
    one, two, three = standing.version.split(".")
    return f"{one}.{two}.{int(three) + 1}"
