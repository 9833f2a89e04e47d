# SPDX-License-Identifier: EUPL-1.2
"""The text in a part of a message: plain, HTML, CSV, and documents that are XML in a zip (XLSX, DOCX, ODS).

Memory is bounded: a document that unpacks to more than it should is read as far as the bound, and told so.
"""

from __future__ import annotations

import codecs
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape

_TEXT = ("text/", "application/json", "application/xml", "application/csv", "message/")
_TEXT_NAMES = (
    ".csv",
    ".txt",
    ".tsv",
    ".json",
    ".xml",
    ".html",
    ".htm",
    ".md",
    ".log",
    ".eml",
    ".ics",
    ".vcf",
)
_ZIP = b"PK\x03\x04"
_INSIDE = re.compile(
    r"(xl/(sharedStrings|worksheets/[^/]+|comments[^/]*)|word/(document|header\d*|footer\d*|footnotes|comments)"
    r"|ppt/slides/[^/]+|content)\.xml"
)
_END = re.compile(
    r"</(?:\w{1,20}:)?(?:v|si|is|p|h|c|row|tr|comment|table-cell)\s*>"
    r"|<(?:\w{1,20}:)?(?:br|tab|line-break|s)\b[^<>]{0,200}/>"
)
"""Where a text of its own ends: a cell, a string, a paragraph, a line."""

_PIECE = 1 << 18
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLOCK = re.compile(r"(?i)</?(p|div|br|td|th|tr|li|h\d|table)\b[^<>]{0,2000}>")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
_MOST_MEMBERS = 2_000
_MOST_UNPACKED = 64 << 20
_DEEPEST = 3


class UnseenError(Exception):
    """A part that could not be looked into, or not further; never leaves this room."""

    def __init__(self, *, partly: bool = False) -> None:
        super().__init__()
        self.partly = partly


def texts_of(content: bytes, kind: str, *, name: str, charset: str) -> Iterator[str]:
    """Give the text in a part, in pieces; raises UnseenError when there is none, or at the bound."""
    if content.startswith(_ZIP):
        yield from _unpacked(content, [0], deep=0)
    elif kind == "text/html" or name.lower().endswith((".html", ".htm")):
        yield _of_html(_decoded(content, charset))
    elif kind.startswith(_TEXT) or name.lower().endswith(_TEXT_NAMES):
        yield _decoded(content, charset)
    else:
        raise UnseenError


def _decoded(content: bytes, charset: str) -> str:
    """Read bytes as text; digits read the same in every encoding of one byte."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    try:
        return content.decode(charset, "replace")
    except (LookupError, ValueError):
        return content.decode("latin-1")


def _of_html(text: str) -> str:
    """Take the marks out; those that only colour or link stand inside a number without cutting it."""
    return unescape(_TAG.sub("", _BLOCK.sub("\n", text)))


def _unpacked(content: bytes, unpacked: list[int], *, deep: int) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or deep >= _DEEPEST:
                raise UnseenError(partly=True)
            is_document = any(_INSIDE.fullmatch(member.filename) for member in members)
            for member in members:
                yield from _member(archive, member, unpacked, is_document=is_document, deep=deep)
    except _DAMAGED:
        raise UnseenError from None  # damaged, encrypted, or packed in a way nobody reads


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, unpacked: list[int], *, is_document: bool, deep: int
) -> Iterator[str]:
    name = member.filename.lower()
    if is_document:
        if _INSIDE.fullmatch(member.filename):
            with archive.open(member) as stream:
                yield from _of_xml(_Bounded(stream, unpacked))
        return
    if name.endswith("/"):
        return
    with archive.open(member) as stream:
        content = _Bounded(stream, unpacked).read()
    if content.startswith(_ZIP):
        yield from _unpacked(content, unpacked, deep=deep + 1)
    elif name.endswith(_TEXT_NAMES):
        yield from texts_of(content, "text/plain", name=name, charset="utf-8")
    else:
        raise UnseenError


def _of_xml(stream: _Bounded) -> Iterator[str]:
    """Take the marks out of XML piece by piece; nothing of it is followed, resolved or built up."""
    rest = ""
    decoder: codecs.IncrementalDecoder | None = None
    while piece := stream.read(_PIECE):
        if decoder is None:
            wide = piece.startswith((b"\xff\xfe", b"\xfe\xff"))
            decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")("replace")
        text = rest + decoder.decode(piece)
        end = text.rfind(">") + 1
        rest = text[end:][-_PIECE:]
        yield _without_marks(text[:end])
    yield _without_marks(rest)


def _without_marks(text: str) -> str:
    return unescape(_TAG.sub("", _END.sub("\n", text)))


class _Bounded(io.RawIOBase):
    """A member of an archive, of which no more is unpacked than all members together may hold."""

    def __init__(self, stream: io.BufferedIOBase | object, unpacked: list[int]) -> None:
        self._stream = stream
        self._unpacked = unpacked

    def read(self, size: int = -1) -> bytes:
        parts: list[bytes] = []
        while size != 0:
            part: bytes = self._stream.read(min(size, 1 << 20) if size > 0 else 1 << 20)  # type: ignore[union-attr]
            self._unpacked[0] += len(part)
            if self._unpacked[0] > _MOST_UNPACKED:
                raise UnseenError(partly=True)
            parts.append(part)
            if size > 0 or not part:
                break
        return b"".join(parts)
