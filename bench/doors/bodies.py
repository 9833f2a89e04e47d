# SPDX-License-Identifier: EUPL-1.2
"""OTLP requests with looks of an invented town, made fast: one is written, the others are that one with other
numbers in the same places."""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

STAFF, SUBJECTS, ZAKEN, DEVICES = 2_000, 100_000, 100_000, 1_500
_TIMES = (b"\x11" * 8, b"\x22" * 8)
_TRACE, _SPAN = b"TRACETRACETRACE!", b"SPANSPAN"
_STAFF, _SUBJECT, _ZAAK, _DEVICE = b"STAFF0", b"SUBJECT00", b"ZAAKNR00", b"DEVI"
_LOOK = {
    "rekenschap.staff.id": "m.STAFF0",
    "rekenschap.subject.id": "SUBJECT00",
    "rekenschap.subject.type": "bsn",
    "rekenschap.zaak.id": "Z-2026-ZAAKNR00",
    "rekenschap.register": "BRP",
    "rekenschap.fields": "naam,adres",
    "rekenschap.search_key": "bsn",
    "rekenschap.processing_activity": "https://register.example/verwerking/12",
    "rekenschap.device.id": "WS-DEVI",
    "http.route": "/persoon/{id}",
}
_RESOURCE = {"service.name": "balie", "service.version": "4.2", "telemetry.sdk.language": "java"}
Octets = npt.NDArray[np.uint8]


class Bodies:
    """Requests of `records` looks each, by staff at citizens who come by again; no look comes twice."""

    def __init__(self, records: int, *, seed: int) -> None:
        self._records = records
        self._raw = np.frombuffer(_request(records), dtype=np.uint8)
        self._random = np.random.default_rng(seed)
        written = self._raw.tobytes()
        self._places = {
            mark: _places(written, mark, records)
            for mark in (*_TIMES, _TRACE, _SPAN, _STAFF, _SUBJECT, _ZAAK, _DEVICE)
        }

    def make(self) -> bytes:
        """Give the next one."""
        body, random, count = self._raw.copy(), self._random, self._records

        def put(mark: bytes, values: Octets) -> None:
            body[self._places[mark][:, None] + np.arange(len(mark))] = values

        def number(mark: bytes, most: int, start: int = 0) -> None:
            put(mark, _digits(random.integers(0, most, count) + start, len(mark)))

        moments = time.time_ns() - random.integers(0, 5_000_000_000, count)
        for mark in _TIMES:
            put(mark, moments.astype("<u8").view(np.uint8).reshape(count, 8))
        put(_TRACE, random.integers(1, 255, (count, 16), dtype=np.uint8))
        put(_SPAN, random.integers(1, 255, (count, 8), dtype=np.uint8))
        number(_STAFF, STAFF)
        number(_SUBJECT, SUBJECTS, 999_900_000)
        number(_ZAAK, ZAKEN)
        number(_DEVICE, DEVICES)
        return body.tobytes()


def _request(records: int) -> bytes:
    request = ExportLogsServiceRequest()
    resource = request.resource_logs.add()
    for key, value in _RESOURCE.items():
        resource.resource.attributes.add(key=key).value.string_value = value
    scope = resource.scope_logs.add()
    scope.scope.name = "balie.logboek"
    for _ in range(records):
        log = scope.log_records.add(
            time_unix_nano=int.from_bytes(_TIMES[0]),
            observed_time_unix_nano=int.from_bytes(_TIMES[1]),
            trace_id=_TRACE,
            span_id=_SPAN,
            event_name="rekenschap.consultation",
            severity_number=9,
            flags=1,
        )
        for key, value in _LOOK.items():
            log.attributes.add(key=key).value.string_value = value
    return request.SerializeToString()


def _places(written: bytes, mark: bytes, records: int) -> npt.NDArray[np.int64]:
    found, at = list[int](), written.find(mark)
    while at >= 0:
        found.append(at)
        at = written.find(mark, at + len(mark))
    if len(found) != records:
        raise ValueError(mark)
    return np.array(found, dtype=np.int64)


def _digits(numbers: npt.NDArray[np.int64], width: int) -> Octets:
    tens = 10 ** np.arange(width - 1, -1, -1)
    return (numbers[:, None] // tens % 10 + ord("0")).astype(np.uint8)
