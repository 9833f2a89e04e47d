# SPDX-License-Identifier: EUPL-1.2
"""A store in one directory of a local disk; each blob is a file and survives a power cut once it is there.

A file is written beside its place, synced and renamed, then its directory is synced: a reader sees it
whole or not at all.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from rekenschap.adapters.stores.names import (
    another_writer,
    checked,
    exactly,
    is_blob_name,
    not_there,
    written_twice,
)
from rekenschap.errors import StoreError

_HALF = re.compile(r"\.[0-9a-f]+\.tmp", re.ASCII)
_FILE_MODE, _DIRECTORY_MODE = 0o640, 0o750
_LOOK = "see who put that there, and restore it from a copy"
_WORDS = {
    errno.ENOSPC: ("room on the disk", "a full disk", "free some space and run it again"),
    errno.EDQUOT: ("room on the disk", "a full quota", "free some space and run it again"),
    errno.EACCES: ("permission", "none", "run it as the owner of the directory"),
    errno.EPERM: ("permission", "none", "run it as the owner of the directory"),
    errno.EROFS: ("a disk that can be written", "one that is read only", "mount it for writing"),
    errno.ENOTDIR: ("a directory", "a file in its place", "name the directory of a ledger"),
    errno.EEXIST: ("a directory", "a file in its place", "name the directory of a ledger"),
    errno.EISDIR: ("a file", "a directory in its place", "restore it from a copy"),
    errno.ELOOP: ("a file", "a symbolic link in its place", _LOOK),
}


class DirectoryStore:
    """Blobs as files under `path`, which is made at the first write; see `rekenschap.seams.store.Store`.

    `beside` are patterns (`anchor.db*`, `journal`) of what may lie in the directory and is no blob:
    it is neither named nor a stranger.
    """

    def __init__(self, path: Path, *, beside: frozenset[str] = frozenset()) -> None:
        self._path = Path(path)
        self._beside = beside

    def put(self, name: str, blob: bytes) -> None:
        """Store `blob` under `name`, once and durably."""
        target = self._place(name)
        with _in_words("write", name):
            if not os.path.lexists(target):
                self._write(target, blob)
            elif self.get(name) != blob:
                raise written_twice(name)

    def replace(self, name: str, blob: bytes) -> None:
        """Put `blob` in place of what is there, in one step and durably."""
        with _in_words("write", name):
            self._write(self._place(name), blob)

    def get(self, name: str) -> bytes:
        """Give the bytes under `name`."""
        with self._opened(name) as file:
            return _read_to(file, os.fstat(file).st_size + 1)

    def size(self, name: str) -> int:
        """Give how many bytes are under `name`."""
        with self._opened(name) as file:
            return os.fstat(file).st_size

    def read(self, name: str, *, start: int, length: int) -> bytes:
        """Give exactly `length` bytes from byte `start` on."""
        with self._opened(name) as file:
            part = b""
            if start >= 0 and length > 0:
                os.lseek(file, start, os.SEEK_SET)
                part = _read_to(file, length)
        return exactly(name, part, start=start, length=length)

    def names(self, prefix: str = "") -> list[str]:
        """Give every name that begins with `prefix`, sorted."""
        head, _, _ = prefix.rpartition("/")
        top = self._path / head if head else self._path
        found: list[str] = []
        with _in_words("list", prefix or "the directory"):
            if top.is_dir():
                self._collect(top, f"{head}/" if head else "", prefix, found)
            elif self._path.exists() and not self._path.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, "")
        return sorted(found)

    def strangers(self) -> list[str]:
        """Give what lies in the directory and is no plain blob, sorted; our own half-written files are."""
        found: list[str] = []
        with _in_words("list", "the directory"):
            if self._path.is_dir():
                self._collect_strangers(self._path, "", found)
        return sorted(found)

    def remove(self, name: str) -> None:
        """Remove the blob, durably."""
        target = self._place(name)
        with _in_words("remove", name), suppress(FileNotFoundError):
            target.unlink()
            _sync_directory(target.parent)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer for a while, among all programs on this machine."""
        with _in_words("lock", "the directory"):
            self._make(self._path)
            lock = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _take(lock)
            yield
        finally:
            os.close(lock)

    def _place(self, name: str) -> Path:
        """Give the path of a blob; raises StoreError when a directory on the way is a link."""
        way = self._path
        for part in checked(name).split("/")[:-1]:
            way /= part
            if way.is_symlink():
                raise StoreError(expected=f"{name} inside the store", found="a link on the way", remedy=_LOOK)
        return self._path / name

    @contextmanager
    def _opened(self, name: str) -> Iterator[int]:
        """Open a blob for reading, never through a link; a pipe would keep us waiting for ever."""
        try:
            with _in_words("read", name):
                file = os.open(self._place(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise not_there(name) from error
        try:
            with _in_words("read", name):
                if not stat.S_ISREG(os.fstat(file).st_mode):
                    raise StoreError(expected=f"{name} to be a file", found="something else", remedy=_LOOK)
                yield file
        finally:
            os.close(file)

    def _listed(self, directory: Path, head: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
        with os.scandir(directory) as listing:
            for each in listing:
                if head or not any(fnmatchcase(each.name, pattern) for pattern in self._beside):
                    yield head + each.name, each

    def _collect(self, directory: Path, head: str, prefix: str, found: list[str]) -> None:
        for name, each in self._listed(directory, head):
            if each.name.startswith("."):
                continue
            if each.is_dir(follow_symlinks=False):
                if f"{name}/".startswith(prefix) or prefix.startswith(f"{name}/"):
                    self._collect(directory / each.name, f"{name}/", prefix, found)
            elif name.startswith(prefix):
                found.append(name)

    def _collect_strangers(self, directory: Path, head: str, found: list[str]) -> None:
        for name, each in self._listed(directory, head):
            if each.is_dir(follow_symlinks=False) and is_blob_name(name):
                self._collect_strangers(directory / each.name, f"{name}/", found)
            elif not _is_plain(name, each):
                found.append(name)

    def _write(self, target: Path, blob: bytes) -> None:
        self._make(target.parent)
        beside = target.parent / f".{secrets.token_hex(8)}.tmp"
        try:
            _write_synced(beside, blob)
            beside.rename(target)
        except OSError:
            # After a failed write or sync nothing is known about the file; it is never tried again.
            with suppress(OSError):
                beside.unlink()
            raise
        _sync_directory(target.parent)

    def _make(self, directory: Path) -> None:
        if directory.is_dir():
            return
        if directory != directory.parent:
            self._make(directory.parent)
        directory.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
        _sync_directory(directory.parent)


def _is_plain(name: str, entry: os.DirEntry[str]) -> bool:
    """Say whether this is one file under one name that a blob, or the half of one, may have."""
    place = entry.stat(follow_symlinks=False)
    named = is_blob_name(name) or _HALF.fullmatch(entry.name) is not None
    return named and stat.S_ISREG(place.st_mode) and place.st_nlink == 1


def _read_to(file: int, length: int) -> bytes:
    """Read `length` bytes, or to the end."""
    parts = []
    while length and (part := os.read(file, length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _write_synced(path: Path, blob: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE)
    try:
        rest = memoryview(blob)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise another_writer() from error


@contextmanager
def _in_words(verb: str, name: str) -> Iterator[None]:
    """Say what an OSError means in our words; a missing file is for the caller to judge."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        expected, found, remedy = _WORDS.get(
            error.errno or 0,
            (
                "a disk that works",
                f"error {errno.errorcode.get(error.errno or 0, 'unknown')}",
                "test the disk",
            ),
        )
        raise StoreError(
            expected=f"{expected} to {verb} {name}",
            found=found,
            remedy=remedy,
            retryable=error.errno == errno.ENOSPC,
        ) from error
