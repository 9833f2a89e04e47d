# SPDX-License-Identifier: EUPL-1.2
"""Facts as they come out of a ledger: whole relations as Arrow, single entries ready to print.

Rows are read with the schema the ledger itself holds, never with the one the program has today.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pyarrow as pa

from rekenschap.errors import MalformedProofError, StoreError
from rekenschap.ledger.rows.decoding import Value
from rekenschap.ledger.segments import Shape, shape_for
from rekenschap.model.columns import Kind, Relation
from rekenschap.model.custody import EVERY_RELATION
from rekenschap.model.schema_text import relation_of, schema_text
from rekenschap.tables import arrow_type, fact_schema

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one relation as of a checkpoint: rows in fact form and the entry of each (int64)."""

    relation: Relation
    table: pa.Table
    entries: pa.Array


@dataclass(frozen=True, slots=True, kw_only=True)
class FactAt:
    """One entry, ready to print: tokens and bytes in base64url, times in ISO 8601."""

    entry: int
    relation: Relation
    values: dict[str, object]
    recorded_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """The schemas a ledger holds, by number."""

    texts: dict[int, tuple[int, str]]
    """number -> (entry of the schema, its text)"""

    def number_of(self, relation: Relation) -> int | None:
        """Give the number under which the ledger already holds the schema of `relation`."""
        wanted = schema_text(relation)
        return next((number for number, (_, text) in self.texts.items() if text == wanted), None)

    def shape(self, schema_no: int) -> Shape:
        """Give the shape of facts with this schema; raises KeyError when the ledger has no such schema."""
        return shape_for(declared_as(self.texts[schema_no][1]), schema_no)

    def entry_of(self, schema_no: int) -> int:
        """Give the entry at which the schema stands."""
        return self.texts[schema_no][0]

    def added(self, number: int, entry: int, text: str) -> Schemas:
        """Give these schemas and one more."""
        return replace(self, texts={**self.texts, number: (entry, text)})


@lru_cache(maxsize=256)
def declared_as(text: str) -> Relation:
    """Read a schema text; a relation we still declare in exactly this way keeps its meanings."""
    found = relation_of(text)
    today = EVERY_RELATION.get(found.name)
    return today if today is not None and schema_text(today) == text else found


def joined_versions(tables: Sequence[tuple[Relation, pa.Table]]) -> tuple[Relation, pa.Table]:
    """Put rows of several versions of a relation together in the shape of the last; absent values are NULL.

    Raises StoreError when a column changed its kind between them.
    """
    last = tables[-1][0]
    absent = {c.name for relation, _ in tables for c in last if c.name not in relation}
    relaxed = replace(
        last,
        columns=tuple(replace(c, required=False) if c.name in absent else c for c in last),
    )
    relation = relaxed if absent else last
    parts = [_lifted(table, old, relation) for old, table in tables]
    return relation, pa.concat_tables(parts)


def printed(value: Value, kind: Kind) -> object:
    """Make a decoded value ready to print; raises MalformedProofError when text is not UTF-8."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, bytes):
        return _printed_text(value) if kind in (Kind.TEXT, Kind.CODE) else base64url(value)
    try:
        if kind is Kind.TIME:
            return (_EPOCH + timedelta(microseconds=value)).isoformat().replace("+00:00", "Z")
        if kind is Kind.DAY:
            return (_FIRST_DAY + timedelta(days=value)).isoformat()
    except OverflowError:
        pass  # outside the years 1 to 9999 the number itself is the only honest print
    return value


def printed_row(relation: Relation, values: Sequence[Value]) -> dict[str, object]:
    """Make the values of one row ready to print, by column name."""
    return {c.name: printed(value, c.kind) for c, value in zip(relation, values, strict=True)}


def base64url(raw: bytes) -> str:
    """Spell bytes in base64url without padding, as tokens are printed."""
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _printed_text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedProofError(
            expected="text in UTF-8", found="other bytes", remedy="ask for the proof again"
        ) from error


def _lifted(table: pa.Table, old: Relation, new: Relation) -> pa.Table:
    schema = fact_schema(new)
    if old.columns == new.columns:
        return table.cast(schema)
    arrays = []
    for column in new:
        if column.name not in old:
            arrays.append(pa.nulls(table.num_rows, arrow_type(column)))
        elif arrow_type(old[column.name]) == arrow_type(column):
            arrays.append(table.column(column.name))
        else:
            raise StoreError(
                expected=f"column {column.name} of relation {new.name} to keep its kind",
                found=f"versions {old.version} and {new.version} that differ",
                remedy="read the ledger at a size before the new version",
            )
    return pa.Table.from_arrays(arrays, schema=schema)
