# SPDX-License-Identifier: EUPL-1.2
"""Looks as a developer would report them with the OpenTelemetry SDK; all people are invented."""

from __future__ import annotations

import gzip
import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

from opentelemetry._logs import SeverityNumber
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import LogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON


def look(subject: str, staff: str = "m.devries") -> dict[str, str]:
    """The attributes of one look."""
    return {
        "rekenschap.staff.id": staff,
        "rekenschap.subject.id": subject,
        "rekenschap.register": "BRP",
    }


def spans(subjects: Sequence[str], *, system: str = "balie") -> list[ReadableSpan]:
    """One span of the SDK for each look."""
    made: list[ReadableSpan] = []

    class Kept(SpanExporter):
        def export(self, batch: Sequence[ReadableSpan]) -> SpanExportResult:
            return SpanExportResult.SUCCESS

    provider = TracerProvider(sampler=ALWAYS_ON, resource=Resource.create({"service.name": system}))
    tracer = provider.get_tracer("tests")
    for subject in subjects:
        span = tracer.start_span("raadplegen", attributes=look(subject))
        span.end()
        made.append(span)  # type: ignore[arg-type]
    provider.shutdown()
    return made


def export_logs(exporter: LogRecordExporter, subjects: Sequence[str], *, system: str = "balie") -> None:
    """Send a log record for each look."""
    provider = LoggerProvider(resource=Resource.create({"service.name": system}))
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    logger = provider.get_logger("tests")
    for subject in subjects:
        logger.emit(
            timestamp=time.time_ns(),
            severity_number=SeverityNumber.INFO,
            event_name="rekenschap.consultation",
            attributes=look(subject),
        )
    provider.shutdown()


def in_json(subjects: Sequence[str], *, system: str = "balie") -> dict[str, object]:
    """A request in OTLP's JSON."""
    now = time.time_ns()
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [_pair("service.name", system)]},
                "scopeSpans": [
                    {
                        "spans": [
                            {
                                "traceId": f"{number + 1:032x}",
                                "spanId": f"{number + 1:016x}",
                                "name": "raadplegen",
                                "startTimeUnixNano": str(now),
                                "endTimeUnixNano": str(now + 1_000_000),
                                "attributes": [_pair(*each) for each in look(subject).items()],
                            }
                            for number, subject in enumerate(subjects)
                        ]
                    }
                ],
            }
        ]
    }


def in_protobuf(subjects: Sequence[str], *, system: str = "balie") -> bytes:
    """A request in OTLP's protobuf."""
    request = ExportTraceServiceRequest()
    resource = request.resource_spans.add()
    pair = resource.resource.attributes.add(key="service.name")
    pair.value.string_value = system
    scope = resource.scope_spans.add()
    now = time.time_ns()
    for number, subject in enumerate(subjects):
        span = scope.spans.add(
            trace_id=(number + 1).to_bytes(16, "big"),
            span_id=(number + 1).to_bytes(8, "big"),
            name="raadplegen",
            start_time_unix_nano=now,
            end_time_unix_nano=now + 1_000_000,
        )
        for key, value in look(subject).items():
            span.attributes.add(key=key).value.string_value = value
    return request.SerializeToString()


def post(
    address: str, body: bytes | dict[str, object], *, kind: str = "", headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Post a body; gives status, headers in lower case, and what came back."""
    if isinstance(body, dict):
        body, kind = json.dumps(body).encode(), kind or "application/json"
    given = {"content-type": kind or "application/x-protobuf", **(headers or {})}
    request = urllib.request.Request(address, data=body, headers=given)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def packed(body: bytes) -> bytes:
    """A body in gzip."""
    return gzip.compress(body)


def _pair(key: str, value: str) -> dict[str, object]:
    return {"key": key, "value": {"stringValue": value}}
