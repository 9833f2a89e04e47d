# SPDX-License-Identifier: EUPL-1.2
"""A look as a FHIR R4 AuditEvent in the profile PatientRead of IHE Basic Audit Log Patterns (BALP 1.1).

https://profiles.ihe.net/ITI/BALP/ — who looked, with what, in which register, at whom; pseudonyms only. Knows
no house. In a read the data flows from the server (Source) to the client (Destination).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead"
_DCM = "http://dicom.nema.org/resources/ontology/DCM"
_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
_INTERACTION = "http://hl7.org/fhir/restful-interaction"
_PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_ENTITY, _ROLE = (
    "http://terminology.hl7.org/CodeSystem/audit-entity-type",
    "http://terminology.hl7.org/CodeSystem/object-role",
)
_REQUEST = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"
_URN = "urn:rekenschap"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLook:
    """What leaves the house of one look. `looked_at` is in µs UTC; people are named by pseudonyms."""

    reference: str
    looked_at: int
    staff: str
    role: str
    subject: str
    register: str
    fields: tuple[str, ...]
    observer: str
    """the organisation that kept the log"""


def as_audit_event(look: GivenLook) -> Mapping[str, object]:
    """Give it as one resource."""
    return {
        "resourceType": "AuditEvent",
        "id": look.reference,
        "meta": {"profile": [PROFILE]},
        "type": _coding(_TYPE, "rest"),
        "subtype": [_coding(_INTERACTION, "read")],
        "action": "R",
        "recorded": _moment(look.looked_at),
        "outcome": "0",
        "agent": [
            _machine("110152", who="client", address="unknown"),
            _machine("110153", who=look.register, address=look.register),
            _person(look),
        ],
        "source": {"observer": {"display": look.observer}},
        "entity": [
            {
                "what": {"identifier": _named("register", look.register)},
                "type": _coding(_ENTITY, "2"),
                "role": _coding(_ROLE, "4"),
                **({"detail": [_detail(each) for each in look.fields]} if look.fields else {}),
            },
            {
                "what": {"identifier": _named("subject", look.subject)},
                "type": _coding(_ENTITY, "1"),
                "role": _coding(_ROLE, "1"),
            },
            {
                "what": {"identifier": {"value": look.reference}},
                "type": _coding(_REQUEST, "XrequestId"),
            },
        ],
    }


def _machine(code: str, *, who: str, address: str) -> Mapping[str, object]:
    return {
        "type": {"coding": [_coding(_DCM, code)]},
        "who": {"display": who},
        "requestor": False,
        "network": {"address": address, "type": "1"},
    }


def _person(look: GivenLook) -> Mapping[str, object]:
    role = {"role": [{"text": look.role}]} if look.role else {}
    return {
        "type": {"coding": [_coding(_PARTICIPATION, "IRCP")]},
        "who": {"identifier": _named("staff", look.staff)},
        "requestor": True,
        **role,
    }


def _detail(field: str) -> Mapping[str, object]:
    return {"type": "field", "valueString": field}


def _named(kind: str, value: str) -> Mapping[str, str]:
    return {"system": f"{_URN}:{kind}", "value": value}


def _coding(system: str, code: str) -> Mapping[str, str]:
    return {"system": system, "code": code}


def _moment(microseconds: int) -> str:
    return datetime.fromtimestamp(microseconds / 1_000_000, tz=UTC).isoformat(timespec="milliseconds")
