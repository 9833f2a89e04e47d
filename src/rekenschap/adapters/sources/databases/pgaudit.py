# SPDX-License-Identifier: EUPL-1.2
"""The log of PostgreSQL with pgaudit in it, as jsonlog or csvlog: each line a row, those of pgaudit with
`audit.` columns and what their statement says.

Lines are parsed, never cut: statements hold line ends and quotes. Statement numbers begin anew in each
session, so a statement is known by session, statement and substatement together.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from rekenschap.adapters.sources.csv_blocks import record_blocks
from rekenschap.adapters.sources.csv_file import rows_under
from rekenschap.adapters.sources.databases.auditing import Auditing
from rekenschap.adapters.sources.encodings import encoding_of, in_utf_8
from rekenschap.adapters.sources.objects.jsonl_file import JsonlFile
from rekenschap.adapters.sources.unpacking import chunks_of, source_error
from rekenschap.seams.source import Block, ReaderOptions

_IN_ORDER = (
    "timestamp user dbname pid connection_from session_id line_num ps session_start vxid txid error_severity "
    "state_code message detail hint internal_query internal_position context statement cursor_position "
    "location application_name backend_type leader_pid query_id"
)
_NAMES = _IN_ORDER.split()
_OF_A_RELEASE = (26, 24, 23)
"""Columns of csvlog: since PostgreSQL 14, in 13, and before."""


class PgauditJsonlog:
    """Reads jsonlog (PostgreSQL 15 and later)."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give every line of the log as a row; a statement on several subjects as a row for each."""
        auditing = Auditing(options)
        for block in JsonlFile().blocks(path, options):
            yield auditing.block(block)


class PgauditCsvlog:
    """Reads csvlog under the names that jsonlog has."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give every line of the log as a row; a statement on several subjects as a row for each."""
        auditing = Auditing(options)
        chunks = chunks_of(path)
        first, read = next(chunks)
        encoding = encoding_of(first, options.encoding)
        stream = in_utf_8(chain([(first, read)], chunks), encoding)
        records = record_blocks(stream, quote=options.quote, first_line=1)
        names = _NAMES[: _width(first.decode(encoding, "replace"))]
        for block in rows_under(names, records, options, encoding=encoding):
            yield auditing.block(block)


def _width(begin: str) -> int:
    """Tell by its first rows which release wrote the log; the csvlog has no row of names."""
    rows = csv.reader(begin.splitlines(keepends=True)[:200])
    try:
        width = next((len(row) for row in rows if len(row) in _OF_A_RELEASE), 0)
    except csv.Error:
        width = 0
    if not width:
        raise source_error(
            "a csvlog of PostgreSQL, with 23, 24 or 26 columns",
            "rows of another width",
            "check which profile reads this file",
        )
    return width
