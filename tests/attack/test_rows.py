# SPDX-License-Identifier: EUPL-1.2
"""Somebody who can write in the directory changes one row; the check names its entry."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rekenschap.errors import AlarmError, VerificationError, WrongLeafError, WrongRootError
from rekenschap.ledger.segments import Segment
from tests.ledgers import Place

Rows = pa.Table


def changed(rows: Rows, at: int) -> Rows:
    column = rows.column("source").to_pylist()
    column[at] = (column[at] or "") + "x"
    return rows.set_column(rows.schema.get_field_index("source"), "source", pa.array(column))


def redirected(rows: Rows, at: int) -> Rows:
    """Another citizen: both halves of the token, one bit each."""
    for name in ("subject_hi", "subject_lo"):
        column = rows.column(name).to_pylist()
        column[at] = (column[at] or 0) ^ 1
        rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(column, pa.int64()))
    return rows


def backdated(rows: Rows, at: int) -> Rows:
    times = rows.column("recorded_at")
    column = times.cast(pa.int64()).to_numpy().copy()
    column[at] -= 1
    return rows.set_column(
        rows.schema.get_field_index("recorded_at"), "recorded_at", pa.array(column).cast(times.type)
    )


def emptied(rows: Rows, at: int) -> Rows:
    """A value that says nothing becomes NULL: the two are not the same."""
    column = rows.column("source").to_pylist()
    column[at] = None
    return rows.set_column(rows.schema.get_field_index("source"), "source", pa.array(column, pa.string()))


def dropped(rows: Rows, at: int) -> Rows:
    return pa.concat_tables([rows.slice(0, at), rows.slice(at + 1)])


def added(rows: Rows, at: int) -> Rows:
    return pa.concat_tables([rows.slice(0, at), changed(rows, at).slice(at, 1), rows.slice(at)])


def swapped(rows: Rows, at: int) -> Rows:
    order = np.arange(rows.num_rows)
    other = at + 1 if at + 1 < rows.num_rows else at - 1
    order[[at, other]] = order[[other, at]]
    return rows.take(pa.array(order))


def moved(rows: Rows, at: int) -> Rows:
    return pa.concat_tables([rows.slice(0, at), rows.slice(at + 1), rows.slice(at, 1)])


TRICKS = [changed, redirected, backdated, emptied, dropped, added, swapped, moved]


def differs_at(before: Rows, after: Rows) -> int | None:
    """The first row that is not what it was: what the check must name."""
    shared = min(before.num_rows, after.num_rows)
    for row in range(shared):
        if not before.slice(row, 1).equals(after.slice(row, 1)):
            return row
    return None if before.num_rows == after.num_rows else shared


def span_of(place: Place, entry: int) -> tuple[int, int]:
    """The sizes of the last checkpoint before an entry and of the first one that covers it."""
    sizes = [size for size, _ in place.anchor.history()]
    return max(size for size in sizes if size <= entry), min(size for size in sizes if size > entry)


def segment_of(place: Place, draw: int) -> Segment:
    rich = [each for each in place.segments() if each.relation != "schema"]
    return rich[draw % len(rich)]


def attacked(place: Place, trick: object, where: tuple[int, int], to: Path) -> tuple[Place, Segment, int]:
    copy = place.copy(to)
    segment = segment_of(copy, where[0])
    before = copy.rows(segment)
    after = trick(before, where[1] % segment.rows)  # type: ignore[operator]
    first = differs_at(before, after)
    copy.overwrite(segment, after)
    return copy, segment, -1 if first is None else segment.first + first


@pytest.mark.parametrize("trick", TRICKS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.tuples(st.integers(0, 99), st.integers(0, 9_999)))
def test_one_row_is_named(honest: Place, trick: object, where: tuple[int, int]):
    with tempfile.TemporaryDirectory() as scratch:
        copy, segment, entry = attacked(honest, trick, where, Path(scratch) / "l")
        if entry < 0:
            return  # equal neighbours changed places: nothing was changed
        for anchored in (True, False):
            with pytest.raises(WrongLeafError) as alarm:
                copy.check(anchored=anchored)
            assert alarm.value.entry == entry
            assert segment.relation in str(alarm.value)
            assert segment.parquet in str(alarm.value)
            assert str(entry) in str(alarm.value)


@pytest.mark.parametrize("trick", TRICKS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.tuples(st.integers(0, 99), st.integers(0, 9_999)))
def test_a_row_with_its_commitment_is_narrowed_to_256(honest: Place, trick: object, where: tuple[int, int]):
    with tempfile.TemporaryDirectory() as scratch:
        copy, segment, entry = attacked(honest, trick, where, Path(scratch) / "l")
        if entry < 0:
            return
        copy.recommit(segment)
        with pytest.raises(VerificationError) as alarm:
            copy.check()
        assert alarm.value.entry is not None
        assert alarm.value.entry <= entry
        before, after = span_of(honest, entry)
        if trick in (dropped, added):
            after = segment.end - 1  # the count gives it away at the end of the segment already
        if entry < after // 256 * 256:
            assert entry - alarm.value.entry < 256
        else:
            # No stored node lies over the last incomplete 256 entries: what held before them is all there is.
            assert alarm.value.entry >= before


@pytest.mark.parametrize("trick", [changed, backdated, swapped])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.tuples(st.integers(0, 99), st.integers(0, 9_999)))
def test_a_row_with_commitment_and_tiles_meets_an_older_root(
    honest: Place, trick: object, where: tuple[int, int]
):
    with tempfile.TemporaryDirectory() as scratch:
        copy, segment, entry = attacked(honest, trick, where, Path(scratch) / "l")
        if entry < 0:
            return
        copy.recommit(segment)
        copy.retile()
        with pytest.raises(WrongRootError) as alarm:
            copy.check()
        assert alarm.value.entry == span_of(honest, entry)[0]
        with pytest.raises(WrongRootError):
            copy.check(anchored=False)


def renamed(place: Place, segment: Segment, rows: int) -> Segment:
    other = Segment(first=segment.first, relation=segment.relation, rows=rows)
    for old, new in ((segment.parquet, other.parquet), (segment.pack, other.pack)):
        (place.path / old).rename(place.path / new)
    return other


@pytest.mark.parametrize(("trick", "more"), [(dropped, -1), (added, 1)])
def test_names_that_count_along_hide_nothing(ledger: Place, trick: object, more: int):
    segment = segment_of(ledger, 0)
    ledger.overwrite(segment, trick(ledger.rows(segment), 17))  # type: ignore[operator]
    renamed(ledger, segment, segment.rows + more)
    with pytest.raises(WrongLeafError) as alarm:
        ledger.check()
    assert alarm.value.entry == segment.first + 17


def test_the_rows_of_another_program_are_still_named(ledger: Place):
    """Rewritten by a tool that knows nothing of our labels, and with statistics."""
    segment = segment_of(ledger, 2)
    pq.write_table(changed(ledger.rows(segment), 5), ledger.path / segment.parquet)
    with pytest.raises(WrongLeafError) as alarm:
        ledger.check()
    assert alarm.value.entry == segment.first + 5


def rewritten(place: Place, rows: Rows, segment: Segment, **options: object) -> None:
    """Write rows with our labels, but otherwise as somebody likes."""
    labels = pq.ParquetFile(place.path / segment.parquet).metadata.metadata
    with pq.ParquetWriter(place.path / segment.parquet, rows.schema, **options) as writer:
        writer.write_table(rows.replace_schema_metadata(None))
        writer.add_key_value_metadata(labels)


PLAIN = {"write_statistics": False, "store_schema": False}


def test_the_same_rows_in_another_packing_are_fine(ledger: Place):
    segment = segment_of(ledger, 2)
    rewritten(ledger, ledger.rows(segment), segment, compression="snappy", use_dictionary=False, **PLAIN)
    assert ledger.check()


@pytest.mark.parametrize(
    "option",
    [
        {"write_statistics": True, "store_schema": False},
        {"write_statistics": True, "write_page_index": True, "store_schema": False},
    ],
)
def test_statistics_are_an_alarm(ledger: Place, option: dict[str, bool]):
    """The rows are as committed, but a false minimum would make an engine pass over them."""
    segment = segment_of(ledger, 2)
    rewritten(ledger, ledger.rows(segment), segment, **option)
    with pytest.raises(WrongLeafError, match="statistics"):
        ledger.check()


def test_a_schema_beside_the_one_in_the_ledger_is_an_alarm(ledger: Place):
    segment = segment_of(ledger, 2)
    rewritten(ledger, ledger.rows(segment), segment, write_statistics=False, store_schema=True)
    with pytest.raises(WrongLeafError, match="other types"):
        ledger.check()


def test_numbers_dressed_up_as_times_are_an_alarm(ledger: Place):
    segment = segment_of(ledger, 2)
    rows = ledger.rows(segment)
    at = rows.schema.get_field_index("subject_hi")
    dressed = rows.set_column(at, "subject_hi", rows.column(at).cast(pa.timestamp("us", tz="UTC")))
    rewritten(ledger, dressed, segment, **PLAIN)
    with pytest.raises(WrongLeafError, match="other types"):
        ledger.check()


def test_labels_of_another_place_are_an_alarm(ledger: Place):
    segment = segment_of(ledger, 2)
    with pq.ParquetWriter(
        ledger.path / segment.parquet, (rows := ledger.rows(segment)).schema, **PLAIN
    ) as writer:
        writer.write_table(rows.replace_schema_metadata(None))
        writer.add_key_value_metadata({"rekenschap.first": "0"})
    with pytest.raises(WrongLeafError, match="labels"):
        ledger.check()


def test_a_column_beside_the_committed_ones_is_an_alarm(ledger: Place):
    segment = segment_of(ledger, 0)
    rows = ledger.rows(segment).append_column("remark", pa.array(["x"] * segment.rows))
    rewritten(ledger, rows, segment, **PLAIN)
    with pytest.raises(WrongLeafError, match="others beside them"):
        ledger.check()


def test_a_column_less_is_an_alarm(ledger: Place):
    segment = segment_of(ledger, 0)
    rewritten(ledger, ledger.rows(segment).drop_columns(["source"]), segment, **PLAIN)
    with pytest.raises(WrongLeafError, match="a column source"):
        ledger.check()


def test_half_a_token_is_an_alarm(ledger: Place):
    """NULL is encoded without its halves, so a half that stays behind would go unseen."""
    segment = next(each for each in ledger.segments() if each.relation == "consultation")
    rows = ledger.rows(segment)
    at = pc.index(rows.column("zaak_hi").is_null(), True).as_py()
    low = rows.column("zaak_lo").to_pylist()
    low[at] = 5
    place = rows.schema.get_field_index("zaak_lo")
    pq.write_table(rows.set_column(place, "zaak_lo", pa.array(low)), ledger.path / segment.parquet)
    with pytest.raises(WrongLeafError, match="one half") as alarm:
        ledger.check()
    assert alarm.value.entry == segment.first + at


def test_the_words_say_what_was_done(ledger: Place, tmp_path: Path):
    segment = segment_of(ledger, 2)
    words = {
        changed: "another row",
        dropped: "no row",
        added: "a row that was added",
        swapped: "places further",
    }
    for number, (trick, said) in enumerate(words.items()):
        copy = ledger.copy(tmp_path / f"copy-{number}")
        copy.overwrite(segment, trick(copy.rows(segment), 9))
        with pytest.raises(AlarmError, match=said):
            copy.check()
        shutil.rmtree(copy.path)
