# SPDX-License-Identifier: EUPL-1.2
"""A file of facts, read in blocks of bounded size. Knows rows and lines, not what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, runtime_checkable

import pyarrow as pa

MAX_COLUMNS = 4_096
"""No real source comes near; a file with more is not what its profile says."""

MAX_LINE = 1 << 20
"""Bytes in one row; a longer one goes to quarantine, shortened to KEPT_OF_A_LINE."""

KEPT_OF_A_LINE = 1 << 16
RECORD = "record"
"""Column (text or bytes) with the whole of what a row was made of, where a profile says `keep: record`."""

RECEIVED = "received"
"""Column beside RECORD when a record came in another form than the one its token is made over."""

BLOCK_BYTES = 8 << 20
BLOCK_ROWS = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderOptions:
    """How a file is written down; a reader looks only at what concerns it.

    `settings` holds what one kind of reader alone knows; see `READER_KINDS` for which.
    """

    delimiter: str = ","
    quote: str = '"'
    encoding: str = "auto"
    header_row: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderKind:
    """A kind of file: how its names end, the settings a profile may give beside those of every reader, and
    whether it is no text (then the example in a profile is base64)."""

    endings: tuple[str, ...]
    settings: tuple[str, ...] = ()
    is_binary: bool = False


_OF_MAIL = ("own_domains", "partner_domains", "home_country", "countries")
_OF_SQL = ("dialect", "key_columns", "staff_in", "staff_remarks", "zaak_remarks")

READER_KINDS: Mapping[str, ReaderKind] = MappingProxyType(
    {
        "csv": ReaderKind(endings=(".csv", ".tsv", ".txt")),
        "excel": ReaderKind(
            endings=(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), settings=("sheet",), is_binary=True
        ),
        "jsonl": ReaderKind(endings=(".jsonl", ".ndjson", ".json"), settings=("flatten", RECORD)),
        "json": ReaderKind(endings=(".json",), settings=("rows", "keep", RECORD)),
        "ldif": ReaderKind(endings=(".ldif", ".ldf")),
        "parquet": ReaderKind(endings=(".parquet",), is_binary=True),
        "pgaudit-csvlog": ReaderKind(endings=(".csv",), settings=_OF_SQL),
        "pgaudit-jsonlog": ReaderKind(endings=(".json",), settings=_OF_SQL),
        "atna": ReaderKind(endings=(".xml", ".log", ".txt")),
        "fhir-audit": ReaderKind(endings=(".json", ".ndjson")),
        "cups-page-log": ReaderKind(endings=("page_log", ".log", ".1")),
        "m365-audit": ReaderKind(endings=(".csv", ".json", ".jsonl"), settings=_OF_MAIL),
        "exchange-tracking": ReaderKind(endings=(".log", ".csv"), settings=_OF_MAIL),
        "postfix-log": ReaderKind(endings=(".log", ".1"), settings=(*_OF_MAIL, "year", "filter_ports")),
        "sql-audit": ReaderKind(
            endings=(".csv", ".json", ".jsonl"),
            settings=(*_OF_SQL, "form", "rows", "keep", "statement", "parameters", "key", "application"),
        ),
        "records": ReaderKind(
            endings=(".dat", ".bin", ".ebc", ".txt"),
            settings=("copybook", "layout", "framing", "choose", "leave_out"),
            is_binary=True,
        ),
        "evtx": ReaderKind(endings=(".evtx",), is_binary=True),
        "windows-xml": ReaderKind(endings=(".xml",)),
        "cef": ReaderKind(endings=(".cef", ".log", ".txt", ".jsonl")),
        "leef": ReaderKind(endings=(".leef", ".log", ".txt", ".jsonl")),
        "xes": ReaderKind(endings=(".xes", ".xml")),
    }
)
"""Every kind of file a profile may name; `rekenschap.adapters.sources` has the reader of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRow:
    """A row that cannot be read as columns: its line, a reason code, its bytes (at most KEPT_OF_A_LINE)."""

    line: int
    reason: str
    original: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some rows as text columns, the line of each (for XES and Parquet: its number), and those that broke."""

    rows: pa.Table
    lines: pa.Array
    broken: tuple[BrokenRow, ...] = ()
    bytes_read: int = 0


class Reader(Protocol):
    """Reads one kind of file."""

    fixed_columns: bool
    """Whether every row has the columns of the first block (CSV, Parquet), or only those it fills."""

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the rows in order; a bad row is a BrokenRow and never stops the file.

        Raises SourceError when the file as a whole cannot be read, or from that point on: what came before
        has then been given.
        """


@runtime_checkable
class LeaningReader(Reader, Protocol):
    """A reader of lines that lean on lines before them, such as those of one message."""

    def leaned_on(self, raw: bytes) -> bytes:
        """Of whole lines give those that later ones may lean on; none of them gives a row or breaks."""
