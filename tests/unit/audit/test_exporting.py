# SPDX-License-Identifier: EUPL-1.2
"""What went in comes out: sample records of the standards, and records of OTLP with fields nobody knows."""

import base64
import json
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from rekenschap.audit.exporting import Span, export_records
from rekenschap.audit.forgetting import drop_records_without_facts, forget_records
from rekenschap.contracts.contract import Contract
from rekenschap.intake import load_profile
from rekenschap.intake.profiles import parse_profile
from tests.unit.contracts.test_records import LDV, LOOK, logs, offer, spans
from tests.unit.intake.small_house import NOW, SmallHouse

STANDARDS = Path(__file__).parents[4] / "shared" / "standards"


def samples(name):
    path = STANDARDS / "derived" / "spec-json-examples.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: the samples of the standards stand beside the project")
    return json.loads(path.read_text(encoding="utf-8"))[name]


def exported(house, contract, **span):
    out = house.root / "out.jsonl"
    done = export_records(house.ledger, house.door, contract, span=Span(**span), out=out)
    return done, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def taken(house, rows, profile):
    path = house.root / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return house.take_in(path, profile)


@pytest.mark.parametrize(
    ("name", "profile", "contract"),
    [("ldv-1.0.0", "ldv-lines", Contract.LDV), ("adl-1.0.0", "adl-records", Contract.ADL)],
)
def test_samples_of_a_standard_come_out_as_they_went_in(tmp_path, name, profile, contract):
    house = SmallHouse(tmp_path)
    lines = [row | {"vendor.of.ours": {"deep": [1, None, 2.5]}} for row in samples(name)]
    report = taken(house, lines, profile)
    records = [row for row in lines if "trace_id" in row]
    others = [row for row in lines if "trace_id" not in row]
    done, out = exported(house, contract)
    assert records and sorted(map(json.dumps, out)) == sorted({json.dumps(row) for row in records})
    assert (done.missing, done.altered) == (0, 0)
    # what is a part of a record only waits in quarantine, whole
    assert report.quarantined == {"column-missing": len(others)}
    waiting = [json.loads(json.loads(row.original)["record"]) for row in house.door.quarantine.take()]
    assert waiting == others


@pytest.mark.parametrize(
    "name", ["getverwerkingsactie_response.json", "getverwerkingesactie_id_response.json"]
)
def test_the_actions_of_nijmegen_come_out_as_they_went_in(tmp_path, name):
    path = STANDARDS / "nijmegen-verwerkingenlogging" / name
    if not path.is_file():
        pytest.skip(f"{path} is not there: the samples of the standards stand beside the project")
    house = SmallHouse(tmp_path)
    page = json.loads(path.read_text(encoding="utf-8"))
    items = page.get("Items", [page])
    rows = "Items" if "Items" in page else '""'
    text = _text_of("vng-verwerkingsacties").replace("rows: results", f"rows: {rows}")
    report = house.take_in(path, parse_profile(text))
    done, out = exported(house, Contract.AS_RECEIVED)
    assert sorted(map(_plain, out)) == sorted({_plain(item) for item in items})
    assert (done.missing, done.altered, report.quarantined) == (0, 0, {})


def test_an_answer_of_the_data_tracker_comes_out_as_it_went_in(tmp_path):
    house = SmallHouse(tmp_path)
    usage = {
        "logtime": "2026-01-31T10:20:30Z",
        "action": "a",
        "receiverCode": "1",
        "receiverSystem": "s",
        "x": [1],
    }
    path = tmp_path / "usages.json"
    path.write_text(json.dumps({"totalUsages": 1, "usages": [usage]}), encoding="utf-8")
    house.take_in(path, load_profile("data-tracker"))
    assert exported(house, Contract.LDV)[1] == [usage]


