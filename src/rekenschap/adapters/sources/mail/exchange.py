# SPDX-License-Identifier: EUPL-1.2
"""Message tracking of Exchange: CSV under a line `#Fields:`; a row for each recipient, with where that is.

A message trace of Exchange Online, CSV with a row of names, is read by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import orjson
import pyarrow as pa

from rekenschap.adapters.sources.csv_blocks import record_blocks
from rekenschap.adapters.sources.csv_file import CsvFile, rows_under
from rekenschap.adapters.sources.encodings import encoding_of, in_utf_8
from rekenschap.adapters.sources.mail.destinations import Destinations, destinations_of
from rekenschap.adapters.sources.unpacking import Chunk, chunks_of, source_error
from rekenschap.seams.source import MAX_LINE, RECORD, Block, ReaderOptions

_FIELDS = b"#Fields:"
_RECIPIENTS = ("recipient-address", "recipient_address", "RecipientAddress")
_SENDERS = ("sender-address", "sender_address", "SenderAddress")


class ExchangeTracking:
    """Reads a tracking log; several recipients stand in one cell, with `;` between them."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give a row for each recipient of each event."""
        destinations = destinations_of(options.settings)
        for block in _events(path, options):
            yield _per_recipient(block, destinations)


def _events(path: Path, options: ReaderOptions) -> Iterator[Block]:
    chunks = chunks_of(path)
    first, read = next(chunks)
    if not first.lstrip(b"\xef\xbb\xbf").startswith(b"#"):
        yield from CsvFile().blocks(path, options)
        return
    encoding = encoding_of(first, options.encoding)
    names, line, rest = _head(in_utf_8(chain([(first, read)], chunks), encoding))
    records = record_blocks(rest, quote=options.quote, first_line=line)
    yield from rows_under(names, records, options, encoding=encoding)


def _head(stream: Iterator[Chunk]) -> tuple[list[str], int, Iterator[Chunk]]:
    """Read the lines that begin with `#`; gives the names, the line after them, and the rest."""
    seen, read = b"", 0
    for chunk, reached in stream:
        seen, read = seen + chunk, reached
        at = seen.find(_FIELDS)
        end = seen.find(b"\n", at)
        if at >= 0 and end >= 0:
            names = [
                name.strip() for name in seen[at + len(_FIELDS) : end].decode("utf-8", "replace").split(",")
            ]
            line = seen.count(b"\n", 0, end) + 2
            return names, line, chain([(seen[end + 1 :], read)], stream)
        if len(seen) > MAX_LINE:
            break
    raise source_error(
        "a tracking log with a line #Fields:", "none", "take the file as the mail server wrote it"
    )


def _per_recipient(block: Block, destinations: Destinations) -> Block:
    rows: list[dict[str, str | None]] = []
    lines: list[int] = []
    for line, row in zip(block.lines.to_pylist(), block.rows.to_pylist(), strict=True):
        whole = orjson.dumps({name: text for name, text in row.items() if text}).decode()
        sender = next((row[name] for name in _SENDERS if row.get(name)), None) or ""
        cell = next((row[name] for name in _RECIPIENTS if row.get(name)), None) or ""
        addresses = [each.strip() for each in cell.split(";") if each.strip()] or [""]
        for address in addresses:
            lines.append(line)
            rows.append(
                row
                | {
                    RECORD: whole,
                    "to": address or None,
                    "from": sender or None,
                    "sender": ("own" if destinations.is_own(sender) else "stranger") if sender else "nobody",
                    "destination_kind": destinations.kind(address) if address else None,
                    "jurisdiction": destinations.country(address) if address else None,
                }
            )
    names = dict.fromkeys(
        [*block.rows.column_names, RECORD, "to", "from", "sender", "destination_kind", "jurisdiction"]
    )
    return Block(
        rows=pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}),
        lines=pa.array(lines, pa.int64()),
        broken=block.broken,
        bytes_read=block.bytes_read,
    )
