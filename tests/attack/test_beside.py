# SPDX-License-Identifier: EUPL-1.2
"""Somebody with root works on what is no blob of the ledger: header, anchor, journal, folders."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rekenschap.adapters.disks import PosixDisk
from rekenschap.errors import AlarmError, InconsistentError, StoreError
from rekenschap.ledger.check import check
from tests.ledgers import Place, verifiers
from tests.sequencers import BESIDE


def moved(path: Path, to: Path) -> None:
    path.rename(to)


def linked(path: Path, to: Path) -> None:
    path.rename(to)
    path.symlink_to(to)


def twice(path: Path, to: Path) -> None:
    os.link(path, to)


@pytest.mark.parametrize("name", ["ledger.json", "checkpoint"])
@pytest.mark.parametrize("trick", [moved, linked, twice])
@pytest.mark.parametrize("anchored", [True, False])
def test_a_ledger_without_its_header_is_an_alarm_and_no_advice_to_begin_anew(
    ledger: Place, tmp_path: Path, name: str, trick: Callable[[Path, Path], None], anchored: bool
):
    trick(ledger.path / name, tmp_path / "elsewhere")
    with pytest.raises(InconsistentError, match=name) as alarm:
        ledger.check(anchored=anchored)
    assert "create nothing here" in alarm.value.remedy


@pytest.mark.parametrize("blob", [b"", b"{}", b'{"format": "another"}\n', b"\xff\n"])
def test_a_header_that_says_nothing_any_more_is_an_alarm(ledger: Place, blob: bytes):
    ledger.write("ledger.json", blob)
    with pytest.raises(InconsistentError, match=r"ledger\.json"):
        ledger.check()


def test_an_anchor_that_is_all_that_is_left_is_an_alarm(ledger: Place, tmp_path: Path):
    left = Place(tmp_path / "left")
    left.path.mkdir()
    left.write("anchor.db", (ledger.path / "anchor.db").read_bytes())
    with pytest.raises(InconsistentError, match="entries in its anchor"):
        left.check()


def test_an_empty_place_is_no_alarm(tmp_path: Path):
    with pytest.raises(StoreError, match="expected a ledger"):
        Place(tmp_path).check()


# ── the anchor ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("trick", [linked, twice])
def test_an_anchor_that_is_a_link_is_named(ledger: Place, tmp_path: Path, trick):
    trick(ledger.path / "anchor.db", tmp_path / "elsewhere")
    with pytest.raises(InconsistentError, match=r"anchor\.db itself"):
        ledger.check()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE kept (row TEXT)",
        "CREATE VIEW shown AS SELECT 1 AS size, x'00' AS note",
        "CREATE INDEX quick ON checkpoints (note)",
        "CREATE TRIGGER t AFTER INSERT ON checkpoints BEGIN DELETE FROM checkpoints; END",
        "INSERT INTO checkpoints (size, note) VALUES (-7, x'00')",
    ],
)
def test_what_else_lies_in_the_anchor_is_named(ledger: Place, statement: str):
    with closing(sqlite3.connect(ledger.path / "anchor.db", isolation_level=None)) as base:
        base.execute(statement)
    with pytest.raises(InconsistentError, match="in the anchor"):
        ledger.check()
    with pytest.raises(InconsistentError, match="in the anchor"):
        ledger.anchor.swap(expected=10, size=10**6, note=b"x")


# ── the journal, and the folders ─────────────────────────────────────────────


def with_journal(ledger: Place) -> Path:
    folder = ledger.path / "journal"
    folder.mkdir()
    return folder


def check_it(ledger: Place) -> object:
    """Check as the command does: the store passes over what lies beside it."""
    from rekenschap.adapters.stores import DirectoryStore

    disk = PosixDisk(ledger.path)
    store = DirectoryStore(ledger.path, beside=BESIDE | {"*.lock"})
    return check(store, anchor=ledger.anchor, verifiers=verifiers(), journal=disk, beside=disk)


def test_an_honest_journal_is_no_alarm(ledger: Place):
    folder = with_journal(ledger)
    (folder / "00ff.spare").write_bytes(bytes(5000))
    (folder / f"{ledger.ledger().size:020d}.wal").write_bytes(bytes(5000))
    (folder / ".00ff.tmp").write_bytes(bytes(10))
    assert check_it(ledger)


@pytest.mark.parametrize("name", ["rows.txt", "00ff.spare", "0.wal", "00ff.spare.gz"])
def test_junk_in_the_journal_is_named(ledger: Place, name: str):
    (with_journal(ledger) / name).write_bytes(b"\0what was erased\0")
    with pytest.raises(InconsistentError, match=f"journal/{name}"):
        check_it(ledger)


@pytest.mark.parametrize("trick", [linked, twice])
def test_a_link_in_the_journal_is_named(ledger: Place, tmp_path: Path, trick):
    path = with_journal(ledger) / "00ff.spare"
    path.write_bytes(bytes(100))
    trick(path, tmp_path / "elsewhere")
    with pytest.raises(InconsistentError, match=r"journal/00ff\.spare itself"):
        check_it(ledger)


def test_a_journal_that_is_a_link_is_named(ledger: Place, tmp_path: Path):
    linked(with_journal(ledger), tmp_path / "elsewhere")
    with pytest.raises(AlarmError, match="journal itself"):
        check_it(ledger)


@pytest.mark.parametrize("name", ["anchor.db.old", "rows.lock"])
def test_a_file_that_the_store_passes_over_is_named(ledger: Place, name: str):
    ledger.write(name, b"what was erased")
    with pytest.raises(InconsistentError, match=name):
        check_it(ledger)


@pytest.mark.parametrize(
    "folder", ["extra", "segments/extra", "tile/0", "tile/1/000.p/3", "tile/1/x1", "timestamps/a"]
)
def test_a_folder_that_holds_no_file_and_has_no_place_is_named(ledger: Place, folder: str):
    (ledger.path / folder).mkdir(parents=True)
    with pytest.raises(InconsistentError, match=f"{folder}/"):
        ledger.check()


@pytest.mark.parametrize("folder", ["tail", "timestamps", "tile/1/x000/001.p", "tile/3"])
def test_a_folder_that_is_empty_because_its_files_went_is_fine(ledger: Place, folder: str):
    (ledger.path / folder).mkdir(parents=True)
    assert ledger.check()
