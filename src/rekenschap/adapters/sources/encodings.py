# SPDX-License-Identifier: EUPL-1.2
"""In which encoding a file of text is written; asked of its first megabyte when the profile says `auto`."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from charset_normalizer import from_bytes

from rekenschap.adapters.sources.text_lines import BOM, check_is_text
from rekenschap.adapters.sources.unpacking import Chunk, source_error
from rekenschap.errors import ConfigurationError

_BYTE_ENCODINGS = ["cp1252", "iso8859_15", "cp850"]
_LOOKED_AT = 65_536


def encoding_of(head: bytes, named: str) -> str:
    """Give the codec name for a file that begins with `head`; `named` is what the profile says."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if named != "auto":
        return _codec(named)
    check_is_text(head)
    if head.startswith(BOM) or _is_utf_8(head):
        return "utf-8"
    best = from_bytes(head[:_LOOKED_AT], cp_isolation=_BYTE_ENCODINGS).best()
    return best.encoding if best else "cp1252"


def in_utf_8(chunks: Iterable[Chunk], encoding: str) -> Iterator[Chunk]:
    """Write UTF-16 and UTF-32 over into UTF-8; encodings in which a line end is one byte pass unchanged."""
    if not encoding.replace("-", "_").startswith(("utf_16", "utf_32")):
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk, read in chunks:
        yield _decoded(decoder, chunk), read


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bytes:
    try:
        return decoder.decode(chunk).encode("utf-8")
    except UnicodeError:
        raise source_error(
            "text in the encoding of the profile", "other bytes", "name the encoding"
        ) from None


def _codec(named: str) -> str:
    try:
        return codecs.lookup(named).name
    except LookupError:
        raise ConfigurationError(
            expected="the name of an encoding", found=f"{named!r}", remedy="write auto, utf-8 or cp1252"
        ) from None


def _is_utf_8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
