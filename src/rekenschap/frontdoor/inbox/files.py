# SPDX-License-Identifier: EUPL-1.2
"""The names in the directory of an inbox, and the note of how far it is worked off."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from rekenschap.errors import InconsistentError, StoreError
from rekenschap.seams.disk import Disk, Sort, in_words, write_whole

CURSOR = "cursor"
RESERVE = "reserve"
_SPARED = 64 << 10
_NAME = re.compile(r"([0-9]{20})\.frames(\.evidence)?", re.ASCII)
_HALF = re.compile(r"\.[0-9a-f]+\.tmp", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A file with the frames from number `first` on; as evidence, frames in it may be missing."""

    first: int
    is_evidence: bool = False

    def __str__(self) -> str:
        return file_name(self.first) + (".evidence" if self.is_evidence else "")


def file_name(first: int) -> str:
    """Give the name of the file with the frames from number `first` on."""
    return f"{first:020d}.frames"


def listed(disk: Disk) -> tuple[list[Name], list[str]]:
    """Give the files with frames in order, and those that were being made."""
    names: list[Name] = []
    halves: list[str] = []
    with in_words("list", "the inbox"):
        for entry, sort in disk.entries(""):
            match = _NAME.fullmatch(entry) if sort is Sort.FILE else None
            if match is not None:
                names.append(Name(int(match[1]), bool(match[2])))
            elif _HALF.fullmatch(entry):
                halves.append(entry)
    return sorted(names), halves


def read_cursor(disk: Disk) -> int:
    """Give the number of the first frame that is not worked off; 0 when nothing was noted yet."""
    with in_words("read", f"{CURSOR} of the inbox"):
        try:
            text = disk.read(CURSOR, length=32)
        except FileNotFoundError:
            return 0
    digits = text.strip()
    if not digits.isdigit():
        raise InconsistentError(
            expected="a number in the cursor of the inbox",
            found=f"{len(text)} other bytes",
            remedy="keep it as evidence and take it away: everything in the inbox is then offered again",
        )
    return int(digits)


def write_cursor(disk: Disk, number: int) -> None:
    """Note that everything before a frame is worked off; durable on return."""
    with in_words("write", f"{CURSOR} of the inbox"):
        write_whole(disk, CURSOR, b"%d\n" % number)


class Reserve:
    """Some room on the disk, kept for the one note without which a full inbox could never become empty."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def keep(self) -> None:
        """Have it, unless it is there already or the disk is full."""
        with suppress(OSError, StoreError):
            if self._disk.look(RESERVE) is None:
                write_whole(self._disk, RESERVE, bytes(_SPARED))

    def write_cursor(self, number: int) -> None:
        """Do as `write_cursor`; a disk that is too full for it gets the room that was kept."""
        try:
            write_cursor(self._disk, number)
        except StoreError:
            with in_words("free", "room for the inbox"), suppress(FileNotFoundError):
                self._disk.remove(RESERVE)
            write_cursor(self._disk, number)
