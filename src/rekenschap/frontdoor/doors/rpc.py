# SPDX-License-Identifier: EUPL-1.2
"""The door for OTLP over gRPC: TraceService and LogsService, with the messages left as the bytes they are.

To the caller each is a unary call. Here its message is only read when there is room for the longest there may
be; until then it stays with the caller, but for one window of HTTP/2. A gzip is taken out as it is in HTTP,
within bounds, and not by gRPC.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable

import grpc
import grpc.aio

from rekenschap.errors import RekenschapError
from rekenschap.frontdoor.callers.gate import Credentials
from rekenschap.frontdoor.desk import Desk
from rekenschap.frontdoor.inbox import Kind
from rekenschap.frontdoor.outcomes import NotTakenError, Outcome, unavailable
from rekenschap.frontdoor.wire.answers import retry_info, status_of

_PACKAGE = "opentelemetry.proto.collector"
SERVICES = {
    f"{_PACKAGE}.trace.v1.TraceService": Kind.TRACES_PROTOBUF,
    f"{_PACKAGE}.logs.v1.LogsService": Kind.LOGS_PROTOBUF,
}
_CODES = {code.value[0]: code for code in grpc.StatusCode}

Context = grpc.aio.ServicerContext[bytes, bytes]
Handler = Callable[[object, Context], Awaitable[bytes]]
_PATIENCE = 5.0
"""Seconds to wait for room: longer than a busy moment, shorter than an exporter waits."""
_SLOWEST = 30.0
"""Seconds in which a message must have come in: it takes room until it has."""
_GZIP = b"\x1f\x8b"
"""No message of OTLP begins so: there is no field of that type."""


class RpcDoor:
    """Answers calls of at most `most` bytes; `fault` hears where our own fault was when there is one."""

    def __init__(self, desk: Desk, *, most: int, fault: Callable[[BaseException], None]) -> None:
        self._desk, self.most, self._fault = desk, most, fault

    def handlers(self) -> tuple[grpc.GenericRpcHandler[bytes, bytes], ...]:
        """Give what a server needs to serve both services."""
        return tuple(
            grpc.method_handlers_generic_handler(
                service, {"Export": grpc.stream_unary_rpc_method_handler(self._export(kind))}
            )
            for service, kind in SERVICES.items()
        )

    def _export(self, kind: Kind) -> Handler:
        async def export(_: object, context: Context) -> bytes:
            try:
                source = await self._desk.admit(_shown(context))
                with self._desk.room(source) as room:
                    await room.hold_soon(self.most, patience=_PATIENCE)
                    body = await _message(context)
                    room.give_back(self.most - len(body))
                    is_gzip = body.startswith(_GZIP)
                    await self._desk.take(kind, body, source=source, room=room, is_gzip=is_gzip)
                return b""
            except Exception as error:
                refusal = self._refusal(error)
            await _turn_away(context, refusal)
            return b""

        return export

    def _refusal(self, error: Exception) -> NotTakenError:
        """Give the answer to what went wrong, without the way it came: that would keep the message."""
        if isinstance(error, NotTakenError):
            return error.with_traceback(None)
        if isinstance(error, RekenschapError):
            return unavailable("room on the disk of the inbox", "none for a moment")
        self._fault(error)
        return NotTakenError(
            Outcome.FAULT, expected="no fault of our own", found="one", remedy="send it again"
        )


async def _message(context: Context) -> bytes:
    """Read the one message of a call; raises NotTakenError when it is too slow, or not there."""
    try:
        async with asyncio.timeout(_SLOWEST):
            # Not by the iterator gRPC gives: one that is left after its first message keeps that for ever.
            message = await context.read()
    except TimeoutError:
        raise unavailable("the whole message in time", "a part of it") from None
    if isinstance(message, bytes):
        return message
    raise NotTakenError(
        Outcome.MALFORMED, expected="one message", found="none", remedy="send what the service describes"
    )


async def _turn_away(context: Context, error: NotTakenError) -> None:
    """Say why, in the status, in its details and, for exporters that look there, in a line of its own."""
    trailing: list[tuple[str, bytes]] = [("grpc-status-details-bin", status_of(error).SerializeToString())]
    if error.retry_after is not None:
        trailing.append(("google.rpc.retryinfo-bin", retry_info(error.retry_after).SerializeToString()))
    context.set_trailing_metadata(tuple(trailing))
    context.set_code(_CODES[error.outcome.code])
    context.set_details(str(error))


def _shown(context: Context) -> Credentials:
    certificate = None
    held = context.auth_context().get("x509_pem_cert")
    if held:
        der = ssl.PEM_cert_to_DER_cert(next(iter(held)).decode("ascii"))
        certificate = hashlib.sha256(der).hexdigest()
    token = None
    for name, value in context.invocation_metadata() or ():
        if name == "authorization" and isinstance(value, str) and value[:7].lower() == "bearer ":
            token = value[7:].strip()
    return Credentials(certificate=certificate, token=token)
