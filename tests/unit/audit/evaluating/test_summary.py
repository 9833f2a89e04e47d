# SPDX-License-Identifier: EUPL-1.2
"""Figures over a run made by hand: two episodes, one that hides, and four alerts over eight weeks."""

import json
from dataclasses import asdict, replace
from math import isnan

import numpy as np
import pytest

from rekenschap.audit.evaluating.fairness import Group
from rekenschap.audit.evaluating.measuring.matching import Episodes, Matches
from rekenschap.audit.evaluating.measuring.spending import Pile
from rekenschap.audit.evaluating.noises import only
from rekenschap.audit.evaluating.summary import figures
from rekenschap.audit.evaluating.telling import Evaluation, as_json, precision_at
from rekenschap.audit.evaluating.towns import PER_QUARTER, Wish, turns
from rekenschap.audit.evaluating.trial import Ranked, Trial
from rekenschap.demo import SCENARIOS, Noise

PLAIN, HIDING = 0, 1


def trial(scores: tuple[float, ...] = (9.0, 8.0, 7.0, 6.0)) -> Trial:
    """Alerts in the weeks 0, 0, 1 and 2, about 50 (false), 1 (plain), 60 (false) and 2 (hiding)."""
    episodes = Episodes(
        number=np.array([0, 1]),
        scenario=("S01", "S18"),
        hiding=np.array([False, True]),
        staff=np.array([1, 2]),
        account=np.array([1, 2]),
        first_day=np.array([2, 10]),
        last_day=np.array([3, 20]),
        look=np.array([100, 101, 200, 201]),
        look_episode=np.array([PLAIN, PLAIN, HIDING, HIDING]),
        look_day=np.array([2, 3, 10, 40]),
        look_staff=np.array([1, 1, 2, 2]),
    )
    ranked = Ranked(
        pile=Pile(week=np.array([0, 0, 7, 14]), key=np.arange(4), score=np.array(scores)),
        matches=Matches(
            alert=np.array([1, 3]), episode=np.array([PLAIN, HIDING]), shown=np.array([True, False])
        ),
        channel=("one", "one", "two", "two"),
        people=np.array([50, 1, 60, 2]),
        precision=0.5,
    )
    return Trial(
        name="by hand",
        staff=200,
        first_week=0,
        last_week=49,
        looks=1000,
        episodes=episodes,
        methods={"ours": ranked},
        explained=0.9,
        null_explained=0.01,
        any_explained=0.95,
        null_any_explained=0.02,
        misuse_explained=0.0,
        written=0.97,
        error=0.01,
        by_channel_p={"one": np.array([0.25, 0.75])},
        discovered=0,
        groups=(Group(name="hired", people=np.array([50, 60, 1]), others=np.arange(70, 170)),),
        noise={"": (90, 90), "training": (10, 0)},
        alert_noise=("training", "plain", "plain", "plain"),
    )


def test_one_alert_a_week_finds_both_and_takes_the_false_ones_along():
    spent = figures([trial()]).ours.at[5.0]
    assert (spent.plain.value, spent.hiding.value, spent.precision.value) == (1.0, 1.0, 0.5)
    assert spent.false_alarms == pytest.approx(2 / (200 * 8) * 1000)


def test_what_is_only_about_somebody_is_not_shown():
    assert figures([trial()]).ours.at[5.0].shown.value == 0.5


def test_half_an_alert_a_week_finds_less():
    spent = figures([trial()]).ours.at[1.0]  # one in five weeks
    assert (spent.recall.value, spent.precision.value) == (0.0, 0.0)


def test_false_alarms_are_those_above_the_score_that_reaches_the_recall():
    first = figures([trial((1.0, 8.0, 7.0, 6.0))]).ours.false_at
    assert first[0.8] == pytest.approx(1 / (200 * 8) * 1000)


