# SPDX-License-Identifier: EUPL-1.2
"""On which days the town of the try-out lived: just before today, and its weeks begin as always."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rekenschap.audit.demo import DAYS, START, ending_before


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_the_town_ends_in_the_week_before_today(today: date) -> None:
    start = ending_before(today)
    gone_by = (today - (start + timedelta(days=DAYS - 1))).days
    assert start.weekday() == START.weekday()
    assert 2 <= gone_by <= 8
