# SPDX-License-Identifier: EUPL-1.2
"""Reads an evidence file: the attachments, and the text on the pages in the order of reading.

Reads only the plain form of PDF in which we write. Whatever stands after the end, twice, encrypted or in
another form is refused: a file that two readers could see differently proves nothing.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from rekenschap.errors import MalformedProofError

MAX_FILE = 256 * 1024 * 1024
MAX_STREAM = 64 * 1024 * 1024
_OBJECT = re.compile(rb"(?:^|\n)(\d{1,9}) 0 obj\n")
_TABLE_ROW = re.compile(rb"(\d{10}) (\d{5}) ([nf])\r\n")
_REFERENCE = rb"(\d{1,9}) 0 R"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is in the file: attachments by name, and the text of all pages without white space."""

    attachments: Mapping[str, bytes]
    text: str


def opened(pdf: bytes) -> Opened:
    """Read an evidence file; raises MalformedProofError when it is not in the form in which we write."""
    try:
        objects = _objects(pdf)
        root = _root(pdf, objects)
        attachments = dict(_attachments(objects))
        return Opened(attachments=attachments, text="".join(_page_texts(root, objects)))
    except (LookupError, ValueError, RecursionError):
        raise _malformed("a PDF as we write it") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Object:
    """One object: its dictionary or other value as bytes, and its stream when it has one."""

    value: bytes
    stream: bytes = b""


_Objects = Mapping[int, _Object]


def _objects(pdf: bytes) -> dict[int, _Object]:
    """Read every object at the place the one table of the file gives, each exactly once."""
    if len(pdf) > MAX_FILE or not pdf.startswith(b"%PDF-1.7\n"):
        raise _malformed("a PDF of version 1.7 as we write it")
    if pdf.count(b"%%EOF") != 1 or not pdf.rstrip(b"\n").endswith(b"%%EOF") or b"/Encrypt" in pdf[-4096:]:
        raise _malformed("one end of the file, and nothing after it")
    places = _table(pdf)
    ends = sorted([*places.values(), pdf.rindex(b"\nxref\n") + 1])
    following = dict(pairwise(ends))
    return {number: _object(pdf[at : following[at]], number) for number, at in places.items()}


def _table(pdf: bytes) -> dict[int, int]:
    found = re.search(rb"startxref\n(\d{1,12})\n%%EOF\n?$", pdf)
    if found is None:
        raise _malformed("a table of objects")
    head = re.match(rb"xref\n0 (\d{1,9})\n", pdf[int(found[1]) :])
    if head is None:
        raise _malformed("a table of objects")
    at, count = int(found[1]) + head.end(), int(head[1])
    rows = _TABLE_ROW.findall(pdf[at : at + 20 * count])
    if len(rows) != count or not pdf[at + 20 * count :].startswith(b"trailer\n<<"):
        raise _malformed("a table with a row for each object")
    return {number: int(row[0]) for number, row in enumerate(rows) if row[2] == b"n"}


def _object(raw: bytes, number: int) -> _Object:
    head = f"{number} 0 obj\n".encode()
    if not raw.startswith(head):
        raise _malformed("each object where the table says it is")
    body = raw[len(head) :].rstrip(b"\n")
    if not body.endswith(b"endobj"):
        raise _malformed("objects that end")
    body = body[: -len(b"endobj")].rstrip(b"\n")
    value, found, rest = body.partition(b"\nstream\n")
    if not found:
        return _Object(value=body)
    length = _number(value, b"Length")
    if rest[length:].strip(b"\r\n") != b"endstream":
        raise _malformed("streams as long as they say")
    return _Object(
        value=value, stream=_inflated(rest[:length]) if b"/FlateDecode" in value else rest[:length]
    )


def _inflated(raw: bytes) -> bytes:
    worker = zlib.decompressobj()
    try:
        plain = worker.decompress(raw, MAX_STREAM)
    except zlib.error:
        raise _malformed("streams that can be unpacked") from None
    if worker.unconsumed_tail or not worker.eof or worker.unused_data:
        raise _malformed("streams that unpack to what they say")
    return plain


def _root(pdf: bytes, objects: _Objects) -> _Object:
    trailer = pdf[pdf.rindex(b"trailer\n<<") :]
    return objects[_one(trailer, b"Root")]


def _one(value: bytes, key: bytes) -> int:
    found = re.findall(rb"/" + key + rb" ?" + _REFERENCE, value)
    if len(found) != 1:
        raise _malformed(f"one {key.decode()}")
    return int(found[0])


def _number(value: bytes, key: bytes) -> int:
    found = re.findall(rb"/" + key + rb" (\d{1,12})", value)
    if len(found) != 1:
        raise _malformed(f"one {key.decode()}")
    return int(found[0])


# ── attachments ──────────────────────────────────────────────────────────────


