# SPDX-License-Identifier: EUPL-1.2
"""What pgaudit wrote in one line of the log of PostgreSQL, and what can be seen of the audit itself.

A gap shows in three ways: a setting of pgaudit that was changed, numbers of lines in a session that are
skipped (somebody took lines out), and a session that ended without a statement. That the audit was switched
off for a while shows in none of its own lines: pgaudit does not count what it does not log.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping

import orjson
import pyarrow as pa
from sqlglot.dialects.dialect import Dialect

from rekenschap.adapters.sources.databases.looking import Looking, Row, looking
from rekenschap.adapters.sources.databases.statement import Statement
from rekenschap.adapters.sources.databases.words import words_of
from rekenschap.seams.source import KEPT_OF_A_LINE, RECORD, Block, BrokenRow, ReaderOptions

_MARK = "AUDIT: "
_FIELDS = (
    "type statement_id substatement_id class command object_type object_name statement parameter rows".split()  # noqa: SIM905
)
_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^,"]*))(?:,|$)')
_ZONE = re.compile(r" (UTC|GMT|CET|CEST)$")
_OFFSETS = {"UTC": "Z", "GMT": "Z", "CET": "+01:00", "CEST": "+02:00"}
_AGAIN, _NOT_TOLD = "<previously logged>", ("<none>", "<not logged>")
_REMEMBERED = 2_000
"""Sessions of which the last statement is kept, for pgaudit.log_statement_once."""

_COUNTED = 50_000
_DIGITS = 12


class Auditing:
    """Makes of each block of the log one with what pgaudit said in it, as one pass over the file."""

    def __init__(self, options: ReaderOptions) -> None:
        self._looking: Looking = looking(options, dialect="postgres")
        self._dialect = Dialect.get_or_raise("postgres")
        self._last: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._numbers: OrderedDict[str, int] = OrderedDict()

    def block(self, block: Block) -> Block:
        """Give the rows with `audit.` and `sql.` columns; a line that cannot be read breaks alone."""
        rows: list[Row] = []
        lines: list[int] = []
        broken = list(block.broken)
        for line, row in zip(block.lines.to_pylist(), block.rows.to_pylist(), strict=True):
            told = self._told(row)
            if told is None:
                original = (row["message"] or "").encode()[:KEPT_OF_A_LINE]
                broken.append(BrokenRow(line=line, reason="audit-unreadable", original=original))
                continue
            rows += told
            lines += [line] * len(told)
        names = dict.fromkeys(name for row in rows for name in row)
        return Block(
            rows=pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}),
            lines=pa.array(lines, pa.int64()),
            broken=tuple(broken),
            bytes_read=block.bytes_read,
        )

    def _told(self, row: Row) -> list[Row] | None:
        whole = orjson.dumps({name: text for name, text in row.items() if text is not None}).decode()
        client = row.get("remote_host") or (row.get("connection_from") or "").rpartition(":")[0]
        times = {"time": _time(row.get("timestamp")), "began": _time(row.get("session_start"))}
        row = row | times | {"client": client or row.get("connection_from"), RECORD: whole}
        row["sql.skipped"] = self._skipped(row.get("session_id"), row.get("line_num"))
        message = row.get("message") or ""
        if not message.startswith(_MARK):
            staff = self._looking.staff(row.get("application_name") or "", {})
            return [row | _of_the_server(message) | {"sql.staff": staff}]
        fields = _cells(message[len(_MARK) :])
        if fields is None or len(fields) not in (9, 10) or not (fields[1] + fields[2]).isdecimal():
            return None
        row |= {f"audit.{name}": text or None for name, text in zip(_FIELDS, fields, strict=False)}
        return list(self._audited(row))

    def _audited(self, row: Row) -> Iterator[Row]:
        text, parameter = self._remembered(row)
        parts = ("session_id", "audit.statement_id", "audit.substatement_id", "audit.object_name")
        row["sql.key"] = " ".join(row.get(part) or "-" for part in parts)
        statement = self._looking.statement(text)
        row |= self._kind(row, statement, text)
        yield from self._looking.rows(row, statement, _parameters(parameter))

    def _kind(self, row: Row, statement: Statement, text: str) -> Row:
        """Say what an entry is where the statement alone does not: COPY is logged twice."""
        kind, command = row["audit.class"], row["audit.command"]
        if kind in ("MISC", "MISC_SET", "ROLE", "DDL"):
            words = {word.text.lower() for word in words_of(text, self._dialect)}
            return {"sql.kind": "setting" if "pgaudit" in " ".join(words) else ""}
        if kind == "WRITE":
            return {"sql.kind": "change"}
        if kind != "READ" or command == "PREPARE" or statement.only_catalogue:
            return {"sql.kind": ""}
        if command == "COPY":
            return {"sql.kind": "export"}
        if statement.action == "export":
            return {"sql.kind": "look" if statement.keys else ""}
        return {}

    def _remembered(self, row: Row) -> tuple[str, str]:
        """Give text and parameters of a statement, those of the entry before when they were told with it."""
        session = row.get("session_id") or ""
        text, parameter = row["audit.statement"] or "", row["audit.parameter"] or ""
        last_text, last_parameter = self._last.pop(session, ("", ""))
        text = last_text if text == _AGAIN else text
        parameter = last_parameter if parameter == _AGAIN else parameter
        self._last[session] = (text, parameter)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        return text, parameter

    def _skipped(self, session: str | None, number: str | None) -> str | None:
        """Say how many lines of this session are missing before this one; the first may be anything."""
        if not session or not (number or "").isdecimal() or len(number or "") > _DIGITS:
            return None
        this = int(number or 0)
        last = self._numbers.pop(session, this - 1)
        self._numbers[session] = this
        if len(self._numbers) > _COUNTED:
            self._numbers.popitem(last=False)
        return str(this - last - 1) if this > last + 1 else None


def _of_the_server(message: str) -> Row:
    """Tell of a line that is not of pgaudit whether it says something of the audit."""
    if message.startswith('parameter "pgaudit.') or message.startswith(
        'parameter "shared_preload_libraries"'
    ):
        return {"sql.kind": "setting"}
    return {"sql.kind": "session" if message.startswith("disconnection: ") else ""}


def _cells(text: str) -> list[str] | None:
    """Read one row of CSV; None when it is none. The module csv refuses a cell over 128 KiB."""
    cells: list[str] = []
    at = 0
    while at <= len(text):
        found = _FIELD.match(text, at)
        if found is None:
            return None
        cells.append(found[1].replace('""', '"') if found[1] is not None else found[2])
        if found.end() == len(text) and not found[0].endswith(","):
            return cells
        at = found.end()
    return cells


def _parameters(text: str) -> Mapping[str, str]:
    """Give parameters by their number; pgaudit writes them as CSV inside CSV."""
    cells = [] if text in ("", *_NOT_TOLD) else _cells(text) or []
    return {str(number): cell for number, cell in enumerate(cells, start=1)}


def _time(text: str | None) -> str | None:
    """Write the zone as an offset; log_timezone gives its name."""
    found = _ZONE.search(text or "")
    return text and (text[: found.start()] + _OFFSETS[found[1]] if found else text)
