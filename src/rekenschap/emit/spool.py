# SPDX-License-Identifier: EUPL-1.2
"""Where looks wait until they are delivered: one file for each process, written before the data is shown.

A frame is "RKL1", length (4 bytes, big-endian), CRC-32 of these eight, CRC-32 of the payload, payload: one
that is damaged takes no other with it. Each file is locked while its process lives (flock); who finds one
unlocked takes it over. The files hold personal data in clear: folder 0700, file 0600.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from zlib import crc32

from rekenschap.errors import StoreError

ENDING = ".looks"
SENT = ".sent"
DAMAGED = ".damaged"
REFUSED = "refused"
FULL_FILE = 16 << 20
"""bytes after which a process begins another file"""
_SMALL = 64 << 10
_MARK = b"RKL1"
_START, _HEAD = struct.Struct(">4sI"), struct.Struct(">4sIII")
MOST_OF_A_FRAME = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A position in one file: what was written before it is durable when `Spool.sync` returns."""

    file: SpoolFile
    end: int


class SpoolFile:
    """One file of frames, open and locked; several threads may append, one reads."""

    def __init__(self, path: Path, descriptor: int, *, ours: bool) -> None:
        self.path, self.ours = path, ours
        self.written = self.durable = os.fstat(descriptor).st_size
        self._descriptor = descriptor
        self._writing, self._syncing = Lock(), Lock()
        self.broken = self.finished = False
        self.is_damaged = _noted(path)[1]

    @classmethod
    def create(cls, folder: Path, ending: str = ENDING) -> SpoolFile:
        """Begin a file of our own, whose name is durable too."""
        path = folder / f"{os.getpid()}-{secrets.token_hex(8)}{ending}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _sync_folder(folder)
        return cls(path, descriptor, ours=True)

    @classmethod
    def taken_over(cls, path: Path) -> SpoolFile | None:
        """Open a file whose process is gone; None when it lives, or somebody else was first."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_nlink:
                return cls(path, descriptor, ours=False)
        except OSError:
            pass
        os.close(descriptor)
        return None

    def append(self, payloads: Sequence[bytes]) -> int | None:
        """Write frames, all or none, not yet durable; gives the position behind them. Raises OSError.

        None when the file was finished meanwhile: then there is another to write to.
        """
        raw = b"".join(map(_framed, payloads))
        with self._writing:
            if self.finished:
                return None
            if self.broken:
                raise OSError
            try:
                done = 0
                while done < len(raw):
                    done += os.pwrite(self._descriptor, raw[done:], self.written + done)
            except OSError:
                self._take_back()
                raise
            self.written += len(raw)
            return self.written

    def finish(self) -> None:
        """Write nothing more to it; only then may it be removed when all is delivered."""
        with self._writing:
            self.finished = True

    def sync(self, end: int) -> None:
        """Make everything up to `end` durable; threads that wait together share one sync. Raises OSError."""
        with self._syncing:
            if self.durable >= end:
                return
            if self.broken:
                raise OSError
            written = self.written
            try:
                os.fdatasync(self._descriptor)
            except OSError:
                # After a failed sync the system may call the next one good: this file gets nothing more.
                self.broken = True
                raise
            self.durable = written

    def frames(self, start: int) -> Iterator[tuple[bytes, int]]:
        """Give the durable frames from a position on, each with the position behind it.

        What is damaged between two of them is passed over and noted in `is_damaged`; so is what is left at
        the end, unless it is the last write of a process that was killed.
        """
        end, at = self.durable, start
        while at < end:
            frame = self._frame(at, end)
            if frame is not None:
                yield frame
                at = frame[1]
            elif self._is_torn(at, end):
                return
            else:
                self.is_damaged = True
                at = self._next(at + 1, end)

    def _frame(self, start: int, end: int) -> tuple[bytes, int] | None:
        size = self._size(start)
        if size is None or start + _HEAD.size + size > end:
            return None
        payload = os.pread(self._descriptor, size, start + _HEAD.size)
        checksum = _HEAD.unpack(os.pread(self._descriptor, _HEAD.size, start))[3]
        return (payload, start + _HEAD.size + size) if crc32(payload) == checksum else None

    def _size(self, start: int) -> int | None:
        """Give the length of the frame at a position, when its head is whole."""
        head = os.pread(self._descriptor, _HEAD.size, start)
        if len(head) < _HEAD.size:
            return None
        mark, size, own, _ = _HEAD.unpack(head)
        return int(size) if mark == _MARK and own == crc32(head[: _START.size]) else None

    def _is_torn(self, start: int, end: int) -> bool:
        """Say whether what is left can be the last write of a process that was killed, or of a power cut."""
        size, rest = self._size(start), end - start
        if size is not None:
            return size + _HEAD.size > rest
        left = os.pread(self._descriptor, min(rest, 2 * FULL_FILE), start)
        return not left.strip(b"\0") or (rest < _HEAD.size and left.startswith(_MARK[:rest]))

    def _next(self, start: int, end: int) -> int:
        """Search the next whole frame after damage; gives `end` when there is none."""
        left = os.pread(self._descriptor, end - start, start)
        at = left.find(_MARK)
        while at >= 0 and self._frame(start + at, end) is None:
            at = left.find(_MARK, at + 1)
        return end if at < 0 else start + at

    @property
    def sent(self) -> int:
        """How far the frames are delivered; may be behind, never ahead."""
        return _noted(self.path)[0]

    def mark_sent(self, end: int) -> None:
        """Note how far delivery is, and whether it came past damage.

        Not synced: what is delivered twice is one fact, and damage that is not noted is found again.
        """
        place, note = self._beside(SENT), b"%d damaged" % end if self.is_damaged else b"%d" % end
        place.with_suffix(".new").write_bytes(b"%b %d" % (note, crc32(note)))
        place.with_suffix(".new").replace(place)

    def end(self) -> None:
        """Let go of a file that is delivered: it is deleted, or set aside when it was damaged."""
        if self.is_damaged:
            self._set_aside()
        else:
            self._remove()

    def _remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self._beside(SENT).unlink(missing_ok=True)
        self.close()

    def _set_aside(self) -> None:
        """Keep a file that was damaged, for a human, out of the way."""
        self.path.rename(self.path.with_suffix(DAMAGED))
        self._beside(SENT).unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with suppress(OSError):
            os.close(self._descriptor)

    def _beside(self, ending: str) -> Path:
        return self.path.with_suffix(ending)

    def _take_back(self) -> None:
        try:
            os.ftruncate(self._descriptor, self.written)
        except OSError:
            self.broken = True


def _framed(payload: bytes) -> bytes:
    start = _START.pack(_MARK, len(payload))
    return _HEAD.pack(_MARK, len(payload), crc32(start), crc32(payload)) + payload


def _noted(path: Path) -> tuple[int, bool]:
    """Give how far delivery is, and whether there was damage before that.

    0 when the note is none: what is delivered again is one fact, what is passed over is lost.
    """
    try:
        note, _, checksum = path.with_suffix(SENT).read_bytes().rpartition(b" ")
        end, _, damaged = note.partition(b" ")
        return (int(end), bool(damaged)) if int(checksum) == crc32(note) else (0, False)
    except (OSError, ValueError):
        return 0, False


class Spool:
    """The folder of one system; several processes share it, each with files of its own."""

    def __init__(self, folder: Path, *, most_bytes: int, ending: str = ENDING) -> None:
        self._folder, self._most, self._ending = folder, most_bytes, ending
        self._lock = Lock()
        self._own: SpoolFile | None = None
        self._full: list[SpoolFile] = []
        self._taken: list[SpoolFile] = []
        _make_private(folder)
        _spools.add(self)

    def append(self, payloads: Sequence[bytes]) -> Place:
        """Write frames, all or none; `sync` makes them durable. Raises StoreError when that cannot be."""
        if any(len(each) > MOST_OF_A_FRAME for each in payloads):
            raise _no_room(f"a look of at most {MOST_OF_A_FRAME} bytes", "a longer one", "shorten its fields")
        try:
            while True:
                file = self._writable()
                end = file.append(payloads)
                if end is not None:
                    return Place(file=file, end=end)
        except OSError as error:
            raise _not_written() from error

    def sync(self, place: Place) -> None:
        """Make what was written up to a place durable; raises StoreError when that cannot be promised."""
        try:
            place.file.sync(place.end)
        except OSError as error:
            raise _not_written() from error

    def files(self) -> list[SpoolFile]:
        """Give the files to deliver from, those of dead processes first."""
        with self._lock:
            known = {each.path for each in (*self._taken, *self._full, self._own) if each is not None}
            for path in sorted(self._folder.glob(f"*{self._ending}")):
                if path not in known and path.stem != REFUSED:
                    found = SpoolFile.taken_over(path)
                    self._taken += [] if found is None else [found]
            return [*self._taken, *self._full, *([] if self._own is None else [self._own])]

    def done(self, file: SpoolFile, *, tidy: bool) -> None:
        """A file is delivered as far as it goes: remove it, unless we still write to it and it is small.

        With `tidy` it goes however small: what is delivered must not lie here for long.
        """
        with self._lock:
            if file is self._own:
                if file.sent < file.written or (file.written < _SMALL and not tidy) or not file.written:
                    return
                file.finish()
                self._own = None
                self._full.append(file)
            if file.ours and file.sent < file.written and not file.broken:
                return  # somebody wrote just before it was finished
            self._taken = [each for each in self._taken if each is not file]
            self._full = [each for each in self._full if each is not file]
        file.end()

    def refuse(self, payload: bytes) -> None:
        """Keep a frame nobody will take, for a human; on return it is durable."""
        path = self._folder / f"{REFUSED}{self._ending}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, _framed(payload))
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)

    def waiting_bytes(self) -> int:
        """How many bytes of looks are in the folder and not delivered, of all processes."""
        found = 0
        for path in self._folder.glob(f"*{self._ending}"):
            with suppress(OSError):
                found += 0 if path.stem == REFUSED else path.stat().st_size - _noted(path)[0]
        return found

    def damaged(self) -> int:
        """How many files were damaged, and wait for a human."""
        return sum(1 for _ in self._folder.glob(f"*{DAMAGED}"))

    def close(self) -> None:
        """Let go of all files; what is delivered goes, what waits stays for the next process."""
        with self._lock:
            for file in (*self._taken, *self._full, *([] if self._own is None else [self._own])):
                file.finish()
                if file.sent >= file.written:
                    file.end()
                else:
                    file.close()
            self._own, self._full, self._taken = None, [], []

    def after_fork(self) -> None:
        """Begin anew in a child: the files belong to the parent, and its locks may be held by nobody here."""
        self._lock = Lock()
        for file in (*self._taken, *self._full, *([] if self._own is None else [self._own])):
            file.close()
        self._own, self._full, self._taken = None, [], []

    def _writable(self) -> SpoolFile:
        with self._lock:
            own = self._own
            if own is None or own.broken or own.written >= FULL_FILE:
                if self.waiting_bytes() >= self._most:
                    raise _no_room(
                        f"at most {self._most} bytes of looks that wait",
                        "no more room",
                        "see why the front door does not take them",
                    )
                if own is not None:
                    own.finish()
                    self._full.append(own)
                self._own = own = SpoolFile.create(self._folder, self._ending)
            return own


_spools: weakref.WeakSet[Spool] = weakref.WeakSet()


def _renew_all() -> None:
    for each in list(_spools):
        each.after_fork()


os.register_at_fork(after_in_child=_renew_all)


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder)
    except OSError as error:
        raise StoreError(
            expected="a folder for looks that wait, on a disk of this machine",
            found="one that cannot be made or written",
            remedy="give this program a folder of its own",
        ) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _no_room(expected: str, found: str, remedy: str) -> StoreError:
    return StoreError(expected=expected, found=found, remedy=remedy)


def _not_written() -> StoreError:
    return StoreError(
        expected="a disk on which a look can be written down",
        found="one that refused",
        remedy="do not show the data; make room on the disk and try again",
        retryable=True,
    )
