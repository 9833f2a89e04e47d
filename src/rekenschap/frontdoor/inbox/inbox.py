# SPDX-License-Identifier: EUPL-1.2
"""Group commit: everybody who waits is written in one go and synced once; then all are told.

A number that was given stands for a frame that survives a power cut. Of a file with a failed write or sync
nothing is known any more: it is left as it is, and the next group begins a new one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from rekenschap.frontdoor.inbox.files import Name, Reserve, file_name
from rekenschap.frontdoor.inbox.frames import Frame, framed
from rekenschap.frontdoor.inbox.recovering import Found
from rekenschap.frontdoor.inbox.sealed import FrameSeal
from rekenschap.seams.disk import Disk, File, trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many bytes go in one file, and how many may wait to be worked off before no more is taken."""

    file: int = 64 << 20
    waiting: int = 1 << 30


@dataclass(slots=True)
class _Ended:
    name: Name
    end: int
    size: int


class Inbox:
    """The inbox of a house that is alone at it; of one thread at a time."""

    def __init__(self, disk: Disk, seal: FrameSeal, found: Found, *, limits: Limits | None = None) -> None:
        self._disk, self._seal = disk, seal
        self._limits = Limits() if limits is None else limits
        self._ended = deque(_Ended(part.name, part.end, part.size) for part in found.parts)
        self._file: File | None = None
        self._first, self._at = found.end, 0
        self._noted = found.done
        self._reserve = Reserve(disk)
        self._reserve.keep()
        self.end, self.done = found.end, found.done

    @property
    def waiting(self) -> int:
        """How many bytes are on disk in files that are not worked off; one that is half done counts whole."""
        return sum(each.size for each in self._ended) + (self._at if self.done < self.end else 0)

    @property
    def is_full(self) -> bool:
        """Whether no more should be taken until something is worked off."""
        return self.waiting >= self._limits.waiting

    def put(self, frames: Sequence[Frame]) -> int:
        """Write frames and give the number of the first; on return they are durable.

        Raises StoreError; then some of them may still turn out to be there.
        """
        first, parts = self.end, list[bytes]()
        for number, frame in enumerate(frames, first):
            parts += framed(self._seal.seal(frame, number), number=number, epoch=first)
        blob = b"".join(parts)
        try:
            if self._file is None or self._at + len(blob) > self._limits.file:
                self._begin()
            self._written(blob)
        except OSError as error:
            self._finish()
            raise trouble(error, "write the inbox") from error
        self.end += len(frames)
        return first

    def advance(self, done: int, *, durably: bool = False) -> None:
        """Take note that every frame before `done` is worked off; files that hold no other are removed.

        Without `durably` the note itself may wait: what it would spare is only done again.
        """
        self.done = max(self.done, done)
        is_over = self.done == self.end and self._file is not None and durably
        if is_over:
            self._finish()
        spent = [each for each in self._ended if each.end <= self.done]
        if (spent or durably) and self._noted < self.done:
            self._reserve.write_cursor(self.done)
            self._noted = self.done
        self._remove(spent)
        if spent:
            self._reserve.keep()

    def close(self) -> None:
        """Let go of the file; what waits stays."""
        if self._file is not None:
            self._finish()

    def _begin(self) -> None:
        if self._file is not None:
            self._finish()
        name = file_name(self.end)
        if self._disk.look(name) is not None:
            self._disk.remove(name)  # begun, and nothing in it was acknowledged
        self._file = self._disk.create(name)
        self._first, self._at = self.end, 0

    def _written(self, blob: bytes) -> None:
        assert self._file is not None  # noqa: S101 — `_begin` came before
        self._file.write(self._at, blob)
        self._file.sync()
        if not self._at:
            self._disk.sync_directory("")
        self._at += len(blob)

    def _finish(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            if self.end > self._first:
                self._ended.append(_Ended(Name(self._first), self.end, self._at))
            self._at = 0

    def _remove(self, spent: Sequence[_Ended]) -> None:
        for each in spent:
            try:
                if not each.name.is_evidence:
                    self._disk.remove(str(each.name))
            except FileNotFoundError:
                pass
            except OSError as error:
                raise trouble(error, "remove what is worked off from the inbox") from error
            self._ended.remove(each)
