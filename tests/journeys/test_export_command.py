# SPDX-License-Identifier: EUPL-1.2
"""The page on giving records back, run as written; and what the command refuses."""

import json

import pytest

from tests.journeys.commands import rekenschap
from tests.journeys.pages import blocks, run

LINE = {
    "trace_id": "7bba9f33312b3dabc8f8e90c7c61f194",
    "span_id": "2a3f5c8d1e6b4a09",
    "status": "Ok",
    "name": "Persoon raadplegen",
    "start_time": 1772439300000,
    "end_time": 1772439300120,
    "attributes": {"dpl.core.processing_activity_id": "urn:va:12", "dpl.later": {"unknown": [1, None]}},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    (folder / "logboek.jsonl").write_text(json.dumps(LINE) + "\n", encoding="utf-8")
    for block in blocks("export-records.md"):
        code, out, err = run(block, folder)
        assert code == 0, err
    assert "Written: 1 records" in out
    return folder


def test_what_went_in_comes_out(place):
    assert (place / "lines.jsonl").read_text(encoding="utf-8") == json.dumps(LINE) + "\n"
    assert (place / "lines.jsonl").stat().st_mode & 0o077 == 0


def test_nothing_of_another_kind_comes_out(place):
    done = rekenschap("export", "--contract", "adl", "--home", place / "house", "--out", place / "adl.jsonl")
    assert (done.code, (place / "adl.jsonl").read_text(encoding="utf-8")) == (0, "")


def test_a_moment_without_a_zone_is_refused(place):
    span = ("--from", "2026-03-02T10:00:00", "--out", place / "x.jsonl")
    done = rekenschap("export", "--contract", "ldv", "--home", place / "house", *span)
    assert done.code == 3
    assert "a moment with a zone at --from" in done.err
