# SPDX-License-Identifier: EUPL-1.2
"""AuditEvents in JSON, as they come and as they should not come; what goes in can be given back."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.adapters.sources import READERS
from rekenschap.seams.source import Block, ReaderOptions
from tests.unit.intake.small_house import BSN, SmallHouse

PERSON = {"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": BSN}


def event(**other: object) -> dict[str, object]:
    plain = {
        "resourceType": "AuditEvent",
        "type": {"code": "rest"},
        "action": "R",
        "recorded": "2026-03-02T08:15:00Z",
        "outcome": "0",
        "agent": [{"who": {"identifier": {"value": "m.devries"}}, "requestor": True}],
        "source": {"observer": {"display": "EPD"}},
        "entity": [{"what": {"identifier": PERSON}, "type": {"code": "1"}, "role": {"code": "1"}}],
    }
    return plain | other


def read(tmp_path: Path, text: str) -> list[Block]:
    path = tmp_path / "audit.json"
    path.write_text(text, encoding="utf-8")
    return list(READERS["fhir-audit"].blocks(path, ReaderOptions()))


def rows(blocks: list[Block]) -> list[dict[str, str]]:
    return [row for block in blocks for row in block.rows.to_pylist()]


def reasons(blocks: list[Block]) -> list[str]:
    return [broken.reason for block in blocks for broken in block.broken]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(event()),
        json.dumps(event(), indent=2),
        json.dumps([event()]),
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": event()}]}) + "\n",
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": event()}]}, indent=1),
        "\ufeff" + json.dumps(event()) + "\n\n",
    ],
)
def test_one_event_comes_in_however_it_is_packed(tmp_path: Path, text: str):
    blocks = read(tmp_path, text)
    assert [(row["subject"], row["staff"]) for row in rows(blocks)] == [(BSN, "m.devries")]
    assert reasons(blocks) == []


def test_events_on_lines_and_bundles_on_lines_come_in(tmp_path: Path):
    bundle = {"resourceType": "Bundle", "entry": [{"resource": event()}, {"resource": event()}]}
    assert len(rows(read(tmp_path, json.dumps(event()) + "\n" + json.dumps(bundle)))) == 3


def test_r5_says_the_same_in_other_words(tmp_path: Path):
    newer = {
        "resourceType": "AuditEvent",
        "category": [{"coding": [{"code": "rest"}]}],
        "code": {"coding": [{"code": "read"}]},
        "occurredPeriod": {"start": "2026-03-02T08:14:00Z"},
        "recorded": "2026-03-02T08:15:00Z",
        "outcome": {"code": {"code": "success"}},
        "authorization": [{"coding": [{"code": "TREAT"}]}],
        "patient": {"identifier": PERSON},
        "agent": [{"who": {"reference": "Practitioner/1"}, "requestor": True, "networkString": "10.0.0.7"}],
    }
    (row,) = rows(read(tmp_path, json.dumps(newer)))
    told = (
        row["subject"],
        row["staff"],
        row["time"],
        row["kind"],
        row["detail"],
        row["purpose"],
        row["client"],
    )
    assert told == (BSN, "Practitioner/1", "2026-03-02T08:14:00Z", "rest", "read", "TREAT", "10.0.0.7")


def test_every_patient_is_a_row(tmp_path: Path):
    others = [{"what": {"reference": f"Patient/{n}"}, "role": {"code": "1"}} for n in range(3)]
    assert [row["subject"] for row in rows(read(tmp_path, json.dumps(event(entity=others))))] == [
        "Patient/0",
        "Patient/1",
        "Patient/2",
    ]


def test_what_is_no_audit_event_breaks_alone(tmp_path: Path):
    lines = [event(), {"resourceType": "Patient"}, [], event()]
    blocks = read(tmp_path, "\n".join([*map(json.dumps, lines), "{", "7"]))
    assert len(rows(blocks)) == 2
    assert sorted(reasons(blocks)) == ["audit-unreadable", "audit-unreadable", "json-unreadable"]


def test_what_goes_in_comes_out_with_what_we_do_not_know(house: SmallHouse):
    sent = [event(), event(extension=[{"url": "x", "valueString": "é"}], action="U"), event(agent=[])]
    path = house.root / "audit.ndjson"
    path.write_text("\n".join(map(json.dumps, sent)), encoding="utf-8")
    report = house.take_in(path, "fhir-audit")
    assert report.quarantined == {}
    assert len(house.facts("consultation")) == 1
    kept = [
        json.loads(text)
        for piece in house.door.records.pieces()
        for text in piece.table["record"].to_pylist()
    ]
    assert sorted(map(json.dumps, kept)) == sorted(map(json.dumps, sent))


def test_no_bsn_of_an_event_stands_in_the_house(house: SmallHouse):
    path = house.root.parent / "audit.ndjson"
    path.write_text(json.dumps(event()), encoding="utf-8")
    house.take_in(path, "fhir-audit")
    kept = b"".join(each.read_bytes() for each in house.root.rglob("*") if each.is_file())
    assert BSN.encode() not in kept


NESTED = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["code", "coding", "what", "who", "identifier", "value", "role"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*event(), "patient", "category", "code", "period", "authorization"]), NESTED
    )
)
def test_any_event_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, parts: dict[str, object]):
    blocks = read(tmp_path_factory.mktemp("any"), json.dumps(event() | parts))
    assert len(rows(blocks)) + len(reasons(blocks)) >= 1
