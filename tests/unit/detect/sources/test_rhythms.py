# SPDX-License-Identifier: EUPL-1.2
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.detect.sources import Known, hearing_of, parse_expected
from rekenschap.detect.sources.learned import busy_hours, counting
from rekenschap.errors import ConfigurationError
from rekenschap.model.coverage import Hears, Rhythm

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
START = int(MONDAY.timestamp()) // 60
DAY, HOUR = 1440, 60


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def heard(minutes: list[int], *, now: int, declared: str | None = None) -> tuple[Hears, Rhythm | None]:
    """Ask whether a source is heard that delivered in these minutes since Monday."""
    rows = pa.table({"source": ["brp"] * len(minutes), "minute": [START + at for at in minutes]})
    engine = DuckDbEngine(threads=1)
    known = Known(declared={} if declared is None else {"brp": parse_expected(declared)})
    at = (START + now) * 60_000_000
    try:
        return hearing_of(engine, rows.append_column("facts", pa.array([1] * len(minutes))), known, at=at).of(
            "brp", at
        )
    finally:
        engine.close()


def office_hours(days: int, every: int = 10) -> list[int]:
    """Minutes since Monday, on working days from 8 to 17 UTC."""
    working = [day for day in range(days) if day % 7 < 5]
    return [day * DAY + at for day in working for at in range(8 * HOUR, 17 * HOUR, every)]


def test_a_source_of_office_hours_is_not_silent_in_the_night_or_the_weekend():
    minutes = office_hours(28)
    friday_evening, sunday = 25 * DAY + 23 * HOUR, 27 * DAY + 12 * HOUR
    assert heard([at for at in minutes if at < friday_evening], now=friday_evening)[0] is Hears.HEARD
    assert heard(minutes, now=sunday)[0] is Hears.HEARD


def test_it_is_silent_within_minutes_of_office_hours():
    minutes = office_hours(28)
    monday = 28 * DAY + 8 * HOUR
    assert heard(minutes, now=monday + 9)[0] is Hears.HEARD
    hears, rhythm = heard(minutes, now=monday + 21)
    assert hears is Hears.SILENT
    assert rhythm is not None
    assert (rhythm.allowed, rhythm.silence) == (20.0, 31.0)


def test_two_outages_in_the_window_do_not_make_a_third_one_usual():
    out = [(10 * DAY + 9 * HOUR, 10 * DAY + 13 * HOUR), (15 * DAY + 9 * HOUR, 15 * DAY + 13 * HOUR)]
    minutes = [at for at in office_hours(28) if not any(begin <= at < end for begin, end in out)]
    assert heard(minutes, now=28 * DAY + 9 * HOUR)[0] is Hears.SILENT


def test_a_nightly_batch_is_missed_in_the_night_it_does_not_come():
    minutes = [day * DAY + 2 * HOUR + day % 5 for day in range(28)]
    assert heard(minutes, now=27 * DAY + 23 * HOUR)[0] is Hears.HEARD
    assert heard(minutes, now=28 * DAY + 2 * HOUR + 10)[0] is Hears.HEARD
    assert heard(minutes, now=28 * DAY + 3 * HOUR)[0] is Hears.SILENT


def test_a_source_of_a_few_days_has_no_rhythm_yet():
    assert heard(office_hours(5), now=5 * DAY)[0] is Hears.UNKNOWN
    assert heard([1], now=40 * DAY)[0] is Hears.UNKNOWN


def test_a_declared_rhythm_goes_before_a_learned_one():
    hears, rhythm = heard(office_hours(28), now=25 * DAY + 19 * HOUR, declared="every hour")
    assert (hears, rhythm and rhythm.said) == (Hears.SILENT, "every hour")


def test_an_hour_counts_when_most_weeks_have_it():
    busy = busy_hours(np.array([3, 4, 5]), np.array([3, 2, 1]), np.array([4, 4, 1]))
    assert np.flatnonzero(busy).tolist() == [3]


def test_only_minutes_of_busy_hours_are_counted():
    busy = np.zeros(168, dtype=bool)
    busy[2] = True
    counted = counting(np.array([0, 119, 150, 200, 10_080 + 130]), busy)
    assert (counted - counted[0]).tolist() == [0, 0, 30, 60, 70]


@pytest.mark.parametrize(
    ("said", "since", "until", "minutes"),
    [
        ("every 15 minutes", "2026-03-02T08:00Z", "2026-03-02T08:30Z", 30),
        ("every 15 minutes on working days", "2026-03-06T22:30Z", "2026-03-08T23:10Z", 40),
        ("every hour from 08:00 to 10:00", "2026-03-02T06:00Z", "2026-03-03T07:30Z", 150),
        ("every day", "2026-03-28T23:00Z", "2026-03-29T22:00Z", 23 * 60),
    ],
)
def test_minutes_that_count_of_a_declared_rhythm(said, since, until, minutes):
    assert parse_expected(said).minutes(moment(since), moment(until)) == minutes


@pytest.mark.parametrize(
    ("said", "allowed"),
    [
        ("every minute", 3),
        ("every 15 minutes", 22.5),
        ("every day from 08:00 to 10:00", 180),
        ("every week", 15_120),
    ],
)
def test_what_a_declared_rhythm_allows(said, allowed):
    assert parse_expected(said).allowed == allowed


@pytest.mark.parametrize(
    "said",
    ["", "often", "every 0 minutes", "every hour from 10:00 to 08:00", "every hour from 25:00 to 26:00"],
)
def test_a_rhythm_in_other_words_is_refused(said):
    with pytest.raises(ConfigurationError, match="a rhythm such as"):
        parse_expected(said)
