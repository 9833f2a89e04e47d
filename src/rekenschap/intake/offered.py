# SPDX-License-Identifier: EUPL-1.2
"""What is offered at the door: a file, or bodies that came over a network. Gives blocks of rows, and knows in
whose name a bad row waits: the SHA-256 of what it came in, and its line in that."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.errors import SourceError
from rekenschap.intake.private.quarantine import BadRow, Quarantine, Which
from rekenschap.intake.profile import Profile
from rekenschap.intake.readers import check_columns, reader_for
from rekenschap.seams.source import Block, Reader

T = TypeVar("T")
_MOST_AHEAD = 8


class Offered(Protocol):
    """Rows on their way in."""

    counts_anew: bool
    """Whether the numbers of its rows are told now, and not when they came in first."""

    def blocks(self) -> Iterator[Block]:
        """Give the rows, in the same order each time they are asked for; no two rows share a line."""

    def homes(self, bad: Sequence[BadRow]) -> Mapping[bytes, Sequence[BadRow]]:
        """Give bad rows by the SHA-256 of what they came in, each with its line there."""

    def origin_of(self, digest: bytes) -> str:
        """Give the name of who handed it over; empty for a file."""

    def passed_over(self, lines: pa.Array) -> None:
        """Hear which sound rows no rule of the profile is about."""

    def settle(self, quarantine: Quarantine, bad: Set[int]) -> None:
        """Let go of what waited and no longer has to, now that its facts are durable; `bad` still wait."""


class OfferedFile:
    """One file, read by the reader that its profile names."""

    counts_anew = True

    def __init__(self, path: Path, profile: Profile, readers: Mapping[str, Reader]) -> None:
        self._path, self._profile = path, profile
        self._reader, self._options = reader_for(profile, path, readers)

    def blocks(self) -> Iterator[Block]:
        """Give its blocks; the first with rows decides whether it is a file of this profile."""
        checked = False
        for block in self._reader.blocks(self._path, self._options):
            if not checked and (block.rows.num_columns or block.broken):
                check_columns(self._profile, self._reader, block)
                checked = True
            yield block
        if not checked:
            raise SourceError(
                expected="a file with rows",
                found="no row at all",
                remedy="ask the supplier for the file again",
            )

    def homes(self, bad: Sequence[BadRow]) -> Mapping[bytes, Sequence[BadRow]]:
        """Give all of them under the digest of the file."""
        return {self._digest: bad}

    def origin_of(self, digest: bytes) -> str:
        """Give nobody."""
        return ""

    def passed_over(self, lines: pa.Array) -> None:
        """Do nothing: whoever has the file has those rows."""

    def settle(self, quarantine: Quarantine, bad: Set[int]) -> None:
        """Let go of the rows of this file that waited for a profile which takes them in now."""
        profile = self._profile.id
        if quarantine.has(profile):
            held = quarantine.keys(Which(profile=profile, digest=self._digest))
            quarantine.remove_rows([key for key in held if key[1] not in bad])

    @cached_property
    def _digest(self) -> bytes:
        try:
            with self._path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").digest()
        except OSError:
            raise SourceError(
                expected="a file that stays while it is read",
                found="one that went away",
                remedy="offer it again",
            ) from None


class OfferedBodies:
    """Blocks made of bodies that came over a network.

    A line of a block is the number of its row in the whole. `bodies` says of each row in which body it came
    (its place in what `digests` gives), `numbers` which record of that body it was; `origins` who sent each
    body. `digests` is asked only when a row is bad.
    """

    counts_anew = True

    def __init__(
        self,
        blocks: Sequence[Block],
        *,
        digests: Callable[[], Sequence[bytes]],
        bodies: npt.NDArray[np.int32],
        numbers: npt.NDArray[np.int64],
        origins: Sequence[str] = (),
    ) -> None:
        self._blocks, self._told = blocks, digests
        self._bodies, self._numbers = bodies, numbers
        self._senders = origins

    def blocks(self) -> Iterator[Block]:
        """Give the blocks."""
        return iter(self._blocks)

    def homes(self, bad: Sequence[BadRow]) -> Mapping[bytes, Sequence[BadRow]]:
        """Give each under the digest of its body, with its number there."""
        found: dict[bytes, list[BadRow]] = {}
        for row in bad:
            digest = self._digests[int(self._bodies[row.line])]
            found.setdefault(digest, []).append(replace(row, line=int(self._numbers[row.line])))
        return found

    def origin_of(self, digest: bytes) -> str:
        """Give who sent a body."""
        return self._origins.get(digest, "")

    @cached_property
    def _digests(self) -> Sequence[bytes]:
        return self._told()

    @cached_property
    def _origins(self) -> Mapping[bytes, str]:
        return dict(zip(self._digests, self._senders, strict=True)) if self._senders else {}

    def passed_over(self, lines: pa.Array) -> None:
        """Do nothing: a body is not kept."""

    def settle(self, quarantine: Quarantine, bad: Set[int]) -> None:
        """Do nothing: a body comes once."""


class _End:
    """The last of what a thread gives: why it ended, if that was not the end."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(source: Iterator[T], *, most: int = _MOST_AHEAD) -> Generator[T]:
    """Give what `source` gives, at most so many of them made ahead; raises what it raises, in its place."""
    ready: Queue[T | _End] = Queue(most)
    stop = Event()

    def make() -> None:
        error: BaseException | None = None
        try:
            for each in source:
                ready.put(each)
                if stop.is_set():
                    return
        except BaseException as raised:
            error = raised
        ready.put(_End(error))

    thread = Thread(target=make, name="rekenschap-reading", daemon=True)
    thread.start()
    try:
        while not isinstance(each := ready.get(), _End):
            yield each
        if each.error is not None:
            raise each.error
    finally:
        stop.set()
        while thread.is_alive():  # it may wait for room
            while not ready.empty():
                ready.get()
            thread.join(0.01)
