# SPDX-License-Identifier: EUPL-1.2
"""Reads the files of a town back line by line, the slow way, to check what was written in columns."""

import re
from datetime import datetime

import orjson

from rekenschap.demo import Town
from rekenschap.model.columns import Column, Kind
from rekenschap.model.relations import RELATIONS

WORDS_WITHOUT_ESCAPES = re.compile(r'[^"\\\x00-\x1f]+')


def rows_of(town: Town, relation: str) -> list[dict]:
    return [row for path in town.paths.values() for row in lines(path) if row["relation"] == relation]


def lines(path) -> list[dict]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def fault(row: dict) -> str:
    """Say what in a row does not fit its relation; empty when it fits."""
    relation = RELATIONS[row["relation"]]
    content = {column.name: column for column in relation.content}
    for name, value in row.items():
        if name != "relation" and (name not in content or not fits(content[name], value)):
            return f"{relation.name}.{name}"
    missing = [name for name, column in content.items() if column.required and name not in row]
    return f"{relation.name} lacks {missing}" if missing else ""


def fits(column: Column, value: object) -> bool:
    match column.kind:
        case Kind.TIME:
            return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None
        case Kind.CODE:
            return value in column.codes
        case Kind.COUNT:
            return isinstance(value, int) and value >= 0
        case Kind.TOKEN | Kind.TEXT:
            return isinstance(value, str) and WORDS_WITHOUT_ESCAPES.fullmatch(value) is not None
    return False
