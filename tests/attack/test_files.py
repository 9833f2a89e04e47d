# SPDX-License-Identifier: EUPL-1.2
"""Somebody who can write in the directory drops, adds, swaps or damages whole files."""

import errno
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rekenschap.errors import (
    AlarmError,
    InconsistentError,
    RekenschapError,
    StoreError,
    VerificationError,
    WrongLeafError,
)
from rekenschap.ledger.publishing import stored_tree
from rekenschap.ledger.segments import read_rows
from rekenschap.ledger.state import checkpoint_in, read_schemas, shape_of
from rekenschap.model.relations import CONSULTATION
from rekenschap.tlog.note import Note
from rekenschap.tlog.proof import check_consistency, consistency_path
from tests.ledgers import ORIGIN, Place, facts, make_place


def test_an_honest_ledger_checks(ledger: Place):
    report = ledger.check()
    assert report.size == ledger.ledger().size == sum(report.entries.values())
    assert report.entries["consultation"] == 770
    assert {each.name for each in report.signatures} == {"example.org/ledger"}


@pytest.mark.parametrize("number", range(8))
def test_a_dropped_segment_is_named(ledger: Place, number: int):
    segment = ledger.segments()[number % len(ledger.segments())]
    for name in (segment.parquet, segment.pack, segment.secret):
        (ledger.path / name).unlink()
    with pytest.raises(VerificationError) as alarm:
        ledger.check()
    assert alarm.value.entry == segment.first


@pytest.mark.parametrize("name", ["parquet", "pack", "secret"])
def test_a_missing_file_is_named(ledger: Place, name: str):
    segment = ledger.segments()[3]
    (ledger.path / getattr(segment, name)).unlink()
    with pytest.raises(VerificationError) as alarm:
        ledger.check()
    assert alarm.value.entry == segment.first


def test_a_segment_nobody_signed_is_named(ledger: Place, tmp_path: Path):
    """Rows put behind the last checkpoint: also what a broken-off append leaves."""
    size = ledger.ledger().size
    longer = ledger.copy(tmp_path / "longer")
    longer.ledger().append([(CONSULTATION, facts(count=5, seed=9))])
    for name in longer.store.names():
        if name.startswith(("segments/", "secrets/")) and not (ledger.path / name).exists():
            shutil.copy(longer.path / name, ledger.path / name)
    with pytest.raises(InconsistentError, match="not covered by a checkpoint") as alarm:
        ledger.check()
    assert alarm.value.entry == size
    ledger.ledger().append([(CONSULTATION, facts(count=3, seed=10))])
    assert ledger.check().size == size + 3


def test_swapped_secrets_are_an_alarm(ledger: Place):
    one, other = ledger.segments()[1], ledger.segments()[3]
    left, right = ledger.store.get(one.secret), ledger.store.get(other.secret)
    ledger.write(one.secret, right)
    ledger.write(other.secret, left)
    with pytest.raises(WrongLeafError, match="another secret") as alarm:
        ledger.check()
    assert alarm.value.entry == one.first


def test_swapped_segments_are_an_alarm(ledger: Place):
    one, other = [each for each in ledger.segments() if each.relation == "consultation"][:2]
    for ending in ("parquet", "pack"):
        left, right = (ledger.path / getattr(each, ending) for each in (one, other))
        blobs = left.read_bytes(), right.read_bytes()
        left.write_bytes(blobs[1])
        right.write_bytes(blobs[0])
    with pytest.raises(VerificationError) as alarm:
        ledger.check()
    assert alarm.value.entry == one.first


def test_a_stray_file_is_an_alarm(ledger: Place):
    ledger.write("segments/notes.txt", b"x")
    with pytest.raises(InconsistentError, match=r"notes\.txt"):
        ledger.check()


