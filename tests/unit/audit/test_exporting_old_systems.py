# SPDX-License-Identifier: EUPL-1.2
"""What came in from an old system comes out again as it was, and goes in once more as the same facts."""

from pathlib import Path

import pytest
from lxml import etree

from rekenschap.audit.exporting import Span, export_records
from rekenschap.contracts.contract import Contract
from rekenschap.intake import load_profile
from tests.unit.intake.small_house import SmallHouse

STANDARD = Path(__file__).parents[4] / "shared/standards/dicom-atna"
KEPT = ("pgaudit", "oracle-audit", "sqlserver-audit", "postfix", "exchange", "m365-audit", "cups", "fsc")


def exported(house: SmallHouse, out: Path) -> list[str]:
    told = export_records(house.ledger, house.door, Contract.AS_RECEIVED, span=Span(), out=out)
    assert (told.missing, told.altered) == (0, 0)
    lines = out.read_text(encoding="utf-8").splitlines()
    assert told.written == len(lines)
    return lines


@pytest.mark.parametrize("name", KEPT)
def test_every_record_of_an_old_system_fits_its_token(name: str, house: SmallHouse):
    profile = load_profile(name)
    ending = {"csv": ".csv", "exchange-tracking": ".log", "m365-audit": ".csv", "sql-audit": ".csv"}
    path = house.root / f"file{ending.get(profile.example.reader, '.json')}"
    path.write_text(profile.example.text, encoding="utf-8")
    report = house.take_in(path, name)
    assert report.quarantined == {}
    assert exported(house, house.root / "out")


@pytest.mark.parametrize("name", ["atna", "fhir-audit"])
def test_what_comes_out_goes_in_again_as_what_is_known_already(name: str, house: SmallHouse):
    path = house.root / "in"
    path.write_text(load_profile(name).example.text, encoding="utf-8")
    first = house.take_in(path, name)
    exported(house, house.root / "out")
    again = house.take_in(house.root / "out", name)
    assert again.quarantined == {}
    assert {relation: count.accepted for relation, count in again.facts.items()} == dict.fromkeys(
        first.facts, 0
    )
    assert {relation: count.known for relation, count in again.facts.items()} == {
        relation: count.accepted for relation, count in first.facts.items()
    }


@pytest.mark.skipif(not STANDARD.is_dir(), reason="the samples of ATNA are not here (../shared/standards)")
def test_the_samples_of_atna_come_out_by_their_schema(house: SmallHouse):
    schema = etree.XMLSchema(etree.parse(STANDARD / "dicom2017c.xsd"))
    originals = set()
    for path in sorted((STANDARD / "samples").glob("*.xml")):
        assert house.take_in(path, "atna").quarantined == {}
        originals.add(etree.canonicalize(path.read_text(encoding="utf-8"), strip_text=True))
    lines = exported(house, house.root / "out")
    for line in lines:
        schema.assertValid(etree.fromstring(line))
    assert {etree.canonicalize(line, strip_text=True) for line in lines} == originals
    assert len(lines) == 18
