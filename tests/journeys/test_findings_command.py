# SPDX-License-Identifier: EUPL-1.2
"""Findings go to a SIEM: under pseudonyms, and the ledger says who took them."""

import json

import pytest

from rekenschap.audit.demo import Demo, run_demo
from rekenschap.audit.deriving import Derived
from rekenschap.house import LedgerPlace
from tests.journeys.commands import rekenschap


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Demo:
    made = run_demo(tmp_path_factory.mktemp("siem") / "demo", seed=1, told=lambda *_: None)
    assert rekenschap("derive", "--home", made.directory / "house").code == 0
    return made


@pytest.mark.parametrize("form", ["ocsf", "ecs"])
def test_each_finding_is_a_line_without_anybodys_number_and_the_ledger_is_told(shown, tmp_path, form):
    home, out = shown.directory / "house", tmp_path / f"{form}.jsonl"
    before = _given(home)
    ran = rekenschap("findings", "--as", form, "--out", out, "--by", "mw-0016", "--home", home)
    assert ran.code == 0, ran.err
    text = out.read_text(encoding="utf-8")
    assert len([json.loads(line) for line in text.splitlines()]) == len(Derived.open(home).findings) > 0
    assert not [each for each in ("mw-", "K-0", "Z-2") if each in text]
    assert out.stat().st_mode & 0o077 == 0
    after = _given(home)
    assert len(after) == len(before) + 1
    assert (after[-1]["subjects"], after[-1]["size"]) == (len(text.splitlines()), len(text.encode()))


def _given(home) -> list[dict[str, object]]:
    rows = LedgerPlace.of(home).ledger().facts("disclosure").table.to_pylist()
    return [each for each in rows if each["source"] == "rekenschap-giving"]


def test_nothing_is_given_by_nobody(shown, tmp_path):
    home = shown.directory / "house"
    ran = rekenschap(
        "findings", "--as", "ecs", "--out", tmp_path / "out", "--by", " ", "--home", home, "--language", "en"
    )
    assert (ran.code, "staff number" in ran.err) == (4, True)
    assert not (tmp_path / "out").exists()
