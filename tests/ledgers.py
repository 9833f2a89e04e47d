# SPDX-License-Identifier: EUPL-1.2
"""Small ledgers of invented looks and zaken, and the hands of somebody who may write in their directory."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from rekenschap.adapters.anchors import MemoryAnchor, SqliteAnchor
from rekenschap.adapters.disks import PosixDisk
from rekenschap.adapters.keys import MemoryKeys, verifier_of
from rekenschap.adapters.keys.signatures import PublicKey
from rekenschap.adapters.stores import DirectoryStore, MemoryStore
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import CheckReport, check
from rekenschap.ledger.check.runs.opened import opened_part
from rekenschap.ledger.identity import with_identity
from rekenschap.ledger.manifest import read_manifest, runs_in
from rekenschap.ledger.rows.commitments import commitments_of
from rekenschap.ledger.segments import Segment, columns_of, parquet_bytes, part_in
from rekenschap.ledger.state import read_schemas, shape_of
from rekenschap.ledger.tiles import Edge
from rekenschap.model.columns import Relation
from rekenschap.model.relations import CONSULTATION, ZAAK
from rekenschap.tables import arrow_type
from rekenschap.tlog.hashing import leaf_hashes

ORIGIN = "example.org/ledger"
KEYS = MemoryKeys(b"an invented seed for the tests, not a secret")
STRANGER = MemoryKeys(b"the seed of somebody else")
RECORDED_AT = 1_790_000_000_000_000


def verifiers(keys: MemoryKeys = KEYS, origin: str = ORIGIN) -> list[PublicKey]:
    return [verifier_of(text) for text in keys.verifier_texts(origin)]


def content(relation: Relation, count: int, seed: int) -> pa.Table:
    """Make content rows of any relation: every column filled in turn, optional ones NULL now and then."""
    random = np.random.default_rng(seed)
    columns = {}
    for column in relation.content:
        made = _values(arrow_type(column), column.codes, count, random)
        empty = np.zeros(count, bool) if column.required else random.random(count) < 0.2
        columns[column.name] = pa.array(
            [None if gone else value for value, gone in zip(made, empty, strict=True)], arrow_type(column)
        )
    return pa.table(columns)


def _values(
    kind: pa.DataType, codes: tuple[str, ...], count: int, random: np.random.Generator
) -> list[object]:
    if pa.types.is_fixed_size_binary(kind):
        pool = [random.bytes(kind.byte_width) for _ in range(9)]
        return [pool[i] for i in random.integers(0, 9, count)]
    if pa.types.is_string(kind):
        words = codes or ("BRP", "zaaksysteem", "café ☕", "")
        return [words[i] for i in random.integers(0, len(words), count)]
    if pa.types.is_boolean(kind):
        return [bool(i) for i in random.integers(0, 2, count)]
    high = 20_000 if pa.types.is_date(kind) else 2**51
    return [int(i) for i in random.integers(0, high, count)]


def facts(relation: Relation = CONSULTATION, count: int = 20, seed: int = 1) -> pa.Table:
    return with_identity(content(relation, count, seed), relation, recorded_at=RECORDED_AT)


def memory_ledger() -> tuple[Ledger, MemoryStore, MemoryAnchor]:
    store, anchor = MemoryStore(), MemoryAnchor()
    return Ledger.create(store=store, anchor=anchor, keys=KEYS, origin=ORIGIN), store, anchor


@dataclass(frozen=True)
class Place:
    """A ledger in a directory: what an administrator of the machine can lay hands on."""

    path: Path

    @property
    def store(self) -> DirectoryStore:
        return DirectoryStore(self.path)

    @property
    def anchor(self) -> SqliteAnchor:
        return SqliteAnchor(self.path / "anchor.db")

    def ledger(self, keys: MemoryKeys | None = KEYS) -> Ledger:
        return Ledger.open(store=self.store, anchor=self.anchor, keys=keys)

    def check(self, *, anchored: bool = True) -> CheckReport:
        anchor = self.anchor if anchored else None
        return check(self.store, anchor=anchor, verifiers=verifiers(), beside=PosixDisk(self.path))

    def copy(self, to: Path) -> Place:
        shutil.copytree(self.path, to)
        return Place(to)

    def segments(self) -> list[Segment]:
        return runs_in(self.store.names("segments/"))[1]

    def rows(self, segment: Segment) -> pa.Table:
        return pq.read_table(pa.BufferReader(self.store.get(segment.parquet)))

    def overwrite(self, segment: Segment, rows: pa.Table) -> None:
        """Write rows (as on disk) over a segment the way our own writer would: tidy labels, no statistics."""
        size = self.ledger().size
        schemas = read_schemas(self.store, read_manifest(self.store, size))
        shape = shape_of(self.store.get(segment.parquet), segment, schemas)
        self.write(
            segment.parquet,
            parquet_bytes(part_in(rows, shape), first=segment.first),
        )

    def write(self, name: str, blob: bytes) -> None:
        (self.path / name).write_bytes(blob)

    def recommit(self, segment: Segment) -> None:
        """Rewrite the pack of a segment so that it fits its rows again; the secret is at hand."""
        size = sum(each.rows for each in self.segments())
        schemas = read_schemas(self.store, read_manifest(self.store, size))
        part, _ = opened_part(self.store, segment, schemas)
        shape, rows = part.shape, part.rows
        secret = self.store.get(segment.secret)
        self.write(
            segment.pack,
            commitments_of(columns_of(rows, shape.relation), shape.layout, head=shape.head, secret=secret),
        )

    def retile(self) -> None:
        """Rewrite every stored tile from the packs, as they are now."""
        edge = Edge()
        for segment in self.segments():
            edge, tiles = edge.grow(leaf_hashes(self.store.get(segment.pack)))
            for tile, hashes in tiles.items():
                if (self.path / tile.path).exists():
                    self.write(tile.path, hashes)

    def flip(self, name: str, at: int, bit: int = 0) -> None:
        blob = bytearray((self.path / name).read_bytes())
        blob[at % len(blob)] ^= 1 << bit
        self.write(name, bytes(blob))


def make_place(path: Path, counts: tuple[int, ...] = (40, 300)) -> Place:
    """Make a ledger with one checkpoint for each count: looks, and half as many zaken."""
    place = Place(path)
    ledger = Ledger.create(store=place.store, anchor=place.anchor, keys=KEYS, origin=ORIGIN)
    for seed, count in enumerate(counts):
        ledger.append(
            [(CONSULTATION, facts(CONSULTATION, count, seed)), (ZAAK, facts(ZAAK, count // 2, seed))]
        )
    return place
