# SPDX-License-Identifier: EUPL-1.2
"""What an inbox holds when it is found again, and where a write was broken off.

A damaged frame is the end of a write that nobody was told of, unless something shows that it had been
durable: a frame that was written later, or a later file. Then it is an alarm, and nothing is touched.
"""

from __future__ import annotations

from dataclasses import dataclass

from rekenschap.errors import InconsistentError
from rekenschap.frontdoor.inbox.files import Name, listed, read_cursor
from rekenschap.frontdoor.inbox.frames import SealedFrame, chain, frames_beyond
from rekenschap.seams.disk import Disk, in_words


@dataclass(frozen=True, slots=True)
class Part:
    """One file that still counts: the numbers in it up to `end`, and its bytes."""

    name: Name
    end: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Frames from number `done` up to `end` are to be worked off."""

    done: int
    end: int
    parts: tuple[Part, ...] = ()
    torn: int = 0
    """bytes of a write that was broken off; nobody was told that it was durable"""

    @property
    def size(self) -> int:
        """How many bytes the files hold that still count."""
        return sum(part.size for part in self.parts)


def recover(disk: Disk) -> Found:
    """Find out what waits, make it durable, and remove what counts no longer.

    Raises InconsistentError, and has touched nothing, when a frame is missing that had been durable.
    """
    done, (names, halves) = read_cursor(disk), listed(disk)
    living = _living(names, done)
    parts: list[Part] = []
    reached, torn = done, 0
    for at, name in enumerate(living):
        if parts and name.first > reached:
            raise _lost(reached, f"files that go on at frame {name.first}", parts[-1].name)
        following = living[at + 1].first if at + 1 < len(living) else None
        part, torn = _part(disk, name, following, done=done)
        parts.append(part)
        reached = max(reached, part.end)
    if living and not parts[0].name.is_evidence and living[0].first > done > 0:
        raise _lost(done, f"files that begin at frame {living[0].first}", living[0])
    _tidy(disk, [str(name) for name in names if name not in living and not name.is_evidence] + halves, parts)
    return Found(done=done, end=reached, parts=tuple(parts), torn=torn)


def _living(names: list[Name], done: int) -> list[Name]:
    """Leave out the files of which every frame is worked off."""
    before = [name for name in names if name.first <= done]
    return before[-1:] + [name for name in names if name.first > done]


def _part(disk: Disk, name: Name, following: int | None, *, done: int) -> tuple[Part, int]:
    """Read one file; says how many bytes at its end are of a write that was broken off."""
    with in_words("read", str(name)):
        content = memoryview(disk.read(str(name)))
    if name.is_evidence:
        numbers = [frame.number for frame in found_in(content, name, following)]
        return Part(name, following or max(numbers, default=name.first - 1) + 1, len(content)), 0
    frames = chain(content, name.first)
    end, at = name.first + len(frames), frames[-1].end if frames else 0
    for later in frames_beyond(content, at):
        if later.epoch > end >= done and (following is None or end < following):
            raise _lost(end, f"a damaged frame before number {later.number}", name)
    return Part(name, end, at), len(bytes(content[at:]).rstrip(b"\0"))


def found_in(content: memoryview, name: Name, following: int | None) -> list[SealedFrame]:
    """Give the whole frames of a file in order: of evidence all there are, else those up to a damaged one."""
    if not name.is_evidence:
        frames = chain(content, name.first)
    else:
        by_number = {frame.number: frame for frame in frames_beyond(content, 0) if frame.number >= name.first}
        frames = [by_number[number] for number in sorted(by_number)]
    return frames if following is None else [frame for frame in frames if frame.number < following]


def _tidy(disk: Disk, spent: list[str], parts: list[Part]) -> None:
    with in_words("repair", "the inbox"):
        for name in spent:
            disk.remove(name)
        if parts:
            # After a kill its last frames may be seen and not be durable; later files will build on them.
            file = disk.open(str(parts[-1].name))
            try:
                file.sync()
            finally:
                file.close()
        disk.sync_directory("")


def _lost(number: int, found: str, name: Name) -> InconsistentError:
    return InconsistentError(
        expected=f"frame {number} in the inbox, as it was acknowledged",
        found=found,
        remedy=f"restore {name}; if you cannot, add .evidence to its name: what is whole in it is still "
        "taken in, and its sources must be asked for the rest",
    )
