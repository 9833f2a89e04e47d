# SPDX-License-Identifier: EUPL-1.2
"""Each kind of honest noise can be switched off alone, and is there when it is on."""

from dataclasses import fields, replace

import pyarrow.compute as pc
import pytest

from rekenschap.demo import Drawn, Noise, Town, draw_town, write_town
from tests.unit.demo.reading import rows_of

WITHOUT_LOOKS = {"role_change", "clock_skew", "missed_badge", "other_device", "training_unplanned"} | {
    "project_account"
}
"""Switches that change what stands beside the looks, and no look."""

RARE = {"integrity_inquiry", "legal_hold", "training"}
"""Switches that a town as small as that of the demo may be without."""

IN_LOOKS = {
    "wrong_name",
    "mistyped_number",
    "before_registration",
    "after_closure",
    "helping_colleague",
    "cover_unwritten",
    "oversight_unwritten",
    "caller_unidentified",
    "phone_outage",
    "new_colleague",
    "own_file",
    "self_opened",
    "hand_noted",
    "unlocked_screen",
    "merged_person",
    "training",
    "project",
    "project_unwritten",
    "mass_letter",
    "emergency_desk",
    "integrity_inquiry",
    "legal_hold",
    "queue_unsigned",
}


LOUD = Noise(
    **{each.name: max(0.05, 6 * each.default) for each in fields(Noise)}
    | {"own_file": 0.02, "integrity_inquiry": 60.0, "legal_hold": 20.0, "mass_letter": 30.0, "project": 2.0}
    | {"training": 0.1}
)


def noises(town: Town | Drawn) -> set[str]:
    return set(town.truth["noise"].unique().to_pylist()) - {None}


def test_every_noise_that_makes_looks_is_in_the_town_of_the_demo(town: Town):
    assert noises(town) >= IN_LOOKS - RARE
    assert {each.name for each in fields(Noise)} - IN_LOOKS == WITHOUT_LOOKS


@pytest.mark.parametrize("name", sorted(IN_LOOKS))
def test_one_noise_is_switched_off_alone(name, tmp_path):
    town = draw_town(seed=3, staff=80, days=30, noise=replace(LOUD, **{name: 0.0}), scenarios={})
    gone = {name, "project_unwritten"} if name == "project" else {name}
    assert noises(town) == IN_LOOKS - gone


def test_every_switch_together_lets_every_noise_be_heard():
    assert noises(draw_town(seed=3, staff=80, days=30, noise=LOUD, scenarios={})) == IN_LOOKS


def test_people_change_teams_only_when_the_switch_is_on(town: Town, tmp_path):
    quiet = write_town(tmp_path, seed=1, staff=200, days=30, noise=Noise(role_change=0))
    assert quiet.counts["staff"] == 201
    assert town.counts["staff"] > 201


def test_the_telephone_clock_is_ahead_for_a_while(tmp_path):
    calls = {}
    for minutes in (0.0, 7.0):
        town = write_town(tmp_path / str(minutes), seed=1, staff=50, days=30, noise=Noise(clock_skew=minutes))
        rows = [row for row in rows_of(town, "contact") if row["source"] == "telefonie"]
        calls[minutes] = {row["started_at"] for row in rows}
    assert 0 < len(calls[0.0] & calls[7.0]) < len(calls[0.0])


def test_a_missed_badge_leaves_a_shift_without_a_badge(tmp_path):
    badges = [
        sum(row["kind"] == "badge" for row in rows_of(town, "presence"))
        for town in (
            write_town(tmp_path / str(rate), seed=1, staff=50, days=10, noise=Noise(missed_badge=rate))
            for rate in (0.0, 0.5)
        )
    ]
    assert badges[1] < 0.7 * badges[0]


def test_a_laptop_of_the_pool_is_lent_to_one_at_a_time():
    town = draw_town(seed=1, staff=100, days=20, noise=Noise(other_device=0.05), scenarios={})
    sessions = town.tables["presence"].filter(pc.equal(town.tables["presence"]["kind"], "session"))
    lent = {}
    for row in sessions.to_pylist():
        if row["device"] != row["staff"].replace("mw-", "ws-"):
            lent.setdefault((row["device"], row["started_at"].date()), set()).add(row["staff"])
    assert len(lent) > 20
    assert {len(staff) for staff in lent.values()} == {1}


def test_a_training_stands_in_the_roster_of_most_who_were_there():
    noise = Noise(training=0.5, training_unplanned=0.2)
    town = draw_town(seed=1, staff=100, days=20, noise=noise, scenarios={})
    trained = town.truth.filter(pc.fill_null(pc.equal(town.truth["noise"], "training"), False))
    were = set(
        zip(trained["staff"].to_pylist(), (at.date() for at in trained["looked_at"].to_pylist()), strict=True)
    )
    shifts = town.tables["presence"].filter(
        pc.fill_null(pc.equal(town.tables["presence"]["place"], "opleiding"), False)
    )
    planned = set(
        zip(shifts["staff"].to_pylist(), (at.date() for at in shifts["started_at"].to_pylist()), strict=True)
    )
    assert planned <= were
    assert 0.6 < len(planned) / len(were) < 0.95


def test_the_account_of_a_project_is_shared_by_people_at_their_own_workplaces():
    noise = Noise(project=4.0, project_account=1.0)
    town = draw_town(seed=1, staff=200, days=30, noise=noise, scenarios={})
    shared = town.tables["staff"].filter(pc.equal(town.tables["staff"]["employment"], "shared"))
    looks = town.tables["consultation"]
    by_project = looks.filter(pc.starts_with(looks["staff"], "prj-"))
    assert set(by_project["staff"].to_pylist()) == set(shared["staff"].to_pylist())
    assert all(device.startswith("ws-") for device in by_project["device"].to_pylist())
    assert len(by_project["device"].unique()) > len(shared)


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
def test_who_finished_work_from_a_queue_is_kept_but_for_a_share(rate):
    noise = replace(Noise.none(), queue_unsigned=rate)
    town = draw_town(seed=1, staff=100, days=30, noise=noise, scenarios={})
    queue = town.tables["assignment"].filter(pc.equal(town.tables["assignment"]["kind"], "queue"))
    tasks = town.tables["task"].filter(pc.is_valid(town.tables["task"]["done_at"]))
    waited = tasks.filter(pc.is_in(tasks["zaak"], queue["zaak"])).sort_by("created_at")
    first = waited.group_by("zaak", use_threads=False).aggregate([("staff", "first"), ("staff", "count")])
    assert len(first) > 100
    nameless = pc.sum(pc.is_null(tasks["staff"])).as_py() / len(first)
    assert abs(nameless - rate) < 0.1


def test_a_register_says_of_every_old_number_whose_it_is():
    drawn = draw_town(seed=1, staff=100, days=20, noise=Noise(merged_person=0.02), scenarios={})
    relation = drawn.tables["relation"]
    one = relation.filter(pc.equal(relation["kind"], "same_person"))
    merged = drawn.truth.filter(pc.fill_null(pc.equal(drawn.truth["noise"], "merged_person"), False))
    assert len(merged) > 20
    assert set(merged["citizen"].to_pylist()) <= set(one["other_subject"].to_pylist())
    everybody = {f"K-{number:06}" for number in range(drawn.citizens)}
    assert set(one["subject"].to_pylist()) <= everybody
    assert not set(one["other_subject"].to_pylist()) & everybody
