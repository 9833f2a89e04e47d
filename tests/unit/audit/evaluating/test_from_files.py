# SPDX-License-Identifier: EUPL-1.2
"""Anybody's files with a truth beside them: each row of it finds its look, or is counted as astray."""

import json
from datetime import UTC, datetime
from math import isnan
from pathlib import Path

import pytest

from rekenschap.audit.evaluating.from_files import Given, material_of_files
from rekenschap.audit.evaluating.given import Choosing, Wording, choose, read_truth
from rekenschap.audit.evaluating.material import Material
from rekenschap.errors import ConfigurationError, SourceError

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LOOKS = (
    ("anna", "K-1", "2026-03-02T09:15:00+01:00"),
    ("anna", "K-2", "2026-03-03T09:15:00+01:00"),
    ("bert", "K-2", "2026-03-04T20:15:00+01:00"),
    ("bert", "K-3", "2026-03-05T20:15:00+01:00"),
)


BALIE = """
id: balie
title: {nl: Balie, en: Counter}
readers:
  csv: {delimiter: ";"}
facts:
  - relation: consultation
    columns:
      looked_at: {from: tijd, as: "%d-%m-%Y %H:%M:%S"}
      staff: wie
      subject: klant
      register: {value: BRP}
example: |
  tijd;wie;klant
  02-03-2026 09:15:00;anna;K-1
expect:
  consultation:
    - {source: balie, looked_at: "2026-03-02T08:15:00Z", staff: anna, subject: K-1, register: BRP}
"""


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


def material(folder: Path, path: Path, *, profile: str = "", **words: object) -> Material:
    wording = Wording.of(words.get("columns", ()), words.get("honest", ()))
    choosing = Choosing.of([profile] if profile else [])
    given = Given(facts=folder, truth=path, choosing=choosing, wording=wording)
    return material_of_files(given, now=NOW)


def test_what_one_person_did_of_one_story_is_an_episode(folder: Path):
    found = material(folder, truth(folder, *told("S04")))
    episodes = found.episodes
    assert episodes.scenario == ("S04",)
    assert (len(episodes.look), int(episodes.last_day[0] - episodes.first_day[0])) == (2, 1)
    assert found.honest.tolist() == [True, True, False, False]
    assert found.strayed == 0


def test_a_row_of_the_truth_without_its_look_is_counted(folder: Path):
    late = "bert,K-2,2026-03-04T20:15:01+01:00,S04"
    found = material(folder, truth(folder, *told("S04"), late))
    assert found.strayed == 1


def test_a_time_in_another_zone_is_the_same_time(folder: Path):
    moved = [row.replace("T20:15:00+01:00", "T19:15:00+00:00") for row in told("S04")]
    assert material(folder, truth(folder, *moved)).strayed == 0


def test_episodes_beside_the_truth_say_whose_account_was_used(folder: Path):
    rows = [f"{row},{7 if 'bert' in row else ''}" for row in told("S15")]
    path = truth(folder, *rows, head="staff,citizen,looked_at,story,episode")
    (folder.parent / "truth-episodes.csv").write_text(
        "episode,scenario,hiding,staff,account,first_at,last_at\n"
        "7,S15,true,anna,bert,2026-03-04T19:15:00+00:00,2026-03-05T19:15:00+00:00\n",
        encoding="utf-8",
    )
    found = material(folder, path)
    episodes, staff = found.episodes, found.looks.column("staff").to_pylist()
    assert (episodes.staff[0], episodes.account[0]) == (staff[0], staff[2])
    assert episodes.hiding.tolist() == [True]
    assert len(episodes.look) == 2


def test_a_truth_without_who_looked_is_refused(folder: Path):
    with pytest.raises(SourceError, match="no citizen"):
        read_truth(truth(folder, "anna,2026-03-02T09:15:00Z,S01", head="staff,looked_at,story"))


def test_a_folder_without_facts_is_refused(tmp_path: Path):
    with pytest.raises(SourceError, match="found none"):
        choose(tmp_path)


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
        material(folder, path)


def test_a_number_keeps_the_zeros_in_front_of_it(tmp_path: Path):
    """A citizen `000012` is not citizen 12, in the facts nor in the truth."""
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "consultation.csv").write_text(
        "staff,subject,looked_at,register\n007,000012,2026-03-02 09:15:00,BRP\n", encoding="utf-8"
    )
    path = truth(folder, "007,000012,2026-03-02 09:15:00,S04")
    found = material(folder, path)
    assert (found.strayed, found.episodes.scenario) == (0, ("S04",))


