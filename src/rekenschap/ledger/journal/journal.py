# SPDX-License-Identifier: EUPL-1.2
"""Group commit: any number of threads append, one of them writes and syncs for all who wait.

An index that was given stands for rows that survive a power cut. After one failed write or sync nothing is
known about the file any more: everybody who waits is told, and the journal stays closed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from copy import copy
from threading import Condition, Lock

from rekenschap.errors import RefusedError, RekenschapError, StoreError
from rekenschap.ledger.journal.batch import Batch, Group, Limits, in_frames
from rekenschap.ledger.journal.files import Spares, clear, write_zeros
from rekenschap.ledger.journal.frames import END, head_and_sum
from rekenschap.ledger.journal.reading import DIRECTORY, Found, JournalFile, file_name
from rekenschap.seams.disk import Disk, File, make_directories, trouble

_GATHER = 0.0005
"""Seconds the writer waits at most for others to come along: about as long as a disk takes to sync."""


class Journal:
    """The write-ahead journal of one ledger; `opening` is called with the first index of each new file.

    What `opening` does is durable before any row of that file is acknowledged. `admit` sees the batches that
    are about to be written, in the order in which they get their index: it makes rows of what was only
    offered, and gives an error to each that it refuses.
    """

    def __init__(
        self,
        disk: Disk,
        found: Found,
        *,
        opening: Callable[[int], None],
        admit: Callable[[Sequence[Batch]], None] = lambda _: None,
        limits: Limits | None = None,
    ) -> None:
        self._disk, self._opening, self._admit = disk, opening, admit
        self._limits = Limits() if limits is None else limits
        self._mutex, self._writing = Lock(), Lock()
        self._room = Condition(self._mutex)
        self._waiting: deque[Group] = deque()
        self._waiting_bytes = self._kept_out = 0
        self._is_led = False
        self._together = 0
        self._error: RekenschapError | None = None
        self._shut: RekenschapError | None = None
        self._durable: list[Batch] = []
        self._next = found.end
        self._full = [(each.first, each.end, each.used) for each in found.files[:-1]]
        self._file: File | None = None
        self._first = self._at = self._size = 0
        try:
            self._spares = self._repaired(found)
            if found.files:
                self._resume(found.files[-1])
        except OSError as error:
            raise trouble(error, "repair the journal") from error

    @property
    def end(self) -> int:
        """The index the next row will get; all before it are durable."""
        return self._next

    @property
    def error(self) -> RekenschapError | None:
        """Why it stopped, if it did."""
        return self._error

    def append(self, batch: Batch) -> int:
        """Write the batch durably; gives the index of its first row. Waits while too much is waiting.

        Raises StoreError when the journal failed, now or before; RefusedError when the batch is too large.
        """
        self._check_size(batch)
        with self._mutex:
            while self._waiting_bytes and self._waiting_bytes + batch.size > self._limits.waiting:
                self._check_open()
                self._kept_out += 1
                self._room.wait()
                self._kept_out -= 1
            self._check_open()
            if self._shut is not None:
                raise self._shut
            group = self._joined(batch)
            is_first, has_turn = group.batches[0] is batch, not self._is_led
            self._is_led = True
        if is_first:
            if not has_turn:
                self._await_turn(group)
            self._lead(group)
        else:
            group.done.acquire()  # our rows are durable, or failed
            group.done.release()  # and so are those of the next who waits
        if batch.error is not None:
            raise copy(batch.error) from batch.error  # many raise it, each in a thread of its own
        return batch.first

    def taken(self) -> list[Batch]:
        """Give the batches that became durable since the last time, in the order of their rows."""
        with self._mutex:
            durable, self._durable = self._durable, []
            return durable

    def roll(self, *, patience: float = -1) -> bool:
        """End the file: the next row begins another; a file without rows stays.

        Gives up after `patience` seconds when appends come without a pause; says whether it ended.
        """
        if not self._writing.acquire(timeout=patience):
            return False
        try:
            self._end_file()
        finally:
            self._writing.release()
        return True

    def full(self) -> list[tuple[int, int]]:
        """Give first index and end of every file that ended and was not recycled yet."""
        return [(first, end) for first, end, _ in self._full]

    def full_bytes(self) -> int:
        """Say how many bytes those files hold together."""
        return sum(used for _, _, used in self._full)

    def began(self) -> tuple[int, int]:
        """Give the first index of the file that is being written, and its bytes."""
        return (self._first, self._at) if self._file is not None else (self._next, 0)

    def recycle(self, first: int) -> None:
        """Let go of a file that ended: its rows are durable elsewhere. It is wiped and used again."""
        self._check_open()
        try:
            self._spares.keep(file_name(first))
        except OSError as error:
            raise self._failed(trouble(error, "recycle the journal")) from error
        self._full = [each for each in self._full if each[0] != first]

    def prepare(self) -> None:
        """Have a file ready for when this one is full, so that nobody waits for its zeros.

        It is as large as the largest that waits to be sealed: while much comes in it will be full, too.
        """
        self._check_open()
        try:
            if not len(self._spares) and (self._file is not None or self._full):
                self._spares.make(max([self._size, *[used for _, _, used in self._full]]))
        except OSError as error:
            raise self._failed(trouble(error, "prepare a journal file")) from error

    def shut(self, reason: RekenschapError) -> None:
        """Take no more; returns when all that was taken is durable or failed. Files can still be recycled."""
        with self._mutex:
            self._shut = reason
        while self._is_led:
            with self._writing:
                pass

    def stop(self, error: RekenschapError) -> None:
        """Refuse every append from now on, also of those who wait, with this error."""
        self._fail((), error)

    def close(self) -> None:
        """Stop and let go of the file. Rows that were not sealed stay in it."""
        self._fail((), _closed())
        with self._writing:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _joined(self, batch: Batch) -> Group:
        """Put a batch in the last group that waits, or in a new one when that is full."""
        group = self._waiting[-1] if self._waiting else None
        if group is None or group.size + batch.size > self._limits.group:
            group = Group()
            self._waiting.append(group)
        group.add(batch)
        self._waiting_bytes += batch.size
        return group

    def _await_turn(self, group: Group) -> None:
        try:
            group.turn.acquire()
        except BaseException:
            # Broken off (a signal) where others count on us: they are told when their turn would have come.
            self._fail((), _closed())
            group.turn.acquire()
            self._lead(group)
            raise

    def _lead(self, group: Group) -> None:
        """Write for everybody in the group, then give the lead to the next group."""
        self._gather(group)
        with self._mutex:
            self._waiting.popleft()  # from now on nobody joins it
            self._waiting_bytes -= group.size
            if self._kept_out:
                self._room.notify_all()
        batches = group.batches
        try:
            with self._writing:
                self._check_open()
                self._admit(batches)
                self._commit([batch for batch in batches if self._is_good(batch)])
        except OSError as error:
            self._fail(batches, trouble(error, "write the journal"))
        except RekenschapError as error:
            self._fail(batches, error)
        except BaseException:
            self._fail(batches, _closed())
            raise
        finally:
            with self._mutex:
                following = self._waiting[0] if self._waiting else None
                self._is_led = following is not None
            if following is not None:
                following.turn.release()
            group.done.release()

    def _gather(self, group: Group) -> None:
        """Wait until as many came as were written last time, which are on their way back; not for long.

        A sync costs the same for many as for few. Who is alone never waits.
        """
        with self._mutex:
            if len(group.batches) < self._together:
                group.wanted = self._together
        if group.wanted:
            group.gathered.acquire(timeout=_GATHER)
            group.wanted = 0
        self._together = len(group.batches)

    def _is_good(self, batch: Batch) -> bool:
        """Say whether a batch was admitted, and is no larger than it was thought to be."""
        if batch.error is None and batch.offered is not None:
            try:
                self._check_size(batch)
            except RefusedError as error:
                batch.error = error
        return batch.error is None

    def _commit(self, group: Sequence[Batch]) -> None:
        rest = list(group)
        while rest:
            fitting = self._fitting(rest)
            if not fitting:
                self._begin_file(rest[0])
                continue
            self._write(rest[:fitting])
            rest = rest[fitting:]

    def _fitting(self, group: Sequence[Batch]) -> int:
        """Count how many of the batches go in the file that is open."""
        if self._file is None:
            return 0
        rows, used = self._next - self._first, self._at + len(END)
        for number, batch in enumerate(group):
            rows, used = rows + batch.rows, used + batch.size
            if rows > self._limits.rows or (used > self._limits.file and used > self._size):
                return number
        return len(group)

    def _write(self, group: Sequence[Batch]) -> None:
        assert self._file is not None  # noqa: S101 — `_fitting` has seen it
        epoch = index = self._next
        parts: list[bytes | memoryview] = []
        frames = in_frames(group, index)
        for frame in frames:
            numbers = (epoch, index, frame.kind, frame.schema_no, frame.rows)
            parts += (head_and_sum(numbers, frame.lengths, frame.blob), frame.lengths, frame.blob)
            index += frame.rows
        parts.append(END)
        blob = b"".join(parts)
        if self._at + len(blob) > self._size:
            self._grow(self._at + len(blob))
        self._file.write(self._at, blob)
        self._file.sync()
        # Only now is anything true.
        self._at += len(blob) - len(END)
        for batch in group:
            batch.first = self._next
            self._next += batch.rows
        with self._mutex:
            self._durable += frames

    def _grow(self, needed: int) -> None:
        assert self._file is not None  # noqa: S101
        size = max(needed, min(2 * self._size, self._limits.file))
        write_zeros(self._file, self._size, size)
        self._size = size

    def _begin_file(self, batch: Batch) -> None:
        self._end_file()
        self._opening(self._next)
        size = max(self._limits.begin, batch.size + len(END))
        make_directories(self._disk, DIRECTORY)
        self._file = self._spares.place(file_name(self._next), size)
        self._first, self._at, self._size = self._next, 0, self._file.size()

    def _end_file(self) -> None:
        if self._file is not None and self._next > self._first:
            self._file.close()
            self._file = None
            self._full.append((self._first, self._next, self._at))

    def _repaired(self, found: Found) -> Spares:
        for name in found.halves:
            self._disk.remove(name)
        spares = Spares(self._disk, found.spares)
        for name in found.spent:
            spares.keep(name)
        return spares

    def _resume(self, last: JournalFile) -> None:
        """Go on in the last file; what a broken-off write left there is wiped before anything is added."""
        clear(self._disk, last.name, start=last.used)
        self._file = self._disk.open(last.name)
        self._first, self._at, self._size = last.first, last.used, last.size

    def _check_size(self, batch: Batch) -> None:
        most = min(self._limits.waiting, self._limits.file - len(END))
        if not 0 < batch.rows <= self._limits.rows or batch.size > most:
            raise RefusedError(
                expected=f"a batch of 1 up to {self._limits.rows} rows and at most {most} bytes",
                found=f"{batch.rows} rows in {batch.size} bytes",
                remedy="offer it in smaller batches",
                rule="batch size",
            )

    def _check_open(self) -> None:
        if self._error is not None:
            raise copy(self._error) from self._error

    def _fail(self, group: Sequence[Batch], error: RekenschapError) -> None:
        """Remember the error, and tell it to a group; whoever leads a later one finds it then."""
        with self._mutex:
            self._error = self._error or error
            self._room.notify_all()
        for batch in group:
            if batch.first < 0:
                batch.error = batch.error or error

    def _failed(self, error: RekenschapError) -> RekenschapError:
        self._fail((), error)
        return error


def _closed() -> StoreError:
    return StoreError(
        expected="a journal that is open",
        found="one that was closed",
        remedy="open the ledger again",
        retryable=True,
    )
