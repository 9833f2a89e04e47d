# SPDX-License-Identifier: EUPL-1.2
"""Adds to each row of an audit trail what its statement says: `sql.` columns, and a row per subject it names.

`sql.kind` is `look` (of the subjects it names), `set` (rows of nobody in particular), `export` (COPY .. TO),
`change`, `setting` (of the audit itself), `session` (one that ended), or empty (reads of nobody).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rekenschap.adapters.sources.databases.keys import items_of
from rekenschap.adapters.sources.databases.statement import Statement, read_statement
from rekenschap.adapters.sources.databases.words import trace_of
from rekenschap.errors import ConfigurationError
from rekenschap.seams.source import ReaderOptions

Row = dict[str, str | None]

SETTINGS = ("dialect", "key_columns", "staff_in", "staff_remarks", "zaak_remarks")
_MOST_SUBJECTS = 500
_MOST_LETTERS = 1_900
_KINDS = {"read": "set", "export": "export", "write": "change", "count": "", "nothing": "", "": "set"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How to read the statements of one source: dialect, columns that hold a key, where staff stands."""

    dialect: str
    key_columns: frozenset[str]
    staff_in: re.Pattern[str] | None
    staff_remarks: tuple[str, ...]
    zaak_remarks: tuple[str, ...]

    def statement(self, text: str) -> Statement:
        """Understand one statement."""
        return read_statement(text, self.dialect, self.key_columns)

    def rows(self, row: Row, statement: Statement, parameters: Mapping[str, str]) -> Iterator[Row]:
        """Give the row once, or once for each subject the statement names.

        The caller has set `sql.kind` when it knows better, and gives the name of the application in
        `application_name` and a key of the statement within its source in `sql.key`.
        """
        kind = row.get("sql.kind")
        subjects = _subjects(statement, parameters)
        if kind is None:
            kind = "" if statement.only_catalogue else _KINDS[statement.action]
            kind = "look" if subjects and kind in ("set", "") and statement.action != "nothing" else kind
        told = row | self._told(row, statement) | {"sql.kind": kind}
        if not 0 < len(subjects) <= _MOST_SUBJECTS:
            yield told | {
                "sql.kind": "set" if kind == "look" else kind,
                "sql.operation_id": _operation(row, 0),
            }
            return
        for at, subject in enumerate(subjects):
            yield told | {"sql.subject": subject, "sql.operation_id": _operation(row, at)}

    def _told(self, row: Row, statement: Statement) -> Row:
        trace = trace_of(statement.remarks)
        return {
            "sql.action": statement.action,
            "sql.tables": _joined(statement.tables),
            "sql.fields": _joined(statement.fields),
            "sql.staff": self.staff(row.get("application_name") or "", statement.remarks),
            "sql.zaak": _first(statement.remarks, self.zaak_remarks),
            "sql.trace_id": trace[0] if trace else None,
        }

    def staff(self, application: str, remarks: Mapping[str, str]) -> str | None:
        """Give who is behind a connection: named in a comment, else in the name of the application."""
        named = self.staff_in.search(application) if self.staff_in else None
        return _first(remarks, self.staff_remarks) or (named[1] if named else None)


def looking(options: ReaderOptions, *, dialect: str) -> Looking:
    """Read the settings of a profile; raises ConfigurationError."""
    settings = options.settings
    return Looking(
        dialect=settings.get("dialect", dialect),
        key_columns=frozenset(settings.get("key_columns", "bsn burgerservicenummer").lower().split()),
        staff_in=_pattern(settings.get("staff_in", "")),
        staff_remarks=tuple(settings.get("staff_remarks", "staff user").split()),
        zaak_remarks=tuple(settings.get("zaak_remarks", "zaak case").split()),
    )


def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        pattern = re.compile(text) if text else None
    except re.error:
        pattern = None
    if text and (pattern is None or pattern.groups != 1):
        raise ConfigurationError(
            expected="a pattern with one group at staff_in",
            found="another text",
            remedy="put brackets around who it is, as in user=([^;]+)",
        )
    return pattern


def _subjects(statement: Statement, parameters: Mapping[str, str]) -> Sequence[str]:
    """Give the values of the keys; none when the value of one of them is not in the trail."""
    found: dict[str, None] = {}
    for key in statement.keys or ():
        text = parameters.get(key.value, "") if key.is_parameter else key.value
        values = [value.strip() for value in (items_of(text) if key.is_parameter else [text])]
        if not values or not all(values):
            return ()
        found |= dict.fromkeys(values)
    return tuple(found)


def _operation(row: Row, at: int) -> str | None:
    """Make a span id of our own: the one in a comment is that of the caller, and may do many statements."""
    key = row.get("sql.key")
    return hashlib.sha256(f"{key}\0{at}".encode()).hexdigest()[:16] if key else None


def _joined(names: Sequence[str]) -> str | None:
    """Put names together as far as a text may be long."""
    told, length = list[str](), 0
    for name in names:
        length += len(name) + 2
        if length > _MOST_LETTERS:
            told.append("...")
            break
        told.append(name)
    return ", ".join(told) or None


def _first(remarks: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((remarks[name] for name in names if remarks.get(name)), None)