def test_spans_in_protobuf_come_out_with_fields_nobody_knows(tmp_path):
    house = SmallHouse(tmp_path)
    request = spans((LDV | {"vendor.x": 7}, {"end_time_unix_nano": 1_772_439_300_120_000_000}))
    body = request.SerializeToString()
    unknown = b"\xf2\x3e\x03odd"  # field 1006 of a later version
    span = request.resource_spans[0].scope_spans[0].spans[0].SerializeToString() + unknown
    later = ExportTraceServiceRequest.FromString(body)
    later.resource_spans[0].scope_spans[0].spans[0].ParseFromString(span)
    offer(house, later.SerializeToString(), kind="traces-protobuf")
    _, (out,) = exported(house, Contract.AS_RECEIVED)
    assert base64.b64decode(out["protobuf"]) == later.SerializeToString()
    _, (out,) = exported(house, Contract.LDV)
    told = out["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert base64.b64decode(told.pop("@protobuf")) == unknown
    for name in ("traceId", "spanId"):
        told[name] = base64.b64encode(bytes.fromhex(told[name])).decode()
    assert ParseDict(out, ExportTraceServiceRequest()) == request


def test_records_in_json_come_out_letter_for_letter(tmp_path):
    house = SmallHouse(tmp_path)
    text = (
        '{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"balie"}}]},'
        '"scopeLogs":[{"logRecords":[{"timeUnixNano":"1772439300000000000","newField":{"a":1.50},"attributes":['
        '{"key":"rekenschap.staff.id","value":{"stringValue":"m.devries"}},'
        '{"key":"rekenschap.subject.id","value":{"stringValue":"999990019"}}]}]}]}]}'
    )
    assert offer(house, text.encode(), kind="logs-json").accepted == 1
    out = tmp_path / "out"
    export_records(house.ledger, house.door, Contract.CONSULTATION, span=Span(), out=out)
    assert out.read_text(encoding="utf-8").strip() == text


def test_only_records_of_the_span_are_given(tmp_path):
    house = SmallHouse(tmp_path)
    offer(house, logs((LOOK, {})).SerializeToString(), kind="logs-protobuf")
    moment = int(NOW.timestamp()) * 1_000_000
    assert exported(house, Contract.CONSULTATION, since=moment, until=moment + 1)[0].written == 1
    assert exported(house, Contract.CONSULTATION, until=moment)[0].written == 0
    assert exported(house, Contract.CONSULTATION, since=moment + 1)[0].written == 0


def test_what_was_forgotten_is_missing_and_what_was_changed_is_not_given(tmp_path):
    house = SmallHouse(tmp_path)
    offer(house, spans((LDV, {}), (LDV | {"x": 1}, {})).SerializeToString(), kind="traces-protobuf")
    tokens = house.ledger.facts("processing").table.column("record").to_pylist()
    (piece,) = house.door.records.pieces()
    house.door.records.forget(set(tokens))
    assert exported(house, Contract.LDV)[0].missing == 2
    swapped = piece.table.column("record").combine_chunks()[::-1]
    house.door.records.put(
        piece.table.column("token").combine_chunks(), swapped, recorded_at=piece.recorded_at
    )
    done, out = exported(house, Contract.LDV)
    assert (done.altered, out) == (2, [])


def test_a_forgotten_person_takes_the_records_along_and_no_others(tmp_path):
    house = SmallHouse(tmp_path)
    other = LOOK | {"rekenschap.subject.id": "999990020"}
    offer(
        house,
        logs((LOOK, {}), (other, {"span_id": bytes(7) + b"x"})).SerializeToString(),
        kind="logs-protobuf",
    )
    (gone, kept) = house.ledger.facts("consultation").table.select(["subject", "record"]).to_pylist()
    assert forget_records(house.door.records, house.ledger, {gone["subject"]}) == 1
    (piece,) = house.door.records.pieces()
    assert piece.table.column("token").to_pylist() == [kept["record"]]
    assert exported(house, Contract.CONSULTATION)[0].missing == 1


def test_a_record_without_a_fact_goes_unless_it_may_be_on_its_way(tmp_path):
    house = SmallHouse(tmp_path)
    offer(house, logs((LOOK, {})).SerializeToString(), kind="logs-protobuf")
    moment = int(NOW.timestamp()) * 1_000_000
    stray = pa.array([b"s" * 16], pa.binary(16)), pa.array([b"{}"], pa.binary())
    house.door.records.put(*stray, recorded_at=moment)
    assert drop_records_without_facts(house.door.records, house.ledger, now=moment + 1) == 0
    assert drop_records_without_facts(house.door.records, house.ledger, now=moment + 86_400_000_000) == 1
    assert exported(house, Contract.CONSULTATION)[0].written == 1


def _plain(value):
    return json.dumps(value, sort_keys=True)


def _text_of(name):
    return files("rekenschap.intake.profiles").joinpath("network", f"{name}.yaml").read_text(encoding="utf-8")
