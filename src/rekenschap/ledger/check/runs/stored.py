# SPDX-License-Identifier: EUPL-1.2
"""The rows of a segment as they are on disk, ready to be committed to again without being turned over."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from rekenschap.errors import WrongLeafError
from rekenschap.ledger.rows.commitments import (
    COMMITMENT_SIZE,
    SALT_SIZE,
    commitments_of,
    commitments_with,
    salts_of,
)
from rekenschap.ledger.rows.encoding import Values, encode, packed
from rekenschap.ledger.segments import Places, Segment, Shape, places_of, salts_in, values_of
from rekenschap.model.columns import Kind, Relation
from rekenschap.tables import check_dictionaries, parquet_schema

_IDENTITY = 16
Hashes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of one relation in a run, in parquet form or in fact form."""

    segment: Segment
    shape: Shape
    table: pa.Table
    given_places: Places | None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.table.num_rows)

    @property
    def places(self) -> Places:
        """The place of each row in its run."""
        return np.arange(self.rows, dtype=np.int32) if self.given_places is None else self.given_places

    @property
    def where(self) -> Places | slice:
        """The place of each row, to index with: rows that follow each other are not looked up one by one."""
        return slice(self.rows) if self.given_places is None else self.given_places

    def numbers(self, name: str) -> npt.NDArray[np.int64] | None:
        """Give a column of moments or counts as numbers; None when there is no such column."""
        if name not in self.shape.relation:
            return None
        column = self.table.column(name).combine_chunks()
        return np.asarray(column.cast(pa.int64()).fill_null(0))

    def identities(self) -> npt.NDArray[np.uint64] | None:
        """Give the first 8 bytes of the identity of each fact; None when the relation has none."""
        if "fact_id" not in self.shape.relation:
            return None
        parts = [_first_eight(chunk) for chunk in self.table.column("fact_id").chunks]
        return np.concatenate([np.zeros(0, dtype=np.uint64), *parts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored(Rows):
    """Rows of one relation in a run, as on disk; see `rekenschap.ledger.segments.Part`."""

    file: pq.ParquetFile
    size: int
    salts: bytes | None

    def columns(self) -> list[Values]:
        """Give the columns in schema order, as they are encoded: in pieces, so that none is copied."""
        return values_of(self.table, self.shape.relation)

    def commitments(self, secret: bytes | None) -> Hashes:
        """Commit to each row; a matrix of one commitment a row. Raises WrongLeafError without salts."""
        columns, layout, head = self.columns(), self.shape.layout, self.shape.head
        if self.salts is not None:
            packed = commitments_with(columns, layout, head=head, salts=self.salts)
        else:
            packed = commitments_of(
                columns, layout, head=head, secret=self.secret(secret), places=self.given_places
            )
        return np.frombuffer(packed, dtype=np.uint8).reshape(-1, COMMITMENT_SIZE)

    def commitment(self, row: int, place: int, secret: bytes | None) -> bytes:
        """Commit to one row as if it stood at another place."""
        one = [column.slice(row, 1) for column in self.columns()]
        encoded = encode(one, self.shape.layout, head=self.shape.head)[0]
        if self.salts is not None:
            salt = self.salts[row * SALT_SIZE : (row + 1) * SALT_SIZE]
        else:
            salt = salts_of(self.secret(secret), 1, first=place)
        return sha256(salt + encoded).digest()

    def secret(self, secret: bytes | None) -> bytes:
        """Give the secret of the run; raises WrongLeafError when there is none."""
        if secret is None:
            raise WrongLeafError(
                expected=f"the secret of the entries from {self.segment.first} on, or salts beside the rows",
                found=f"{self.segment.parquet} without either",
                remedy="keep the ledger as evidence and restore the files from a copy",
                entry=self.segment.first,
            )
        return secret


def stored_in(file: pq.ParquetFile, segment: Segment, shape: Shape, *, size: int) -> Stored:
    """Read all rows of a file; raises one of UNREADABLE when they do not fit their schema.

    What is read as dictionaries stays so: few different texts are encoded once, not row by row.
    """
    table = check_dictionaries(file.read(use_threads=False))
    return Stored(
        segment=segment,
        shape=shape,
        file=file,
        size=size,
        table=_as_declared(table, shape.relation),
        given_places=places_of(table),
        salts=salts_in(table),
    )


def texts_of(relation: Relation) -> list[str]:
    """Give the columns that are worth reading as dictionaries: texts and codes."""
    return [column.name for column in relation if column.kind in (Kind.TEXT, Kind.CODE)]


def _as_declared(stored: pa.Table, relation: Relation) -> pa.Table:
    wanted = [_kept(each, stored.schema.field(each.name).type) for each in parquet_schema(relation)]
    return stored.select([each.name for each in wanted]).cast(pa.schema(wanted))


def _kept(wanted: pa.Field, found: pa.DataType) -> pa.Field:
    return wanted.with_type(found) if is_dictionary_of(found, wanted.type) else wanted


def is_dictionary_of(found: pa.DataType, wanted: pa.DataType) -> bool:
    """Say whether a column was read as dictionary of the values that are wanted."""
    return bool(pa.types.is_dictionary(found) and found.value_type == wanted)


def _first_eight(identities: pa.Array) -> npt.NDArray[np.uint64]:
    raw = packed(identities, _IDENTITY)
    if raw is None:
        whole = identities.cast(pa.binary(_IDENTITY)).fill_null(bytes(_IDENTITY))
        raw = memoryview(whole.buffers()[1] or b"")[_IDENTITY * whole.offset :]
    return np.frombuffer(raw, dtype=">u8")[: 2 * len(identities) : 2].astype(np.uint64)
