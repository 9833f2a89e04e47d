# SPDX-License-Identifier: EUPL-1.2
"""Each scenario goes as the catalogue tells it, leaves the records it would, and is marked in the truth."""

from dataclasses import fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rekenschap.demo import SCENARIOS, Drawn, Noise, draw_town
from rekenschap.errors import ConfigurationError
from tests.architecture.source import ROOT

HIDING = {"S01-call", "S01-near", "S04-closed", "S04-name", "S18", "S20", "S26"}
FOUR = 4


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return draw_town(seed=7, staff=600, days=91, scenarios={each.key: FOUR for each in SCENARIOS})


def looks_of(drawn: Drawn, key: str) -> pa.Table:
    return drawn.tables["consultation"].filter(pc.fill_null(pc.equal(drawn.truth["story"], key), False))


def episodes_of(drawn: Drawn, key: str) -> list[dict]:
    return drawn.episodes.filter(pc.equal(drawn.episodes["scenario"], key)).to_pylist()


def rows_in(drawn: Drawn, relation: str, **wanted: object) -> list[dict]:
    table = drawn.tables[relation]
    for name, value in wanted.items():
        table = table.filter(pc.fill_null(pc.equal(table[name], value), False))
    return table.to_pylist()


def test_the_truth_stands_row_by_row_beside_the_looks(drawn: Drawn):
    looks = drawn.tables["consultation"]
    for name, told in (("staff", "staff"), ("subject", "citizen"), ("looked_at", "looked_at")):
        assert looks[name].combine_chunks().equals(drawn.truth[told].combine_chunks())


@pytest.mark.parametrize("key", [each.key for each in SCENARIOS])
def test_every_scenario_is_planted_and_counted(drawn: Drawn, key: str):
    episodes = episodes_of(drawn, key)
    assert FOUR - 1 <= len(episodes) <= FOUR
    told = drawn.truth.filter(pc.fill_null(pc.equal(drawn.truth["story"], key), False))
    counted = {each["values"]: each["counts"] for each in told["episode"].value_counts().to_pylist()}
    assert {each["episode"]: each["looks"] for each in episodes if each["looks"]} == counted
    assert {each["hiding"] for each in episodes} == {key in HIDING}


def test_an_episode_lasts_from_its_first_look_to_its_last(drawn: Drawn):
    (first,) = (each for each in episodes_of(drawn, "S01")[:1])
    own = drawn.truth.filter(pc.fill_null(pc.equal(drawn.truth["episode"], first["episode"]), False))
    assert pc.min(own["looked_at"]).as_py() == first["first_at"]
    assert pc.max(own["looked_at"]).as_py() == first["last_at"]


def test_nobody_is_in_two_episodes_while_others_are_free(drawn: Drawn):
    alone = [key for key in {each.key for each in SCENARIOS} - {"S06", "S14", "S20", "S23", "S15"}]
    staff = [each["staff"] for key in alone for each in episodes_of(drawn, key)]
    assert len(staff) == len(set(staff))


def test_plates_are_searched_by_plate_in_the_register_of_plates(drawn: Drawn):
    looks = looks_of(drawn, "S03")
    assert set(looks["search_key"].to_pylist()) == {"plate"}
    assert set(looks["register"].to_pylist()) == {"kentekenregister"}


def test_honest_work_searches_by_plate_too(drawn: Drawn):
    by_plate = pc.equal(drawn.tables["consultation"]["search_key"], "plate")
    assert pc.sum(pc.and_(by_plate, drawn.truth["story"].is_null())).as_py() > 100


def test_the_one_at_risk_is_shielded(drawn: Drawn):
    shielded = set(drawn.tables["shielding"]["subject"].to_pylist())
    assert set(looks_of(drawn, "S07")["subject"].to_pylist()) <= shielded


