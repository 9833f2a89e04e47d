# SPDX-License-Identifier: EUPL-1.2
"""A look as a FHIR AuditEvent keeps the rules of IHE BALP PatientRead (1.1): who plays which part."""

from __future__ import annotations

import importlib

import pytest

from rekenschap.contracts.audit_event import PROFILE, GivenLook, as_audit_event

LOOK = GivenLook(
    reference="abcdefghjkmnpqrstvwxyzabcdefg", looked_at=1_764_068_470_669_000, staff="Zm9v", role="balie",
    subject="YmFy", register="BRP", fields=("naam", "adres"), observer="Gemeente Veldhaven",
)  # fmt: skip
DCM = "http://dicom.nema.org/resources/ontology/DCM"


def codes(agent: dict) -> list[tuple[str, str]]:
    return [(each["system"], each["code"]) for each in agent["type"]["coding"]]


def test_it_is_a_read_that_went_well():
    told = as_audit_event(LOOK)
    assert told["meta"] == {"profile": [PROFILE]}
    assert (told["type"]["code"], [each["code"] for each in told["subtype"]]) == ("rest", ["read"])
    assert (told["action"], told["outcome"]) == ("R", "0")
    assert told["recorded"] == "2025-11-25T11:01:10.669+00:00"


def test_in_a_read_data_flows_from_server_to_client_and_one_person_asked_for_it():
    agents = as_audit_event(LOOK)["agent"]
    machines = {codes(each)[0]: each for each in agents if codes(each)[0][0] == DCM}
    assert set(machines) == {(DCM, "110152"), (DCM, "110153")}
    assert all(each["requestor"] is False and each["network"] for each in machines.values())
    (person,) = [each for each in agents if each["requestor"]]
    assert codes(person)[0][1] == "IRCP"
    assert "network" not in person
    assert person["who"]["identifier"]["value"] == "Zm9v"
    assert len(agents) == 3


def test_one_patient_one_piece_of_data_and_one_request():
    kinds = [
        (each["type"]["code"], each.get("role", {}).get("code")) for each in as_audit_event(LOOK)["entity"]
    ]
    assert kinds == [("2", "4"), ("1", "1"), ("XrequestId", None)]


def test_what_others_made_to_read_it_reads_it():
    try:
        audit_event = importlib.import_module("fhir.resources.R4B.auditevent")
    except ImportError:
        pytest.skip("no fhir.resources: it is in no group, for nothing of ours needs it")
    read = audit_event.AuditEvent.model_validate(as_audit_event(LOOK))
    assert read.entity[1].what.identifier.value == "YmFy"
