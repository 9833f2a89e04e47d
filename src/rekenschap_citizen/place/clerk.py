# SPDX-License-Identifier: EUPL-1.2
"""Asks the clerk of the desk which drawer an identifier has; the identifier is kept nowhere."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from rekenschap.citizen.letters import NAME
from rekenschap.errors import StoreError

SOCKET = "clerk.sock"
_PATIENCE = 5.0
_MOST = 200


def drawer_of(place: Path, identifier: str) -> str:
    """Give the name of a drawer; raises StoreError when the clerk does not answer."""
    try:
        answer = _asked(place, identifier)
    except OSError:
        answer = ""
    if not NAME.fullmatch(answer):
        raise StoreError(
            expected="a drawer from the clerk", found="silence", remedy="start the clerk", retryable=True
        )
    return answer


def _asked(place: Path, identifier: str) -> str:
    # the path of a socket may be 108 bytes long; by way of its directory it is short wherever it is
    directory = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(_PATIENCE)
            line.connect(f"/proc/self/fd/{directory}/{SOCKET}")
            line.sendall(f"{' '.join(identifier.split())}\n".encode()[:_MOST])
            return line.makefile("rb").readline(_MOST).decode("ascii", errors="replace").strip()
    finally:
        os.close(directory)
