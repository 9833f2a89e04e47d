# SPDX-License-Identifier: EUPL-1.2
"""The schema of a relation as text: what a ledger stores as a leaf, so that it can be read for ever.

Only what the encoding needs (names, kinds, widths) is in it; meanings may be reworded without a new version.
"""

from __future__ import annotations

import json

from rekenschap.errors import MalformedSchemaError
from rekenschap.model.columns import Column, Kind, Relation


def schema_text(relation: Relation) -> str:
    """Write the schema of `relation` as canonical JSON: sorted keys, no spaces, ASCII."""
    shape = {
        "relation": relation.name,
        "version": relation.version,
        "happened": relation.happened,
        "columns": [_column_shape(column) for column in relation],
    }
    return json.dumps(shape, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def relation_of(text: str) -> Relation:
    """Read a schema text back; raises MalformedSchemaError when it is not one."""
    try:
        shape = json.loads(text)
        columns = tuple(_column_of(each) for each in shape["columns"])
        return Relation(
            name=shape["relation"],
            version=shape["version"],
            meaning="",
            law="",
            happened=shape["happened"],
            columns=columns,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedSchemaError(
            expected="the schema of a relation as JSON",
            found="something else",
            remedy="treat the ledger as damaged and compare it with a copy",
        ) from error


def _column_shape(column: Column) -> dict[str, object]:
    shape: dict[str, object] = {"name": column.name, "kind": column.kind.value, "required": column.required}
    if column.kind is Kind.BYTES:
        shape["width"] = column.width
    if column.kind is Kind.TOKEN:
        shape["domain"] = column.domain
    return shape


def _column_of(shape: dict[str, object]) -> Column:
    return Column(
        name=str(shape["name"]),
        kind=Kind(str(shape["kind"])),
        meaning="",
        required=bool(shape["required"]),
        width=int(str(shape.get("width", 0))),
        domain=str(shape.get("domain", "")),
    )
