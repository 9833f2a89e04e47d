# SPDX-License-Identifier: EUPL-1.2
"""Findings for a SIEM, held against the published names of fields and classes."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from rekenschap.contracts.findings import GivenFinding, GivenRule, as_ecs, as_ocsf, as_sigma, sigma_text

STANDARDS = Path(__file__).parents[4] / "shared" / "standards"
FOUND = GivenFinding(
    key="abcdefgh", rule="unexplained_by_staff", title="Onverklaarde raadplegingen",
    sentences=("Een.", "Twee."),
    about="M-7K2QF", is_staff=True, score=12.5, looks=9, subjects=7, first_at=1_780_000_000_000_000,
    last_at=1_780_500_000_000_000, derived_at=1_781_000_000_000_000, origin="veldhaven.example/rekenschap",
    size=100, version="0.1.0",
)  # fmt: skip
_AS_CITIZEN = {"about": "P-7K2QF", "is_staff": False}
CITIZEN = replace(FOUND, **_AS_CITIZEN)


def needs(*parts: str) -> Path:
    path = STANDARDS.joinpath(*parts)
    if not path.exists():
        pytest.skip("the published contracts are not beside the project (../shared/standards)")
    return path


@pytest.mark.parametrize("found", [FOUND, CITIZEN], ids=["staff", "subject"])
def test_every_field_of_the_ecs_document_is_in_the_schema(found):
    with needs("ecs", "ecs-fields.csv").open(encoding="utf-8", newline="") as stream:
        known = {row["Field"]: row["Type"] for row in csv.DictReader(stream)}
    flat = dict(_flat(as_ecs(found)))
    assert {name for name in flat if not name.startswith("labels.")} <= set(known)
    assert all(isinstance(value, str) for name, value in flat.items() if name.startswith("labels."))
    assert known["labels"] == "object"
    assert flat["event.kind"] in needs("ecs", "event.yml").read_text(encoding="utf-8")


def _flat(told, before=""):
    for name, value in told.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


@pytest.mark.parametrize("found", [FOUND, CITIZEN], ids=["staff", "subject"])
def test_the_ocsf_event_has_what_its_class_requires_and_only_what_it_knows(found):
    told = as_ocsf(found)
    own = json.loads(needs("ocsf", "events", "detection_finding.json").read_text())
    base = json.loads(needs("ocsf", "events", "base_event.json").read_text())["attributes"]
    words = json.loads(needs("ocsf", "dictionary.json").read_text())["attributes"]
    required = {
        name
        for name, each in base.items()
        if isinstance(each, dict) and each.get("requirement") == "required"
    }
    assert required <= set(told)
    assert set(told) <= set(words)
    assert told["class_uid"] == 2000 + own["uid"]
    assert told["type_uid"] == told["class_uid"] * 100 + told["activity_id"]
    of_type = {"integer_t": int, "timestamp_t": int, "long_t": int, "string_t": str, "boolean_t": bool}
    for name, value in told.items():
        wanted = of_type.get(words[name]["type"])
        assert wanted is None or isinstance(value, wanted), name
    user = json.loads(needs("ocsf", "objects", "user.json").read_text())["attributes"]
    for each in told.get("evidences", []):
        assert set(each["actor"]["user"]) <= set(user)


@pytest.mark.parametrize("give", [as_ocsf, as_ecs])
def test_a_member_of_staff_is_a_pseudonym_and_a_citizen_is_no_user(give):
    assert "M-7K2QF" in json.dumps(give(FOUND))
    told = json.dumps(give(CITIZEN))
    assert "P-7K2QF" in told
    assert '"user"' not in told


def test_the_score_of_a_siem_ends_at_a_hundred():
    from rekenschap.contracts.findings.ocsf import risk_of

    assert [risk_of(each) for each in (-3.0, 0.0, 12.5, 25.0, 400.0)] == [0, 0, 50, 100, 100]


RULE = GivenRule(
    id="unexplained_by_staff", title="Unexplained looks", question="Who?", law="GDPR art. 32",
    blind_spots=("a role that all does the same",), waits=True,
)  # fmt: skip
REST = replace(RULE, id="of_the_week", title="Of the week", but_for=("unexplained_by_staff",))


def test_a_sigma_rule_selects_the_findings_of_that_rule_in_both_forms():
    for form, made in (("ecs", as_ecs(FOUND)), ("ocsf", as_ocsf(FOUND))):
        flat = dict(_flat(made))
        wanted = as_sigma(RULE, form=form)["detection"]["selection"]
        assert {name: flat.get(name) for name in wanted} == wanted
        assert len(wanted) == 2


def test_sigma_itself_reads_our_rules_and_finds_nothing_wrong():
    pytest.importorskip("sigma", reason="needs pySigma")
    from sigma.collection import SigmaCollection
    from sigma.validation import SigmaValidator
    from sigma.validators.core import validators

    read = SigmaCollection.from_yaml(sigma_text([RULE, REST], form="ecs"))
    assert (len(read.rules), read.errors) == (2, [])
    for rule in read.rules:
        assert rule.errors == []
        rule.detection.parsed_condition[0].parse()
    found = SigmaValidator(validators.values()).validate_rules(iter(read.rules))
    assert [str(each) for each in found] == []
