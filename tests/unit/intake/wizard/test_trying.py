# SPDX-License-Identifier: EUPL-1.2
"""A dry run counts as the door does, shows nobody, and keeps nothing."""

import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.errors import SourceError
from rekenschap.intake import load_profile, parse_profile
from rekenschap.intake.wizard import sample_of, try_out
from rekenschap.seams.source import ReaderOptions
from tests.unit.intake.small_house import NOW, SmallHouse
from tests.unit.intake.test_profiles import GOOD

BSN = "999990019"
ROWS = f"""t,s,b
2026-03-02T09:00:00Z,m.devries,{BSN}
2026-03-02T09:00:00Z,m.devries
vandaag,a.bakker,{BSN}
2026-03-04T09:00:00Z,,{BSN}
2026-03-05T09:00:00Z,a.bakker,{BSN}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return path


def tried(path, profile, **more):
    return try_out(path, profile, readers=READERS, now=NOW, **more)


def test_a_dry_run_counts_as_taking_in_does(file, tmp_path):
    profile = parse_profile(GOOD)
    trial = tried(file, profile)
    house = SmallHouse(tmp_path / "house")
    report = house.take_in(file, profile)
    house.door.close()
    assert trial.facts == {"consultation": report.facts["consultation"].accepted} == {"consultation": 2}
    assert {reason for reason, _ in trial.refused} == set(report.quarantined)
    assert trial.quarantined == sum(report.quarantined.values()) == 3
    assert trial.refused["time-unreadable", "looked_at"].lines == [4]
    assert trial.refused["wrong-number-of-columns", ""].lines == [3]


def test_nobody_is_named_in_the_preview(file):
    trial = tried(file, parse_profile(GOOD), stand_ins={"staff": "medewerker"})
    assert [(row["staff"], row["subject"]) for _, row in trial.preview] == [
        ("medewerker 1", "subject 1"),
        ("medewerker 2", "subject 1"),
    ]
    assert BSN not in repr(trial)


def test_the_preview_holds_20_facts_at_most(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("t,s,b\n" + "2026-03-02T09:00:00Z,m,x\n" * 100)
    trial = tried(path, parse_profile(GOOD))
    assert (len(trial.preview), trial.facts["consultation"]) == (20, 100)


def test_groups_are_counted_over_the_whole_file(tmp_path):
    profile = load_profile("coselog-receipt")
    path = tmp_path / "log.xes"
    path.write_text(profile.example.text)
    expected = {name: len(rows) for name, rows in profile.example.expect.items()}
    assert tried(path, profile).facts == expected


def test_a_file_of_another_profile_is_refused(file):
    with pytest.raises(SourceError, match="columns of profile coselog-receipt"):
        tried(file, load_profile("coselog-receipt"))


@pytest.mark.parametrize(
    "head", [f"{BSN},m.devries", "02-03-2026,x", "j.jansen@gemeente.example,x", "2026,1"]
)
def test_a_file_without_a_head_is_refused_before_its_values_become_names(tmp_path, head):
    path = tmp_path / "bare.csv"
    path.write_text(f"{head}\n{head}\n")
    with pytest.raises(SourceError, match="a row of names") as caught:
        sample_of(READERS["csv"], path, ReaderOptions())
    assert BSN not in str(caught.value)
