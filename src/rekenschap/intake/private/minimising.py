# SPDX-License-Identifier: EUPL-1.2
"""Lets less through the door than a source sends: no columns that nobody may keep, no whole addresses.

It comes before all else: neither a fact, nor a sealed record, nor quarantine ever holds what was taken off.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.addresses import shortened, shortened_bytes
from rekenschap.intake.fields.choosing import as_texts
from rekenschap.intake.fields.coded import is_coded
from rekenschap.intake.fields.parsed import mask_of
from rekenschap.intake.fields.personal import holds_personal
from rekenschap.intake.private.quarantine import BadRow
from rekenschap.intake.profile import Minimising
from rekenschap.seams.source import Block

_NAME = r"^[A-Za-z][0-9A-Za-z ._-]{0,59}$"
"""How an application may be called where bad rows are counted by that."""


def minimised(block: Block, rule: Minimising) -> Block:
    """Give a block as far as it may pass; a line that could not be read is taken as one text."""
    if rule.leaves_out:
        kept = [name for name in block.rows.column_names if name not in rule.leaves_out]
        unread = tuple(replace(each, original=b"") for each in block.broken)
        block = replace(block, rows=block.rows.select(kept), broken=unread)
    if rule.shortens_addresses:
        rows = pa.table(
            {name: _shortened(block.rows.column(name).combine_chunks()) for name in block.rows.column_names}
        )
        broken = tuple(replace(each, original=shortened_bytes(each.original)) for each in block.broken)
        block = replace(block, rows=rows, broken=broken)
    return block


def by_writer(bad: list[BadRow], block: Block, rule: Minimising | None) -> list[BadRow]:
    """Name the application that wrote each bad row, where rows are counted by that; never by a person."""
    if not bad or rule is None or rule.counted_by not in block.rows.column_names:
        return bad
    names = as_texts(block.rows.column(rule.counted_by).combine_chunks())
    sound = mask_of(pc.match_substring_regex(names, _NAME)) & ~holds_personal(names)
    told = pc.if_else(pa.array(sound), names, "").to_pylist()
    writers = dict(zip(block.lines.to_pylist(), told, strict=True))
    return [replace(each, origin=writers[each.line]) for each in bad]


def _shortened(column: pa.Array) -> pa.Array:
    if is_coded(column):
        return pa.DictionaryArray.from_arrays(column.indices, shortened(as_texts(column.dictionary)))
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return shortened(column.cast(pa.string())) if is_text else column