def test_near_oneself_is_a_neighbour_family_or_colleague_or_one_stranger(drawn: Drawn):
    for each in episodes_of(drawn, "S05"):
        own = drawn.truth.filter(pc.fill_null(pc.equal(drawn.truth["episode"], each["episode"]), False))
        assert len(own["citizen"].unique()) <= 2


@pytest.mark.parametrize(
    ("key", "kind", "where"),
    [("S09", "mail", "external"), ("S11", "upload", "abroad"), ("S12", "mail", "own")],
)
def test_what_left_stands_in_the_records(drawn: Drawn, key: str, kind: str, where: str):
    sent = {(each["staff"], each["disclosed_at"]) for each in drawn.sent.to_pylist()}
    rows = rows_in(drawn, "disclosure", kind=kind, destination_kind=where)
    left = {row["staff"] for row in rows if (row["staff"], row["disclosed_at"]) in sent}
    assert {each["staff"] for each in episodes_of(drawn, key)} <= left


def test_only_work_at_home_is_negligent_and_it_has_no_looks(drawn: Drawn):
    negligent = [each for each in drawn.episodes.to_pylist() if each["negligent"]]
    assert {each["scenario"] for each in negligent} == {"S12"}
    assert {each["looks"] for each in negligent} == {0}


def test_honest_data_leaves_in_every_way_but_abroad(drawn: Drawn):
    sent = {(each["staff"], each["disclosed_at"]) for each in drawn.sent.to_pylist()}
    honest = [r for r in rows_in(drawn, "disclosure") if (r["staff"], r["disclosed_at"]) not in sent]
    assert {row["kind"] for row in honest} == {"export", "mail", "device", "upload", "print"}
    assert {row["destination_kind"] for row in honest} == {"internal", "partner", "external"}


def test_a_borrowed_account_looks_from_another_device_and_its_session_says_so(drawn: Drawn):
    for each in episodes_of(drawn, "S15"):
        assert each["staff"] != each["account"]
        own = drawn.tables["consultation"].filter(
            pc.fill_null(pc.equal(drawn.truth["episode"], each["episode"]), False)
        )
        assert set(own["staff"].to_pylist()) == {each["account"]}
        devices = set(own["device"].to_pylist())
        assert each["account"].replace("mw-", "ws-") not in devices
        sessions = rows_in(drawn, "presence", kind="session", staff=each["account"])
        assert devices <= {row["device"] for row in sessions}


def test_from_elsewhere_is_on_days_without_a_shift(drawn: Drawn):
    for each in episodes_of(drawn, "S16"):
        shifts = {
            row["started_at"].date() for row in rows_in(drawn, "presence", kind="shift", staff=each["staff"])
        }
        own = drawn.truth.filter(pc.fill_null(pc.equal(drawn.truth["episode"], each["episode"]), False))
        assert not {at.date() for at in own["looked_at"].to_pylist()} & shifts


def test_a_right_too_wide_is_a_right_that_was_given(drawn: Drawn):
    rights = set(
        zip(*(drawn.tables["authorisation"][each].to_pylist() for each in ("staff", "register")), strict=True)
    )
    looks = looks_of(drawn, "S13")
    assert set(zip(looks["staff"].to_pylist(), looks["register"].to_pylist(), strict=True)) <= rights


def test_made_up_work_stands_in_the_records_and_nothing_came_in_for_it(drawn: Drawn):
    for each in episodes_of(drawn, "S18"):
        own = drawn.truth.filter(pc.fill_null(pc.equal(drawn.truth["episode"], each["episode"]), False))
        targets = set(own["citizen"].to_pylist())
        zaken = {r["subject"] for r in rows_in(drawn, "zaak", handler=each["staff"])}
        tasks = {r["subject"] for r in rows_in(drawn, "task", staff=each["staff"])}
        contacts = {r["subject"] for r in rows_in(drawn, "contact", staff=each["staff"])}
        assert max(len(targets & made) for made in (zaken, tasks, contacts)) == len(targets)
        letters = {r["subject"] for r in rows_in(drawn, "contact", kind="letter") if r["staff"] is None}
        assert len(targets & letters) < len(targets)