@pytest.mark.parametrize("kind", ["segments", "secrets", "tile", "checkpoint", "ledger.json"])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.integers(0, 10_000), at=st.integers(0, 1_000_000), bit=st.integers(0, 7))
def test_a_flipped_bit_never_changes_what_is_read(honest: Place, kind: str, draw: int, at: int, bit: int):
    """Either an alarm (or a sentence), or a byte of the Parquet file that carries no fact."""
    names = honest.store.names(kind)
    name = names[draw % len(names)]
    blob = honest.store.get(name)
    try:
        honest.flip(name, at, bit)
        unharmed = name.endswith(".parquet") and _reads_the_same(honest, name, blob)
        try:
            honest.check()
        except RekenschapError as error:
            assert "Traceback" not in str(error)
            assert "\n" not in str(error)
        else:
            assert unharmed, f"{name} byte {at % len(blob)} bit {bit}"
    finally:
        honest.write(name, blob)


def texts(history: list[tuple[int, bytes]]) -> list[tuple[int, str]]:
    return [(size, Note.from_bytes(note).text) for size, note in history]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 1_000_000), bit=st.integers(0, 7))
def test_a_flipped_bit_in_the_anchor_never_changes_history(honest: Place, at: int, bit: int):
    blob, history = (honest.path / "anchor.db").read_bytes(), honest.anchor.history()
    try:
        honest.flip("anchor.db", at, bit)
        try:
            honest.check()
        except RekenschapError as error:
            assert "\n" not in str(error)
        else:
            assert texts(honest.anchor.history()) == texts(history)
    finally:
        honest.write("anchor.db", blob)


def _reads_the_same(place: Place, name: str, before: bytes) -> bool:
    segment = next(each for each in place.segments() if each.parquet == name)
    try:
        schemas = read_schemas(place.store, place.ledger().manifest)
        after = place.store.get(name)
        shape = shape_of(before, segment, schemas)
        return bool(read_rows(after, segment, shape).equals(read_rows(before, segment, shape)))
    except RekenschapError:
        return False


def test_a_truncated_file_is_one_sentence(ledger: Place):
    for name in ledger.store.names():
        if name == "anchor.db":
            continue
        blob = ledger.store.get(name)
        for keep in (0, len(blob) // 2, len(blob) - 2):
            ledger.write(name, blob[:keep])
            with pytest.raises(RekenschapError, match="expected") as trouble:
                ledger.check()
            assert "\n" not in str(trouble.value)
        ledger.write(name, blob)
    assert ledger.check()


def test_a_tile_that_lies_is_named(ledger: Place):
    name = ledger.store.names("tile/1/")[0]
    ledger.flip(name, 33)
    with pytest.raises(InconsistentError, match=name) as alarm:
        ledger.check()
    assert alarm.value.entry == 256


def test_a_missing_tile_is_named(ledger: Place):
    name = ledger.store.names("tile/1/")[-1]
    (ledger.path / name).unlink()
    with pytest.raises(InconsistentError, match=name):
        ledger.check()


def test_a_tile_of_a_size_that_never_was_is_named(ledger: Place):
    (ledger.path / "tile/1/000.p/3").write_bytes(ledger.store.get("tile/1/000.p/4")[:96])
    with pytest.raises(InconsistentError, match="beside them"):
        ledger.check()


def test_an_extra_tile_is_named(ledger: Place):
    (ledger.path / "tile/1/001.p").mkdir(parents=True)
    ledger.write("tile/1/001.p/1", bytes(32))
    with pytest.raises(InconsistentError, match="not covered by a checkpoint"):
        ledger.check()


@pytest.mark.parametrize(
    "name",
    ["secrets/x", "tile/0/000", "tile/entries/000", "tile/1/1", "segments/00000000000000000001-a-0.pack"],
)
def test_a_name_that_is_none_of_ours_is_an_alarm(ledger: Place, name: str):
    (ledger.path / name).parent.mkdir(parents=True, exist_ok=True)
    ledger.write(name, b"x")
    with pytest.raises(InconsistentError, match="has no place there"):
        ledger.check()


def test_two_segments_that_begin_together_are_an_alarm(ledger: Place):
    segment = ledger.segments()[3]
    ledger.write(segment.parquet.replace("-consultation-", "-contact-").replace("-zaak-", "-contact-"), b"x")
    with pytest.raises(InconsistentError) as alarm:
        ledger.check()
    assert alarm.value.entry == segment.first


def test_a_segment_inside_another_is_an_alarm(ledger: Place):
    segment = next(each for each in ledger.segments() if each.rows > 20)
    inside = f"{segment.first + 5:020d}"
    for name in (segment.parquet, segment.pack, segment.secret):
        ledger.write(name.replace(f"{segment.first:020d}", inside), ledger.store.get(name))
    with pytest.raises(InconsistentError, match="once more") as alarm:
        ledger.check()
    assert alarm.value.entry == segment.first + 5


def test_commitments_of_another_count_in_the_name_are_an_alarm(ledger: Place):
    segment = ledger.segments()[3]
    (ledger.path / segment.pack).rename(ledger.path / segment.pack.replace(f"-{segment.rows}.", "-9."))
    with pytest.raises(WrongLeafError) as alarm:
        ledger.check()
    assert alarm.value.entry == segment.first


def test_a_schema_with_another_number_is_an_alarm(ledger: Place):
    """Even when its commitment and the tiles were changed along."""
    second = [each for each in ledger.segments() if each.relation == "schema"][1]
    rows = ledger.rows(second)
    ledger.overwrite(second, rows.set_column(0, "schema_no", pa.array([7])))
    with pytest.raises(WrongLeafError) as alarm:
        ledger.check()
    assert alarm.value.entry == second.first
    ledger.recommit(second)
    with pytest.raises(WrongLeafError, match="found schema 7") as alarm:
        ledger.check()
    assert alarm.value.entry == second.first


@pytest.mark.parametrize(
    "change", [{"schema_no": [-1]}, {"schema_no": [2**40]}, {"text": ["{}"]}, {"text": ["["]}]
)
def test_a_spoiled_schema_is_one_sentence(ledger: Place, change: dict[str, list[object]]):
    first = ledger.segments()[0]
    rows = ledger.rows(first)
    for name, column in change.items():
        rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(column))
    ledger.overwrite(first, rows)
    with pytest.raises(AlarmError):
        ledger.check()
    with pytest.raises(AlarmError):
        ledger.ledger().facts("consultation")


