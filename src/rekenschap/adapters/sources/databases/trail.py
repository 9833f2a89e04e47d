# SPDX-License-Identifier: EUPL-1.2
"""An audit trail exported as CSV or JSON in which one column holds the statement (Oracle, SQL Server, ...).

Settings: `form` (csv, jsonl or json, with `rows` as for json; else by the name of the file), `statement` and
`parameters` (columns), `key` (columns that together number a statement), `application` (column in which an
application may name staff).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson
import pyarrow as pa

from rekenschap.adapters.sources.csv_file import CsvFile
from rekenschap.adapters.sources.databases.looking import Looking, Row, looking
from rekenschap.adapters.sources.databases.statement import Statement
from rekenschap.adapters.sources.objects.json_file import JsonFile
from rekenschap.adapters.sources.objects.jsonl_file import JsonlFile
from rekenschap.errors import ConfigurationError
from rekenschap.seams.source import RECORD, Block, Reader, ReaderOptions

_FORMS: Mapping[str, Reader] = {"csv": CsvFile(), "jsonl": JsonlFile(), "json": JsonFile()}
_BIND = re.compile(r"\s*#(\d{1,5})\((\d{1,6})\):")


class AuditTrail:
    """Reads the rows of a trail and what their statements say; one row for each subject a statement names."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the rows in order."""
        form = options.settings.get("form") or _form_of(path)
        if form not in _FORMS:
            raise ConfigurationError(
                expected=f"form {', '.join(_FORMS)}", found=f"{form!r}", remedy="correct the profile"
            )
        look = looking(options, dialect="oracle")
        for block in _FORMS[form].blocks(path, options):
            yield _with_statements(block, look, options.settings)


def _form_of(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return "jsonl" if name.endswith((".jsonl", ".ndjson")) else "json" if name.endswith(".json") else "csv"


def _with_statements(block: Block, look: Looking, settings: Mapping[str, str]) -> Block:
    rows: list[Row] = []
    lines: list[int] = []
    for line, row in zip(block.lines.to_pylist(), block.rows.to_pylist(), strict=True):
        statement = look.statement(row.get(settings.get("statement", "")) or "")
        values = _values(row.get(settings.get("parameters", "")) or "", statement)
        keys = [row.get(name) for name in settings.get("key", "").split()]
        whole = orjson.dumps({name: text for name, text in row.items() if text is not None}).decode()
        more: Row = {RECORD: whole, "application_name": row.get(settings.get("application", ""))}
        more["sql.key"] = " ".join(key or "-" for key in keys) if any(keys) else None
        told = list(look.rows(row | more, statement, values))
        rows += told
        lines += [line] * len(told)
    names = dict.fromkeys(name for row in rows for name in row)
    return Block(
        rows=pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}),
        lines=pa.array(lines, pa.int64()),
        broken=block.broken,
        bytes_read=block.bytes_read,
    )


def _values(text: str, statement: Statement) -> Mapping[str, str]:
    """Read the binds of Oracle: ` #1(9):999990019 #2(2):NL`, each with its length before it."""
    found: dict[str, str] = {}
    at = 0
    while bind := _BIND.match(text, at):
        number, length = int(bind[1]), int(bind[2])
        at = bind.end() + length
        value = text[bind.end() : at]
        found[str(number)] = value
        if number <= len(statement.parameters):
            found[statement.parameters[number - 1]] = value
    return found
