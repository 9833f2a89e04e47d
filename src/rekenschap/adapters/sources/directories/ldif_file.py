# SPDX-License-Identifier: EUPL-1.2
"""LDIF (RFC 2849): what `ldapsearch` and `ldifde` write. One row per entry, one column per attribute.

Names of attributes become small letters without options; an attribute with several values becomes a list of
JSON. A value that is no text (a photo, a GUID) and a value that stands elsewhere (`:<`) are left out.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pyarrow as pa

from rekenschap.adapters.sources.objects.rows import Rows
from rekenschap.adapters.sources.text_lines import Lines, lines_of
from rekenschap.adapters.sources.unpacking import chunks_of
from rekenschap.seams.source import BLOCK_ROWS, KEPT_OF_A_LINE, MAX_LINE, Block, BrokenRow, ReaderOptions

_UNREADABLE = "entry-unreadable"
_CHANGES = (b"changetype: delete", b"changetype: modify", b"changetype: modrdn", b"changetype: moddn")


class LdifFile:
    """Reads entries; one that cannot be read breaks alone, and so does a record of changes to an entry."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the entries, each by the line where it begins."""
        entries = _Entries()
        for lines in lines_of(chunks_of(path)):
            entries.add(lines)
            if len(entries.rows) + len(entries.broken) >= BLOCK_ROWS:
                yield entries.block()
        entries.end()
        yield entries.block()


@dataclass(slots=True)
class _Entries:
    """The entry that is being read, and the whole ones before it."""

    rows: Rows = field(default_factory=Rows)
    numbers: list[int] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    entry: list[bytes] = field(default_factory=list)
    begun: int = 0
    size: int = 0
    read: int = 0

    def add(self, lines: Lines) -> None:
        self.read = lines.bytes_read
        self.broken += lines.broken
        for text, number in zip(lines.texts, lines.numbers, strict=True):
            if text[:3].lower() == b"dn:":
                self.end()
                self.begun = number
            if text.startswith(b"#") or not self.begun:
                continue
            self.size += len(text)
            if self.size <= MAX_LINE:
                self.entry.append(text)

    def end(self) -> None:
        """Close the entry that is open, if any."""
        if not self.begun:
            return
        reason = "line-too-long" if self.size > MAX_LINE else ""
        attributes = None if reason else _attributes(self.entry)
        reason = reason or (self.rows.add(attributes) if attributes else _UNREADABLE)
        if reason:
            original = b"\n".join(self.entry)[:KEPT_OF_A_LINE]
            self.broken.append(BrokenRow(line=self.begun, reason=reason, original=original))
        else:
            self.numbers.append(self.begun)
        self.entry, self.begun, self.size = [], 0, 0

    def block(self) -> Block:
        """Give what is whole, and begin anew."""
        block = Block(
            rows=self.rows.table(),
            lines=pa.array(self.numbers, pa.int64()),
            broken=tuple(self.broken),
            bytes_read=self.read,
        )
        self.rows, self.numbers, self.broken = Rows(), [], []
        return block


def _attributes(lines: list[bytes]) -> dict[str, object] | None:
    """Read one entry; nothing when it is none."""
    if any(line.rstrip().lower() in _CHANGES for line in lines):
        return None
    values: dict[str, list[str]] = {}
    for line in _unfolded(lines):
        name, colon, rest = line.partition(b":")
        if not colon or not name:
            return None
        try:
            text = _value(rest)
            key = name.partition(b";")[0].decode("ascii").lower()
        except (ValueError, binascii.Error):
            return None
        if text is not None:
            values.setdefault(key, []).append(text)
    return {name: held[0] if len(held) == 1 else orjson.dumps(held).decode() for name, held in values.items()}


def _unfolded(lines: list[bytes]) -> Iterator[bytes]:
    """Put a line that begins with a space behind the one before it."""
    whole: list[bytes] = []
    for line in lines:
        if line.startswith(b" ") and whole:
            whole.append(line[1:])
            continue
        if whole:
            yield b"".join(whole)
        whole = [line]
    yield b"".join(whole)


def _value(rest: bytes) -> str | None:
    """Read the part behind the first colon; raises ValueError when it is base64 and broken, or no UTF-8."""
    if rest.startswith(b"<"):
        return None
    if not rest.startswith(b":"):
        return rest.strip().decode("utf-8")
    raw = b64decode(rest[1:].strip(), validate=True)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
