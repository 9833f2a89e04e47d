# SPDX-License-Identifier: EUPL-1.2
"""Builds a binary event log of Windows (.evtx) from XML, by its published format: one chunk, a template each.

Real logs share templates and fill typed values in; what this shows is that our reader takes the format.
"""

from __future__ import annotations

import struct
import zlib

from lxml import etree

_CHUNK, _HEADER, _RECORDS = 65_536, 4_096, 512
_FILETIME_OF_2026 = 134_118_288_000_000_000


def evtx(*events: str) -> bytes:
    """Give a whole file with these events."""
    body = b""
    for number, event in enumerate(events, start=1):
        body += _record(number, etree.fromstring(event), _RECORDS + len(body))
    header = struct.pack("<8sQQQIHHHH76x", b"ElfFile\0", 0, 0, len(events) + 1, 128, 1, 3, _HEADER, 1)
    header += struct.pack("<II", 0, zlib.crc32(header[:120]))
    return header.ljust(_HEADER, b"\0") + _chunk(body, len(events))


def _chunk(body: bytes, count: int) -> bytes:
    free = _RECORDS + len(body)
    head = struct.pack("<8sQQQQIIII64x", b"ElfChnk\0", 1, count, 1, count, 128, free, free, zlib.crc32(body))
    tables = bytes(_RECORDS - 128)
    head += struct.pack("<II", 0, zlib.crc32(head[:120] + tables))
    return (head + tables + body).ljust(_CHUNK, b"\0")


def _record(number: int, event: etree._Element, at: int) -> bytes:
    template = at + 24 + 4 + 10  # behind the head of the record, of the fragment and of the instance
    inside = b"\x0f\x01\x01\x00" + _element(event, template + 24 + 4) + b"\x00"
    instance = struct.pack("<BBII", 0x0C, 1, number, template)
    definition = struct.pack("<IIIQI", 0, number, 0, 0, len(inside)) + inside
    xml = b"\x0f\x01\x01\x00" + instance + definition + struct.pack("<I", 0) + b"\x00"
    size = 24 + len(xml) + 4
    return struct.pack("<IIQQ", 0x2A2A, size, number, _FILETIME_OF_2026) + xml + struct.pack("<I", size)


def _element(element: etree._Element, at: int) -> bytes:
    """Write an element that begins at `at` in its chunk, its name and those of its attributes in place."""
    attributes = list(element.attrib.items())
    begin = 11
    name = _name(etree.QName(element).localname)
    written = b""
    if attributes:
        at_list = at + begin + len(name) + 4
        for left, (key, value) in reversed(list(enumerate(reversed(attributes)))):
            token = b"\x46" if left else b"\x06"
            place = at_list + len(written)
            written += token + struct.pack("<I", place + 5) + _name(key) + _text(value)
        written = struct.pack("<I", len(written)) + written
    inside = b""
    start = at + begin + len(name) + len(written) + 1
    if element.text and element.text.strip():
        inside += _text(element.text.strip())
    for child in element:
        inside += _element(child, start + len(inside))
    token = 0x41 if attributes else 0x01
    rest = name + written + b"\x02" + inside + b"\x04"
    return struct.pack("<BHII", token, 0xFFFF, 4 + len(rest), at + begin) + rest


def _name(text: str) -> bytes:
    code = 0
    for letter in text:
        code = (code * 65_599 + ord(letter)) & 0xFFFFFFFF
    return struct.pack("<IHH", 0, code & 0xFFFF, len(text)) + text.encode("utf-16-le") + b"\0\0"


def _text(text: str) -> bytes:
    return b"\x05\x01" + struct.pack("<H", len(text)) + text.encode("utf-16-le")
