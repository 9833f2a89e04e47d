# SPDX-License-Identifier: EUPL-1.2
"""Whatever is in a body: a row for every record, the record in full beside it, and never an exception."""

from __future__ import annotations

import base64
import json
from typing import cast

import pytest
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList

from rekenschap.contracts.otlp import BodyKind, as_json, canonical, rows_of

REQUESTS: dict[str, type[Message]] = {"traces": ExportTraceServiceRequest, "logs": ExportLogsServiceRequest}
KEYS = st.sampled_from(
    ["dpl.core.data_subject_id", "rekenschap.staff.id", "adl.core.request", "status", "x", "dpl.", "user.id"]
) | st.text(max_size=12)
SCALARS = st.one_of(
    st.builds(lambda x: AnyValue(string_value=x), st.text(max_size=20)),
    st.builds(lambda x: AnyValue(int_value=x), st.integers(-(1 << 63), (1 << 63) - 1)),
    st.builds(lambda x: AnyValue(double_value=x), st.floats(allow_nan=False)),
    st.builds(lambda x: AnyValue(bool_value=x), st.booleans()),
    st.builds(lambda x: AnyValue(bytes_value=x), st.binary(max_size=20)),
    st.builds(AnyValue),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda x: AnyValue(array_value=ArrayValue(values=x))),
        st.lists(st.builds(lambda k, v: KeyValue(key=k, value=v), KEYS, inner), max_size=3).map(
            lambda x: AnyValue(kvlist_value=KeyValueList(values=x))
        ),
    ),
    max_leaves=6,
)
PAIRS = st.lists(st.builds(lambda k, v: KeyValue(key=k, value=v), KEYS, VALUES), max_size=5)
MOMENTS = st.sampled_from([0, 1, 1_760_000_000_000, 1_760_000_000_000_000_000, (1 << 64) - 1])
IDS = st.sampled_from([b"", bytes(16), bytes(8), b"\x01" * 16, b"\x02" * 8, b"short"])


@st.composite
def requests(draw: st.DrawFn, signal: str) -> Message:
    request = REQUESTS[signal]()
    for _ in range(draw(st.integers(0, 2))):
        of_resource = (request.resource_spans if signal == "traces" else request.resource_logs).add()  # type: ignore[attr-defined]
        of_resource.resource.attributes.extend(draw(PAIRS))
        of_resource.schema_url = draw(st.sampled_from(["", "https://schema.example"]))
        for _ in range(draw(st.integers(0, 2))):
            of_scope = (of_resource.scope_spans if signal == "traces" else of_resource.scope_logs).add()
            of_scope.scope.name = draw(st.text(max_size=5))
            for _ in range(draw(st.integers(0, 3))):
                _fill(draw, (of_scope.spans if signal == "traces" else of_scope.log_records).add(), signal)
    return cast(Message, request)


def _fill(draw: st.DrawFn, record: Message, signal: str) -> None:
    record.trace_id, record.span_id = draw(IDS), draw(IDS)  # type: ignore[attr-defined]
    record.attributes.extend(draw(PAIRS))  # type: ignore[attr-defined]
    record.flags = draw(st.sampled_from([0, 1, 0x301, (1 << 32) - 1]))  # type: ignore[attr-defined]
    if signal == "traces":
        record.name = draw(st.text(max_size=8))  # type: ignore[attr-defined]
        record.start_time_unix_nano, record.end_time_unix_nano = draw(MOMENTS), draw(MOMENTS)  # type: ignore[attr-defined]
        record.status.code = draw(st.sampled_from([0, 1, 2, 17]))  # type: ignore[attr-defined]
        record.events.add(name=draw(st.text(max_size=4)))  # type: ignore[attr-defined]
    else:
        record.event_name = draw(st.sampled_from(["", "adl.access_evaluation", "adl.odd", "rekenschap.x"]))  # type: ignore[attr-defined]
        record.time_unix_nano = draw(MOMENTS)  # type: ignore[attr-defined]
        record.body.CopyFrom(draw(VALUES))  # type: ignore[attr-defined]


def _singles(request: Message, signal: str) -> list[Message]:
    """Cut a request into requests of one record, the slow and plain way."""
    found = []
    for of_resource in request.resource_spans if signal == "traces" else request.resource_logs:  # type: ignore[attr-defined]
        for of_scope in of_resource.scope_spans if signal == "traces" else of_resource.scope_logs:
            for record in of_scope.spans if signal == "traces" else of_scope.log_records:
                single = REQUESTS[signal]()
                outer = (single.resource_spans if signal == "traces" else single.resource_logs).add()  # type: ignore[attr-defined]
                outer.CopyFrom(of_resource)
                inner_name = "scope_spans" if signal == "traces" else "scope_logs"
                outer.ClearField(inner_name)
                inner = getattr(outer, inner_name).add()
                inner.CopyFrom(of_scope)
                records_name = "spans" if signal == "traces" else "log_records"
                inner.ClearField(records_name)
                getattr(inner, records_name).add().CopyFrom(record)
                found.append(single)
    return found


