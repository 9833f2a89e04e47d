# SPDX-License-Identifier: EUPL-1.2
"""The schema of a relation as text: what a ledger stores as a leaf, so that it can be read for ever.

Only what the encoding needs (names, kinds, widths) is in it; meanings may be reworded without a new version.
"""

from __future__ import annotations

import json
import re

from rekenschap.errors import MalformedSchemaError
from rekenschap.model.columns import Column, Kind, Relation

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_WORD = re.compile(r"[a-z0-9_]{0,63}", re.ASCII)
_MAX_VERSION, _MAX_WIDTH = 999_999_999, 9_999


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
    """Read a schema text back; raises MalformedSchemaError when it is not one in its only spelling."""
    try:
        shape = json.loads(text)
        found = Relation(
            name=shape["relation"],
            version=shape["version"],
            meaning="",
            law="",
            happened=shape["happened"],
            columns=tuple(_column_of(each) for each in shape["columns"]),
        )
        # What would be written otherwise is another text: two readers must never see two schemas in one.
        sound = _is_sound(found) and schema_text(found) == text
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _malformed() from error
    if not sound:
        raise _malformed()
    return found


def _is_sound(relation: Relation) -> bool:
    names = [column.name for column in relation]
    return (
        type(relation.version) is int
        and 1 <= relation.version <= _MAX_VERSION
        and bool(names)
        and len(set(names)) == len(names)
        and all(_NAME.fullmatch(name) for name in (relation.name, *names))
        and all(_WORD.fullmatch(word) for word in (relation.happened, *(c.domain for c in relation)))
        and all(1 <= column.width <= _MAX_WIDTH for column in relation if column.kind is Kind.BYTES)
    )


def _malformed() -> MalformedSchemaError:
    return MalformedSchemaError(
        expected="the schema of a relation as JSON in its only spelling",
        found="something else",
        remedy="treat the ledger as damaged and compare it with a copy",
    )


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
