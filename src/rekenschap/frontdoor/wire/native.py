# SPDX-License-Identifier: EUPL-1.2
"""Answers of the native interface, as the NL GOV API Design Rules 2.2.1 ask: a version, safe headers, and
problems in RFC 9457. 202 says that all is on disk, not that every fact fits."""

from __future__ import annotations

from http import HTTPStatus

import orjson
import pyarrow as pa

from rekenschap.frontdoor.outcomes import NotTakenError, Outcome
from rekenschap.frontdoor.wire.answers import JSON, Answer
from rekenschap.frontdoor.wire.description import PROBLEM, VERSION, description

_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"api-version", VERSION.encode()),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
ANYONE = (b"access-control-allow-origin", b"*")

TAKEN = Answer(status=202, body=b"{}", kind=JSON, headers=_HEADERS)
"""Everything in a request is durable."""


def described() -> Answer:
    """Give the description of the interface to whoever asks."""
    return Answer(status=200, body=description(), kind=JSON, headers=(*_HEADERS, ANYONE))


def problem_for(error: NotTakenError) -> Answer:
    """Say why a request is not taken in."""
    headers = _HEADERS
    if error.retry_after is not None:
        headers = (*headers, (b"retry-after", b"%d" % error.retry_after))
    status = error.outcome.status
    if status == HTTPStatus.UNAUTHORIZED:
        headers = (*headers, (b"www-authenticate", b"Bearer"))
    told = {"status": status, "title": HTTPStatus(status).phrase, "detail": str(error)}
    return Answer(status=status, body=orjson.dumps(told), kind=PROBLEM, headers=headers)


def has_facts_in_json(body: bytes) -> bool:
    """Say whether there are facts in a body; raises NotTakenError when it is none."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _malformed("JSON") from None
    facts = told.get("facts") if isinstance(told, dict) else None
    if not isinstance(facts, list):
        raise _malformed("a JSON object with a list facts")
    return bool(facts)


def has_facts_in_arrow(body: bytes) -> bool:
    """Raise NotTakenError when a body does not begin as an Arrow stream; its rows are not read here."""
    try:
        return bool(pa.ipc.open_stream(pa.py_buffer(body)).schema.names)
    except (pa.ArrowException, OSError, ValueError):  # the last: names that are no text
        raise _malformed("an Arrow IPC stream") from None


def _malformed(expected: str) -> NotTakenError:
    return NotTakenError(
        Outcome.MALFORMED, expected=expected, found="something else", remedy="mend it; it is not kept"
    )
