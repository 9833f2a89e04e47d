# SPDX-License-Identifier: EUPL-1.2
"""A look as the two records it gives, in OTLP's JSON: the line of the processing log, which names no member
of staff (Logboek dataverwerkingen 1.0.0, 2.3.4), and the audit entry that does and refers to that line.

OTLP: opentelemetry-proto, JSON encoding (ids in hex, 64-bit numbers as text).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rekenschap.emit.trace import TraceContext

CONSULTATION = "rekenschap.consultation"
_SCOPE = {"name": "rekenschap.emit", "version": "1"}
_INTERNAL, _ORDINARY = 1, 9
_UNSET, _ERROR = 0, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One member of staff, the data of at most one subject, one step of a trace. Times in ns since 1970."""

    trace: TraceContext
    parent_id: str | None
    staff: str
    register: str
    started: int
    ended: int
    subject: str | None = None
    subject_type: str = "bsn"
    zaak: str | None = None
    fields: Sequence[str] = ()
    search_key: str | None = None
    processing_activity: str | None = None
    device: str | None = None
    name: str = "raadpleging"
    failed: str | None = None
    """the kind of error when the system failed; never its message, which may hold personal data"""


def frame_of(look: Look) -> bytes:
    """Give what is kept until it is delivered: the processing line, a line break, the audit entry.

    Either may be empty: without processing activity there is no processing line, and without a subject
    nobody's data was looked at.
    """
    line = _as_json(_processing_line(look)) if look.processing_activity else ""
    entry = _as_json(_audit_entry(look)) if look.subject else ""
    return f"{line}\n{entry}".encode("utf-8", "replace")


def requests_of(frames: Sequence[bytes], *, system: str) -> list[tuple[str, bytes]]:
    """Give the requests that deliver frames: path and JSON of each; one that says nothing is left out."""
    lines, entries = zip(*(frame.split(b"\n") for frame in frames), strict=True)
    made = (
        ("/v1/traces", "resourceSpans", "scopeSpans", "spans", lines),
        ("/v1/logs", "resourceLogs", "scopeLogs", "logRecords", entries),
    )
    return [
        (path, _envelope(system, outer, inner, records=records, filled=filled))
        for path, outer, inner, records, parts in made
        if (filled := [part for part in parts if part])
    ]


def _envelope(system: str, outer: str, inner: str, *, records: str, filled: list[bytes]) -> bytes:
    resource = _as_json({"attributes": _attributes({"service.name": system})})
    head = f'{{"{outer}":[{{"resource":{resource},"{inner}":[{{"scope":{_as_json(_SCOPE)},"{records}":['
    return head.encode() + b",".join(filled) + b"]}]}]}"


def _processing_line(look: Look) -> dict[str, object]:
    subject = {
        "dpl.core.data_subject_id": look.subject,
        "dpl.core.data_subject_id_type": look.subject_type if look.subject else None,
    }
    activity = {"dpl.core.processing_activity_id": look.processing_activity}
    failed = {"exception.type": look.failed}
    return {
        **_ids(look),
        **({"parentSpanId": look.parent_id} if look.parent_id else {}),
        "name": look.name,
        "kind": _INTERNAL,
        "startTimeUnixNano": str(look.started),
        "endTimeUnixNano": str(look.ended),
        "attributes": _attributes({**activity, **subject, **failed}),
        "status": {"code": _ERROR if look.failed else _UNSET},
    }


def _audit_entry(look: Look) -> dict[str, object]:
    told = {
        "rekenschap.staff.id": look.staff,
        "rekenschap.subject.id": look.subject,
        "rekenschap.subject.type": look.subject_type,
        "rekenschap.zaak.id": look.zaak,
        "rekenschap.register": look.register,
        "rekenschap.fields": ",".join(look.fields) or None,
        "rekenschap.search_key": look.search_key,
        "rekenschap.processing_activity": look.processing_activity,
        "rekenschap.device.id": look.device,
    }
    return {
        **_ids(look),
        "timeUnixNano": str(look.started),
        "observedTimeUnixNano": str(look.ended),
        "severityNumber": _ORDINARY,
        "eventName": CONSULTATION,
        "body": {"stringValue": look.name},
        "attributes": _attributes(told),
    }


def _ids(look: Look) -> dict[str, object]:
    return {"traceId": look.trace.trace_id, "spanId": look.trace.span_id, "flags": look.trace.flags}


def _attributes(values: Mapping[str, str | None]) -> list[dict[str, object]]:
    return [{"key": key, "value": {"stringValue": text}} for key, text in values.items() if text is not None]


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
