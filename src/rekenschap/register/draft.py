# SPDX-License-Identifier: EUPL-1.2
"""An entry in the form of the draft interface for registers (Processing Activities Register API v0.1).

That draft names things by the Data Privacy Vocabulary and by UUID. It has no place for law, confidentiality
or owner, which therefore do not come along.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from rekenschap.register.activity import Version
from rekenschap.register.reading import days_in
from rekenschap.register.versions import Register

_BASES = {
    "a": "Consent", "b": "Contract", "c": "LegalObligation", "d": "VitalInterest",
    "e": "OfficialAuthorityOfController", "f": "LegitimateInterest",
}  # fmt: skip
_READ = {name: letter for letter, name in _BASES.items()} | {"PublicInterest": "e"}
_PEOPLE = {
    "inwoners": "Citizen", "burgers": "Citizen", "medewerkers": "Employee", "sollicitanten": "JobApplicant",
    "ouders": "ParentOfHuman", "leerlingen": "Student", "patiënten": "Patient", "bezoekers": "Visitor",
    "aanvragers": "Applicant",
}  # fmt: skip
_NAMED = {"Citizen": "inwoners"} | {name: word for word, name in _PEOPLE.items() if name != "Citizen"}


def id_of(uri: str) -> UUID:
    """Give the UUID of an activity with this address: always the same."""
    return uuid5(NAMESPACE_URL, uri)


def to_activity(register: Register, key: str, *, uri: str, now: datetime) -> dict[str, object]:
    """Give a `ProcessingActivity`; raises KeyError for a key that is not in the register."""
    return {
        "id": str(id_of(uri)),
        "active": register.as_of(key, now) is not None,
        "latestVersion": max(each.edition for each in register.history[key]),
    }


def to_version(version: Version) -> dict[str, object]:
    """Give a `ProcessingActivityVersion`; people we have no word for become `DataSubject`."""
    personal: dict[str, object] = {"categories": list(version.categories)}
    if version.retention_period is not None:
        personal["retentionPeriod"] = f"P{version.retention_period}D"
    return {
        "name": version.name,
        "version": version.edition,
        "purpose": version.purpose,
        "validFrom": version.valid_from.isoformat(),
        "legalBasis": [_BASES[version.legal_basis]],
        "dataSubjects": sorted({_PEOPLE.get(each.lower(), "DataSubject") for each in version.people}),
        "personalData": personal,
        **({"measures": [{"measureType": "Organisational", "measure": version.measures}]}
           if version.measures else {}),
    }  # fmt: skip


def cells_of(told: Mapping[str, object]) -> dict[str, str]:
    """Give a version of that interface (with the `id` of its activity) as cells of a table of ours."""
    personal = told.get("personalData")
    personal = personal if isinstance(personal, Mapping) else {}
    bases = {_READ.get(each) for each in _texts(told.get("legalBasis"))}
    days = days_in(str(personal.get("retentionPeriod") or "").replace("T0S", ""))
    return {
        "key": str(told.get("id") or ""),
        "name": str(told.get("name") or ""),
        "purpose": str(told.get("purpose") or ""),
        "legal_basis": (bases.pop() or "") if len(bases) == 1 else "",
        "people": ", ".join(_NAMED.get(each, each) for each in _texts(told.get("dataSubjects"))),
        "categories": ", ".join(_texts(personal.get("categories"))),
        "retention_period": "" if days is None else str(days),
        "measures": "; ".join(_measures(told.get("measures"))),
        "valid_from": str(told.get("validFrom") or ""),
    }


def _texts(told: object) -> list[str]:
    return [str(each) for each in told] if isinstance(told, list) else []


def _measures(told: object) -> list[str]:
    found = told if isinstance(told, list) else []
    return [str(each.get("measure") or "") for each in found if isinstance(each, Mapping)]
