# SPDX-License-Identifier: EUPL-1.2
"""Records of OTLP on their way through the door: told apart, held to their standard, kept whole."""

import json

import numpy as np
import pyarrow as pa
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from rekenschap.contracts.otlp import as_json, canonical, rows_of
from rekenschap.intake import OfferedBodies, load_profile, take_in_offered
from rekenschap.intake.admission import Admission, microseconds
from rekenschap.intake.keeping import Keeping
from rekenschap.seams.source import Block
from tests.unit.intake.small_house import NOW, SmallHouse

SECOND = 1_772_439_300_000_000_000
TRACE, SPAN = bytes(range(1, 17)), bytes(range(1, 9))
LDV = {
    "dpl.core.processing_activity_id": "https://register.example/verwerking/12",
    "dpl.core.data_subject_id": "Xk3",
    "dpl.core.data_subject_id_type": "pseudoniem",
}
LOOK = {
    "rekenschap.staff.id": "m.devries",
    "rekenschap.subject.id": "999990019",
    "rekenschap.register": "BRP",
}


def spans(*many, service="balie"):
    request = ExportTraceServiceRequest()
    of_resource = request.resource_spans.add()
    _put(of_resource.resource.attributes, {"service.name": service})
    scope = of_resource.scope_spans.add()
    for attributes, fields in many:
        base = {
            "trace_id": TRACE,
            "span_id": SPAN,
            "name": "Persoon raadplegen",
            "start_time_unix_nano": SECOND,
        }
        span = scope.spans.add(**(base | {k: v for k, v in fields.items() if k != "code"}))
        span.status.code = fields.get("code", 0)
        _put(span.attributes, attributes)
    return request


def logs(*many, service="balie"):
    request = ExportLogsServiceRequest()
    of_resource = request.resource_logs.add()
    _put(of_resource.resource.attributes, {"service.name": service})
    scope = of_resource.scope_logs.add()
    for attributes, fields in many:
        base = {"trace_id": TRACE, "span_id": SPAN, "time_unix_nano": SECOND}
        _put(scope.log_records.add(**(base | fields)).attributes, attributes)
    return request


def _put(where, attributes):
    for key, value in attributes.items():
        pair = where.add(key=key)
        if isinstance(value, dict):
            pair.value.kvlist_value.SetInParent()
            _put(pair.value.kvlist_value.values, value)
        elif isinstance(value, bool):
            pair.value.bool_value = value
        elif isinstance(value, int):
            pair.value.int_value = value
        else:
            pair.value.string_value = value


def one(request, kind="traces-protobuf"):
    table, _ = rows_of([request.SerializeToString()], kind=kind)
    return table.to_pylist()[0]


def offer(house, *bodies, kind):
    table, index = rows_of(bodies, kind=kind)
    block = Block(rows=table, lines=pa.array(np.arange(table.num_rows)))
    offered = OfferedBodies(
        [block],
        digests=lambda: [bytes([at]) * 32 for at in range(len(bodies))],
        bodies=np.asarray(index),
        numbers=np.arange(table.num_rows),
    )
    return take_in_offered(offered, load_profile("otlp"), door=house.door, ledger=house.ledger, now=NOW)


DECISION = {
    "adl.core.request": {"subject": {"type": "user", "id": "m.devries"}, "action": {"name": "read"}},
    "adl.core.response": {"decision": False},
}


@pytest.mark.parametrize(
    ("attributes", "fields", "kind"),
    [
        (LDV, {}, "processing"),
        ({"dpl.core.foreign_operation.span_id": "x"}, {}, "processing"),
        (LOOK, {}, "consultation"),
        (DECISION, {"name": "adl.access_evaluation"}, "decision"),
        (DECISION | {"dpl.core.data_subject_id": "Xk3"}, {"name": "adl.access_evaluation"}, "decision"),
    ],
)
def test_a_record_is_told_by_its_keys(attributes, fields, kind):
    row = one(spans((attributes, fields)))
    assert (row["kind"], row["fault"]) == (kind, None)


