# SPDX-License-Identifier: EUPL-1.2
"""Asks clamd whether a paper is safe (INSTREAM, clamd(8)); without one that is said, never guessed."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

from django.conf import settings

from rekenschap.errors import RefusedError, SourceError

_PIECE = 64 * 1024
_WAITS = 20.0


def scan(raw: bytes) -> str:
    """Give `clean`, or `not_scanned` when no scanner is set; raises RefusedError for an unsafe paper.

    Raises SourceError when a scanner is set and does not answer: then nothing is kept.
    """
    where = str(getattr(settings, "DESK_CLAMD", ""))
    if not where:
        return "not_scanned"
    answer = _ask(where, raw)
    if answer == "stream: OK":
        return "clean"
    if answer.endswith("FOUND"):
        raise RefusedError(
            expected="a paper that is safe to keep", found="one that the scanner refuses",
            remedy="do not open it, and tell your security officer", rule="paper.scan",
        )  # fmt: skip
    raise _silent("another answer")


def _ask(where: str, raw: bytes) -> str:
    try:
        with _reach(where) as line:
            line.settimeout(_WAITS)
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(raw), _PIECE):
                piece = raw[at : at + _PIECE]
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            return _all(line).decode("utf-8", "replace").strip("\0\n ")
    except OSError as error:
        raise _silent(type(error).__name__) from None


def _reach(where: str) -> socket.socket:
    if Path(where).is_absolute():
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_WAITS)
        line.connect(where)
        return line
    host, _, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_WAITS)


def _all(line: socket.socket) -> bytes:
    told = b""
    while (piece := line.recv(4096)) and len(told) < 8192:
        told += piece
    return told


def _silent(found: str) -> SourceError:
    return SourceError(
        expected="an answer of the virus scanner (DESK_CLAMD)", found=found,
        remedy="look whether clamd runs there; until then no paper is taken",
    )  # fmt: skip
