# SPDX-License-Identifier: EUPL-1.2
"""Whatever the seed, the first day and the switches: a small town is valid, complete and repeatable."""

from dataclasses import fields
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.demo import ALL, Noise, write_town
from tests.unit.demo.reading import fault, lines

RATES = {each.name: st.sampled_from([0.0, each.default, 3 * each.default]) for each in fields(Noise)}


@settings(max_examples=25)
@given(
    seed=st.integers(0, 2**32),
    start=st.dates(date(2021, 1, 1), date(2034, 12, 31)),
    noise=st.builds(Noise, **RATES),
    stories=st.sets(st.sampled_from(ALL)),
)
def test_a_small_town_is_valid_and_complete(seed, start, noise, stories):
    with TemporaryDirectory() as folder:
        town = write_town(
            Path(folder), seed=seed, staff=50, days=12, start=start, noise=noise, stories=tuple(stories)
        )
        rows = [row for path in town.paths.values() for row in lines(path)]
    assert {fault(row) for row in rows} <= {""}
    assert sum(row["relation"] == "consultation" for row in rows) == town.looks
    assert set(town.truth["story"].unique().to_pylist()) - {None} == {each.key for each in stories}
