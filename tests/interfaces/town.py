# SPDX-License-Identifier: EUPL-1.2
"""A small invented house with looks and lines of the processing log, some of which may not be seen yet."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.journeys.commands import rekenschap

NOW = datetime.now(UTC).replace(microsecond=0)
LIFTED = "5f0bef4c-f66f-4311-84a5-19e8bf359eaf"
OPEN = f"https://register.example/verwerkingen/{LIFTED}"
CLOSED = "VA-opsporing"
ME, OTHER, SOUGHT, STRANGER = "K-1001", "K-1002", "K-1003", "K-9999"
STAFF = "m.devries"
TRACES = {
    name: f"{at:032x}"
    for at, name in enumerate(("plain", "closed", "other", "sought", "alone", "later", "old"), start=0xA1)
}


def at(days: float, minutes: float = 0) -> str:
    """Write a moment so many days ago."""
    return (NOW - timedelta(days=days) + timedelta(minutes=minutes)).isoformat()


def look(subject: str, trace: str, days: float, **more: str) -> dict[str, object]:
    """One look, and the trace it shares with the lines."""
    return {
        "relation": "consultation", "source": "balie", "looked_at": at(days), "staff": STAFF,
        "subject": subject, "register": "BRP", "fields": "naam, adres", "trace_id": TRACES[trace],
        "operation_id": f"{170:016x}", "processing_activity": OPEN, **more,
    }  # fmt: skip


def line(subject: str | None, trace: str, days: float, number: int, **more: object) -> dict[str, object]:
    """One line of the processing log."""
    whose = {} if subject is None else {"subject": subject, "subject_kind": "klantnummer"}
    return {
        "relation": "processing", "source": "balie", "processed_at": at(days), "ended_at": at(days, 0.01),
        "processing_activity": OPEN, "system": "balie", "name": "gegevens tonen", "status": "Ok",
        "fields": "naam, adres", "trace_id": TRACES[trace], "operation_id": f"{number:016x}", **whose, **more,
    }  # fmt: skip


def zaak(subject: str, name: str, days: float) -> dict[str, object]:
    """The work that explains a look."""
    return {
        "relation": "zaak", "source": "zaken", "zaak": name, "subject": subject, "zaaktype": "reisdocument",
        "registered_at": at(days), "handler": STAFF, "team": "burgerzaken",
    }  # fmt: skip


def activity(name: str, confidentiality: str) -> dict[str, object]:
    """A version of an entry of the register."""
    return {
        "relation": "processing_activity", "source": "register", "processing_activity": name, "edition": 1,
        "name": "Bijhouding", "purpose": "paspoorten geven", "legal_basis": "e", "law": "Paspoortwet art. 26",
        "confidentiality": confidentiality, "valid_from": at(900),
    }  # fmt: skip


FACTS = [
    *[{"relation": "staff", "source": "personeel", "staff": each, "team": "burgerzaken", "role": "balie",
       "employment": "employee", "valid_from": at(900)} for each in (STAFF, "a.bakker", "j.visser")],
    activity(OPEN, "open"), activity(CLOSED, "shielded"),
    *[zaak(each, f"Z-{each}", 30) for each in (ME, OTHER, SOUGHT)],
    look(ME, "plain", 9), look(ME, "closed", 5, processing_activity=CLOSED), look(OTHER, "other", 4),
    look(SOUGHT, "sought", 3, staff="j.visser"),
    {"relation": "shielding", "source": "integriteit", "subject": SOUGHT, "kind": "investigation",
     "valid_from": at(60)},
    line(None, "plain", 9, 1, name="zoeken"),
    line(ME, "plain", 9, 2, parent_id=f"{1:016x}", processor="https://ketenpartner.example/app"),
    line(ME, "closed", 5, 3, processing_activity=CLOSED),
    line(None, "closed", 5, 4, name="zoeken"),
    line(OTHER, "other", 4, 5), line(SOUGHT, "sought", 3, 6),
    line(ME, "alone", 20, 7, processing_activity=CLOSED),
    line(None, "alone", 20, 10, processing_activity=None),
    line(ME, "later", 20, 8, processing_activity="VA 7"), line(SOUGHT, "old", 100, 9),
]  # fmt: skip
"""Shown: lines 1, 2, 5, 8 and 9. Withheld: 3, 7 (shielded), 4, 10 (their traces), 6 (investigated)."""

READ = """
organisation = "Gemeente Veldhaven"
organisation_id = "00000001001234567000"
public_url = "https://lezen.veldhaven.example"
[ldv]
most = 50
[tracker]
prefix = "EE"
[bewerking]
[inzage]
"""


def copied(house: Path, home: Path) -> Path:
    """Give a house of its own like another, of which nobody has read yet."""
    left = shutil.ignore_patterns("*.sock", "offered", "read-asked", "read")
    shutil.copytree(house, home, ignore=left)
    (home / "read").mkdir()
    (home / "read" / "read.toml").write_text(READ, encoding="utf-8")
    return home


def found(home: Path, facts: list[dict[str, object]] | None = None) -> None:
    """Take the facts in and derive."""
    told = home.with_suffix(".jsonl")
    told.write_text(
        "".join(json.dumps(each) + "\n" for each in (FACTS if facts is None else facts)), encoding="utf-8"
    )
    for command in (("intake", told, "--profile", "native-jsonl"), ("derive",)):
        ran = rekenschap(*command, "--home", home)
        assert ran.code == 0, ran.out + ran.err
