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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rekenschap.errors import StoreError

_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*", re.ASCII)
_FILE_MODE, _DIRECTORY_MODE = 0o640, 0o750
_WORDS = {
    errno.ENOSPC: ("room on the disk", "a full disk", "free some space and run it again"),
    errno.EDQUOT: ("room on the disk", "a full quota", "free some space and run it again"),
    errno.EACCES: ("permission", "none", "run it as the owner of the directory"),
    errno.EPERM: ("permission", "none", "run it as the owner of the directory"),
    errno.EROFS: ("a disk that can be written", "one that is read only", "mount it for writing"),
    errno.ENOTDIR: ("a directory", "a file in its place", "name the directory of a ledger"),
    errno.EEXIST: ("a directory", "a file in its place", "name the directory of a ledger"),
    errno.EISDIR: ("a file", "a directory in its place", "restore it from a copy"),
}


_LOOK = "see who put that there, and restore it from a copy"


class DirectoryStore:
    """Blobs as files under `path`, which is made at the first write; see `rekenschap.seams.store.Store`."""

    def __init__(self, path: Path) -> None:
        self._path = Path(path)

    def put(self, name: str, blob: bytes) -> None:
        """Store `blob` under `name`, once and durably."""
        target = self._place(name)
        with _in_words("write", name):
            if not target.exists():
                self._write(target, blob)
            elif target.read_bytes() != blob:
                raise StoreError(
                    expected=f"{name} to be written once", found="other bytes there", remedy="name a new blob"
                )

    def replace(self, name: str, blob: bytes) -> None:
        """Put `blob` in place of what is there, in one step and durably."""
        with _in_words("write", name):
            self._write(self._place(name), blob)

    def get(self, name: str) -> bytes:
        """Give the bytes under `name`."""
        try:
            with _in_words("read", name):
                place = self._place(name)
                if place.exists() and not place.is_file():  # a pipe would keep us waiting for ever
                    raise StoreError(expected=f"{name} to be a file", found="something else", remedy=_LOOK)
                return place.read_bytes()
        except FileNotFoundError as error:
            raise StoreError(
                expected=f"{name} in the store", found="nothing", remedy="restore it from a copy"
            ) from error

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
        if not _NAME.fullmatch(name):
            raise StoreError(
                expected="a name of small letters, digits and . _ -", found="another", remedy="rename it"
            )
        return self._path / name

    def _collect(self, directory: Path, head: str, prefix: str, found: list[str]) -> None:
        with os.scandir(directory) as listing:
            for each in listing:
                name = head + each.name
                if each.name.startswith("."):
                    continue
                if each.is_dir(follow_symlinks=False):
                    if f"{name}/".startswith(prefix) or prefix.startswith(f"{name}/"):
                        self._collect(directory / each.name, f"{name}/", prefix, found)
                elif name.startswith(prefix):
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
        raise StoreError(
            expected="one writer", found="another at work", remedy="try again later", retryable=True
        ) from error


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