def test_a_recall_that_is_never_reached_has_no_price():
    lost = trial()
    empty = Matches(alert=np.array([1]), episode=np.array([PLAIN]), shown=np.array([True]))
    lost = replace(lost, methods={"ours": replace(lost.methods["ours"], matches=empty)})
    assert isnan(figures([lost]).ours.false_at[0.8])
    assert (
        as_json(Evaluation(figures=figures([lost]), towns=None, logs=None), seconds=1)[
            "false_alarms_per_1000_week"
        ]
        is None
    )


def test_delay_is_to_the_end_of_the_week_in_which_somebody_looks_into_it():
    delay = figures([trial()]).delay  # taken in the weeks of day 7 and day 21, a week after they came
    assert (delay.median_days, delay.median_looks) == (np.median([14 - 2, 28 - 10]), np.median([2, 1]))


def test_false_alarms_are_laid_at_the_door_of_their_noise():
    noise = figures([trial()]).noise
    assert (noise["training"].false_alarms, noise["plain"].false_alarms) == (1, 1)
    assert noise["training"].explained.value == 0.0


def test_whoever_took_part_is_no_innocent():
    ratio = figures([trial()]).fairness[
        "hired"
    ]  # two of two innocents with an alert, against none of a hundred
    assert ratio.value == pytest.approx((2 + 2 / 102) / 2 / (100 / 102 / 100))


def test_quiet_towns_are_counted_against_the_nominal_number():
    loud = replace(trial(), discovered=1)
    quiet = figures([trial()], [trial(), loud]).quiet
    assert quiet is not None
    assert (quiet.within.value, quiet.nominal, quiet.found) == (0.5, pytest.approx(0.4), (0, 1))
    assert quiet.ks == pytest.approx(0.25)


def test_precision_falls_with_how_rare_misuse_is():
    ours = figures([trial()]).ours
    assert precision_at(ours, 5.0, 5.0) == pytest.approx((5 / 52) / (5 / 52 + 1.25))


def test_the_object_for_machines_is_json_and_says_what_was_not_met():
    told = as_json(Evaluation(figures=figures([trial()]), towns=None, logs=None), seconds=1)
    assert json.loads(json.dumps(told, allow_nan=False))["recall_hiding"] == 1.0
    met = {each["aim"]: each["met"] for each in told["aims"]}  # type: ignore[attr-defined]
    assert (met["explained"], met["recall_plain"]) == (False, True)


def test_scenarios_take_turns_until_all_came_equally_often():
    wish = Wish(seeds=len(SCENARIOS), staff=300, days=91)
    together = {each.key: 0 for each in SCENARIOS}
    for at in range(wish.seeds):
        for key, count in turns(wish, at).items():
            together[key] += count
    assert len(set(together.values())) == 1
    assert sum(together.values()) == round(PER_QUARTER * 0.3) * wish.seeds


def test_one_noise_comes_alone_and_three_times_as_often():
    rates = asdict(only("wrong_name"))
    assert rates.pop("wrong_name") == pytest.approx(3 * Noise().wrong_name)
    assert set(rates.values()) == {0.0}


def test_a_part_of_a_noise_comes_with_the_whole():
    assert only("training_unplanned").training == Noise().training
    assert only("oversight_unwritten").cover_unwritten == 0.0


def test_both_pairs_of_shares_are_told_and_the_aim_reads_the_one_with_any_ground_that_says_enough():
    told = Evaluation(figures=figures([trial()]), towns=None, logs=None)
    found = {each.key: each.found.value for each in told.aims}
    assert (found["explained"], found["null_explained"]) == (0.95, 0.02)
    assert (found["fully_explained"], found["null_fully_explained"]) == (0.9, 0.01)
    assert found["error"] == 0.01
    flat = as_json(told, seconds=1)
    assert (flat["explained_share"], flat["null_explained_share"]) == (0.9, 0.01)
    assert (flat["any_explained_share"], flat["null_any_explained_share"]) == (0.95, 0.02)
    assert (flat["calibration_error"], flat["written_share"]) == (0.01, 0.97)