def _attachments(objects: _Objects) -> Iterator[tuple[str, bytes]]:
    """Give each attachment by name; refuses the same name twice, and streams that no name leads to."""
    seen: set[str] = set()
    reached = 0
    for each in objects.values():
        if b"/Type/Filespec" not in each.value:
            continue
        name = _name_of(each.value)
        if name in seen:
            raise _malformed("each attachment once")
        seen.add(name)
        reached += 1
        yield name, objects[_one(each.value.partition(b"/EF")[2].partition(b"/UF")[0], b"F")].stream
    files = sum(b"/Type/EmbeddedFile" in each.value for each in objects.values())
    if files != reached:
        raise _malformed("a name for each attachment")


def _name_of(value: bytes) -> str:
    found = re.search(rb"/F\(([a-z0-9.\-]{1,100})\)", value)
    if found is None:
        raise _malformed("attachments with plain names")
    return found[1].decode("ascii")


# ── text ─────────────────────────────────────────────────────────────────────


def _page_texts(root: _Object, objects: _Objects) -> Iterator[str]:
    """Give the text of each page, without what is drawn around it (page numbers, repeated heads)."""
    for number in _pages(_one(root.value, b"Pages"), objects):
        page = objects[number].value
        lent = objects[_one(page, b"Resources")].value
        fonts = {
            name.decode("ascii"): _letters(objects[int(font)], objects)
            for name, font in re.findall(rb"/(f\d{1,4}) " + _REFERENCE, lent)
        }
        yield "".join(_spoken(objects[_one(page, b"Contents")].stream, fonts))


def _pages(number: int, objects: _Objects, depth: int = 0) -> Iterator[int]:
    value = objects[number].value
    if b"/Kids" not in value:
        yield number
        return
    if depth > 50:
        raise _malformed("a tree of pages")
    kids = re.search(rb"/Kids ?\[([^\]]*)\]", value)
    for kid in re.findall(_REFERENCE, kids[1] if kids else b""):
        yield from _pages(int(kid), objects, depth + 1)


def _letters(font: _Object, objects: _Objects) -> dict[int, str]:
    """Read which letters each glyph of a font stands for."""
    text = objects[_one(font.value, b"ToUnicode")].stream
    pairs = re.findall(rb"<([0-9A-F]{4})> <((?:[0-9A-F]{4}){1,16})>\n", text)
    return {int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for code, letters in pairs}


_TOKEN = re.compile(rb"\s+|<<|>>|\[|\]|/[^\s/<>\[\]()]+|<[0-9A-Fa-f]*>|[^\s/<>\[\]()]+")
_IN_TEXT = re.compile(rb"\\.|[()]", re.DOTALL)


def _tokens(stream: bytes) -> Iterator[bytes]:
    """Cut a page into its words, signs and texts; texts keep their brackets."""
    at = 0
    while at < len(stream):
        end = _end_of_text(stream, at) if stream[at] == ord("(") else _end_of_word(stream, at)
        if not stream[at:end].isspace():
            yield stream[at:end]
        at = end


def _end_of_word(stream: bytes, at: int) -> int:
    found = _TOKEN.match(stream, at)
    if found is None:
        raise _malformed("pages of words, signs and texts")
    return found.end()


def _end_of_text(stream: bytes, at: int) -> int:
    """Find the bracket that closes the text which opens here; brackets in pairs are part of it."""
    depth = 0
    for found in _IN_TEXT.finditer(stream, at):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    raise _malformed("texts that end")


def _spoken(stream: bytes, fonts: Mapping[str, Mapping[int, str]]) -> Iterator[str]:
    """Give the text of a page in the order of reading, white space left out."""
    marks: list[bool] = []
    font: Mapping[int, str] = {}
    waiting: list[bytes] = []
    for token in _tokens(stream):
        match token:
            case b"BDC" | b"BMC":
                marks.append(any(each == b"/Artifact" for each in waiting))
            case b"EMC":
                marks.pop()
            case b"Tf":
                font = fonts[waiting[-2][1:].decode("ascii")]
            case b"TJ" | b"Tj" if not any(marks):
                yield from (_said(each, font) for each in waiting if each[:1] == b"(")
            case b"TJ" | b"Tj":
                pass
            case _ if token.isalpha() or token[:1].isalpha():
                pass
            case _:
                waiting.append(token)
                continue
        waiting = []


def _said(text: bytes, font: Mapping[int, str]) -> str:
    raw = _unescaped(text[1:-1])
    if len(raw) % 2:
        raise _malformed("text in glyphs of two bytes")
    codes = (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
    return "".join("".join(font[code].split()) for code in codes)


_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unescaped(text: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        what = found[1]
        if what.isdigit():
            return bytes([int(what, 8) & 255])
        return _ESCAPES.get(what, what)

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, text, flags=re.DOTALL)


def _malformed(expected: str) -> MalformedProofError:
    return MalformedProofError(
        expected=expected, found="another form of PDF", remedy="ask for the evidence file again"
    )
