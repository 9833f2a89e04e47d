# SPDX-License-Identifier: EUPL-1.2
"""What rows that are all as signed must still not say: a clock set back, a fact twice."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.errors import InconsistentError, RefusedError
from rekenschap.ledger import Ledger, writer
from rekenschap.ledger.check import check
from rekenschap.ledger.check.once import Once
from rekenschap.ledger.check.runs.clocks import NEVER, TOLERANCE, Seen, first_back, first_late
from rekenschap.ledger.identity import with_identity
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.ledgers import KEYS, ORIGIN, RECORDED_AT, Place, content, verifiers


def recorded(seed: int, at: int, *, count: int = 20, relation=CONSULTATION) -> pa.Table:
    return with_identity(content(relation, count, seed), relation, recorded_at=at)


def made(path: Path, *batches: tuple[object, pa.Table]) -> Place:
    place = Place(path / "ledger")
    ledger = Ledger.create(store=place.store, anchor=place.anchor, keys=KEYS, origin=ORIGIN)
    with (
        pytest.MonkeyPatch.context() as patched
    ):  # whoever sets a clock back also has a program that allows it
        patched.setattr(writer, "check_recorded", lambda span, *, newest, now: newest)
        for batch in batches:
            ledger.append([batch])
    return place


@pytest.mark.parametrize("workers", [1, 2])
def test_a_clock_that_was_set_back_is_an_alarm(tmp_path: Path, workers: int):
    late, back = recorded(1, RECORDED_AT), recorded(2, RECORDED_AT - TOLERANCE - 1, relation=ZAAK)
    place = made(tmp_path, (CONSULTATION, late), (ZAAK, back))
    with pytest.raises(InconsistentError, match="earlier moment") as alarm:
        check(place.store, verifiers=verifiers(), workers=workers)
    assert alarm.value.entry == 22


def test_the_older_version_on_the_first_page_hides_no_clock_that_was_set_back(tmp_path: Path):
    late, back = recorded(1, RECORDED_AT), recorded(2, RECORDED_AT - TOLERANCE - 1, relation=ZAAK)
    place = made(tmp_path, (CONSULTATION, late), (ZAAK, back))
    place.write("ledger.json", place.store.get("ledger.json").replace(b'"version": 2', b'"version": 1'))
    with pytest.raises(InconsistentError, match="earlier moment"):
        place.check()


def test_a_clock_that_was_set_back_is_refused_when_it_appends(tmp_path: Path):
    place = Place(tmp_path / "ledger")
    ledger = Ledger.create(store=place.store, anchor=place.anchor, keys=KEYS, origin=ORIGIN)
    ledger.append([(CONSULTATION, recorded(1, RECORDED_AT))])
    for at in (RECORDED_AT - TOLERANCE - 1, RECORDED_AT - 10 * TOLERANCE):
        with pytest.raises(RefusedError, match="older ones"):
            ledger.append([(ZAAK, recorded(2, at, relation=ZAAK))])
    with pytest.raises(RefusedError, match="older ones"):
        rows = [(ZAAK, recorded(2, RECORDED_AT + 2 * TOLERANCE, relation=ZAAK))]
        ledger.append([*rows, (CONSULTATION, recorded(3, RECORDED_AT))])
    ledger.append([(ZAAK, recorded(2, RECORDED_AT - TOLERANCE, relation=ZAAK))])
    assert place.check().size == 1 + 20 + 1 + 20


def test_a_clock_may_be_a_minute_off(tmp_path: Path):
    late, back = recorded(1, RECORDED_AT), recorded(2, RECORDED_AT - TOLERANCE, relation=ZAAK)
    assert made(tmp_path, (CONSULTATION, late), (ZAAK, back)).check()


def test_a_clock_that_was_set_back_within_a_run_is_an_alarm(tmp_path: Path):
    rows = pa.concat_tables([recorded(1, RECORDED_AT), recorded(2, RECORDED_AT - 2 * TOLERANCE)])
    with pytest.raises(InconsistentError, match="earlier moment") as alarm:
        made(tmp_path, (CONSULTATION, rows)).check()
    assert alarm.value.entry == 21


def test_a_fact_that_came_twice_is_an_alarm_that_names_both(tmp_path: Path):
    first, second = recorded(1, RECORDED_AT), recorded(2, RECORDED_AT)
    again = pa.concat_tables([second, first.slice(7, 1)])
    place = made(tmp_path, (CONSULTATION, first), (CONSULTATION, again))
    with pytest.raises(InconsistentError, match="at entries 8 and 41") as alarm:
        place.check()
    assert alarm.value.entry == 41


def test_one_identity_in_two_relations_is_two_facts(tmp_path: Path):
    rows = recorded(1, RECORDED_AT)
    zaken = recorded(2, RECORDED_AT, relation=ZAAK)
    zaken = zaken.set_column(0, zaken.schema.field(0), rows.column("fact_id"))
    assert made(tmp_path, (CONSULTATION, rows), (ZAAK, zaken)).check()


def naive_back(moments: list[int], newest: int) -> int | None:
    for place, moment in enumerate(moments):
        if moment != NEVER and newest != NEVER and moment < newest - TOLERANCE:
            return place
        newest = max(newest, moment)
    return None


some = st.lists(st.just(NEVER) | st.integers(-3 * TOLERANCE, 3 * TOLERANCE), max_size=30)


@given(some, st.just(NEVER) | st.integers(-3 * TOLERANCE, 3 * TOLERANCE))
def test_the_first_entry_that_runs_back_is_found(moments: list[int], newest: int):
    assert first_back(np.array(moments, dtype=np.int64), newest) == naive_back(moments, newest)


@given(some, st.lists(st.tuples(st.integers(0, 60), st.integers(-TOLERANCE, TOLERANCE)), max_size=4))
def test_the_first_entry_recorded_after_it_was_seen_is_found(moments: list[int], seen: list[tuple[int, int]]):
    first = 20
    late = [
        (place, size)
        for size, at in seen
        for place, moment in enumerate(moments)
        if first + place < size and moment > at + TOLERANCE
    ]
    found = first_late(
        np.array(moments, dtype=np.int64), first, [Seen(size=size, at=at) for size, at in seen]
    )
    assert (found and found[0]) == (min(late)[0] if late else None)


@given(st.lists(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 40), max_size=30), max_size=6))
def test_every_identity_that_came_twice_is_found(runs: list[list[int]]):
    once = Once()
    for run in runs:
        once.add("look", np.sort(np.array(run, dtype=np.uint64)), place=None)  # type: ignore[arg-type]
    every = [each for run in runs for each in run]
    wanted = sorted({each for each in every if every.count(each) > 1})
    assert once.twice().get("look", np.array([])).tolist() == wanted
    once.close()


def test_many_identities_are_looked_at_part_by_part(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rekenschap.ledger.check.once._AT_ONCE", 1 << 8)
    random, once = np.random.default_rng(3), Once()
    runs = [np.sort(random.integers(0, 2**63, 900, dtype=np.uint64) * np.uint64(2)) for _ in range(5)]
    runs[4][17] = runs[1][600]
    for run in runs:
        once.add("look", np.sort(run), place=None)  # type: ignore[arg-type]
    assert runs[1][600] in once.twice()["look"].tolist()
    assert len(once.twice()["look"]) == 1
    once.close()
