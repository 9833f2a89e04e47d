# SPDX-License-Identifier: EUPL-1.2
"""Answers in the encoding of the request: an empty success, or a google.rpc.Status. Never a partial success:
exporters do not tell their users about it, and what it names would be lost."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from rekenschap.frontdoor.outcomes import NotTakenError

PROTOBUF, JSON, PLAIN = "application/x-protobuf", "application/json", "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back in HTTP."""

    status: int
    body: bytes
    kind: str = PLAIN
    headers: tuple[tuple[bytes, bytes], ...] = ()


TAKEN = {
    PROTOBUF: Answer(status=200, body=b"", kind=PROTOBUF),
    JSON: Answer(status=200, body=b"{}", kind=JSON),
}
"""A request that is durable."""


def answer_for(error: NotTakenError, kind: str) -> Answer:
    """Say why a request is not taken in, in the encoding of the request (anything else: plain text)."""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if error.retry_after is not None:
        headers = ((b"retry-after", b"%d" % error.retry_after),)
    if error.outcome.status == 401:
        headers = (*headers, (b"www-authenticate", b"Bearer"))
    text = str(error)
    if kind == PROTOBUF:
        body = status_of(error).SerializeToString()
    elif kind == JSON:
        body = orjson.dumps({"code": error.outcome.code, "message": text})
    else:
        kind, body = PLAIN, f"{text}\n".encode()
    return Answer(status=error.outcome.status, body=body, kind=kind, headers=headers)


def status_of(error: NotTakenError) -> Status:
    """Give the google.rpc.Status of an error, with when to try again if that helps."""
    status = Status(code=error.outcome.code, message=str(error))
    if error.retry_after is not None:
        detail = AnyMessage()
        detail.Pack(retry_info(error.retry_after))
        status.details.append(detail)
    return status


def retry_info(seconds: int) -> RetryInfo:
    """Give how gRPC says when to try again."""
    return RetryInfo(retry_delay=Duration(seconds=seconds))
