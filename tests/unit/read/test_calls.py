# SPDX-License-Identifier: EUPL-1.2
"""Moments, days and names as callers write them, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap_read.contracts.calls import EARLIEST, begin_of, day_in, microseconds, moment_in, written
from rekenschap_read.place.names import Seals, reference_of, uuid_of

zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=st.just(UTC)).flatmap(
    lambda at: zones.map(
        lambda zone: at.replace(year=min(max(at.year, 2), 9998), day=min(at.day, 28)).astimezone(zone)
    )
)


@given(moments)
def test_a_moment_is_read_as_it_was_written(at: datetime):
    assert moment_in(at.isoformat()) == microseconds(at.astimezone(UTC))


@pytest.mark.parametrize(
    ("text", "same"),
    [("2021-01-31T10:20:30Z", "2021-01-31T11:20:30+01:00"),
     ("2021-01-31t10:20:30z", "2021-01-31T10:20:30.000Z"),
     ("2021-01-31T23:59:60Z", "2021-01-31T23:59:59Z"), ("0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z")],
)  # fmt: skip
def test_one_moment_has_many_spellings(text: str, same: str):
    assert moment_in(text) == moment_in(same) is not None


@pytest.mark.parametrize(
    "text",
    ["", "2021-01-31", "2021-01-31T10:20:30", "2021-13-31T10:20:30Z", "2021-02-30T10:20:30Z",
     "2021-01-31T24:00:00Z", "2021-01-31T10:20:30+24:00", "2021-01-31 10:20:30Z", "٢021-01-31T10:20:30Z"],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: str):
    assert moment_in(text) is None


def test_a_day_begins_where_we_are():
    assert written(begin_of(day_in("2026-07-01"))) == "2026-06-30T22:00:00.000Z"
    assert written(begin_of(day_in("2026-01-01"))) == "2025-12-31T23:00:00.000Z"
    assert begin_of(day_in("0001-01-01")) == EARLIEST
    assert [day_in(each) for each in ("2026-02-30", "1-1-2026", "20260101", "")] == [None] * 4


@given(st.binary(min_size=16, max_size=16), st.integers(0, 2**63))
def test_names_are_read_back_by_whom_they_were_given_to_only(token: bytes, entry: int):
    seals, other = Seals(key=b"a" * 32), Seals(key=b"b" * 32)
    name = seals.person("one", token)
    assert (seals.token("one", name), seals.token("two", name), other.token("one", name)) == (
        token,
        None,
        None,
    )
    assert len(name) == 32 <= 40
    assert (seals.entry(seals.line(entry)), other.entry(seals.line(entry))) == (entry, None)


def test_a_name_that_is_none_is_nobody():
    seals = Seals(key=b"a" * 32)
    for each in ("", "K-1001", "é", "x" * 32, "=" * 32):
        assert seals.token("one", each) is None


@given(st.integers(0, 2**128 - 1))
def test_what_citizens_call_a_look_and_its_uuid_hold_the_same(number: int):
    from uuid import UUID

    uuid = str(UUID(int=number))
    assert uuid_of(reference_of(uuid)) == uuid
