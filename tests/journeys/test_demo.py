# SPDX-License-Identifier: EUPL-1.2
"""The first minute of a newcomer: one command, and what it leaves behind."""

import math
import re
import shutil

import pytest
from stdnum.nl import bsn

from tests.journeys.commands import rekenschap

NINE_DIGITS = re.compile(rb"(?<!\d)\d{9}(?!\d)")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Run the demo once; most of this file looks at what it left."""
    directory = tmp_path_factory.mktemp("first minute") / "demo"
    return directory, rekenschap("demo", "--into", directory, "--json")


def test_the_last_line_says_what_was_shown(demo):
    _, ran = demo
    assert ran.code == 0, ran.err
    told = ran.told
    assert 85_000 <= told["looks"] <= 115_000
    assert told["tamper_caught"] is True
    assert told["seconds"] > 0
    assert told["quarantined"] == {}


def test_most_looks_are_explained_and_few_would_be_by_chance(demo):
    told = demo[1].told
    assert told["explained_share"] >= 0.94
    assert told["null_explained_share"] <= 0.04
    assert told["first_looks_explained_share"] >= 0.90


def test_the_terms_of_each_finding_sum_to_its_score(demo):
    findings = demo[1].told["findings"]
    assert findings
    for finding in findings:
        assert math.isclose(math.fsum(finding["terms"].values()), finding["score"], abs_tol=1e-9)
        assert finding["sentence"].count(".") >= 2
        assert finding["looks"] and finding["searched"]
    scores = [finding["score"] for finding in findings]
    assert scores == sorted(scores, reverse=True)


def test_every_planted_story_is_behind_a_finding(demo):
    told = demo[1].told
    assert set(told["stories_found"]) == set(told["stories_planted"])


def test_findings_are_few_enough_for_one_person_to_look_into(demo):
    assert len(demo[1].told["findings"]) <= 12


def test_it_is_said_in_four_questions_in_dutch_first(demo):
    answer = demo[1].out
    for question in (
        "Wat kwam er binnen?",
        "kunnen wij uitleggen?",
        "Wat is niet verklaard?",
        "Klopt het logboek?",
    ):
        assert question in answer
    assert "Niet aangesloten, dus niet gezien" in answer


def test_no_number_that_could_be_a_bsn_is_in_anything_it_wrote(demo):
    directory, ran = demo
    files = [path for path in directory.rglob("*") if path.is_file()]
    assert len(files) > 50
    texts = [path.read_bytes() for path in files] + [ran.out.encode(), ran.err.encode()]
    found = [number for text in texts for number in NINE_DIGITS.findall(text)]
    assert [number for number in found if bsn.is_valid(number.decode())] == []


def test_a_number_that_could_be_a_bsn_would_have_been_found():
    assert [n for n in NINE_DIGITS.findall(b"x 999990019 y") if bsn.is_valid(n.decode())] == [b"999990019"]


def test_no_identifier_of_a_source_is_in_clear_outside_the_sources(demo):
    directory, _ = demo
    house = [path for path in (directory / "house").rglob("*") if path.is_file()]
    written = [*house, directory / "verslag.html", directory / "report.html", directory / "proof.json"]
    for path in written:
        assert not re.search(rb"mw-\d{4}|K-\d{6}", path.read_bytes()), path.name


def test_the_ledger_checks_and_the_proof_verifies_with_the_public_key_alone(demo, tmp_path):
    directory, ran = demo
    keys = directory / "house" / "public-keys.txt"
    assert rekenschap("check", directory / "house", "--public-key", keys).code == 0
    shutil.copy(directory / "proof.json", tmp_path)
    shutil.copy(keys, tmp_path)
    verified = rekenschap("verify", "proof.json", "--public-key", "public-keys.txt", "--json", cwd=tmp_path)
    assert (verified.code, verified.told["entry"]) == (0, ran.told["proven_entry"])
    assert verified.told["relation"] == "consultation"


def test_the_altered_copy_is_caught_and_the_entry_named(demo):
    directory, ran = demo
    keys = directory / "house" / "public-keys.txt"
    checked = rekenschap("check", directory / "altered-copy", "--public-key", keys)
    assert checked.code == 5
    assert f"entry {ran.told['tampered_entry']} " in checked.err
    assert "Traceback" not in checked.err


@pytest.mark.parametrize("name", ["verslag.html", "report.html"])
def test_the_report_stands_by_itself(demo, name):
    page = (demo[0] / name).read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", page)
    assert page.count("<svg") >= 5 and page.count("<table") >= 5


def test_a_second_demo_replaces_the_first_but_never_other_files(demo, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    refused = rekenschap("demo", "--into", tmp_path)
    assert refused.code == 3
    assert "expected an empty directory" in refused.err
    assert (tmp_path / "thesis.txt").read_text() == "mine"