def test_a_table_may_have_semicolons(tmp_path: Path):
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "consultations_2026.csv").write_text(
        "staff;subject;looked_at;register\nanna;K-1;2026-03-02T09:15:00+01:00;BRP\n", encoding="utf-8"
    )
    assert material(folder, truth(folder, "anna,K-1,2026-03-02T09:15:00+01:00,S04")).strayed == 0


def test_a_truth_in_other_words_is_read_when_it_is_told_which(folder: Path):
    rows = [
        f"{'|'.join([staff, citizen, at])}|{'theft' if staff == 'bert' else 'Routine'}"
        for staff, citizen, at in LOOKS
    ]
    path = truth(folder, *rows, head="wie|wat|wanneer|oordeel")
    columns = ("staff=wie", "citizen=wat", "looked_at=wanneer", "story=oordeel")
    found = material(folder, path, columns=columns, honest=("routine",))
    assert (found.strayed, found.episodes.scenario) == (0, ("theft",))
    assert found.honest.tolist() == [True, True, False, False]


def test_a_truth_that_knows_only_of_episodes_leaves_the_other_looks_honest(folder: Path):
    found = material(folder, truth(folder, *[row for row in told("S04") if "bert" in row]))
    assert found.honest.tolist() == [True, True, False, False]


def test_how_much_of_the_work_was_written_down_is_known_when_the_truth_says_so(folder: Path):
    rows = [f"{row},{'true' if 'K-1' in row else 'false'}" for row in told("S04")]
    path = truth(folder, *rows, head="staff,citizen,looked_at,story,written")
    assert material(folder, path).written == 0.5
    assert isnan(material(folder, truth(folder, *told("S04"))).written)


def test_a_truth_in_whole_seconds_finds_looks_that_are_not(folder: Path):
    fine = folder / "all.jsonl"
    fine.write_text(fine.read_text(encoding="utf-8").replace(":15:00+", ":15:00.250+"), encoding="utf-8")
    assert material(folder, truth(folder, *told("S04"))).strayed == 0


def test_a_truth_of_which_nothing_is_there_is_refused(folder: Path):
    with pytest.raises(SourceError, match="found 1 rows and no look"):
        material(folder, truth(folder, "carl,K-9,2026-03-02T09:15:00+01:00,S04"))


def test_a_word_of_the_truth_that_is_no_word_of_ours_is_refused():
    with pytest.raises(ConfigurationError, match="an equals sign"):
        Wording.of(["burger=klant"], [])


def test_a_profile_reads_the_files_it_is_told_to_and_others_are_named(tmp_path: Path):
    folder = tmp_path / "facts"
    (folder / "looks").mkdir(parents=True)
    (folder / "balie.yaml").write_text(BALIE, encoding="utf-8")
    (folder / "looks" / "week1.csv").write_text(
        "tijd;wie;klant\n02-03-2026 09:15:00;anna;K-1\n03-03-2026 09:15:00;anna;\n", encoding="utf-8"
    )
    (folder / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    path = truth(folder, "anna,K-1,2026-03-02T09:15:00+01:00,S04")
    found = material(folder, path, profile=f"week*.csv={folder / 'balie.yaml'}")
    assert (found.unread, dict(found.waiting)) == (("notes.csv",), {"column-missing": 1})


def test_facts_without_looks_say_what_became_of_them(folder: Path):
    (folder / "all.jsonl").write_text(
        '{"relation": "consultation", "staff": "a", "subject": "b", "looked_at": "soon", "register": "R"}\n',
        encoding="utf-8",
    )
    with pytest.raises(SourceError, match="found 1 rows that wait for time-unreadable"):
        material(folder, truth(folder, *told("S04")))


def test_a_truth_that_lies_among_the_facts_is_no_fact(folder: Path):
    inside = folder / "truth.jsonl"
    inside.write_text(
        "".join(
            json.dumps({"staff": staff, "subject": citizen, "looked_at": at, "scenario": "S04"}) + "\n"
            for staff, citizen, at in LOOKS
        ),
        encoding="utf-8",
    )
    assert material(folder, inside).episodes.scenario == ("S04", "S04")