def test_a_look_during_a_call_is_not_at_the_caller(drawn: Drawn):
    calls = [
        (r["staff"], r["subject"], r["started_at"], r["ended_at"])
        for r in rows_in(drawn, "contact", kind="call")
        if r["ended_at"]
    ]
    minutes = pa.scalar(12 * 60 * 1_000_000, pa.duration("us")).as_py()
    for row in looks_of(drawn, "S01-call").to_pylist():
        near = [
            c for c in calls if c[0] == row["staff"] and c[2] - minutes <= row["looked_at"] <= c[3] + minutes
        ]
        assert near
        assert row["subject"] not in {subject for _, subject, _, _ in near}


def test_a_slow_one_never_looks_twice_in_a_week(drawn: Drawn):
    for each in episodes_of(drawn, "S26"):
        own = drawn.truth.filter(pc.fill_null(pc.equal(drawn.truth["episode"], each["episode"]), False))
        days = np.sort(own["looked_at"].cast(pa.int64()).to_numpy()) // 86_400_000_000
        assert len(days) >= 6
        assert len(set(days.tolist())) == len(days)


def test_a_lead_peeks_in_zaken_of_the_own_team(drawn: Drawn):
    team = {row["staff"]: row["team"] for row in rows_in(drawn, "staff")}
    zaken = {row["zaak"]: row["team"] for row in rows_in(drawn, "zaak")}
    for row in looks_of(drawn, "S20").to_pylist():
        assert zaken[row["zaak"]] == team[row["staff"]]


def test_the_machine_account_is_told_apart_from_the_machine(drawn: Drawn):
    own = drawn.truth.filter(pc.fill_null(pc.equal(drawn.truth["story"], "S23"), False))
    assert set(own["staff"].to_pylist()) == {"sys-nachtlevering"}
    assert not pc.any(own["system"]).as_py()


def test_a_whole_number_is_a_count_and_a_fraction_a_rate():
    few = draw_town(seed=1, staff=100, days=30, scenarios={"S02": 3, "S26": 0.0})
    assert few.episodes["scenario"].to_pylist() == ["S02"] * 3
    many = draw_town(seed=1, staff=100, days=30, scenarios={"S02": 1_000.0})
    assert 3 <= many.episodes.num_rows <= 17  # Poisson around 1,000 × 0.1 × 30 / 365 = 8.2


def test_one_scenario_more_leaves_the_honest_looks_as_they_were():
    towns = [draw_town(seed=4, staff=60, days=14, scenarios=each) for each in ({}, {"S18": 2, "S15": 2})]
    quiet, told = towns
    honest = told.truth.filter(told.truth["story"].is_null())
    assert honest.combine_chunks().equals(quiet.truth.combine_chunks())
    assert told.truth.num_rows > quiet.truth.num_rows


def test_a_town_without_a_wish_has_as_many_episodes_as_life():
    counts = [draw_town(seed=seed, staff=300, days=20).episodes.num_rows for seed in range(8)]
    assert 0 <= sum(counts) <= 12  # some seven a year for each 1,000 staff: 0.9 in 8 such towns


def test_a_scenario_that_is_not_in_the_catalogue_is_refused():
    with pytest.raises(ConfigurationError, match="expected scenarios out of S01 "):
        draw_town(seed=1, scenarios={"S99": 1})


def test_every_scenario_and_every_switch_stands_on_the_page_of_the_town_as_it_is():
    page = (ROOT / "docs" / "explanation" / "the-town.md").read_text(encoding="utf-8")
    for each in SCENARIOS:
        assert f"| {each.key} | {each.rate:g} | {'hiding' if each.hiding else ''} | {each.english} |" in page
    for each in fields(Noise):
        assert f"| `{each.name}` | {each.default:g} |" in page
