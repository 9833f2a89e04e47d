# SPDX-License-Identifier: EUPL-1.2
"""The town of the demo is what it says: plausible, honest about itself, and valid to the last line."""

import re
from collections import Counter
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rekenschap.demo import CAST, NOT_CONNECTED, Noise, Town, write_town
from rekenschap.errors import ConfigurationError
from rekenschap.model.relations import RELATIONS
from tests.unit.demo.reading import fault, lines, rows_of

AMSTERDAM = pa.timestamp("us", tz="Europe/Amsterdam")


def people_of(town: Town) -> pa.Table:
    return town.truth.filter(pc.invert(town.truth["system"]))


def test_it_is_of_the_size_of_the_demo(town: Town):
    assert 85_000 <= town.looks <= 115_000
    assert town.counts["consultation"] == town.looks
    assert town.citizens > 15_000


def test_every_line_fits_its_relation(town: Town):
    faults = Counter(fault(row) for path in town.paths.values() for row in lines(path))
    assert set(faults) == {""}
    assert faults.total() == sum(town.counts.values())


def test_every_relation_that_work_needs_is_written(town: Town):
    assert set(town.counts) == set(RELATIONS) - {"processing", "act"}
    assert min(town.counts.values()) > 0


def test_no_nine_digits_stand_together_anywhere(town: Town):
    for path in town.paths.values():
        assert not re.search(rb"(?<!\d)\d{9}(?!\d)", path.read_bytes()), path.name


def test_the_times_of_a_file_go_forward(town: Town):
    looked_at = [row["looked_at"] for row in lines(town.paths["belastingen"])]
    moments = [datetime.fromisoformat(each) for each in looked_at]
    assert moments == sorted(moments)


def test_summer_time_is_told_by_its_offset(town: Town):
    offsets = {(row["looked_at"][:7], row["looked_at"][-6:]) for row in lines(town.paths["belastingen"])}
    assert ("2026-04", "+02:00") in offsets
    assert ("2026-04", "+01:00") not in offsets
    assert ("2026-03", "+01:00") in offsets


def test_staff_look_as_often_as_people_at_a_desk_do(town: Town):
    people = people_of(town)
    day = pc.local_timestamp(people["looked_at"].cast(AMSTERDAM)).cast(pa.date32())
    counted = people.append_column("day", day).group_by(["staff", "day"]).aggregate([("citizen", "count")])
    looks = counted["citizen_count"].to_numpy()
    assert 6 <= looks.mean() <= 10
    assert np.percentile(looks, 95) >= 2 * looks.mean()


def test_nine_in_ten_looks_are_in_working_hours(town: Town):
    hour = pc.hour(pc.local_timestamp(people_of(town)["looked_at"].cast(AMSTERDAM))).to_numpy()
    assert 0.9 <= ((hour >= 7) & (hour < 18)).mean() < 1


def test_the_work_behind_nearly_every_legitimate_look_is_written(town: Town):
    assert 0.96 <= town.written_share <= 0.985


def test_without_noise_the_work_behind_every_legitimate_look_is_written(tmp_path):
    quiet = write_town(tmp_path, seed=2, staff=60, days=20, noise=Noise.none())
    assert quiet.written_share == 1
    assert quiet.truth["noise"].null_count == quiet.looks


def test_written_work_is_indeed_in_the_files(town: Town):
    """A look at a step with a task: the task stands in the files, with the member of staff or the team."""
    truth = town.truth.filter(pc.and_(town.truth["written"], pc.starts_with(town.truth["reason"], "step ")))
    zaken = {row["zaak"]: row["subject"] for row in rows_of(town, "zaak")}
    given = {(row["staff"], zaken[row["zaak"]]) for row in rows_of(town, "assignment") if "staff" in row}
    tasks = {(row["staff"], row["subject"]) for row in rows_of(town, "task") if "staff" in row}
    pairs = list(zip(truth["staff"].to_pylist(), truth["citizen"].to_pylist(), strict=True))
    assert sum(pair in given or pair in tasks for pair in pairs) / len(pairs) > 0.9


