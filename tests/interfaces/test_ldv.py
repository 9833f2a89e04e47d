# SPDX-License-Identifier: EUPL-1.2
"""The LDV read extension: what is found, what is refused, and what can never stand in an answer."""

from __future__ import annotations

import json

import pytest

from tests.interfaces.conftest import CHAIN
from tests.interfaces.service import Got, Readers
from tests.interfaces.town import CLOSED, ME, NOW, OPEN, SOUGHT, STAFF, STRANGER, TRACES

PATH = "/lezen/v1/processing-activities"
SUBJECT, ACTIVITY = "dpl.core.data_subject_id", "dpl.core.processing_activity_id"


def asked(readers: Readers, **told: object) -> Got:
    return readers.ask(PATH, {key.replace("__", "."): value for key, value in told.items()}, client=CHAIN)


def spans(got: Got) -> list[int]:
    assert got.status == 200, got.body
    return [int(each["spanId"], 16) for each in got.told["processingActivities"]]


def uuid(trace: str) -> str:
    plain = TRACES[trace]
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


def test_lines_are_found_by_trace_however_it_is_written(readers: Readers):
    for trace in (uuid("plain"), uuid("plain").upper(), TRACES["plain"]):
        assert spans(asked(readers, traceId=trace)) == [1, 2]
    assert spans(asked(readers, traceId="1b4e28ba-2fa1-41d2-883f-0016d3cca427")) == []


def test_lines_come_out_as_they_went_in(readers: Readers):
    _, line = asked(readers, traceId=uuid("plain")).told["processingActivities"]
    whose = line["attributes"].pop(SUBJECT)
    assert line.pop("endTime") - line["startTime"] == 600
    assert line == {
        "traceId": uuid("plain"),
        "spanId": f"{2:016x}",
        "parentSpanId": f"{1:016x}",
        "status": "Ok",
        "name": "gegevens tonen",
        "startTime": round((NOW.timestamp() - 9 * 86_400) * 1000),
        "resource": {"attributes": {"service.name": "balie"}},
        "attributes": {
            ACTIVITY: OPEN,
            "dpl.core.data_subject_id_type": "urn:rekenschap:betrokkene",
            "dpl.core.foreign_operation.processor": "https://ketenpartner.example/app",
        },
    }
    assert ME not in whose


def test_a_person_is_found_by_identifier_and_by_the_name_we_gave(readers: Readers):
    mine = asked(readers, dpl__core__data_subject_id=ME)
    assert spans(mine) == [8, 2]
    assert {each["attributes"][SUBJECT] for each in mine.told["processingActivities"]} == {ME}
    given = asked(readers, traceId=uuid("plain")).told["processingActivities"][1]["attributes"][SUBJECT]
    assert spans(asked(readers, dpl__core__data_subject_id=given)) == [8, 2]
    assert spans(asked(readers, dpl__core__data_subject_id=STRANGER)) == []
    assert spans(asked(readers, dpl__core__data_subject_id="", traceId=uuid("plain"))) == []


def test_an_identifier_of_another_type_finds_nothing(readers: Readers):
    told = {"dpl__core__data_subject_id": ME}
    assert spans(asked(readers, **told, dpl__core__data_subject_id_type="Klantnummer")) == [8, 2]
    assert spans(asked(readers, **told, dpl__core__data_subject_id_type="BSN")) == []


def test_lines_are_found_by_activity_and_between_moments(readers: Readers):
    assert spans(asked(readers, dpl__core__processing_activity_id=OPEN)) == [9, 1, 2, 5]
    seven = "urn:rekenschap:verwerkingsactiviteit:VA%207"
    assert spans(asked(readers, dpl__core__processing_activity_id=seven)) == [8]
    since = round((NOW.timestamp() - 6 * 86_400) * 1000)
    assert spans(asked(readers, dpl__core__processing_activity_id=OPEN, startTime=since)) == [5]
    assert spans(asked(readers, dpl__core__processing_activity_id=OPEN, endTime=since)) == [9, 1, 2]


def test_a_client_that_is_held_to_activities_reads_no_other_line(readers: Readers):
    readers.add("nauw", "--reads", "ldv")
    path = readers.home / "read" / "read.toml"
    path.write_text(f'{path.read_text(encoding="utf-8")}activities = ["VA 7"]\n', encoding="utf-8")
    everything = spans(asked(readers, dpl__core__data_subject_id=ME))
    assert len(everything) > 1
    assert spans(readers.ask(PATH, {SUBJECT: ME}, client="nauw")) == [8]
    assert spans(readers.ask(PATH, {ACTIVITY: OPEN}, client="nauw")) == []


