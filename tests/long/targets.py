# SPDX-License-Identifier: EUPL-1.2
"""What is fed with anything: each reader and contract, between two good rows.

A target raises when its input breaks something: a fault that is none of our own errors, a good row that is
gone, or a personal value in a message. No fuzzer is known here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import cast

import pyarrow as pa

from rekenschap.adapters.sources import READERS
from rekenschap.adapters.sources.records.copybook import parse_copybook
from rekenschap.contracts import facts, otlp
from rekenschap.errors import RekenschapError, SourceError
from rekenschap.frontdoor.inbox import Kind
from rekenschap.frontdoor.wire.bodies import has_records
from rekenschap.mail.counting import count
from rekenschap.seams.source import ReaderOptions
from tests.long import seeds

NAME = "Zwaantje-Zevenblad"
"""The name of an invented citizen, put in every seed; it may come back in no message."""
_MANY = 1 << 18


@dataclass(frozen=True, slots=True)
class Target:
    """Something to feed, and what to begin with."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


class BrokenError(AssertionError):
    """Input that broke something."""


@contextmanager
def in_our_words() -> Iterator[None]:
    """Let our own errors pass when nobody is named in them."""
    try:
        yield
    except RekenschapError as error:
        if NAME in str(error) or seeds.BSN in str(error) or "\n" in str(error):
            raise BrokenError("a message with a personal value in it") from None


@contextmanager
def file_with(content: bytes) -> Iterator[Path]:
    """Have bytes under a path while they are read."""
    with os.fdopen(os.memfd_create("fuzz"), "w+b") as file:
        file.write(content)
        file.flush()
        yield Path(f"/proc/self/fd/{file.fileno()}")


def feed_body(kind: str, good: bytes, given: bytes) -> None:
    """Feed a body of the front door; those before and behind it must be as they are alone."""
    rows_of = partial(
        facts.rows_of if kind.startswith("facts") else otlp.rows_of,
        kind=cast("facts.BodyKind", kind),
    )
    with in_our_words():
        has_records(Kind[kind.replace("-", "_").upper()], given)
    # What the door stops may not break what stands beside it either.
    table, of_body = rows_of([good, given, good])
    alone = without_nulls(rows_of([good])[0])
    of = of_body.to_pylist()
    for at in (0, 2):
        if without_nulls(table.filter(pa.array([each == at for each in of]))) != alone:
            raise BrokenError(f"the good body at {at} is another beside this one")
    if len(of) != table.num_rows or of != sorted(of):
        raise BrokenError("rows of no body")


def without_nulls(table: pa.Table) -> list[dict[str, object]]:
    """Give rows without what is empty in them: another body may add columns."""
    return [
        {name: str(value) for name, value in row.items() if value is not None} for row in table.to_pylist()
    ]


def feed_lines(kind: str, good: bytes, options: ReaderOptions, given: bytes) -> None:
    """Feed some lines of a file; the good ones before and behind them must come through.

    Without zero bytes: a small file with some in it is taken for a binary one, and refused as a whole.
    """
    given = given.replace(b"\0", b"")
    with file_with(good + b"\n" + good) as path:
        wanted = rows_in(kind, path, options)[-1]
    with file_with(good + b"\n" + given + b"\n" + good + b"\n") as path:
        found = rows_in(kind, path, options)
    if sum(without_nulls_of(row) == without_nulls_of(wanted) for row in found) < 2:
        raise BrokenError("a good line is gone")


def feed_sheet(given: bytes) -> None:
    """Feed rows of a CSV file; the row before them must come through, and the one behind them unless a quote
    that is never closed goes on over it."""
    head, good = b"when,who,whom\n", b"2026-03-02T09:00:00Z,m.devries,K-1\n"
    with file_with(head + good + given + b"\n" + good) as path:
        rows = rows_in("csv", path, ReaderOptions(encoding="utf-8"))
    wanted = {"when": "2026-03-02T09:00:00Z", "who": "m.devries", "whom": "K-1"}
    least = 1 if b'"' in given else 2
    if sum(without_nulls_of(row) == wanted for row in rows) < least:
        raise BrokenError("a good row is gone")


