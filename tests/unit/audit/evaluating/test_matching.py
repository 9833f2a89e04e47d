# SPDX-License-Identifier: EUPL-1.2
"""Which alert finds which episode, on one of each kind."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from rekenschap.audit.evaluating.measuring.matching import READ_FIRST, Episodes, match

ALONE, BORROWED, CROWD = 0, 1, 2
EPISODES = Episodes(
    number=np.array([7, 8, 9]),
    scenario=("one", "two", "three"),
    hiding=np.array([False, True, False]),
    staff=np.array([1, 2, 0]),
    account=np.array([1, 20, 0]),
    first_day=np.array([10, 40, 70]),
    last_day=np.array([12, 41, 75]),
    look=np.array([100, 101, 200, 300, 301]),
    look_episode=np.array([ALONE, ALONE, BORROWED, CROWD, CROWD]),
    look_day=np.array([10, 12, 40, 70, 75]),
    look_staff=np.array([1, 1, 20, 31, 32]),
)


def alert(domain: str, about: int, week: int, *looks: int, window: int = 7) -> dict[str, object]:
    return {"week": week, "domain": domain, "about": about, "window_days": window, "look": list(looks)}


def table(*alerts: dict[str, object]) -> pa.Table:
    schema = pa.schema(
        [
            ("week", pa.int64()), ("domain", pa.string()), ("about", pa.int64()),
            ("window_days", pa.int64()), ("look", pa.list_(pa.int64())),
        ]
    )  # fmt: skip
    return pa.Table.from_pylist(list(alerts), schema=schema)


def found(*alerts: dict[str, object]) -> list[tuple[int, int, bool]]:
    met = match(table(*alerts), EPISODES)
    return list(zip(met.alert.tolist(), met.episode.tolist(), met.shown.tolist(), strict=True))


def test_an_alert_about_who_acted_finds_it_in_those_days():
    assert found(alert("staff", 1, 4)) == [(0, ALONE, False)]  # days 4 to 10


def test_an_alert_about_who_acted_in_other_days_is_false():
    assert found(alert("staff", 1, 13), alert("staff", 1, 3)) == []


def test_a_longer_window_reaches_back():
    assert found(alert("staff", 1, 18, window=42)) == [(0, ALONE, False)]


def test_an_alert_before_the_first_look_is_never_right():
    assert found(alert("staff", 2, 28, window=182)) == []


def test_both_who_acted_and_the_account_that_was_used_find_it():
    assert found(alert("staff", 2, 37), alert("staff", 20, 37)) == [
        (0, BORROWED, False),
        (1, BORROWED, False),
    ]


def test_whoever_was_in_a_crowd_finds_the_crowd_and_nobody_is_nobody():
    assert found(alert("staff", 32, 70), alert("staff", 0, 70)) == [(0, CROWD, False)]


def test_an_alert_about_a_citizen_finds_what_it_shows():
    assert found(alert("subject", 1, 70, 5, 301)) == [(0, CROWD, True)]


def test_an_alert_about_a_citizen_with_nothing_of_it_is_false():
    assert found(alert("subject", 1, 70, 5, 6)) == []


def test_a_look_far_down_the_list_is_not_read():
    assert found(alert("subject", 1, 70, *range(READ_FIRST), 301)) == []


def test_an_alert_about_somebody_that_shows_a_look_says_so():
    assert found(alert("staff", 1, 4, 100)) == [(0, ALONE, True)]


def test_an_alert_about_where_data_of_an_episode_went_finds_it():
    went = replace(EPISODES, destination=np.array([77]), destination_episode=np.array([ALONE]))
    met = match(table(alert("destination", 77, 4), alert("destination", 78, 4), alert("staff", 77, 4)), went)
    assert list(zip(met.alert.tolist(), met.episode.tolist(), strict=True)) == [(0, ALONE)]
