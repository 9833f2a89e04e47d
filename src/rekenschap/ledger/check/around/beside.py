# SPDX-License-Identifier: EUPL-1.2
"""What lies in the directory of a ledger and is no blob of it: the anchor, the journal, the folders.

A store in a bucket has none of these. Reads names, and of spare files that they are empty; never a row.
"""

from __future__ import annotations

import re

from rekenschap.errors import InconsistentError
from rekenschap.ledger.journal.reading import DIRECTORY as JOURNAL
from rekenschap.seams.disk import Disk, Sort, in_words

ANCHORS = ("anchor.db", "anchor.db-journal", "anchor.db-wal", "anchor.db-shm")
_OF_JOURNAL = re.compile(r"[0-9]{20}\.wal|[0-9a-f]+\.spare|\.[0-9a-f]+\.tmp", re.ASCII)
_OF_STORE = re.compile(
    r"segments|secrets|tail|timestamps|tile(/[1-7](/x[0-9]{3})*(/[0-9]{3}\.p)?)?", re.ASCII
)
_HIDDEN = re.compile(r"anchor\.db.*|.*\.lock", re.ASCII)
"""What the store passes over at the top of its directory, so that nobody else would look at it."""
_PIECE = 1 << 20


def check_beside(disk: Disk) -> None:
    """Raise InconsistentError at what nobody of ours put there; a directory that is not there is fine."""
    with in_words("list", "the directory"):
        if disk.look("") is None:
            return
        for name, sort in disk.entries(""):
            if name in ANCHORS or (name == JOURNAL and sort is not Sort.DIRECTORY):
                _check_plain(disk, name)
            elif _HIDDEN.fullmatch(name):
                raise _stray(name)
            elif sort is Sort.DIRECTORY and name != JOURNAL:
                _check_folder(disk, name)
        _check_journal(disk)


def _check_plain(disk: Disk, name: str) -> None:
    """Check that this is one file under one name; one that went meanwhile is fine."""
    found = disk.look(name)
    if name == JOURNAL or (found is not None and (found.sort is not Sort.FILE or found.links != 1)):
        raise InconsistentError(
            expected=f"{name} itself, under that name alone",
            found="a link, a second name for it, or something else in its place",
            remedy="see where it leads and who put it there; keep both as evidence",
        )


def _check_journal(disk: Disk) -> None:
    if disk.look(JOURNAL) is None:
        return
    for name, _ in disk.entries(JOURNAL):
        path = f"{JOURNAL}/{name}"
        if not _OF_JOURNAL.fullmatch(name):
            raise _stray(path)
        _check_plain(disk, path)
        if name.endswith(".spare") and not _is_empty(disk, path) and disk.look(path) is not None:
            raise InconsistentError(
                expected=f"nothing but zeros in {path}, as in every file that waits for its turn",
                found="something else",
                remedy="see what it is and who put it there; keep it as evidence",
            )


def _is_empty(disk: Disk, path: str) -> bool:
    """Say whether there are zeros only; a file that a sequencer takes into use meanwhile is gone by then."""
    try:
        at = 0
        while piece := disk.read(path, start=at, length=_PIECE):
            if piece.count(0) != len(piece):
                return False
            at += len(piece)
    except FileNotFoundError:
        pass
    return True


def _check_folder(disk: Disk, name: str) -> None:
    """A folder without a file in it has no blob that could be named, and may still say something."""
    if not _OF_STORE.fullmatch(name):
        raise _stray(f"{name}/")
    try:
        below = disk.entries(name)
    except FileNotFoundError:
        return
    for each, sort in below:
        if sort is Sort.DIRECTORY:
            _check_folder(disk, f"{name}/{each}")


def _stray(name: str) -> InconsistentError:
    return InconsistentError(
        expected="only the files a ledger consists of",
        found=f"{name.encode('unicode_escape').decode()}, which has no place there",
        remedy="find out who put it there, then move it away",
    )
