# SPDX-License-Identifier: EUPL-1.2
"""How looks stand to the register, in columns: the same as one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.audit.register.teams import team_of
from rekenschap.audit.register.usage import Done, bases_of
from rekenschap.register import Basis, Register, Version

START = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = ("VA-01", "VA-02", "VA-99", "")
DAY = 86_400_000_000
DAYS = st.integers(-30, 60)


def at(days: int) -> datetime:
    return START + timedelta(days=days)


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """A few versions of two activities; some end, some were put on record later than they hold."""
    versions = []
    for key in KEYS[:2]:
        for edition in range(1, draw(st.integers(0, 4)) + 1):
            since = draw(DAYS)
            until = draw(st.none() | st.integers(since + 1, 80))
            recorded = draw(st.none() | DAYS)
            versions.append(
                Version(
                    key=key, edition=edition, name="x", purpose="y", legal_basis="e", valid_from=at(since),
                    valid_until=None if until is None else at(until),
                    recorded_at=None if recorded is None else at(recorded),
                )
            )  # fmt: skip
    return Register.of(versions)


@given(registers(), st.lists(st.tuples(st.sampled_from(KEYS), DAYS, DAYS), max_size=30))
def test_in_columns_is_as_one_by_one(register: Register, looks: list[tuple[str, int, int]]) -> None:
    zero = int(START.timestamp()) * 1_000_000
    done = Done(
        keys=pa.array([key or None for key, _, _ in looks], pa.string()),
        at=np.array([zero + day * DAY for _, day, _ in looks], dtype=np.int64),
        known_at=np.array([zero + known * DAY for _, _, known in looks], dtype=np.int64),
    )
    found = [list(Basis)[place] for place in bases_of(register, done)]
    assert found == [register.basis(key, at(day), known_at=at(known)) for key, day, known in looks]


def test_the_team_is_that_of_the_moment() -> None:
    staff = pa.table(
        {
            "staff": pa.array([7, 7, 9]),
            "valid_from": pa.array([100 * DAY, 110 * DAY, 100 * DAY]),
            "team": pa.array(["oud", "nieuw", "ander"]),
        }
    )
    who, when = np.array([7, 7, 9, 8, 7]), np.array([105, 110, 110, 105, 99]) * DAY
    assert team_of(staff, who, when).to_pylist() == ["oud", "nieuw", "ander", None, None]


def test_nobody_known_gives_no_team() -> None:
    staff = pa.table({"staff": pa.array([], pa.int64()), "valid_from": pa.array([], pa.int64()),
                      "team": pa.array([], pa.string())})  # fmt: skip
    assert team_of(staff, np.array([7]), np.array([DAY])).to_pylist() == [None]
