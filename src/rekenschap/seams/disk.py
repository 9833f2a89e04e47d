# SPDX-License-Identifier: EUPL-1.2
"""The few things a ledger asks of a file system, one call for each, so that a test can trace every one,
cut the power at any one, and fail any one. Knows bytes and names, not what they mean.

Nothing is durable by itself: the bytes of a file are after `File.sync`, the names in a directory (files
made, renamed, removed) after `sync_directory`. What was not synced may survive a power cut, in part or in
any order.
"""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rekenschap.errors import StoreError


class Sort(StrEnum):
    """What a name in a directory stands for; a link is never followed."""

    FILE = "file"
    DIRECTORY = "directory"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What stands under a name: its sort, its bytes, and under how many names it stands."""

    sort: Sort
    size: int
    links: int


class File(Protocol):
    """An open file. Every method raises OSError as the operating system gives it."""

    def write(self, at: int, blob: bytes) -> None:
        """Write all of `blob` from `at` on; after an error any part of it may be there."""

    def read(self, at: int, length: int) -> bytes:
        """Give the bytes from `at` on: fewer than `length` at the end of the file only."""

    def size(self) -> int:
        """Give the number of bytes."""

    def sync(self) -> None:
        """Make every byte and the size durable. After an error nothing is known: never call it again."""

    def close(self) -> None:
        """Let go of the file; may be repeated."""


class Disk(Protocol):
    """Files under one directory, by names of parts joined with `/`; the empty name is the directory itself.

    Every method raises OSError as the operating system gives it: FileNotFoundError, FileExistsError, ENOSPC,
    EIO, and ELOOP or ENOTDIR where a part of a name is a symbolic link. None is durable before the directory
    that holds the name is synced.
    """

    def make_directory(self, name: str) -> None:
        """Make a directory; one that is there is fine. Those above it must be there."""

    def create(self, name: str) -> File:
        """Make an empty file that was not there and open it for writing."""

    def open(self, name: str) -> File:
        """Open a file that is there, for reading and writing."""

    def read(self, name: str, *, start: int = 0, length: int | None = None) -> bytes:
        """Give the bytes of a file, or `length` of them from `start` on, fewer at its end."""

    def look(self, name: str) -> Look | None:
        """Say what stands under a name; None when nothing does."""

    def entries(self, name: str) -> list[tuple[str, Sort]]:
        """Give the names in a directory, sorted, without those above it."""

    def rename(self, name: str, new: str) -> None:
        """Give a file another name in the same directory, in one step, in place of what stood there."""

    def remove(self, name: str) -> None:
        """Remove the name of a file."""

    def sync_directory(self, name: str) -> None:
        """Make durable which names the directory holds."""

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Be the only one who holds this directory; raises BlockingIOError at once when another does.

        The lock ends with the program that holds it, however it ends.
        """


_WORDS = {
    errno.ENOSPC: ("room on the disk", "a full disk", "free some space and run it again"),
    errno.EDQUOT: ("room on the disk", "a full quota", "free some space and run it again"),
    errno.EFBIG: ("room for a larger file", "a limit on the size of files", "raise it and run it again"),
    errno.EACCES: ("permission", "none", "run it as the owner of the directory"),
    errno.EPERM: ("permission", "none", "run it as the owner of the directory"),
    errno.EROFS: ("a disk that can be written", "one that is read only", "mount it for writing"),
    errno.ENOTDIR: ("a directory", "a file in its place", "name the directory of a ledger"),
    errno.EEXIST: ("a directory", "a file in its place", "name the directory of a ledger"),
    errno.EISDIR: ("a file", "a directory in its place", "restore it from a copy"),
    errno.ELOOP: (
        "a file",
        "a symbolic link in its place or on the way",
        "see who put that there, and restore it from a copy",
    ),
    errno.EINVAL: ("a file", "something else", "see who put that there, and restore it from a copy"),
    errno.EAGAIN: ("one writer", "another at work", "try again later"),
}
_LATER = (errno.ENOSPC, errno.EDQUOT, errno.EAGAIN)


@contextmanager
def in_words(verb: str, name: str) -> Iterator[None]:
    """Say what an OSError means, as StoreError; a missing file is for the caller to judge."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise trouble(error, f"{verb} {name}") from error


def trouble(error: OSError, deed: str) -> StoreError:
    """Make the StoreError for what went wrong when `deed` (a verb and a name) was done."""
    unknown = f"error {errno.errorcode.get(error.errno or 0, 'unknown')}"
    expected, found, remedy = _WORDS.get(error.errno or 0, ("a disk that works", unknown, "test the disk"))
    return StoreError(
        expected=f"{expected} to {deed}", found=found, remedy=remedy, retryable=error.errno in _LATER
    )


def write_whole(disk: Disk, name: str, blob: bytes) -> None:
    """Put a file in place so that a reader sees it whole or not at all; durable on return.

    It is written beside its place first, under a name that begins with a dot and ends in `.tmp`.
    """
    directory, _, _ = name.rpartition("/")
    beside = f"{directory}/.{secrets.token_hex(8)}.tmp".removeprefix("/")
    try:
        file = disk.create(beside)
        try:
            file.write(0, blob)
            file.sync()
        finally:
            file.close()
        disk.rename(beside, name)
    except OSError:
        # After a failed write or sync nothing is known about the file; it is never tried again.
        _drop(disk, beside)
        raise
    disk.sync_directory(directory)


def make_directories(disk: Disk, name: str) -> None:
    """Make a directory and all those above it, durably."""
    if disk.look(name) is not None:
        return
    directory, _, _ = name.rpartition("/")
    if name:
        make_directories(disk, directory)
    disk.make_directory(name)
    disk.sync_directory(directory)


def _drop(disk: Disk, name: str) -> None:
    try:
        disk.remove(name)
    except OSError:
        return
