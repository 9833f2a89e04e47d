# SPDX-License-Identifier: EUPL-1.2
"""Anybody's files with a truth beside them: each row of it finds its look, or is counted as astray."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rekenschap.audit.evaluating.from_files import files_in, material_of_files, read_truth
from rekenschap.errors import SourceError

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LOOKS = (
    ("anna", "K-1", "2026-03-02T09:15:00+01:00"),
    ("anna", "K-2", "2026-03-03T09:15:00+01:00"),
    ("bert", "K-2", "2026-03-04T20:15:00+01:00"),
    ("bert", "K-3", "2026-03-05T20:15:00+01:00"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "facts"
    made.mkdir()
    lines = [
        {"relation": "consultation", "staff": staff, "subject": citizen, "looked_at": at, "register": "BRP"}
        for staff, citizen, at in LOOKS
    ]
    lines.append({"relation": "staff", "staff": "anna", "valid_from": "2020-01-01T00:00:00Z", "team": "A"})
    (made / "all.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    return made


def truth(folder: Path, *rows: str, head: str = "staff,citizen,looked_at,story") -> Path:
    path = folder.parent / "truth.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def told(story: str) -> list[str]:
    return [f"{staff},{citizen},{at},{story if staff == 'bert' else ''}" for staff, citizen, at in LOOKS]


def test_what_one_person_did_of_one_story_is_an_episode(folder: Path):
    material = material_of_files(folder, truth(folder, *told("S04")), now=NOW)
    episodes = material.episodes
    assert episodes.scenario == ("S04",)
    assert (len(episodes.look), int(episodes.last_day[0] - episodes.first_day[0])) == (2, 1)
    assert material.honest.tolist() == [True, True, False, False]
    assert material.strayed == 0


def test_a_row_of_the_truth_without_its_look_is_counted(folder: Path):
    late = "bert,K-2,2026-03-04T20:15:01+01:00,S04"
    material = material_of_files(folder, truth(folder, *told("S04"), late), now=NOW)
    assert material.strayed == 1


def test_a_time_in_another_zone_is_the_same_time(folder: Path):
    moved = [row.replace("T20:15:00+01:00", "T19:15:00+00:00") for row in told("S04")]
    assert material_of_files(folder, truth(folder, *moved), now=NOW).strayed == 0


def test_episodes_beside_the_truth_say_whose_account_was_used(folder: Path):
    rows = [f"{row},{7 if 'bert' in row else ''}" for row in told("S15")]
    path = truth(folder, *rows, head="staff,citizen,looked_at,story,episode")
    (folder.parent / "truth-episodes.csv").write_text(
        "episode,scenario,hiding,staff,account,first_at,last_at\n"
        "7,S15,true,anna,bert,2026-03-04T19:15:00+00:00,2026-03-05T19:15:00+00:00\n",
        encoding="utf-8",
    )
    material = material_of_files(folder, path, now=NOW)
    episodes, staff = material.episodes, material.looks.column("staff").to_pylist()
    assert (episodes.staff[0], episodes.account[0]) == (staff[0], staff[2])
    assert episodes.hiding.tolist() == [True]
    assert len(episodes.look) == 2


def test_a_truth_without_who_looked_is_refused(folder: Path):
    with pytest.raises(SourceError, match="no citizen"):
        read_truth(truth(folder, "anna,2026-03-02T09:15:00Z,S01", head="staff,looked_at,story"))


def test_a_folder_without_facts_is_refused(tmp_path: Path):
    with pytest.raises(SourceError, match="found none"):
        files_in(tmp_path)


@pytest.mark.parametrize(
    ("name", "holds", "found"),
    [
        ("absent.csv", None, "no file"),
        ("empty.csv", b"", "another file"),
        ("scan.csv", b"%PDF\x00\xff\n\x01,2,3", "another file|no staff"),
        ("half.csv", b"staff,citizen,looked_at,story,episode\nmw-1,K-1,2026", "another file"),
        ("half.parquet", b"PAR1 and no more", "another file"),
        ("times.csv", b"staff,citizen,looked_at,story\nmw-1,K-1,yesterday,S01\n", "another text"),
    ],
)
def test_what_is_no_truth_is_refused_in_a_sentence(
    tmp_path: Path, name: str, holds: bytes | None, found: str
):
    if holds is not None:
        (tmp_path / name).write_bytes(holds)
    with pytest.raises(SourceError, match=f"expected .*, found ({found}).*; "):
        read_truth(tmp_path / name)


def test_episodes_beside_a_truth_without_their_times_are_refused(folder: Path):
    path = truth(folder, "anna,K-1,2026-03-02T09:15:00+01:00,S01")
    path.with_name("truth-episodes.csv").write_text("episode,scenario\n1,S01\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no first_at"):
        material_of_files(folder, path, now=NOW)
