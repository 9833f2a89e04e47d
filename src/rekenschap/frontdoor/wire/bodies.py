# SPDX-License-Identifier: EUPL-1.2
"""Bodies as they come in: taken out of their gzip within bounds, and found to be messages at all.

What is decodable is taken in: whether a record is any good is not decided at the door.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import orjson
from google.protobuf.message import DecodeError, Message
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from rekenschap.frontdoor.inbox import Kind
from rekenschap.frontdoor.outcomes import NotTakenError, Outcome
from rekenschap.frontdoor.wire.native import has_facts_in_arrow, has_facts_in_json

_GZIP = 31  # window bits: a gzip header is there
_STEP = 1 << 20
_PIECE = 1 << 16
"""Bytes of a gzip that are looked at together: what follows a member is copied, so this must be little."""
_MEMBERS = 1_000
MOST_TIMES = 1_040
"""What is in a gzip is less than so many times as long (deflate: 258 bytes in 2 bits)."""


def inflated(body: bytes, most: int) -> bytes:
    """Take a body out of its gzip (one or several members); raises NotTakenError.

    Never holds more than `most` bytes of it: a bomb is refused while it goes off.
    """
    parts: list[bytes] = []
    size = at = members = 0
    view = memoryview(body)
    while at < len(view):
        members += 1
        if members > _MEMBERS:
            raise _malformed(f"gzip of at most {_MEMBERS} members", "more")
        opener = zlib.decompressobj(_GZIP)
        while not opener.eof:
            if at == len(view):
                raise _malformed("gzip", "one that breaks off")
            piece = view[at : at + _PIECE]
            at += len(piece)
            for part in _outcome(opener, piece):
                size += len(part)
                if size > most:
                    raise too_large(most)
                parts.append(part)
        at = _without_zeros(view, at - len(opener.unused_data))
    return b"".join(parts)


def _outcome(opener: zlib._Decompress, piece: memoryview) -> Iterator[bytes]:
    """Give what comes out of a piece, a step at a time; raises NotTakenError."""
    left: bytes | memoryview = piece
    while not opener.eof:
        try:
            part = opener.decompress(left, _STEP)
        except zlib.error:
            raise _malformed("gzip", "something else") from None
        if part:
            yield part
        left = opener.unconsumed_tail
        if not left and len(part) < _STEP:
            return


def _without_zeros(view: memoryview, at: int) -> int:
    """Give where the zeros end that may stand behind a member."""
    while at < len(view):
        piece = bytes(view[at : at + _PIECE])
        left = len(piece.lstrip(b"\0"))
        at += len(piece) - left
        if left:
            break
    return at


def has_records(kind: Kind, body: bytes) -> bool:
    """Say whether there is anything in a body; raises NotTakenError when it is no message of its kind."""
    return _JUDGES[kind](body)


def too_large(most: int) -> NotTakenError:
    """Make the answer to a body that is larger than its source may send."""
    return NotTakenError(
        Outcome.TOO_LARGE,
        expected=f"a request of at most {most} bytes",
        found="a larger one",
        remedy="send fewer records at once",
    )


def _in_protobuf(
    message: type[Message], resources: str, scopes: str, records: str
) -> Callable[[bytes], bool]:
    def judge(body: bytes) -> bool:
        try:
            read = message.FromString(body)
        except DecodeError:
            raise _malformed(f"a {message.DESCRIPTOR.name} in protobuf", "something else") from None
        within = getattr(read, resources)
        deeper = [scope for each in within for scope in getattr(each, scopes)]
        if any(getattr(scope, records) for scope in deeper):
            return True
        if any(len(UnknownFieldSet(each)) for each in (read, *within, *deeper)):
            raise _malformed(f"{records} in {scopes} in {resources}", "other fields, and no records")
        return False

    return judge


def _in_json(resources: str) -> Callable[[bytes], bool]:
    def judge(body: bytes) -> bool:
        try:
            read = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise _malformed("JSON", "something else") from None
        found = read.get(resources) if isinstance(read, dict) else read
        if not isinstance(read, dict) or not isinstance(found, list | None):
            raise _malformed(f"a JSON object with a list {resources}", "another one")
        # Under another name may be records too, and of a name that stands twice one was read: not empty.
        return bool(found or read.keys() - {resources} or body.count(b'"%s"' % resources.encode()) > 1)

    return judge


def _malformed(expected: str, found: str) -> NotTakenError:
    return NotTakenError(
        Outcome.MALFORMED, expected=expected, found=found, remedy="mend the exporter; it is not kept"
    )


_TRACES = ("resource_spans", "scope_spans", "spans")
_LOGS = ("resource_logs", "scope_logs", "log_records")
_JUDGES: Mapping[Kind, Callable[[bytes], bool]] = MappingProxyType(
    {
        Kind.TRACES_PROTOBUF: _in_protobuf(ExportTraceServiceRequest, *_TRACES),
        Kind.LOGS_PROTOBUF: _in_protobuf(ExportLogsServiceRequest, *_LOGS),
        Kind.TRACES_JSON: _in_json("resourceSpans"),
        Kind.LOGS_JSON: _in_json("resourceLogs"),
        Kind.FACTS_JSON: has_facts_in_json,
        Kind.FACTS_ARROW: has_facts_in_arrow,
    }
)
