# SPDX-License-Identifier: EUPL-1.2
"""A store in one directory of a disk; each blob is a file and survives a power cut once it is there.

A file is written beside its place, synced and renamed, then its directory is synced: a reader sees it
whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from rekenschap.adapters.disks.posix import PosixDisk
from rekenschap.adapters.stores.names import (
    another_writer,
    checked,
    exactly,
    is_blob_name,
    not_there,
    written_twice,
)
from rekenschap.seams.disk import Disk, Sort, in_words, make_directories, write_whole

_HALF = re.compile(r"\.[0-9a-f]+\.tmp", re.ASCII)


class DirectoryStore:
    """Blobs as files under `path`, which is made at the first write; see `rekenschap.seams.store.Store`.

    `beside` are patterns (`anchor.db*`, `journal`) of what may lie in the directory and is no blob:
    it is neither named nor a stranger. `disk` takes the place of the one of this machine.
    """

    def __init__(self, path: Path, *, beside: frozenset[str] = frozenset(), disk: Disk | None = None) -> None:
        self._disk: Disk = PosixDisk(path) if disk is None else disk
        self._beside = beside

    def put(self, name: str, blob: bytes) -> None:
        """Store `blob` under `name`, once and durably."""
        with in_words("write", checked(name)):
            if self._disk.look(name) is None:
                self._write(name, blob)
            elif self.get(name) != blob:
                raise written_twice(name)

    def replace(self, name: str, blob: bytes) -> None:
        """Put `blob` in place of what is there, in one step and durably."""
        with in_words("write", checked(name)):
            self._write(name, blob)

    def get(self, name: str) -> bytes:
        """Give the bytes under `name`."""
        return self._read(name, 0, None)

    def size(self, name: str) -> int:
        """Give how many bytes are under `name`."""
        with in_words("read", checked(name)):
            found = self._disk.look(name)
        if found is None:
            raise not_there(name)
        return found.size if found.sort is Sort.FILE else len(self.get(name))

    def read(self, name: str, *, start: int, length: int) -> bytes:
        """Give exactly `length` bytes from byte `start` on."""
        part = self._read(name, max(start, 0), max(length, 0))
        return exactly(name, part, start=start, length=length)

    def names(self, prefix: str = "") -> list[str]:
        """Give every name that begins with `prefix`, sorted."""
        head, _, _ = prefix.rpartition("/")
        found: list[str] = []
        with in_words("list", prefix or "the directory"):
            self._collect(f"{head}/" if head else "", prefix, found)
        return sorted(found)

    def strangers(self) -> list[str]:
        """Give what lies in the directory and is no plain blob, sorted; our own half-written files are."""
        found: list[str] = []
        with in_words("list", "the directory"):
            self._collect_strangers("", found)
        return sorted(found)

    def remove(self, name: str) -> None:
        """Remove the blob, durably."""
        with in_words("remove", checked(name)):
            try:
                self._disk.remove(name)
            except FileNotFoundError:
                return
            self._disk.sync_directory(name.rpartition("/")[0])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer for a while, among all programs on this machine."""
        with ExitStack() as held:
            with in_words("lock", "the directory"):
                make_directories(self._disk, "")
                try:
                    held.enter_context(self._disk.lock(""))
                except BlockingIOError as error:
                    raise another_writer() from error
            yield

    def _read(self, name: str, start: int, length: int | None) -> bytes:
        try:
            with in_words("read", checked(name)):
                return self._disk.read(name, start=start, length=length)
        except FileNotFoundError as error:
            raise not_there(name) from error

    def _write(self, name: str, blob: bytes) -> None:
        make_directories(self._disk, name.rpartition("/")[0])
        write_whole(self._disk, name, blob)

    def _listed(self, head: str) -> Iterator[tuple[str, Sort]]:
        try:
            listing = self._disk.entries(head.removesuffix("/"))
        except FileNotFoundError:
            return
        for name, sort in listing:
            if head or not any(fnmatchcase(name, pattern) for pattern in self._beside):
                yield head + name, sort

    def _collect(self, head: str, prefix: str, found: list[str]) -> None:
        for name, sort in self._listed(head):
            if name.startswith(".", len(head)):
                continue
            if sort is Sort.DIRECTORY:
                if f"{name}/".startswith(prefix) or prefix.startswith(f"{name}/"):
                    self._collect(f"{name}/", prefix, found)
            elif name.startswith(prefix):
                found.append(name)

    def _collect_strangers(self, head: str, found: list[str]) -> None:
        for name, sort in self._listed(head):
            if sort is Sort.DIRECTORY and is_blob_name(name):
                self._collect_strangers(f"{name}/", found)
            elif not self._is_plain(name, name[len(head) :]):
                found.append(name)

    def _is_plain(self, name: str, last: str) -> bool:
        """Say whether this is one file under one name that a blob, or the half of one, may have."""
        if not is_blob_name(name) and _HALF.fullmatch(last) is None:
            return False
        found = self._disk.look(name)
        return found is None or (found.sort is Sort.FILE and found.links == 1)
