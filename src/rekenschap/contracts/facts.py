# SPDX-License-Identifier: EUPL-1.2
"""Bodies of the native interface (`POST /v1/facts`) to rows: facts of any relation, by their own columns.

JSON: {"facts": [{"relation": "zaak", "zaak": "Z-1", ...}, ...]}. Arrow: one IPC stream, with the relation in
a column `relation`, or in the metadata of its schema.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.model.relations import RELATIONS

BodyKind = Literal["facts-json", "facts-arrow"]
FACTS = "facts"
RELATION = "relation"
UNREADABLE = "unreadable"
"""The column for what is no fact, or no column of one: no relation has it, so the door sets the row aside."""
COLUMNS = frozenset(
    {RELATION, "sequence", "stream", *(each.name for one in RELATIONS.values() for each in one.content)}
)
"""What a fact may fill. Other names share one column: a million of them must not make a million columns."""
_TIME = pa.timestamp("us", tz="UTC")
_ISO = "%Y-%m-%dT%H:%M:%SZ"


def rows_of(bodies: Sequence[bytes], *, kind: BodyKind) -> tuple[pa.Table, pa.Int32Array]:
    """Give one row per fact of the bodies, in their order, and for each row the index of its body.

    There always are columns `relation` and `source`. Every column is text, but moments with a zone and bytes
    of a fixed width, which stay what they are. Never raises for what is in a body: what cannot be read is a
    row without a relation.
    """
    read = _in_json if kind == "facts-json" else _in_arrow
    tables = [read(body) for body in bodies]
    counts = [table.num_rows for table in tables]
    index = np.repeat(np.arange(len(bodies), dtype=np.int32), counts)
    return _joined(tables), pa.array(index)


def _in_json(body: bytes) -> pa.Table:
    try:
        told = orjson.loads(body)
        facts = told[FACTS]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return _lost(body)
    return _texts(facts) if isinstance(facts, list) else _lost(body)


def _texts(facts: list[object]) -> pa.Table:
    rows = [_row(each) for each in facts]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names}
    return pa.table({RELATION: pa.nulls(len(rows), pa.string())} | columns)


def _row(fact: object) -> dict[str, object]:
    if not isinstance(fact, dict):
        return {UNREADABLE: fact}
    if fact.keys() <= COLUMNS:
        return fact
    known = {name: value for name, value in fact.items() if name in COLUMNS}
    return known | {UNREADABLE: {name: value for name, value in fact.items() if name not in COLUMNS}}


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def _in_arrow(body: bytes) -> pa.Table:
    try:
        table = pa.ipc.open_stream(pa.py_buffer(body)).read_all()
        table.validate(full=True)
        named = (table.schema.metadata or {}).get(RELATION.encode())
        known = [name for name in table.column_names if name in COLUMNS]
        columns = {name: _column(table.column(name).combine_chunks()) for name in known}
        if len(known) < table.num_columns:
            columns[UNREADABLE] = pa.array([str(row) for row in table.drop_columns(known).to_pylist()])
        if named is not None:
            columns[RELATION] = pa.repeat(named.decode(), table.num_rows)
        return pa.table(columns) if columns else _lost(body)
    except (pa.ArrowException, KeyError, ValueError, OSError, OverflowError):  # the second: a name twice
        return _lost(body)


def _column(values: pa.Array) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
    if isinstance(values, pa.DictionaryArray):
        values = values.dictionary_decode()
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        return values.cast(_TIME)
    return values if pa.types.is_fixed_size_binary(values.type) else values.cast(pa.string())


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Put the rows of all bodies together; a column that is text in one is text in all."""
    kinds: dict[str, set[pa.DataType]] = {RELATION: {pa.string()}, "source": {pa.string()}}
    for table in tables:
        for each in table.schema:
            kinds.setdefault(each.name, set()).add(each.type)
    mixed = {name for name, types in kinds.items() if len(types) > 1}
    parts = [_as_text(table, mixed) for table in tables]
    always = pa.table({name: pa.array([], pa.string()) for name in (RELATION, "source")})
    return pa.concat_tables([*parts, always], promote_options="default").combine_chunks()


def _as_text(table: pa.Table, names: set[str]) -> pa.Table:
    for at, name in enumerate(table.column_names):
        if name in names:
            table = table.set_column(at, name, _spelled(table.column(name)))
    return table


def _spelled(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(values.type):
        return pc.strftime(values, format=_ISO)
    if pa.types.is_fixed_size_binary(values.type):
        return pa.chunked_array([pa.array([x and x.hex() for x in values.to_pylist()], pa.string())])
    return values


def _lost(body: bytes) -> pa.Table:
    text = body.decode("utf-8", "replace")
    return pa.table({RELATION: pa.nulls(1, pa.string()), UNREADABLE: pa.array([text], pa.string())})
