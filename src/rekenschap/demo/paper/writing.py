# SPDX-License-Identifier: EUPL-1.2
"""Columns become lines: the native JSON-lines form, one file for each source system.

Whole columns at a time; every column must be one that its relation declares. Knows nothing of the town.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.demo.arrays import NONE, Flags, Ints
from rekenschap.errors import ConfigurationError
from rekenschap.model.columns import Kind, Relation
from rekenschap.model.relations import RELATIONS
from rekenschap.tables import ZONE

INSTANT = pa.timestamp("us", tz="UTC")

_HOUR = 3600
_EMPTY = pa.scalar(None, pa.string())


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Rows of one relation from one source: the moment to sort by, and columns (null is empty)."""

    relation: str
    source: str
    moment: Ints
    columns: Mapping[str, pa.Array]

    def kept(self, flags: Flags) -> Facts:
        """Keep the flagged rows."""
        mask = pa.array(flags)
        columns = {name: column.filter(mask) for name, column in self.columns.items()}
        return Facts(relation=self.relation, source=self.source, moment=self.moment[flags], columns=columns)


def words(table: Sequence[str], index: Ints) -> pa.Array:
    """Give the word of each row; NONE is empty."""
    return pa.array(list(table), pa.string()).take(pa.array(index, mask=index == NONE))


def same(word: str, size: int) -> pa.Array:
    """Give one word for every row."""
    return pa.repeat(pa.scalar(word, pa.string()), size)


def numbered(prefix: str, number: Ints, *, width: int) -> pa.Array:
    """Give identifiers such as `K-000123`, counted from 1; NONE is empty."""
    digits = pc.utf8_lpad(pa.array(number + 1).cast(pa.string()), width, "0")
    return _without(pc.binary_join_element_wise(prefix, digits, ""), number == NONE)


def counted(number: Ints) -> pa.Array:
    """Give whole numbers."""
    return pa.array(number)


def moments(moment: Ints) -> pa.Array:
    """Give the moments of wall-clock seconds in Amsterdam; NONE is empty."""
    empty = moment == NONE
    return pa.array(utc_microseconds(np.where(empty, 0, moment)), INSTANT, mask=empty)


def utc_microseconds(moment: Ints) -> Ints:
    """Turn wall-clock seconds in Amsterdam into microseconds since 1970-01-01T00:00:00Z."""
    hours, place = np.unique(moment // _HOUR, return_inverse=True)
    offsets = [_offset(int(each) * _HOUR) for each in hours]
    return (moment - np.array(offsets, dtype=np.int64)[place]) * 1_000_000


def _offset(moment: int) -> int:
    shift = datetime.fromtimestamp(moment, UTC).replace(tzinfo=ZoneInfo(ZONE)).utcoffset() or timedelta()
    return int(shift.total_seconds())


def write_sources(directory: Path, facts: Sequence[Facts]) -> dict[str, Path]:
    """Write one file for each source, rows in order of time; gives the paths by source."""
    directory.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for source in sorted({each.source for each in facts}):
        own = [each for each in facts if each.source == source]
        order = np.argsort(np.concatenate([each.moment for each in own]), kind="stable")
        lines = pa.concat_arrays([_lines(each) for each in own]).take(pa.array(order))
        paths[source] = directory / f"{source}.jsonl"
        paths[source].write_bytes(_bytes_of(lines))
    return paths


def _bytes_of(lines: pa.Array) -> memoryview | bytes:
    """Give the text of all lines: an Arrow column of text keeps it in one piece already."""
    content = lines.buffers()[2]
    return memoryview(content)[: pc.sum(pc.binary_length(lines)).as_py() or 0] if content else b""


def _lines(facts: Facts) -> pa.Array:
    relation = RELATIONS[facts.relation]
    size = len(facts.moment)
    pieces = [same(f'{{"relation":"{facts.relation}","source":"{facts.source}"', size)]
    check_facts(facts)
    for name, column in facts.columns.items():
        quote = "" if relation[name].kind is Kind.COUNT or relation[name].kind is Kind.FLAG else '"'
        told = _iso(column) if relation[name].kind is Kind.TIME else column.cast(pa.string())
        pieces.append(pc.binary_join_element_wise(f',"{name}":{quote}', told, quote, ""))
    pieces.append(same("}\n", size))
    joined = pc.binary_join_element_wise(*pieces, "", null_handling="replace", null_replacement="")
    return joined.cast(pa.large_string())


def _iso(column: pa.Array) -> pa.Array:
    """Give ISO 8601 with the offset of Amsterdam; an empty moment stays empty."""
    second = np.asarray(pc.fill_null(column.cast(pa.int64()), 0)) // 1_000_000
    hours, place = np.unique(second // _HOUR, return_inverse=True)
    local = [datetime.fromtimestamp(int(each) * _HOUR, ZoneInfo(ZONE)) for each in hours]
    heads = pa.array([each.strftime("%Y-%m-%dT%H") for each in local], pa.string()).take(pa.array(place))
    tails = pa.array([each.isoformat()[-6:] for each in local], pa.string()).take(pa.array(place))
    within = pa.array([f":{each // 60:02}:{each % 60:02}" for each in range(_HOUR)], pa.string())
    told = pc.binary_join_element_wise(heads, within.take(pa.array(second % _HOUR)), tails, "")
    return pc.if_else(column.is_null(), _EMPTY, told)


def check_facts(facts: Facts) -> None:
    """Refuse a column that the relation does not declare, an empty one that it requires, and another code."""
    for name, column in facts.columns.items():
        _check_column(RELATIONS[facts.relation], name, column)


def _check_column(relation: Relation, name: str, column: pa.Array) -> None:
    declared = {each.name: each for each in relation.content}
    if name not in declared:
        raise _not_declared(f"a column of {relation.name}", f"{name!r}")
    if declared[name].required and column.null_count:
        raise _not_declared(
            f"a value in every row of {relation.name}.{name}", f"{column.null_count} empty rows"
        )
    if declared[name].kind is Kind.CODE and not set(column.unique().to_pylist()) <= {
        *declared[name].codes,
        None,
    }:
        raise _not_declared(f"a code of {relation.name}.{name}", "another word")


def _not_declared(expected: str, found: str) -> ConfigurationError:
    return ConfigurationError(
        expected=expected, found=found, remedy="let the town write what the relation declares"
    )


def _without(column: pa.Array, empty: Flags) -> pa.Array:
    return pc.if_else(pa.array(empty), _EMPTY, column)
