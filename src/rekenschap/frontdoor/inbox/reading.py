# SPDX-License-Identifier: EUPL-1.2
"""Reads frames in order, as far as they are said to be durable. Changes nothing on disk."""

from __future__ import annotations

from rekenschap.errors import InconsistentError
from rekenschap.frontdoor.inbox.files import Name, listed, read_cursor
from rekenschap.frontdoor.inbox.frames import HEAD, Frame, SealedFrame, length_of, read_frame
from rekenschap.frontdoor.inbox.recovering import found_in
from rekenschap.frontdoor.inbox.sealed import FrameSeal
from rekenschap.seams.disk import Disk, File, in_words

_PIECE = 4 << 20


class InboxReader:
    """Goes through the frames from number `start` on, once."""

    def __init__(self, disk: Disk, seal: FrameSeal, *, start: int) -> None:
        self._disk, self._seal = disk, seal
        self.next = start
        self._open: _Opened | None = None
        self._names: list[Name] = []

    def take(self, end: int, *, most: int) -> list[tuple[int, Frame]]:
        """Give frames up to number `end`, numbered, until their bodies hold more than `most` bytes.

        Raises InconsistentError when one that is durable is not there, KeysError when one does not open.
        """
        taken: list[tuple[int, Frame]] = []
        size = 0
        if self.next < end:
            self._names, _ = listed(self._disk)  # whatever holds a frame before `end` is there by now
        while self.next < end and (not taken or size < most):
            sealed = self._following()
            if sealed is None:
                break
            frame = self._seal.open(sealed.sealed, sealed.number)
            taken.append((sealed.number, frame))
            size += len(frame.body)
            self.next = sealed.number + 1
        return taken

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _following(self) -> SealedFrame | None:
        """Give the next frame; None when what is left of a piece of evidence holds no more."""
        name, following = self._place()
        try:
            with in_words("read", "the inbox"):
                if self._open is None or self._open.name != name:
                    self.close()
                    self._open = _Opened(self._disk, name)
                frame = self._open.frame(self.next)
        except FileNotFoundError:
            raise _gone(self.next) from None
        if frame is not None and (following is None or frame.number < following):
            return frame
        if not name.is_evidence:
            raise _gone(self.next)
        if following is None:
            return None
        self.next = following
        return self._following()

    def _place(self) -> tuple[Name, int | None]:
        """Give the file that holds the next frame, and where the one after it begins.

        A file that was given up may hold later frames too, of which nobody was told: they do not count.
        """
        before = [name for name in self._names if name.first <= self.next]
        after = [name.first for name in self._names if name.first > self.next]
        if not before:
            raise _gone(self.next)
        return before[-1], min(after, default=None)


def oldest_waiting(disk: Disk, seal: FrameSeal) -> int | None:
    """Say when what waits longest came in (µs UTC), as far as it is noted; None when nothing waits.

    Raises KeysError when it was sealed elsewhere, StoreError or InconsistentError.
    """
    try:
        done = read_cursor(disk)
        names = [name for name in listed(disk)[0] if not name.is_evidence]
        begun = [name for name in names if name.first <= done][-1:]
        for name in [*begun, *(name for name in names if name.first > done)]:
            opened = _Opened(disk, name)
            try:
                frame = opened.frame(max(done, name.first))
            finally:
                opened.close()
            if frame is not None:
                return seal.open(frame.sealed, frame.number).received_at
    except FileNotFoundError:  # worked off meanwhile
        return None
    return None


class _Opened:
    """One file of which frames are taken in order."""

    def __init__(self, disk: Disk, name: Name) -> None:
        self.name = name
        self._evidence: list[SealedFrame] | None = None
        self._file: File | None = None
        self._number, self._at = name.first, 0
        self._piece, self._begin = b"", 0
        if name.is_evidence:
            self._evidence = found_in(memoryview(disk.read(str(name))), name, None)
        else:
            self._file = disk.open(str(name))

    def frame(self, number: int) -> SealedFrame | None:
        """Give the frame with this number, or the first one after it in a piece of evidence."""
        if self._evidence is not None:
            return next((each for each in self._evidence if each.number >= number), None)
        while (frame := self._read()) is not None:
            self._number, self._at = frame.number + 1, self._begin + frame.end
            if frame.number == number:
                return frame
        return None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _read(self) -> SealedFrame | None:
        for length in (HEAD, None):
            needed = length_of(self._rest(HEAD)) if length is None else length
            if needed is None:
                return None
            self._hold(needed)
        frame = read_frame(memoryview(self._piece), self._at - self._begin)
        return frame if frame is not None and frame.number == self._number else None

    def _rest(self, length: int) -> bytes:
        at = self._at - self._begin
        return self._piece[at : at + length]

    def _hold(self, length: int) -> None:
        """Have so many bytes from here on in memory, if the file has them."""
        assert self._file is not None  # noqa: S101 — evidence is not read in pieces
        if self._at + length > self._begin + len(self._piece):
            self._piece, self._begin = self._file.read(self._at, max(length, _PIECE)), self._at


def _gone(number: int) -> InconsistentError:
    return InconsistentError(
        expected=f"frame {number} in the inbox, as it was acknowledged",
        found="none that is whole",
        remedy="keep the inbox as evidence and start again: it is then looked through from the beginning",
    )
