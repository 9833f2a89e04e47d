# SPDX-License-Identifier: EUPL-1.2
"""The disk of a POSIX system. Every part of a name below the root is opened on its own and without following
links, so that nobody who may write in the directory can lead us out of it."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rekenschap.seams.disk import Look, Sort

_FILE_MODE, _DIRECTORY_MODE = 0o640, 0o750
_PLAIN = os.O_CLOEXEC | os.O_NOFOLLOW
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class PosixFile:
    """An open file; see `rekenschap.seams.disk.File`."""

    __slots__ = ("_number",)

    def __init__(self, number: int) -> None:
        self._number = number

    def write(self, at: int, blob: bytes) -> None:
        """Write all of `blob` from `at` on."""
        done = os.pwrite(self._number, blob, at)
        if done != len(blob):
            rest = memoryview(blob)
            while done < len(rest):
                done += os.pwrite(self._number, rest[done:], at + done)

    def read(self, at: int, length: int) -> bytes:
        """Give the bytes from `at` on."""
        parts: list[bytes] = []
        while length > 0 and (part := os.pread(self._number, length, at)):
            parts.append(part)
            at, length = at + len(part), length - len(part)
        return b"".join(parts)

    def size(self) -> int:
        """Give the number of bytes."""
        return os.fstat(self._number).st_size

    def sync(self) -> None:
        """Make every byte and the size durable."""
        os.fdatasync(self._number)

    def close(self) -> None:
        """Let go of the file."""
        number, self._number = self._number, -1
        if number >= 0:
            os.close(number)


class PosixDisk:
    """Files under `root`, which is made with the first directory; see `rekenschap.seams.disk.Disk`.

    The root itself may be reached through links: where it lies is the choice of who runs the machine.
    """

    def __init__(self, root: Path) -> None:
        self._root = Path(root)

    def make_directory(self, name: str) -> None:
        """Make a directory; one that is there is fine."""
        if not name:
            _make_root(self._root)
            return
        with self._above(name) as (folder, last):
            try:
                os.mkdir(last, _DIRECTORY_MODE, dir_fd=folder)
            except FileExistsError:
                if not stat.S_ISDIR(os.stat(last, dir_fd=folder, follow_symlinks=False).st_mode):
                    raise

    def create(self, name: str) -> PosixFile:
        """Make an empty file that was not there."""
        return self._opened(name, os.O_RDWR | os.O_CREAT | os.O_EXCL)

    def open(self, name: str) -> PosixFile:
        """Open a file that is there."""
        return self._opened(name, os.O_RDWR)

    def read(self, name: str, *, start: int = 0, length: int | None = None) -> bytes:
        """Give the bytes of a file, or some of them."""
        file = self._opened(name, os.O_RDONLY)
        try:
            return file.read(start, file.size() - start if length is None else length)
        finally:
            file.close()

    def look(self, name: str) -> Look | None:
        """Say what stands under a name."""
        try:
            if not name:
                found = self._root.stat()
            else:
                with self._above(name) as (folder, last):
                    found = os.stat(last, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return Look(sort=_sort(found.st_mode), size=found.st_size, links=found.st_nlink)

    def entries(self, name: str) -> list[tuple[str, Sort]]:
        """Give the names in a directory."""
        with self._folder(name) as folder, os.scandir(folder) as listing:
            return sorted((each.name, _sort_of(each)) for each in listing)

    def rename(self, name: str, new: str) -> None:
        """Give a file another name in the same directory."""
        with self._above(name) as (folder, last):
            os.rename(last, new.rpartition("/")[2], src_dir_fd=folder, dst_dir_fd=folder)

    def remove(self, name: str) -> None:
        """Remove the name of a file."""
        with self._above(name) as (folder, last):
            os.unlink(last, dir_fd=folder)

    def sync_directory(self, name: str) -> None:
        """Make durable which names the directory holds."""
        with self._folder(name) as folder:
            os.fsync(folder)

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Be the only one who holds this directory."""
        with self._folder(name) as folder:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield

    def _opened(self, name: str, flags: int) -> PosixFile:
        with self._above(name) as (folder, last):
            # Without O_NONBLOCK a pipe in the place of a file would keep us waiting for ever.
            number = os.open(last, flags | _PLAIN | os.O_NONBLOCK, _FILE_MODE, dir_fd=folder)
        if not flags & os.O_EXCL and not stat.S_ISREG(mode := os.fstat(number).st_mode):
            os.close(number)
            raise OSError(errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL, "no plain file")
        return PosixFile(number)

    @contextmanager
    def _above(self, name: str) -> Iterator[tuple[int, str]]:
        """Open the directory a name stands in; gives it and the last part of the name."""
        directory, _, last = name.rpartition("/")
        with self._folder(directory) as folder:
            yield folder, last

    @contextmanager
    def _folder(self, name: str) -> Iterator[int]:
        folder = os.open(self._root, _FOLDER)
        try:
            for part in name.split("/") if name else ():
                below = _opened_below(folder, part)
                os.close(folder)
                folder = below
            yield folder
        finally:
            os.close(folder)


def _opened_below(folder: int, part: str) -> int:
    try:
        return os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
    except NotADirectoryError as error:
        if stat.S_ISLNK(os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, "a link on the way") from error
        raise


def _make_root(path: Path) -> None:
    """Make the root and what is above it; each name is durable before the next is made."""
    if path.is_dir():
        return
    if path != path.parent:
        _make_root(path.parent)
    path.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
    folder = os.open(path.parent, _FOLDER)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sort(mode: int) -> Sort:
    if stat.S_ISREG(mode):
        return Sort.FILE
    return Sort.DIRECTORY if stat.S_ISDIR(mode) else Sort.OTHER


def _sort_of(found: os.DirEntry[str]) -> Sort:
    if found.is_symlink():
        return Sort.OTHER
    if found.is_dir(follow_symlinks=False):
        return Sort.DIRECTORY
    return Sort.FILE if found.is_file(follow_symlinks=False) else Sort.OTHER