def feed_file(kind: str, options: ReaderOptions, given: bytes) -> None:
    """Feed a whole file."""
    with in_our_words(), file_with(given) as path:
        rows_in(kind, path, options)


def feed_records(given: bytes) -> None:
    """Feed records of a mainframe; the one before and the one behind must come through."""
    settings = {"copybook": seeds.COPYBOOK}
    length = len(seeds.RECORD)
    middle = given[: 20 * length]
    middle += b"\x40" * (-len(middle) % length)
    with file_with(seeds.RECORD + middle + seeds.RECORD) as path:
        rows = rows_in("records", path, ReaderOptions(encoding="cp037", settings=settings))
    if sum(row.get("GEBRUIKER") == "M.VRIES" and row.get("BSN") == seeds.BSN for row in rows) < 2:
        raise BrokenError("a good record is gone")


def feed_copybook(given: bytes) -> None:
    """Feed the text of a copybook."""
    with in_our_words():
        parse_copybook(given.decode("utf-8", "replace"), {})


def feed_mail(given: bytes) -> None:
    """Feed a part of a message, and a message; the person in the part before it must be counted."""
    count(given)
    whole = seeds.mail_with(given)
    if seeds.BOUNDARY in given:
        return
    if count(whole).persons < 1:
        raise BrokenError("the person in the good part is not counted")


def rows_in(kind: str, path: Path, options: ReaderOptions) -> list[dict[str, str | None]]:
    """Read all there is, up to where the file as a whole cannot be read any further."""
    found: list[dict[str, str | None]] = []
    try:
        for block in READERS[kind].blocks(path, options):
            if len(found) < _MANY:
                found += block.rows.to_pylist()
            for broken in block.broken:
                if not broken.reason.replace("-", "").isalpha():
                    raise BrokenError("a reason that is no code")
    except SourceError as error:
        if NAME in str(error) or seeds.BSN in str(error):
            raise BrokenError("a message with a personal value in it") from None
    return found


def without_nulls_of(row: Mapping[str, str | None]) -> dict[str, str]:
    """Give a row without what is empty in it."""
    return {name: value for name, value in row.items() if value is not None}


_PLAIN = ReaderOptions()
TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        "otlp-traces": Target(
            partial(feed_body, "traces-protobuf", seeds.TRACES), (seeds.TRACES, seeds.TRACES * 2)
        ),
        "otlp-logs": Target(partial(feed_body, "logs-protobuf", seeds.LOGS), (seeds.LOGS,)),
        "otlp-json": Target(
            partial(feed_body, "traces-json", seeds.TRACES_JSON), (seeds.TRACES_JSON, seeds.LOGS_JSON)
        ),
        "facts-json": Target(partial(feed_body, "facts-json", seeds.FACTS_JSON), (seeds.FACTS_JSON,)),
        "facts-arrow": Target(partial(feed_body, "facts-arrow", seeds.FACTS_ARROW), (seeds.FACTS_ARROW,)),
        "cef": Target(partial(feed_lines, "cef", seeds.CEF, _PLAIN), (seeds.CEF, seeds.SYSLOG_CEF)),
        "leef": Target(partial(feed_lines, "leef", seeds.LEEF, _PLAIN), (seeds.LEEF,)),
        "syslog": Target(partial(feed_lines, "jsonl", seeds.SYSLOG, _PLAIN), (seeds.SYSLOG,)),
        "csv": Target(feed_sheet, (seeds.CSV, seeds.CSV_QUOTED)),
        "ebcdic": Target(feed_records, (seeds.RECORD,)),
        "copybook": Target(feed_copybook, (seeds.COPYBOOK.encode(),)),
        "mail": Target(feed_mail, (seeds.MAIL, seeds.MAIL_WITH_SHEET)),
        "postfix": Target(
            partial(feed_file, "postfix-log", ReaderOptions(settings=seeds.OF_MAIL)), (seeds.POSTFIX,)
        ),
        "exchange": Target(
            partial(feed_file, "exchange-tracking", ReaderOptions(settings=seeds.OF_MAIL)), (seeds.EXCHANGE,)
        ),
    }
)
"""Everything that is fed, by name."""
