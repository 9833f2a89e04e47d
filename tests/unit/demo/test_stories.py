# SPDX-License-Identifier: EUPL-1.2
"""Each planted story is there, looks as the mission tells it, and leaves the rest of the town alone."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rekenschap.demo import ALL, CAST, Town, write_town
from tests.unit.demo.reading import rows_of


def told(town: Town, story: str) -> pa.Table:
    return town.truth.filter(pc.fill_null(pc.equal(town.truth["story"], story), False))


def distinct(looks: pa.Table, column: str) -> int:
    return len(looks[column].unique())


def test_every_story_is_planted(town: Town):
    assert {each.key for each in town.stories} == set(town.truth["story"].unique().to_pylist()) - {None}


def test_no_work_was_written_behind_a_story(town: Town):
    stories = town.truth.filter(town.truth["story"].is_valid())
    assert not pc.any(stories["written"]).as_py()


def test_the_one_who_looks_too_much_finds_a_few_strangers_each_week(town: Town):
    looks = told(town, "S01")
    assert looks["staff"].unique().to_pylist() == [CAST[5].key]
    assert distinct(looks, "citizen") == looks.num_rows
    week = pc.iso_week(looks["looked_at"])
    assert all(2 <= each["counts"] <= 12 for each in pc.value_counts(week).to_pylist())
    hour = pc.hour(pc.local_timestamp(looks["looked_at"].cast(pa.timestamp("us", tz="Europe/Amsterdam"))))
    assert 0 < pc.sum(pc.greater_equal(hour, 18)).as_py() < looks.num_rows / 2


def test_the_one_who_looks_too_much_searches_by_address_or_name(town: Town):
    mine = {citizen for citizen in told(town, "S01")["citizen"].to_pylist()}
    rows = [r for r in rows_of(town, "consultation") if r["staff"] == CAST[5].key and r["subject"] in mine]
    assert {row["search_key"] for row in rows} == {"address", "name"}


def test_a_private_conflict_is_about_one_household(town: Town):
    looks = told(town, "S04")
    assert distinct(looks, "staff") == 1
    members = set(looks["citizen"].to_pylist())
    pairs = {
        (r["subject"], r["other_subject"]) for r in rows_of(town, "relation") if r["kind"] == "household"
    }
    assert all((a, b) in pairs or (b, a) in pairs for a in members for b in members if a != b)
    assert looks.num_rows > 2 * len(members)


def test_two_dozen_staff_of_many_teams_look_at_the_resident_in_the_news(town: Town):
    looks = told(town, "S06")
    assert distinct(looks, "citizen") == 1
    assert distinct(looks, "staff") >= 20
    team = {row["staff"]: row["team"] for row in rows_of(town, "staff")}
    assert len({team[each] for each in looks["staff"].to_pylist()}) >= 6


def test_the_bulk_view_fits_in_one_afternoon(town: Town):
    looks = told(town, "S08")
    assert looks.num_rows >= 200
    assert distinct(looks, "staff") == 1
    span = pc.subtract(pc.max(looks["looked_at"]), pc.min(looks["looked_at"])).as_py()
    assert span.total_seconds() <= 4 * 3600


def test_the_hired_one_opens_closed_zaken_of_others_before_leaving(town: Town):
    looks = told(town, "S14")
    (staff,) = looks["staff"].unique().to_pylist()
    row = next(row for row in rows_of(town, "staff") if row["staff"] == staff)
    assert row["employment"] == "hired"
    assert row["agency"]
    assert row["valid_until"] > looks["looked_at"].to_pylist()[-1].isoformat()
    zaken = {row["zaak"]: row for row in rows_of(town, "zaak")}
    opened = [reason.partition(" ")[2] for reason in looks["reason"].to_pylist()]
    assert all(zaken[each]["handler"] != staff and "closed_at" in zaken[each] for each in opened)


@pytest.mark.parametrize("story", ALL, ids=lambda story: story.key)
def test_a_story_alone_leaves_the_honest_looks_as_they_were(story, tmp_path):
    quiet = write_town(tmp_path / "quiet", seed=4, staff=60, days=14, stories=())
    one = write_town(tmp_path / "one", seed=4, staff=60, days=14, stories=(story,))
    honest = one.truth.filter(one.truth["story"].is_null())
    assert honest.combine_chunks().equals(quiet.truth.combine_chunks())
    assert one.looks > quiet.looks