def test_somebody_without_permission_reads_one_sentence(ledger: Place, monkeypatch: pytest.MonkeyPatch):
    open_ = os.open

    def refused(path: str | Path, flags: int, *more: int, **where: int) -> int:
        if Path(path).name == "ledger.json":
            raise PermissionError(errno.EACCES, "no")
        return open_(path, flags, *more, **where)

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(StoreError, match=r"expected permission to read ledger\.json"):
        ledger.check()


def test_an_empty_directory_is_one_sentence(tmp_path: Path):
    for path in (tmp_path, tmp_path / "not-there"):
        with pytest.raises(StoreError, match=r"expected a ledger, found no ledger\.json"):
            Place(path).check()


@pytest.fixture
def grown(tmp_path: Path) -> tuple[Place, list[str]]:
    """A ledger of three sizes, and the partial tiles of the first two."""
    place = make_place(tmp_path / "grown", (300, 300, 300))
    old = place.store.names("tile/1/")[:-1]
    assert old == ["tile/1/000.p/1", "tile/1/000.p/3"]
    return place, old


def test_an_old_partial_tile_that_was_changed_is_named(grown: tuple[Place, list[str]]):
    """Of every size that was published, also where a wider tile took its place."""
    place, old = grown
    for name in old:
        for at in range(0, place.store.size(name), 32):
            place.flip(name, at)
            with pytest.raises(InconsistentError, match=name):
                place.check()
            place.flip(name, at)
    assert place.check()


def test_an_old_partial_tile_that_is_gone_takes_nothing_along(grown: tuple[Place, list[str]]):
    """A wider one begins with the same hashes: each earlier tree is still shown to begin this one."""
    place, old = grown
    for name in old:
        (place.path / name).unlink()
    report = place.check()
    read = stored_tree(place.store)(report.size)
    for each in [checkpoint_in(note, ORIGIN) for _, note in place.anchor.history()[1:]]:
        path = consistency_path(each.size, report.size, read)
        check_consistency(
            old_size=each.size, old_root=each.root, new_size=report.size, new_root=report.root, path=path
        )
