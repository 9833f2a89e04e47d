# SPDX-License-Identifier: EUPL-1.2
"""A derivation with what came later beside it: the files of the last run over everything are linked, not
written again, and one file for each folder holds all that came after.

Comparisons with peers, causes, sources and what citizens are shown stay those of the last run over all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.audit.deriving.buckets import write_sorted
from rekenschap.audit.deriving.columns import coded
from rekenschap.audit.deriving.deriving import both_sides
from rekenschap.audit.deriving.reading import FACTS, HOUR, Derived, later_of
from rekenschap.audit.deriving.told import Found

TRAFFIC = "traffic.parquet"
"""How much each source told on each day."""

_KEPT_BACK = (HOUR, TRAFFIC, "manifest.json", "findings.json", "candidates.json", "shares.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What came, and what is said anew, as rows for the files of a derivation."""

    looks: pa.Table
    """every look that was explained anew, with its verdict"""
    explanation: pa.Table
    work: pa.Table
    facts: Mapping[str, pa.Table]


def write_layer(making: Path, before: Derived, layer: Layer) -> None:
    """Make in the empty directory `making` what `before` holds with a layer on top; its JSON comes apart."""
    _link(before.folder, making)
    looks = layer.looks.column("look").combine_chunks()
    for folder, by in (("look-by-staff", "staff"), ("look-by-subject", "subject")):
        _put(making, f"{folder}/00.parquet", layer.looks, by=(by, "looked_at"), instead_of=looks)
    explanation = "explanation-by-staff/00.parquet"
    _put(making, explanation, layer.explanation, by=("staff", "looked_at"), instead_of=looks)
    _put(making, "work-by-subject/00.parquet", layer.work, by=("subject", "work_at"))
    known = set(before.looks(looks.to_pylist()).column("look").to_pylist())
    fresh = layer.looks.filter(pc.invert(pc.is_in(looks, value_set=pa.array(sorted(known), pa.int64()))))
    _put(making, "entries.parquet", fresh.select(["look", "staff", "looked_at"]), by=("look",))
    for name in FACTS:
        if name in layer.facts:
            _put(making, f"facts-{name}.parquet", coded(layer.facts[name]), by=("entry",))
    if "relation" in layer.facts:
        _put(making, "relations.parquet", coded(both_sides(layer.facts["relation"])), by=("subject",))


def findings_after(findings: Iterable[Found], explained: Callable[[int], bool]) -> list[Found]:
    """Leave out what is explained now to the last look; the rest is weighed in the next run over all."""
    return [each for each in findings if each.sent or not all(explained(look) for look in each.looks)]


def write_json(making: Path, name: str, told: object) -> None:
    """Keep values as JSON."""
    (making / name).write_bytes(msgspec.json.encode(told))


def _link(before: Path, making: Path) -> None:
    for path in sorted(before.rglob("*")):
        name = path.relative_to(before)
        if name.parts[0] in _KEPT_BACK:
            continue
        if path.is_dir():
            (making / name).mkdir()
        else:
            os.link(path, making / name)


def _put(
    making: Path, file: str, rows: pa.Table, *, by: tuple[str, ...], instead_of: pa.Array | None = None
) -> None:
    """Put rows into the later file beside `file`, in place of those of the same looks there."""
    place = making / later_of(file)
    schema = pq.read_schema(making / file)
    rows = pa.table([rows.column(name).cast(schema.field(name).type) for name in schema.names], schema=schema)
    if place.is_file():
        known = pq.read_table(place).cast(schema)
        if instead_of is not None:
            known = known.filter(pc.invert(pc.is_in(known.column("look"), value_set=instead_of)))
        rows = pa.concat_tables([known, rows])
        place.unlink()  # the other derivation keeps its own
    if len(rows):
        write_sorted(rows.combine_chunks(), place, by=by)
