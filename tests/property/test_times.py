# SPDX-License-Identifier: EUPL-1.2
"""A column of times that is read in one go says what it says when each time is looked at by itself."""

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from rekenschap.intake.fields.times import parse_times
from rekenschap.intake.profile import DoubleHour

NO_TIME = "no time"
"""Beside it no column is read in one go."""
DAYS = st.sampled_from(["2026-03-02", "2026-03-29", "2026-10-25", "2024-02-29", "2026-02-29", "0001-01-01"])
HOURS = st.sampled_from(["", "T02", "T02:30", " 02:30", "T02:30:15", " 23:59:59", "T24:00:00", "T02:60"])
FRACTIONS = st.sampled_from(["", ".5", ".123456", ".123456789", "."])
OFFSETS = st.sampled_from(["", "Z", " Z", "+01:00", "+0100", "+01", "-23:59", "+24:00", "z"])
TIMES = st.one_of(
    st.none(), st.builds("{}{}{}{}".format, DAYS, HOURS, FRACTIONS, OFFSETS), st.text(max_size=20)
)


def read(texts: list[str | None], hour: DoubleHour) -> list[object]:
    """Give the moment of each text, or why it has none."""
    column = pa.array(texts, pa.string())
    found = parse_times(column, formats=(), zone="Europe/Amsterdam", double_hour=hour)
    values = found.values.cast(pa.int64()).to_pylist()
    reasons = [next((code for code, mask in found.refused if mask[at]), None) for at in range(len(texts))]
    return [reason or value for value, reason in zip(values, reasons, strict=True)]


@given(times=st.lists(TIMES, max_size=5), hour=st.sampled_from(DoubleHour))
def test_times_in_one_go_are_the_times_one_by_one(times: list[str | None], hour: DoubleHour) -> None:
    assert read(times, hour) == read([*times, NO_TIME], hour)[:-1]


@example(ending=("T02", "", "Z"), days=["2026-03-02"], hour=DoubleHour.FIRST)
@example(ending=("T02", "", ""), days=["2026-03-02"], hour=DoubleHour.FIRST)
@example(ending=("T02:30", "", ""), days=["2026-03-29", "2026-10-25"], hour=DoubleHour.QUARANTINE)
@given(
    ending=st.tuples(HOURS, FRACTIONS, OFFSETS),
    days=st.lists(DAYS, max_size=5),
    hour=st.sampled_from(DoubleHour),
)
def test_so_are_times_that_are_written_alike(
    ending: tuple[str, str, str], days: list[str], hour: DoubleHour
) -> None:
    times = [day + "".join(ending) for day in days]
    assert read([*times], hour) == read([*times, NO_TIME], hour)[:-1]