def test_what_a_citizen_may_not_see_is_not_here(readers: Readers):
    assert spans(asked(readers, traceId=uuid("closed"))) == []
    assert spans(asked(readers, traceId=uuid("alone"))) == []
    assert spans(asked(readers, traceId=uuid("sought"))) == []
    assert spans(asked(readers, dpl__core__data_subject_id=SOUGHT)) == [9]
    assert (
        spans(
            asked(readers, dpl__core__processing_activity_id=f"urn:rekenschap:verwerkingsactiviteit:{CLOSED}")
        )
        == []
    )


def test_no_member_of_staff_stands_in_what_is_offered(readers: Readers):
    from rekenschap.audit.desk.people import pseudonyms_of
    from rekenschap.house import House

    (staff,) = pseudonyms_of(House.at(readers.home), [STAFF], "staff")
    half = staff.hi.to_bytes(8, "big", signed=True)
    files = [each for each in (readers.home / "read").rglob("*") if each.is_file()]
    assert any(each.name == "lines.sqlite" for each in files)
    for each in files:
        held = each.read_bytes()
        assert half not in held, each.name
        assert STAFF.encode() not in held, each.name
        assert ME.encode() not in held, each.name


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({}, "traceId"),
        ({"startTime": 1, "endTime": 2}, "traceId"),
        ({"dpl.core.data_subject_id_type": "BSN"}, "traceId"),
        ({"traceId": "not-a-uuid"}, "traceId"),
        ({"traceId": None}, "traceId"),
        ({"traceId": TRACES["plain"], "startTime": "gisteren"}, "startTime"),
        ({"traceId": TRACES["plain"], "endTime": True}, "endTime"),
        ({"dpl.core.processing_activity_id": "geen uri"}, "dpl.core.processing_activity_id"),
    ],
)
def test_a_question_that_is_none_is_a_problem_with_its_place(readers: Readers, told: dict, where: str):
    got = readers.ask(PATH, told, client=CHAIN)
    assert (got.status, got.headers["content-type"]) == (400, "application/problem+json")
    assert {"status", "title", "detail"} <= set(got.told)
    assert got.told["errors"][0]["location"].startswith(where)


def test_all_that_is_wrong_is_told_at_once(readers: Readers):
    got = readers.ask(PATH, {"traceId": 1, "startTime": "x", "endTime": []}, client=CHAIN)
    assert [each["location"] for each in got.told["errors"]] == ["traceId", "startTime", "endTime"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b'{"traceId": "\\ud800"}', b"\xff"])
def test_a_body_that_is_no_json_object_is_a_400(readers: Readers, body: bytes):
    assert readers.ask(PATH, body, client=CHAIN).status == 400


def test_another_kind_of_content_is_a_415_and_too_much_a_413(readers: Readers):
    xml = readers.ask(PATH, b"<x/>", client=CHAIN, headers={"Content-Type": "text/xml"})
    assert xml.status == 415
    assert readers.ask(PATH, b" " * 70_000, client=CHAIN).status == 413


def test_more_than_the_most_is_a_problem_of_its_own_kind(readers: Readers):
    path = readers.home / "read" / "read.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("most = 50", "most = 1"), encoding="utf-8")
    try:
        got = asked(readers, traceId=uuid("plain"))
        assert got.status == 400
        assert got.told["type"].endswith("/te-veel-resultaten")
        assert spans(asked(readers, traceId=uuid("other"))) == [5]
    finally:
        path.write_text(before, encoding="utf-8")
    assert spans(asked(readers, traceId=uuid("plain"))) == [1, 2]


def test_nobody_reads_who_is_not_a_client_of_this_interface(readers: Readers):
    told = {"traceId": uuid("plain")}
    from tests.interfaces.conftest import PORTAL

    for got in (
        readers.ask(PATH, told),
        readers.ask(PATH, told, headers={"Authorization": "Bearer nobody"}),
        readers.ask(PATH, told, headers={"Authorization": "Basic x"}),
        readers.ask(PATH, told, client=PORTAL),
    ):
        assert (got.status, got.headers["www-authenticate"]) == (401, "Bearer")
        assert got.headers["api-version"] == "1.1.0"
        assert json.loads(got.body)["status"] == 401
