# SPDX-License-Identifier: EUPL-1.2
"""The unified audit log of Microsoft 365: CSV with JSON in the column `AuditData`, or that JSON on lines.

What a recipient or an address to share with is, stands in several keys; `to` has each of them on a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow as pa

from rekenschap.adapters.sources.csv_file import CsvFile
from rekenschap.adapters.sources.mail.destinations import Destinations, destinations_of
from rekenschap.adapters.sources.objects.jsonl_file import JsonlFile
from rekenschap.adapters.sources.objects.rows import Object, Rows, flat
from rekenschap.seams.source import KEPT_OF_A_LINE, RECORD, Block, BrokenRow, ReaderOptions

_CELL = "AuditData"
_LISTS = ("Recipients", "RecipientAddress", "MessageRecipients", "DestinationRecipients")
_ONES = ("TargetUserOrGroupName", "ReceivingUser")


class CloudAudit:
    """Reads an export of the audit log; a cell that is no JSON breaks alone."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give a row for each address an event names, or one when it names none."""
        where = destinations_of(options.settings)
        name = path.name.lower().removesuffix(".gz")
        if name.endswith((".json", ".jsonl", ".ndjson")):
            plain = ReaderOptions(encoding=options.encoding, settings={RECORD: "yes"})
            for block in JsonlFile().blocks(path, plain):
                yield _block(block, RECORD, where)
        else:
            for block in CsvFile().blocks(path, options):
                yield _block(block, _CELL, where)


def _block(block: Block, cell: str, where: Destinations) -> Block:
    rows, lines, broken = Rows(), list[int](), list(block.broken)
    cells = block.rows.column(cell).to_pylist() if cell in block.rows.column_names else []
    for line, text in zip(block.lines.to_pylist(), cells, strict=False):
        told, reason = _read(text or "")
        for row in _per_address(told, text or "", where) if told else ():
            reason = reason or rows.add(row)
            if not reason:
                lines.append(line)
        if reason:
            original = (text or "").encode()[:KEPT_OF_A_LINE]
            broken.append(BrokenRow(line=line, reason=reason, original=original))
    return Block(
        rows=rows.table(),
        lines=pa.array(lines, pa.int64()),
        broken=tuple(broken),
        bytes_read=block.bytes_read,
    )


def _read(text: str) -> tuple[Object, str]:
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}, "json-unreadable"
    return (flat(read), "") if isinstance(read, dict) and read else ({}, "json-no-object")


def _per_address(told: Object, text: str, where: Destinations) -> Iterator[Object]:
    addresses = [each for name in _LISTS for each in _several(told.get(name)) if "@" in each]
    addresses += [each for name in _ONES if isinstance(each := told.get(name), str) and "@" in each]
    for address in dict.fromkeys(addresses) or [""]:
        there: Object = {RECORD: text, "to": address or None}
        if address:
            there |= {"destination_kind": where.kind(address), "jurisdiction": where.country(address)}
        yield told | there


def _several(node: object) -> list[str]:
    items = node if isinstance(node, list) else [node]
    return [each for item in items if isinstance(item, str) for each in item.replace(";", " ").split()]
