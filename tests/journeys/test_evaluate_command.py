# SPDX-License-Identifier: EUPL-1.2
"""Somebody evaluates on files of their own, with a truth beside them."""

from pathlib import Path

import pytest
from pyarrow import parquet

from rekenschap.demo import write_town
from tests.journeys.commands import rekenschap

ASKED = {
    "explained_share",
    "null_explained_share",
    "recall_plain",
    "recall_hiding",
    "false_alarms_per_1000_week",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("own")
    parquet.write_table(write_town(made / "files", seed=3, staff=60, days=28).truth, made / "truth.parquet")
    return made


def test_own_files_with_a_truth_give_the_same_tables(town: Path):
    page = town / "page.md"
    ran = rekenschap(
        "evaluate", "--facts", town / "files", "--truth", town / "truth.parquet", "--write", page, "--json"
    )
    assert ran.code == 0, ran.err
    assert set(ran.told) >= ASKED
    assert ran.told["explained_share"] > 0.8 > 0.2 > ran.told["null_explained_share"]
    assert set(ran.told["methods"]) == {
        "ours", "volume", "rarity", "isolation_forest", "ecod", "unexplained",
    }  # fmt: skip
    assert "S08" in {each["scenario"] for each in ran.told["scenarios"]}
    assert "truth_without_look" not in ran.told
    assert "| S08 |" in page.read_text(encoding="utf-8")


def test_facts_without_a_truth_are_refused(town: Path):
    ran = rekenschap("evaluate", "--facts", town / "files")
    assert ran.code == 4
    assert "--truth" in ran.err


def test_an_aim_that_is_not_met_says_so(town: Path):
    ran = rekenschap(
        "evaluate", "--facts", town / "files", "--truth", town / "truth.parquet", "--language", "en"
    )
    assert "NOT met" in ran.out
    assert "not as proof" in ran.out


def test_a_page_that_cannot_be_written_is_refused_before_the_work(town: Path):
    ran = rekenschap("evaluate", "--logs", "--write", town / "nowhere" / "page.md")
    assert ran.code == 4
    assert "--write" in ran.err


def test_logs_that_are_not_there_are_named(town: Path):
    ran = rekenschap("evaluate", "--logs", "--data", town, "--json")
    assert ran.code == 0
    assert ran.told["logs"] == []
    assert "receipt" in ran.told["logs_absent"]


def test_files_and_words_of_others_are_read_as_they_are_told(tmp_path: Path):
    facts = tmp_path / "facts"
    facts.mkdir()
    (facts / "consultation.csv").write_text(
        "staff;subject;looked_at;register\n"
        + "".join(f"{n % 4:03};{n:09};2026-03-{2 + n % 20:02}T09:15:00+01:00;MAIN\n" for n in range(80)),
        encoding="utf-8",
    )
    (facts / "notes.csv").write_text("nothing\n", encoding="utf-8")
    (tmp_path / "known.csv").write_text(
        "wie;klant;toen;oordeel\n"
        + "".join(
            f"{n % 4:03};{n:09};2026-03-{2 + n % 20:02}T09:15:00+01:00;{'peek' if n == 7 else 'gewoon'}\n"
            for n in range(80)
        ),
        encoding="utf-8",
    )
    pairs = ("staff=wie", "citizen=klant", "looked_at=toen", "story=oordeel")
    words = [word for pair in pairs for word in ("--truth-column", pair)]
    ran = rekenschap(
        "evaluate", "--facts", facts, "--truth", tmp_path / "known.csv", *words, "--honest", "gewoon",
        "--without", "weighed", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert (ran.told["looks"], ran.told["episodes"], ran.told["staff"]) == (80, 1, 4)
    assert ran.told["files_not_read"] == ["notes.csv"]
    assert "truth_without_look" not in ran.told
    assert "weighed" not in ran.told["channels"]
