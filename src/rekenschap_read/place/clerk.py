# SPDX-License-Identifier: EUPL-1.2
"""Tells the clerk who asks about whom, before anything is given; the clerk says where the answer lies.

What is not noted is not answered: a clerk that is silent closes every interface.
"""

from __future__ import annotations

import os
import socket
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

import orjson

from rekenschap.errors import StoreError

SOCKET = "clerk.sock"
_PATIENCE = 10.0
_MOST = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks what about whom: an identifier as the client wrote it, a pseudonym we gave, or a look."""

    client: str
    interface: str
    action: str
    identifier: str = ""
    token: bytes = b""
    reference: str = ""
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Where what is offered about one citizen lies; both empty when the question is about nobody."""

    drawer: str = ""
    token: bytes = b""


def note(place: Path, asking: Asking) -> Known:
    """Have it noted durably and give where to look; raises StoreError when it is not noted."""
    told = {
        "client": asking.client, "interface": asking.interface, "action": asking.action,
        "identifier": asking.identifier, "token": b64encode(asking.token).decode(),
        "reference": asking.reference, "refused": asking.is_refused,
    }  # fmt: skip
    try:
        found = orjson.loads(_exchanged(place, orjson.dumps(told)))
        return Known(drawer=str(found["drawer"]), token=b64decode(found["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(
            expected="a clerk that notes who asks", found="silence", remedy="start `rekenschap read serve`",
            retryable=True,
        ) from None  # fmt: skip


def _exchanged(place: Path, line: bytes) -> bytes:
    # the path of a socket may be 108 bytes long; by way of its directory it is short wherever it is
    directory = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
            wire.settimeout(_PATIENCE)
            wire.connect(f"/proc/self/fd/{directory}/{SOCKET}")
            wire.sendall(line + b"\n")
            return wire.makefile("rb").readline(_MOST)
    finally:
        os.close(directory)
