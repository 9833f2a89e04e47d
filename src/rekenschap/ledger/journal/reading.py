# SPDX-License-Identifier: EUPL-1.2
"""What a journal holds when it is found again: every frame, and where a write was broken off.

Reads only. A damaged frame is the end of a write that nobody was told of, unless something shows that the
row in it had been durable: a frame that was written later, a later file, or a signed size beyond it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rekenschap.errors import InconsistentError
from rekenschap.ledger.journal.frames import END, Frame, frames_beyond, read_frame
from rekenschap.seams.disk import Disk, Sort, in_words

DIRECTORY = "journal"
_NAME = re.compile(r"([0-9]{20})\.wal", re.ASCII)
_SPARE = re.compile(r"[0-9a-f]+\.spare", re.ASCII)
_HALF = re.compile(r"\.[0-9a-f]+\.tmp", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFile:
    """One file of the journal: the indexes it holds, and the bytes of it that count."""

    first: int
    end: int
    used: int
    size: int

    @property
    def name(self) -> str:
        """Its name on the disk."""
        return file_name(self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found: rows from index `first` up to `end`, and what is no row any more."""

    first: int
    end: int
    frames: tuple[Frame, ...] = ()
    files: tuple[JournalFile, ...] = ()
    torn: int = 0
    """bytes of a write that was broken off; nobody was told that it was durable"""
    spent: tuple[str, ...] = ()
    """files of rows that are sealed, or of none"""
    spares: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()
    """files that were being made"""


@dataclass(slots=True)
class _Names:
    live: list[int] = field(default_factory=list)
    spent: list[str] = field(default_factory=list)
    spares: list[str] = field(default_factory=list)
    halves: list[str] = field(default_factory=list)


def file_name(first: int) -> str:
    """Give the name of the file with the rows from `first` on."""
    return f"{DIRECTORY}/{first:020d}.wal"


def read_journal(disk: Disk, *, sealed: int, signed: int) -> Found:
    """Read what follows the first `sealed` entries; `signed` is the size of the latest checkpoint.

    Raises InconsistentError, and has touched nothing, when rows are missing that had been durable.
    """
    names = _listed(disk, sealed)
    frames: list[Frame] = []
    files: list[JournalFile] = []
    expected, torn = sealed, 0
    for first in names.live:
        if first != expected:
            raise _lost(expected, f"a journal that goes on at entry {first}")
        content = _content(disk, file_name(first))
        part, used, torn = _frames(content, first)
        expected = part[-1].first + part[-1].rows if part else first
        frames += part
        files.append(JournalFile(first=first, end=expected, used=used, size=len(content)))
        if torn and first != names.live[-1]:
            raise _lost(expected, "a damaged frame before the end of the journal")
    if files and files[-1].end == files[-1].first:  # begun, and nothing was acknowledged in it
        names.spent.append(files.pop().name)
    if expected < signed:
        raise _lost(expected, f"a journal that ends there, under a checkpoint of {signed} entries")
    return Found(
        first=sealed,
        end=expected,
        frames=tuple(frames),
        files=tuple(files),
        torn=torn,
        spent=tuple(names.spent),
        spares=tuple(names.spares),
        halves=tuple(names.halves),
    )


def frames_in_file(disk: Disk, first: int) -> list[Frame]:
    """Read the whole frames at the beginning of one file, whatever follows; none when it is not there."""
    try:
        return _chain(_content(disk, file_name(first)), first)
    except FileNotFoundError:
        return []


def first_indexes(disk: Disk) -> list[int]:
    """Give the first index of every file there is, in order; none when there is no journal."""
    return _listed(disk, 0).live


def _listed(disk: Disk, sealed: int) -> _Names:
    found = _Names()
    with in_words("list", "the journal"):
        try:
            listing = disk.entries(DIRECTORY)
        except FileNotFoundError:
            return found
    for name, sort in listing:
        if sort is not Sort.FILE:
            continue
        if (match := _NAME.fullmatch(name)) is not None:
            first = int(match[1])
            if first < sealed:
                found.spent.append(f"{DIRECTORY}/{name}")
            else:
                found.live.append(first)
        elif _SPARE.fullmatch(name):
            found.spares.append(f"{DIRECTORY}/{name}")
        elif _HALF.fullmatch(name):
            found.halves.append(f"{DIRECTORY}/{name}")
    return found


def _content(disk: Disk, name: str) -> memoryview:
    with in_words("read", name):
        return memoryview(disk.read(name))


def _frames(content: memoryview, first: int) -> tuple[list[Frame], int, int]:
    """Give the frames of a file, where they end, and how many bytes after that are of a broken-off write."""
    frames = _chain(content, first)
    at, index = (frames[-1].end, frames[-1].first + frames[-1].rows) if frames else (0, first)
    # What is written last may be there before what is written first: look beyond, also after a length of 0.
    torn = len(bytes(content[at:]).rstrip(b"\0"))
    for later in frames_beyond(content, (at, at + torn), index):
        raise _lost(index, f"a damaged frame before the one of entry {later.first}")
    return frames, at, torn


def _chain(content: memoryview, first: int) -> list[Frame]:
    frames: list[Frame] = []
    at, index, epoch = 0, first, first
    while content[at : at + 4] not in (END, b""):
        frame = read_frame(content, at)
        if frame is None or frame.first != index or not epoch <= frame.epoch <= index:
            break
        frames.append(frame)
        at, index, epoch = frame.end, index + frame.rows, frame.epoch
    return frames


def _lost(entry: int, found: str) -> InconsistentError:
    return InconsistentError(
        expected=f"entry {entry} in the journal, as it was acknowledged",
        found=found,
        remedy="keep the ledger as evidence and restore the journal; nothing was touched",
        entry=entry,
    )
