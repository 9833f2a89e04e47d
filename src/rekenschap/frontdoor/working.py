# SPDX-License-Identifier: EUPL-1.2
"""The worker: frames out of the inbox, in groups, to who takes them in. What nobody can take in is set apart
whole, so that it never stops what comes after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from rekenschap.errors import RefusedError, RejectedRecordError, RekenschapError, SourceError
from rekenschap.frontdoor.inbox import Frame, InboxReader
from rekenschap.frontdoor.link import WorkerLine

_GROUP = 16 << 20
"""Bytes of bodies that are taken in together."""
_IDLE = 5.0


class Takes(Protocol):
    """Who takes frames in."""

    def take(self, frames: Sequence[Frame]) -> None:
        """Bring every record of some frames to ledger or quarantine; on return they are durable there."""

    def set_apart(self, frame: Frame) -> None:
        """Put a whole frame in quarantine."""


class Worker:
    """Works off an inbox until the line ends."""

    def __init__(self, reader: InboxReader, inside: Takes, line: WorkerLine, *, most: int = _GROUP) -> None:
        self._reader, self._inside, self._line, self._most = reader, inside, line, most

    def run(self) -> None:
        """Work; raises what is no fault of a frame: the ledger, the disk, the keys."""
        self._line.ready()
        while (end := self._line.wait(self._reader.next, patience=_IDLE)) is not None:
            if self._reader.next < self._line.careful_until:
                self._take_carefully(end)
            else:
                self._take([frame for _, frame in self._reader.take(end, most=self._most)])
            self._line.done(self._reader.next)

    def _take_carefully(self, end: int) -> None:
        """Take one frame, and say so first: should it end this process, it is known which it was."""
        for number, frame in self._reader.take(end, most=1):
            self._line.at(number)
            if number == self._line.apart:
                self._set_apart(frame, "ending the worker")
            else:
                self._take([frame])

    def _take(self, frames: Sequence[Frame]) -> None:
        """Take frames in, all at once, or one by one when one of them cannot be."""
        fault = tried(lambda: self._inside.take(frames)) if frames else None
        if fault is None:
            return
        if len(frames) > 1:
            for frame in frames:
                self._take([frame])
            return
        self._set_apart(frames[0], fault)

    def _set_apart(self, frame: Frame, fault: str) -> None:
        self._inside.set_apart(frame)
        self._line.said(f"one request is set apart whole, in quarantine, for {fault}")


def tried(deed: Callable[[], None]) -> str | None:
    """Do something; gives the name of the fault when it is one of what was given, not of the world."""
    try:
        deed()
    except (SourceError, RejectedRecordError) as error:
        return type(error).__name__
    except RefusedError as error:
        if error.rule == "clock":
            raise
        return type(error).__name__
    except (RekenschapError, OSError):
        raise
    except Exception as error:
        return type(error).__name__
    return None
