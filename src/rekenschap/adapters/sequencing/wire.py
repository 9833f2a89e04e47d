# SPDX-License-Identifier: EUPL-1.2
"""What goes through the socket: length-prefixed messages, a request of a relation and its rows, an answer.

length u32, then that many bytes. A request: length of the name u8, name of the relation, rows as an Arrow IPC
stream. An answer: 0, first entry u64, size u64; or 1 and an error as JSON. Numbers are big-endian.
"""

from __future__ import annotations

import json
import socket
import struct

import pyarrow as pa

from rekenschap import errors
from rekenschap.errors import RefusedError, RekenschapError, StoreError
from rekenschap.ledger import Receipt

MOST_BYTES = 128 << 20
_LENGTH = struct.Struct(">I")
_RECEIPT = struct.Struct(">QQ")
_DONE, _FAILED = b"\0", b"\1"
_MORE = ("retryable", "rule", "entry")


def send(line: socket.socket, message: bytes) -> None:
    """Send one message."""
    line.sendall(_LENGTH.pack(len(message)) + message)


def receive_length(line: socket.socket) -> int | None:
    """Wait for a message; gives its length, or None when the other side hung up between messages."""
    head = _exactly(line, _LENGTH.size)
    return _LENGTH.unpack(head)[0] if head else None


def receive(line: socket.socket, length: int) -> bytes:
    """Give the rest of a message; raises StoreError when the other side hung up in it."""
    message = _exactly(line, length)
    if len(message) != length:
        raise _hung_up()
    return message


def _exactly(line: socket.socket, length: int) -> bytes:
    """Read so many bytes, or nothing when the other side hung up before the first."""
    parts: list[bytes] = []
    while length:
        part = line.recv(min(length, 1 << 20))
        if not part:
            if parts:
                raise _hung_up()
            return b""
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def request_of(name: str, rows: pa.Table) -> bytes:
    """Write a request."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    raw = name.encode("ascii")
    return bytes([len(raw)]) + raw + memoryview(sink.getvalue())


def read_request(message: bytes) -> tuple[str, pa.Table]:
    """Read a request; raises RefusedError when it is none, or its columns are damaged."""
    end = 1 + message[0] if message else 0
    try:
        name = message[1:end].decode("ascii")
        rows = pa.ipc.open_stream(pa.py_buffer(message)[end:]).read_all()
        rows.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, TypeError, IndexError) as error:
        raise RefusedError(
            expected="the name of a relation, and rows as an Arrow stream",
            found="other bytes",
            remedy="write to this socket with its own client",
            rule="socket",
        ) from error
    return name, rows


def answer_of(outcome: Receipt | RekenschapError) -> bytes:
    """Write an answer."""
    if isinstance(outcome, Receipt):
        return _DONE + _RECEIPT.pack(outcome.first, outcome.size)
    told: dict[str, object] = {
        "kind": type(outcome).__name__,
        "expected": outcome.expected,
        "found": outcome.found,
        "remedy": outcome.remedy,
    }
    told |= {name: getattr(outcome, name) for name in _MORE if hasattr(outcome, name)}
    return _FAILED + json.dumps(told, ensure_ascii=False).encode()


def read_answer(message: bytes) -> Receipt:
    """Give the receipt in an answer, or raise the error in it as it was raised at the other side."""
    if message[:1] == _DONE and len(message) == 1 + _RECEIPT.size:
        first, size = _RECEIPT.unpack_from(message, 1)
        return Receipt(first=first, size=size)
    try:
        told = json.loads(message[1:])
        kind = getattr(errors, str(told.pop("kind")))
        if message[:1] != _FAILED or not issubclass(kind, RekenschapError):
            raise TypeError
        error = kind(**told)
    except (ValueError, TypeError, AttributeError, KeyError) as trouble:
        raise StoreError(
            expected="an answer of a sequencer",
            found="other bytes",
            remedy="use the same version of rekenschap at both sides of the socket",
        ) from trouble
    raise error


def _hung_up() -> StoreError:
    return StoreError(
        expected="a whole message",
        found="a connection that was broken off",
        remedy="connect again, and see which facts the ledger has",
        retryable=True,
    )