def test_the_truth_has_one_row_for_each_look_in_the_files(town: Town):
    written = Counter(
        (row["staff"], row["subject"], row["looked_at"]) for row in rows_of(town, "consultation")
    )
    local = town.truth["looked_at"].cast(AMSTERDAM).to_pylist()
    told = Counter(
        (staff, citizen, at.isoformat())
        for staff, citizen, at in zip(
            town.truth["staff"].to_pylist(), town.truth["citizen"].to_pylist(), local, strict=True
        )
    )
    assert max(told.values()) == 1
    assert told == written


def test_no_source_file_tells_the_reason_of_a_look(town: Town):
    columns = {name for path in town.paths.values() for row in lines(path) for name in row}
    assert not columns & {"reason", "story", "noise", "written"}


def test_nobody_looks_before_they_began_or_after_they_left(town: Town):
    begun: dict[str, datetime] = {}
    ended: dict[str, datetime | None] = {}
    for row in sorted(rows_of(town, "staff"), key=lambda row: datetime.fromisoformat(row["valid_from"])):
        begun.setdefault(row["staff"], datetime.fromisoformat(row["valid_from"]))
        ended[row["staff"]] = datetime.fromisoformat(row["valid_until"]) if "valid_until" in row else None
    for staff, at in zip(town.truth["staff"].to_pylist(), town.truth["looked_at"].to_pylist(), strict=True):
        assert begun[staff] <= at
        assert ended[staff] is None or at < ended[staff]


def test_households_are_small_and_everybody_is_in_one(town: Town):
    home: dict[str, set[str]] = {}
    for row in rows_of(town, "relation"):
        if row["kind"] == "household":
            one, other = row["subject"], row["other_subject"]
            home.setdefault(one, {one}).add(other)
            home.setdefault(other, {other}).add(one)
    assert all(home[mate] == mates for mates in home.values() for mate in mates)
    assert max(map(len, home.values())) <= 6


def test_a_zaak_is_closed_after_it_was_registered(town: Town):
    for row in rows_of(town, "zaak"):
        closed = row.get("closed_at", "9999")
        assert closed > row["registered_at"]


def test_the_cast_is_there_in_its_roles(town: Town):
    roles = {row["staff"]: row["role"] for row in rows_of(town, "staff")}
    caseworker, lead, integrity, dpo, citizen, watcher = CAST
    assert roles[caseworker.key] == "inkomensconsulent"
    assert roles[lead.key] == "teamleider"
    assert roles[integrity.key] == "integriteitsfunctionaris"
    assert roles[dpo.key] == "functionaris gegevensbescherming"
    assert roles[watcher.key] == "medewerker burgerzaken"
    theirs = [row for row in rows_of(town, "zaak") if row["subject"] == citizen.key]
    assert caseworker.key in {row["handler"] for row in theirs}


def test_what_is_not_connected_is_named_and_has_no_file(town: Town):
    assert "e-mail" in town.not_connected == NOT_CONNECTED
    assert not set(NOT_CONNECTED) & set(town.paths)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path):
    towns = [
        write_town(tmp_path / name, seed=seed, staff=60, days=14)
        for name, seed in (("one", 5), ("again", 5), ("other", 6))
    ]
    one, again, other = ({s: p.read_bytes() for s, p in town.paths.items()} for town in towns)
    assert one == again
    assert towns[0].truth.equals(towns[1].truth)
    assert one["zaken"] != other["zaken"]


def test_a_town_that_is_too_small_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(
        ConfigurationError, match="expected a town of at least 50 members of staff and 10 days"
    ):
        write_town(tmp_path, seed=1, staff=10)


def test_what_leaves_out_of_a_zaak_says_under_which_activity_and_mail_says_nothing(town: Town):
    sent = rows_of(town, "disclosure")
    one = [row for row in sent if row.get("subjects") == 1 and row.get("subject")]
    named = Counter((row["kind"], "processing_activity" in row) for row in one)
    assert named["print", True] > 100
    assert named["upload", True] > 0
    assert named["mail", True] == 0
    assert named["mail", False] > 100
    known = {row["processing_activity"] for row in rows_of(town, "processing_activity")}
    assert {row["processing_activity"] for row in sent if "processing_activity" in row} <= known
