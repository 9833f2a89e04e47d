# SPDX-License-Identifier: EUPL-1.2
"""Makes a picture of a screen small: at most 256 colours, more than a page of ours has but for edges."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def small(png: bytes) -> bytes:
    """Write a PNG of a browser again with a palette."""
    pixels = _pixels(png)
    height, width, _ = pixels.shape
    flat = (pixels.reshape(-1, 3) & 0xF8).astype(np.uint32)
    codes = (flat[:, 0] << 16) | (flat[:, 1] << 8) | flat[:, 2]
    colours, counts = np.unique(codes, return_counts=True)
    kept = np.sort(colours[np.argsort(-counts)[:256]])
    nearest = kept[_nearest(colours, kept)]
    index = np.searchsorted(kept, nearest[np.searchsorted(colours, codes)]).astype(np.uint8)
    lines = np.zeros((height, width + 1), np.uint8)
    lines[:, 1:] = index.reshape(height, width)
    palette = np.stack([kept >> 16, (kept >> 8) & 255, kept & 255], axis=1).astype(np.uint8)
    palette |= palette >> 5  # white stays white
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _nearest(colours: npt.NDArray[np.uint32], kept: npt.NDArray[np.uint32]) -> npt.NDArray[np.intp]:
    def channels(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
        return np.stack([codes >> 16, (codes >> 8) & 255, codes & 255], axis=1).astype(np.int32)

    return np.abs(channels(colours)[:, None] - channels(kept)[None]).sum(axis=2).argmin(axis=1)


def _pixels(png: bytes) -> Pixels:
    """Read an 8-bit RGB(A) PNG without interlacing, which is what Chromium writes."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    channels = {2: 3, 6: 4}[kind]
    assert depth == 8
    at, packed = 8, b""
    while at < len(png):
        (size,), name = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        packed += png[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        at += size + 12
    raw = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, width * channels + 1)
    lines = np.zeros((height, width * channels), np.uint8)
    above = np.zeros(width * channels, np.uint8)
    for y in range(height):
        above = _unfiltered(int(raw[y, 0]), raw[y, 1:], above, channels)
        lines[y] = above
    return lines.reshape(height, width, channels)[:, :, :3]


def _unfiltered(kind: int, line: Pixels, above: Pixels, step: int) -> Pixels:
    """Undo the filter of one line (PNG 1.2, section 6)."""
    if kind == 0:
        return line.copy()
    if kind == 1:
        return np.cumsum(line.reshape(-1, step), axis=0, dtype=np.uint8).reshape(-1)
    if kind == 2:
        return line + above
    return _slowly(kind, line.tolist(), above.tolist(), step)


def _slowly(kind: int, line: list[int], above: list[int], step: int) -> Pixels:
    out = [0] * len(line)
    for x, value in enumerate(line):
        a = out[x - step] if x >= step else 0
        c = above[x - step] if x >= step else 0
        out[x] = (value + ((a + above[x]) // 2 if kind == 3 else _paeth(a, above[x], c))) & 255
    return np.array(out, np.uint8)


def _paeth(a: int, b: int, c: int) -> int:
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c