@pytest.mark.parametrize("signal", ["traces", "logs"])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_record_is_one_row_with_the_record_in_full(signal: str, data: st.DataObject) -> None:
    sent = data.draw(st.lists(requests(signal), max_size=4))
    table, bodies = rows_of(
        [each.SerializeToString() for each in sent], kind=cast(BodyKind, f"{signal}-protobuf")
    )
    wanted = [(at, single) for at, each in enumerate(sent) for single in _singles(each, signal)]
    assert bodies.to_pylist() == [at for at, _ in wanted]
    assert [REQUESTS[signal].FromString(raw[1:]) for raw in table["record"].to_pylist()] == [
        x for _, x in wanted
    ]  # type: ignore[attr-defined]


@pytest.mark.parametrize("signal", ["traces", "logs"])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_record_in_json_is_the_record_in_protobuf(signal: str, data: st.DataObject) -> None:
    sent = data.draw(requests(signal))
    text = json.dumps(_as_json(sent)).encode()
    binary, _ = rows_of([sent.SerializeToString()], kind=cast(BodyKind, f"{signal}-protobuf"))
    in_json, _ = rows_of([text], kind=cast(BodyKind, f"{signal}-json"))
    assert in_json.drop_columns(["received", "record"]).equals(binary.drop_columns(["received", "record"]))
    parsed = [REQUESTS[signal].FromString(raw[1:]) for raw in in_json["record"].to_pylist()]  # type: ignore[attr-defined]
    assert parsed == _singles(sent, signal)
    assert in_json["record"].to_pylist() == binary["record"].to_pylist()
    assert [canonical(raw) for raw in in_json["received"].to_pylist()] == in_json["record"].to_pylist()
    assert [json.loads(as_json(raw)) for raw in binary["record"].to_pylist()] == [
        _as_json(each) for each in _singles(sent, signal)
    ]
    assert [json.loads(raw) for raw in in_json["received"].to_pylist()] == [
        _as_json(each) for each in _singles(sent, signal)
    ]


@settings(max_examples=120, deadline=None)
@given(
    st.binary(max_size=200), st.sampled_from(["traces-protobuf", "logs-protobuf", "traces-json", "logs-json"])
)
def test_no_bytes_make_it_fail(raw: bytes, kind: str) -> None:
    table, bodies = rows_of([raw, b"", raw], kind=cast(BodyKind, kind))
    assert table.num_rows == len(bodies)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_body_does_not_take_a_good_one_with_it(data: st.DataObject) -> None:
    good = data.draw(requests("traces"))
    raw = bytearray(data.draw(requests("traces")).SerializeToString())
    if raw:
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    bodies = [good.SerializeToString(), bytes(raw), good.SerializeToString()]
    table, of_body = rows_of(bodies, kind="traces-protobuf")
    for at in (0, 2):
        alone, _ = rows_of([bodies[at]], kind="traces-protobuf")
        assert [
            r for r, b in zip(table.to_pylist(), of_body.to_pylist(), strict=True) if b == at
        ] == alone.to_pylist()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "resourceSpans",
                    "scopeSpans",
                    "spans",
                    "traceId",
                    "attributes",
                    "key",
                    "value",
                    "stringValue",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None)
@given(JSON)
def test_no_json_makes_it_fail(value: object) -> None:
    for body in (value, {"resourceSpans": [{"scopeSpans": [{"spans": [value]}]}]}, {"resourceSpans": value}):
        rows_of([json.dumps(body).encode()], kind="traces-json")


def _as_json(message: Message) -> dict[str, object]:
    """Write a message as OTLP says: protobuf's JSON form, identifiers in hex, enumerations as numbers."""
    found: dict[str, object] = {}
    for field, value in message.ListFields():
        many = field.is_repeated
        found[field.json_name] = [_member(field, x) for x in value] if many else _member(field, value)
    return found


def _member(field: object, value: object) -> object:
    if isinstance(value, Message):
        return _any(value) if isinstance(value, AnyValue) else _as_json(value)
    name = field.name  # type: ignore[attr-defined]
    if isinstance(value, bytes):
        return value.hex() if name.endswith("_id") else base64.b64encode(value).decode()
    return str(value) if name.endswith("_nano") else value


def _any(value: AnyValue) -> object:
    match value.WhichOneof("value"):
        case None:
            return {}
        case "array_value":
            return {"arrayValue": {"values": [_any(x) for x in value.array_value.values]}}
        case "kvlist_value":
            pairs = [
                {"key": x.key, "value": _any(x.value)} if x.key else {"value": _any(x.value)}
                for x in value.kvlist_value.values
            ]
            return {"kvlistValue": {"values": pairs}}
        case "int_value":
            return {"intValue": str(value.int_value)}
        case "double_value":
            number = value.double_value
            return {"doubleValue": {"inf": "Infinity", "-inf": "-Infinity"}.get(str(number), number)}
        case "bytes_value":
            return {"bytesValue": base64.b64encode(value.bytes_value).decode()}
        case "string_value":
            return {"stringValue": value.string_value}
        case _:
            return {"boolValue": value.bool_value}
