# SPDX-License-Identifier: EUPL-1.2
"""Drawn cases: small tables a lawyer can read, side by side or under each other, and what must come out.

A name like s1, p1 or z1 stands for a token; times are `2 Mar 09:00` in 2026 and in Amsterdam; an `entry`
column labels a row, so that the expected table can say which work carries the explanation. Knows no engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.sql.cells import Cell, Place, fact_value, label_of, refuse, work_value
from rekenschap.sql.derived import DERIVED, derived_schema
from rekenschap.sql.query import Columns, Query
from rekenschap.tables import arrow_type, fact_schema, to_work_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """One drawn table as text: its name, its column names and its cells, each with its place in the file."""

    name: str
    expected: bool
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A drawn case, read: relations in work form, and the rows (as tuples, sorted) that must come out."""

    says: str
    given: Mapping[str, pa.Table]
    columns: tuple[str, ...]
    expected: tuple[tuple[object, ...], ...]


def read_drawn(path: Path, query: Query, *, catalogue: Iterable[Query] = ()) -> Drawn:
    """Read a drawn case of `query`; raises ConfigurationError with file and line when it cannot be read.

    `catalogue` are the queries whose derived relations may be drawn as given.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    sketches = sketch(lines, path.name)
    derived = {**{each.writes: each.columns for each in catalogue}, **DERIVED}
    wanted = [each for each in sketches if each.expected]
    if len(wanted) != 1:
        raise refuse(Place(path.name, len(lines)), "one expected table after =>", f"{len(wanted)}")
    entries = _numbered(sketches)
    given = {each.name: _given(each, derived, entries) for each in sketches if not each.expected}
    columns, rows = _expected(wanted[0], query, entries)
    says = " ".join(line[1:].strip() for line in lines if line.startswith("#"))
    return Drawn(says=says, given=given, columns=columns, expected=rows)


def answered_rows(answer: pa.Table, columns: tuple[str, ...]) -> tuple[tuple[object, ...], ...]:
    """Give the rows of an answer as a drawn case expects them: the drawn columns only, sorted."""
    rows = zip(*(answer.column(name).to_pylist() for name in columns), strict=True)
    return tuple(sorted(rows, key=repr))


def sketch(lines: list[str], file: str) -> tuple[Sketch, ...]:
    """Cut a file into its drawn tables: blocks of lines, and in each block the tables side by side."""
    found: list[Sketch] = []
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip() and not line.startswith("#"):
            block.append((number, line))
        elif block:
            found.extend(_side_by_side(block, file))
            block = []
    return tuple(found)


def _side_by_side(block: list[tuple[int, str]], file: str) -> list[Sketch]:
    number, names = block[0]
    if len(block) < 2:
        raise refuse(Place(file, number), "a line of names and under it a line of columns", "one line")
    edges = _edges(names)
    width = max(len(line) for _, line in block)
    return [
        _one_table(block, left, right, file) for left, right in zip(edges, [*edges[1:], width], strict=True)
    ]


def _edges(names: str) -> list[int]:
    """Give the columns of text at which tables begin: the words of the first line, `=>` with its name."""
    edges: list[int] = []
    position = 0
    for word in names.split():
        start = names.index(word, position)
        if not edges or names[edges[-1] : position].strip() != "=>":
            edges.append(start)
        position = start + len(word)
    return edges


def _one_table(block: list[tuple[int, str]], left: int, right: int, file: str) -> Sketch:
    number, names = block[0]
    name = names[left:right].strip()
    rows: list[tuple[Cell, ...]] = []
    for line_number, line in block[1:]:
        place = Place(file, line_number)
        if left and line[left - 1 : left].strip():
            raise refuse(place, "an empty column between two tables", "a cell that runs into the next table")
        if line[left:right].strip():
            rows.append(tuple(Cell(each.strip(), place) for each in line[left:right].split("|")))
    if not rows:
        raise refuse(Place(file, number), f"column names under {name}", "none")
    for row in rows[1:]:
        if len(row) != len(rows[0]):
            raise refuse(row[0].place, f"{len(rows[0])} cells", f"{len(row)}")
    bare = name.removeprefix("=>").strip()
    return Sketch(
        name=bare,
        expected=name.startswith("=>"),
        header=rows[0],
        rows=tuple(rows[1:]),
        place=Place(file, number),
    )


def _numbered(sketches: Iterable[Sketch]) -> dict[str, int]:
    """Give each label of a row its entry: the order in which labels are first drawn in the given tables."""
    entries: dict[str, int] = {}
    for each in sketches:
        place = _entry_position(each)
        if each.expected or place is None:
            continue
        for row in each.rows:
            label = label_of(row[place])
            if label in entries:
                raise refuse(row[place].place, "each label once", f"'{label}' twice")
            entries[label] = len(entries)
    return entries


def _entry_position(drawn: Sketch) -> int | None:
    names = [cell.text for cell in drawn.header]
    return names.index("entry") if "entry" in names else None


def _given(drawn: Sketch, derived: Mapping[str, Columns], entries: dict[str, int]) -> pa.Table:
    if drawn.name in SEARCHED_RELATIONS:
        return _facts(drawn, SEARCHED_RELATIONS[drawn.name], entries)
    if drawn.name in derived:
        return _derived(drawn, derived[drawn.name], entries)
    raise refuse(drawn.place, "the name of a relation", f"'{drawn.name}'")


def _facts(drawn: Sketch, relation: Relation, entries: dict[str, int]) -> pa.Table:
    """Build fact form from the declarations, nulls where nothing is drawn, and turn it into work form."""
    drawn_names = _checked_names(
        drawn, ("entry", "recorded_at", *(column.name for column in relation.content))
    )
    arrays = []
    for column in relation:
        at = drawn_names.get(column.name)
        values = [None if at is None else _fact(row[at], column, entries) for row in drawn.rows]
        arrays.append(pa.array(values, arrow_type(column)))
    facts = pa.Table.from_arrays(arrays, schema=fact_schema(relation))
    at = drawn_names.get("entry")
    spare = range(10_000, 10_000 + len(drawn.rows))  # rows without a label still need an entry of their own
    rows = [
        number if at is None else entries[row[at].text] for number, row in zip(spare, drawn.rows, strict=True)
    ]
    return to_work_form(facts, relation, entries=pa.array(rows, pa.int64()))


def _fact(cell: Cell, column: Column, entries: Mapping[str, int]) -> object:
    """Read a cell of a fact; a fact about another fact names it by its label."""
    if column.kind is Kind.COUNT and column.unit == "entry" and cell.text in entries:
        return entries[cell.text]
    return fact_value(cell, column)


def _derived(drawn: Sketch, columns: Columns, entries: dict[str, int]) -> pa.Table:
    drawn_names = _checked_names(drawn, tuple(columns))
    schema = derived_schema(columns)
    arrays = []
    for name, holds in columns.items():
        at = drawn_names.get(name)
        values = [None if at is None else work_value(row[at], holds, entries, new=True) for row in drawn.rows]
        arrays.append(pa.array(values, schema.field(name).type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _expected(
    drawn: Sketch, query: Query, entries: dict[str, int]
) -> tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]:
    _checked_names(drawn, tuple(query.columns))
    names = tuple(cell.text for cell in drawn.header)
    holds = [query.columns[name] for name in names]
    rows = [
        tuple(work_value(cell, what, entries) for cell, what in zip(row, holds, strict=True))
        for row in drawn.rows
    ]
    return names, tuple(sorted(rows, key=repr))


def _checked_names(drawn: Sketch, allowed: tuple[str, ...]) -> dict[str, int]:
    for cell in drawn.header:
        if cell.text not in allowed:
            raise refuse(cell.place, f"a column of {drawn.name} ({', '.join(allowed)})", f"'{cell.text}'")
    return {cell.text: position for position, cell in enumerate(drawn.header)}
