# SPDX-License-Identifier: EUPL-1.2
"""The looks as a program with OpenTelemetry would send them: requests of a thousand spans each, in JSON.

Trace and span are drawn from letters alone: nine digits in a row could look like a BSN.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.demo.arrays import stream

_SPANS = 1_000
_ATTRIBUTES = {
    "staff": "rekenschap.staff.id",
    "subject": "rekenschap.subject.id",
    "zaak": "rekenschap.zaak.id",
    "register": "rekenschap.register",
    "fields": "rekenschap.fields",
    "search_key": "rekenschap.search_key",
    "processing_activity": "rekenschap.processing_activity",
    "device": "rekenschap.device.id",
}
_HEAD = (
    '{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"%s"}}]},'
    '"scopeSpans":[{"scope":{"name":"raadplegen"},"spans":['
)
_TAIL = "]}]}]}"


def write_requests(directory: Path, looks: pa.Table, *, seed: int) -> list[Path]:
    """Write looks as bodies of POST /v1/traces, numbered in the order in which they would be sent.

    Attributes are those of *Connect a system by OpenTelemetry*; each request is of one system.
    """
    directory.mkdir(parents=True, exist_ok=True)
    spans = _spans(looks.combine_chunks(), seed)
    paths: list[Path] = []
    sources = looks["source"].combine_chunks().dictionary_encode()
    for number, name in enumerate(sources.dictionary.to_pylist()):
        own = np.flatnonzero(np.asarray(sources.indices) == number)
        for first in range(0, len(own), _SPANS):
            some = spans.take(pa.array(own[first : first + _SPANS])).to_pylist()
            paths.append(directory / f"{name}-{first // _SPANS + 1:05}.json")
            paths[-1].write_text(_HEAD % name + ",".join(some) + _TAIL, encoding="utf-8")
    return paths


def _spans(looks: pa.Table, seed: int) -> pa.Array:
    rng, size = stream(seed, "traces"), looks.num_rows
    at = looks["looked_at"].combine_chunks().cast(pa.int64())
    attributes = [_attribute(looks[column], name) for column, name in _ATTRIBUTES.items()]
    told = pc.binary_join_element_wise(*attributes, "", null_handling="skip")
    return pc.binary_join_element_wise(
        '{"name":"raadplegen","kind":2,"traceId":"',
        _letters(rng, size, 32),
        '","spanId":"',
        _letters(rng, size, 16),
        '","startTimeUnixNano":"',
        at.cast(pa.string()),
        '000","endTimeUnixNano":"',
        at.cast(pa.string()),
        '000","attributes":[',
        pc.utf8_slice_codeunits(told, 1),
        "]}",
        "",
    )


def _attribute(column: pa.ChunkedArray, name: str) -> pa.Array:
    return pc.binary_join_element_wise(
        f',{{"key":"{name}","value":{{"stringValue":"', column.combine_chunks(), '"}}', ""
    )


def _letters(rng: np.random.Generator, size: int, width: int) -> pa.Array:
    """Draw identifiers in hexadecimal of which every figure is a letter."""
    letters = (rng.integers(0, 6, (size, width), dtype=np.uint8) + ord("a")).tobytes()
    return (
        pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), size, [None, pa.py_buffer(letters)])
        .cast(pa.binary())
        .cast(pa.string())
    )