@pytest.mark.parametrize(
    ("attributes", "fields", "fault"),
    [
        ({"http.request.method": "GET"}, {}, "kind-unknown"),
        (LDV | LOOK, {}, "two-kinds"),
        (DECISION | LOOK, {"name": "adl.access_evaluation"}, "two-kinds"),
        (LDV, {"trace_id": b""}, "trace-id-missing"),
        (LDV, {"trace_id": bytes(16)}, "trace-id-zero"),
        (LDV, {"span_id": b"abc"}, "span-id-length"),
        (LDV, {"parent_span_id": bytes(8)}, "parent-span-id-zero"),
        (LDV, {"start_time_unix_nano": 0}, "time-missing"),
        (LDV, {"start_time_unix_nano": SECOND // 1_000_000}, "time-not-in-nanoseconds"),
        (LDV, {"end_time_unix_nano": SECOND // 1_000}, "time-not-in-nanoseconds"),
        (LDV, {"name": ""}, "name-missing"),
        (LDV, {"code": 3}, "status-unknown"),
        (
            {"dpl.core.data_subject_id": "x", "dpl.core.data_subject_id_type": "y"},
            {},
            "processing-activity-missing",
        ),
        (
            {"dpl.core.data_subject_id": "x", "dpl.core.processing_activity_id": "y"},
            {},
            "subject-type-missing",
        ),
        (DECISION, {"name": "adl.something_else"}, "event-name-unknown"),
        (DECISION, {"name": "adl.access_evaluation", "code": 2}, "denial-as-error"),
        ({"adl.core.request": {}}, {"name": "adl.access_evaluation"}, "response-missing"),
    ],
)
def test_what_its_standard_makes_mandatory_is_asked_for(attributes, fields, fault):
    assert one(spans((attributes, fields)))["fault"] == fault


def test_a_resource_that_names_its_system_twice_speaks_for_none():
    request = spans((LOOK, {}))
    _put(request.resource_spans[0].resource.attributes, {"service.name": "burgerzaken"})
    body = request.SerializeToString()
    assert one(request)["fault"] == "attribute-twice"
    table, _ = rows_of([as_json(b"T" + body)], kind="traces-json")
    assert table.column("fault").to_pylist() == ["attribute-twice"]


def test_other_attributes_of_a_resource_may_stand_twice():
    request = spans((LOOK, {}))
    for value in "ab":
        _put(request.resource_spans[0].resource.attributes, {"host.name": value})
    assert one(request)["fault"] is None


def _respelled(old, new):
    body = as_json(b"T" + spans((LOOK, {})).SerializeToString())
    assert body.count(old) == 1
    return body.replace(old, new)


def _kept_by(body, kind="traces-json"):
    """The faults of the rows of a body, and whether the person in it is in one of them."""
    table, _ = rows_of([body], kind=kind)
    held = [row["received"] or row["record"] for row in table.to_pylist()]
    return table.column("fault").to_pylist(), any(b"999990019" in each for each in held)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"resourceSpans"', b'"resource_spans"'),
        (b'"resourceSpans"', b'"resourceLogs"'),
        (b'"resourceSpans"', b'"somethingNew"'),
        (b'"resourceSpans"', b'"resourceSpans":[],"resource_spans"'),
        (b'"scopeSpans"', b'"scope_spans"'),
        (b'"scopeSpans"', b'"instrumentationLibrarySpans"'),
        (b'"spans"', b'"records"'),
        (b'"spans"', b'"logRecords"'),
    ],
)
def test_records_under_another_name_are_not_passed_over(old, new):
    assert _kept_by(_respelled(old, new)) == (["unreadable"], True)


def test_logs_offered_as_traces_are_not_passed_over():
    body = as_json(b"L" + logs((LOOK, {})).SerializeToString())
    assert _kept_by(body) == (["unreadable"], True)
    assert _kept_by(body, "logs-json") == ([None], True)


@pytest.mark.parametrize("name", [b"resourceSpans", b"scopeSpans", b"spans"])
def test_a_list_that_stands_twice_hides_no_records(name):
    body = as_json(b"T" + spans((LOOK, {})).SerializeToString())
    at = body.index(b'"%s":[' % name)
    opened = body[at + len(name) + 3 :]
    depths = np.cumsum([(each == "[") - (each == "]") for each in opened.decode()])
    end = at + len(name) + 3 + int(np.flatnonzero(depths == 0)[0])
    again = body[: end + 1] + b',"%s":[]' % name + body[end + 1 :]
    assert _kept_by(again) == (["unreadable"], True)
    assert _kept_by(again.replace(b"[{", b"[{},{", 1)) == (["unreadable"], True)


def test_a_member_nobody_knows_beside_a_list_and_a_value_that_is_a_name_are_fine():
    assert _kept_by(_respelled(b'"resourceSpans"', b'"later":1,"resourceSpans"')) == ([None], True)
    assert _kept_by(_respelled(b'"m.devries"', b'"resourceSpans"')) == ([None], True)


@pytest.mark.parametrize("body", [b"{}", b'{"resourceSpans":[]}', b'{"resourceSpans":[{"scopeSpans":[]}]}'])
def test_an_empty_request_has_no_rows(body):
    assert _kept_by(body) == ([], False)


def test_a_decision_is_read_from_body_or_attributes_and_a_reference_is_enough():
    in_body = logs(({}, {"event_name": "adl.access_evaluation"}))
    _put(in_body.resource_logs[0].scope_logs[0].log_records[0].body.kvlist_value.values, DECISION)
    row = one(in_body, "logs-protobuf")
    assert (row["fault"], row["adl.outcome"], row["adl.staff"], row["adl.action"]) == (
        None,
        "refuse",
        "m.devries",
        "read",
    )
    text = {key: json.dumps(value) for key, value in DECISION.items()}
    assert (
        one(logs((text, {"event_name": "adl.access_evaluation"})), "logs-protobuf")["adl.outcome"] == "refuse"
    )
    referred = {"adl.core.request": {"log": "r1"}, "adl.core.response": {"log": "r2"}}
    row = one(logs((referred, {"event_name": "adl.access_evaluation"})), "logs-protobuf")
    assert (row["fault"], row["adl.outcome"], row["adl.staff"]) == (None, None, None)


def test_a_payload_that_stands_twice_is_refused():
    request = logs((DECISION, {"event_name": "adl.access_evaluation"}))
    _put(request.resource_logs[0].scope_logs[0].log_records[0].body.kvlist_value.values, DECISION)
    assert one(request, "logs-protobuf")["fault"] == "given-twice"


def test_a_record_not_chosen_by_a_sampler_is_a_record():
    row = one(spans((LDV, {"flags": 0x100})))
    assert (row["fault"], row["sampled"]) == (None, False)


def test_the_same_record_in_json_and_in_protobuf_is_one_fact(tmp_path):
    house = SmallHouse(tmp_path)
    request = logs((LOOK, {}))
    binary = request.SerializeToString()
    assert offer(house, binary, binary, kind="logs-protobuf").accepted == 1
    text = as_json(b"L" + binary)
    assert canonical(text) == b"L" + binary
    again = offer(house, text, kind="logs-json")
    assert (again.accepted, again.known) == (0, 1)


def test_a_record_with_other_content_is_kept_beside_the_first(tmp_path):
    house = SmallHouse(tmp_path)
    offer(house, spans((LDV, {})).SerializeToString(), kind="traces-protobuf")
    other = spans((LDV | {"unknown.key": "changed"}, {})).SerializeToString()
    assert offer(house, other, kind="traces-protobuf").accepted == 1


def test_every_kept_record_comes_back_and_is_what_the_token_says(tmp_path):
    house = SmallHouse(tmp_path)
    body = spans((LDV, {}), (LDV | {"x": 1}, {}), ({"odd": "row"}, {})).SerializeToString()
    offer(house, body, logs((LOOK, {})).SerializeToString()[:0], kind="traces-protobuf")
    facts = house.ledger.facts("processing").table
    table, _ = rows_of([body], kind="traces-protobuf")
    (piece,) = house.door.records.pieces()
    assert piece.table.column("record").to_pylist() == table.column("record").to_pylist()[:2]
    assert piece.table.column("token").to_pylist() == facts.column("record").to_pylist()
    again = house.door.pseudonyms.tokens_of_records(piece.table.column("record").combine_chunks())
    assert again.to_pylist() == facts.column("record").to_pylist()


def test_a_bad_record_waits_whole_in_quarantine(tmp_path):
    house = SmallHouse(tmp_path)
    bad = spans(({"odd": "row"}, {}))
    report = offer(
        house, spans((LDV, {})).SerializeToString(), bad.SerializeToString(), kind="traces-protobuf"
    )
    assert (report.accepted, report.quarantined) == (1, {"kind-unknown": 1})
    (row,) = house.door.quarantine.take()
    assert ExportTraceServiceRequest.FromString(row.original[1:]) == bad


def test_nothing_about_staff_comes_into_a_processing(tmp_path):
    house = SmallHouse(tmp_path)
    users = {"users": {"userID": "m.devries", "userName": "M. de Vries"}}
    care = LDV | {"dpl.nen7513.users": users, "enduser.id": "m.devries", "user.id": "m.devries"}
    offer(house, spans((care, {})).SerializeToString(), kind="traces-protobuf")
    table = house.ledger.facts("processing").table
    assert table.num_rows == 1
    assert "devries" not in str(table.drop_columns(["record"]).to_pylist()).lower()
    assert not {"staff"} & {column.domain for column in house.ledger.facts("processing").relation}
    (piece,) = house.door.records.pieces()
    assert b"m.devries" in piece.table.column("record")[0].as_py()


def test_forgotten_records_are_gone_and_the_others_stay(tmp_path):
    house = SmallHouse(tmp_path)
    offer(house, spans((LDV, {}), (LDV | {"x": 1}, {})).SerializeToString(), kind="traces-protobuf")
    (piece,) = house.door.records.pieces()
    first, second = piece.table.column("token").to_pylist()
    assert house.door.records.forget({first}) == 1
    (left,) = house.door.records.pieces()
    assert left.table.column("token").to_pylist() == [second]


def test_a_piece_that_broke_off_is_cut_away_before_the_next(tmp_path):
    house = SmallHouse(tmp_path)
    offer(house, spans((LDV, {})).SerializeToString(), kind="traces-protobuf")
    (path,) = tmp_path.rglob("*.sealed")
    with path.open("ab") as stream:
        stream.write(b"\0\0\xff\xffhalf")
    assert len(list(house.door.records.pieces())) == 1
    offer(house, spans((LDV | {"x": 1}, {})).SerializeToString(), kind="traces-protobuf")
    assert len(list(house.door.records.pieces())) == 2


def test_records_of_facts_that_were_known_are_let_go_and_not_sealed_again(tmp_path):
    house = SmallHouse(tmp_path)
    keeping = Keeping(house.door.records, recorded_at=1)
    rows, _ = rows_of([spans((LDV, {})).SerializeToString()], kind="traces-protobuf")
    admission = Admission(
        profile=load_profile("otlp"), pseudonyms=house.door.pseudonyms, now=microseconds(NOW)
    )
    for admitted in admission.admit(rows, pa.array([0]))[0]:
        keeping.add(rows, admitted)
    keeping.seal([])
    keeping.seal([pa.array([b"x" * 16], pa.binary(16))])
    assert list(house.door.records.pieces()) == []
    body = spans((LDV, {})).SerializeToString()
    offer(house, body, kind="traces-protobuf")
    offer(house, body, kind="traces-protobuf")
    assert [piece.table.num_rows for piece in house.door.records.pieces()] == [1]
