# SPDX-License-Identifier: EUPL-1.2
"""Answers as the NL GOV API Design Rules 2.2.1 want them: a version, safe headers, problems in RFC 9457."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import orjson

from rekenschap_read.contracts.calls import JSON, PROBLEM, NotAnsweredError

SAFE: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
ANYONE = (b"access-control-allow-origin", b"*")
PROBLEMS = "https://rekenschap.example/problemen/"
"""what stands before the kind of a problem; an address that names it, not one to open"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back in HTTP, without the headers that all have."""

    status: int
    body: bytes
    kind: str = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


def given(told: object) -> Answer:
    """Give plain values."""
    return Answer(status=200, body=orjson.dumps(told))


def problem(error: NotAnsweredError, *, is_vng: bool = False) -> Answer:
    """Say why there is no answer, with all that was wrong; the VNG interfaces name those parts otherwise."""
    status = HTTPStatus(error.status)
    told: dict[str, object] = {"status": int(status), "title": status.phrase, "detail": error.detail}
    if error.kind:
        told["type"] = f"{PROBLEMS}{error.kind}"
    wrong = [{"name": each.name, "code": each.code, "reason": each.reason} for each in error.wrong]
    if is_vng:
        told |= {"code": error.kind or status.name.lower(), "instance": "about:blank"}
        told |= {"invalidParams": wrong} if status == HTTPStatus.BAD_REQUEST else {}
    elif wrong:
        told["errors"] = [
            {"in": "body", "location": each.name, "code": each.code, "detail": each.reason}
            for each in error.wrong
        ]
    return Answer(status=status, body=orjson.dumps(told), kind=PROBLEM, headers=_more(status))


def _more(status: HTTPStatus) -> tuple[tuple[bytes, bytes], ...]:
    if status == HTTPStatus.UNAUTHORIZED:
        return ((b"www-authenticate", b"Bearer"),)
    return ((b"retry-after", b"5"),) if status == HTTPStatus.SERVICE_UNAVAILABLE else ()
