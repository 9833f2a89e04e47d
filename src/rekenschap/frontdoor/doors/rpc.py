# SPDX-License-Identifier: EUPL-1.2
"""The door for OTLP over gRPC: TraceService and LogsService, with the messages left as the bytes they are."""

from __future__ import annotations

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
Handler = Callable[[bytes, Context], Awaitable[bytes]]


class RpcDoor:
    """Answers calls; `fault` hears where our own fault was when there is one."""

    def __init__(self, desk: Desk, *, fault: Callable[[BaseException], None]) -> None:
        self._desk, self._fault = desk, fault

    def handlers(self) -> tuple[grpc.GenericRpcHandler[bytes, bytes], ...]:
        """Give what a server needs to serve both services."""
        return tuple(
            grpc.method_handlers_generic_handler(
                service, {"Export": grpc.unary_unary_rpc_method_handler(self._export(kind))}
            )
            for service, kind in SERVICES.items()
        )

    def _export(self, kind: Kind) -> Handler:
        async def export(body: bytes, context: Context) -> bytes:
            try:
                source = await self._desk.admit(_shown(context))
                with self._desk.room(source) as room:
                    room.hold(len(body))
                    await self._desk.take(kind, body, source=source, room=room)
                return b""
            except NotTakenError as error:
                refusal = error
            except RekenschapError:
                refusal = unavailable("room on the disk of the inbox", "none for a moment")
            except Exception as error:
                self._fault(error)
                refusal = NotTakenError(
                    Outcome.FAULT, expected="no fault of our own", found="one", remedy="send it again"
                )
            await _turn_away(context, refusal)
            return b""

        return export


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
