# SPDX-License-Identifier: EUPL-1.2
"""Sets of entries: one spelling, and the arithmetic of sets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.ledger.custody import Ranges

SETS = st.sets(st.integers(0, 40))


def ranges(entries: set[int]) -> Ranges:
    return Ranges.of((entry, entry + 1) for entry in entries)


def entries(found: Ranges) -> set[int]:
    return {entry for first, end in found for entry in range(first, end)}


@given(SETS, SETS)
def test_they_are_sets(left: set[int], right: set[int]):
    assert entries(ranges(left) | ranges(right)) == left | right
    assert entries(ranges(left) & ranges(right)) == left & right
    assert entries(ranges(left) - ranges(right)) == left - right
    assert len(ranges(left)) == len(left)
    assert {entry for entry in range(42) if entry in ranges(left)} == left


@given(SETS, st.integers(0, 45), st.integers(0, 45))
def test_a_stretch_of_a_set_is_a_set(some: set[int], first: int, end: int):
    assert entries(ranges(some).within(first, end)) == {entry for entry in some if first <= entry < end}


@given(SETS.filter(bool))
def test_a_set_has_one_spelling(some: set[int]):
    assert Ranges.from_text(ranges(some).to_text()) == ranges(some)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "5-",
        "-5",
        "7-5",
        "1-2,3-4",
        "4-5,1-2",
        "1-2,1-2",
        "01-2",
        "1-2,",
        " 1-2",
        "1-9223372036854775807",
    ],
)
def test_every_other_spelling_is_refused(text: str):
    assert Ranges.from_text(text) is None


def test_a_single_entry_is_a_range():
    assert Ranges.from_text("12-40,77-77") == Ranges.of([(12, 41), (77, 78)])
