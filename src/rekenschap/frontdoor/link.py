# SPDX-License-Identifier: EUPL-1.2
"""The line between the two processes, in words on a pipe each way: what is durable, and what is worked off.

The worker ends when its line does, however that comes: nobody works off what nobody takes in any more.
"""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread
from typing import IO

from rekenschap.errors import ExitCode

NOWHERE = -1
_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
"""Seconds before a worker that ended is started again: twice as long each time it comes to nothing."""
_DEADLY = 2
"""A frame with which so many workers died, by a signal, is set apart whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is to be done at a word of the worker."""

    ready: Callable[[], None]
    done: Callable[[int], None]
    said: Callable[[str], None]


class WorkerProcess:
    """The side of who takes in: keeps one worker running by `command`, until `end`."""

    def __init__(self, command: Sequence[str], heard: Heard, *, span: Callable[[], tuple[int, int]]) -> None:
        self._command, self._heard, self._span = tuple(command), heard, span
        self._process: Process | None = None
        self._is_ready = self.is_ending = self.was_ready = False
        self._told = -1
        self._at = NOWHERE
        self._died = False
        self._deaths: Counter[int] = Counter()
        self.exit_code: int | None = None
        """how a worker ended after which no other is started"""

    @property
    def is_working(self) -> bool:
        """Whether somebody works off what is taken in."""
        return self._is_ready and not self.is_ending

    async def keep(self) -> None:
        """Run workers, one after another; returns when `end` was called or there is an alarm."""
        pause = _PAUSE
        while True:
            was_ready, code = await self._run()
            # It says itself what it lacks; when it never began nobody waits for that to change.
            if self.is_ending or not self.was_ready or code == ExitCode.ALARM:
                self.exit_code = code
                return
            pause = _PAUSE if was_ready else min(2 * pause, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    def durable(self, end: int) -> None:
        """Tell the worker that every frame before number `end` is durable."""
        if end > self._told and self._process is not None and self._is_ready:
            self._told = end
            self._say(f"durable {end}")

    def end(self) -> None:
        """Let the worker do what it has in hand, and end."""
        self.is_ending = True
        self._say("finish")

    async def _run(self) -> tuple[bool, int]:
        self._process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE)
        start, end = self._span()
        self._told = end
        apart = max((number for number, often in self._deaths.items() if often >= _DEADLY), default=NOWHERE)
        self._say(f"begin {start} {end} {int(self._died)} {apart}")
        if self.is_ending:
            self._say("finish")
        assert self._process.stdout is not None  # noqa: S101 — it was asked for
        was_ready = False
        async for line in self._process.stdout:
            word, _, rest = line.decode().rstrip("\n").partition(" ")
            if word == "ready":
                was_ready = self._is_ready = self.was_ready = True
                self._heard.ready()
                self.durable(self._span()[1])
            elif word == "at":
                self._at = int(rest)
            elif word == "done":
                self._at = NOWHERE
                self._heard.done(int(rest))
            elif word == "said":
                self._heard.said(rest)
        self._is_ready = False
        code = await self._process.wait()
        self._died = code < 0
        if self._died and self._at != NOWHERE:
            self._deaths[self._at] += 1
        return was_ready, code

    def _say(self, words: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError, RuntimeError):
                self._process.stdin.write(f"{words}\n".encode())


class WorkerLine:
    """The side of who works: hears on `heard`, speaks on `spoken`. A line that breaks ends this process."""

    def __init__(self, heard: IO[bytes], spoken: IO[bytes]) -> None:
        self._heard, self._spoken = _lines(heard.fileno()), spoken
        self._state = Condition()
        self._end = 0
        self._is_finishing = False
        words = next(self._heard, b"").split()
        if len(words) != 5 or words[0] != b"begin":
            os._exit(ExitCode.TROUBLE)
        self.start, self._end, careful, self.apart = map(int, words[1:])
        self.careful_until = self._end if careful else self.start
        """after a worker that died: up to which frame each is taken alone, and named beforehand"""
        Thread(target=self._listen, name="rekenschap-line", daemon=True).start()

    def wait(self, after: int, *, patience: float) -> int | None:
        """Wait until a frame from number `after` on is durable: gives where they end, `after` when none came
        in so many seconds, and None when all is over.
        """
        with self._state:
            self._state.wait_for(lambda: self._end > after or self._is_finishing, timeout=patience)
            if self._is_finishing:
                return None
            return max(self._end, after)

    def ready(self) -> None:
        """Say that work can begin."""
        self._say("ready")

    def at(self, number: int) -> None:
        """Say which frame is taken now."""
        self._say(f"at {number}")

    def done(self, number: int) -> None:
        """Say that every frame before a number is worked off."""
        self._say(f"done {number}")

    def said(self, text: str) -> None:
        """Say something to who runs the service; no personal value."""
        self._say("said " + " ".join(text.split()))

    def _listen(self) -> None:
        for line in self._heard:
            word, _, rest = line.strip().partition(b" ")
            with self._state:
                if word == b"durable":
                    self._end = max(self._end, int(rest))
                elif word == b"finish":
                    self._is_finishing = True
                self._state.notify_all()
            if self._is_finishing:
                return
        os._exit(ExitCode.TROUBLE)  # who takes in is gone; what is half done is done again

    def _say(self, words: str) -> None:
        try:
            self._spoken.write(f"{words}\n".encode())
            self._spoken.flush()
        except OSError:
            os._exit(ExitCode.TROUBLE)


def _lines(heard: int) -> Iterator[bytes]:
    """Give the lines that come in, past every buffer: a thread that waits in one holds its lock, and Python,
    that wants it when it ends, then aborts."""
    rest = b""
    while piece := os.read(heard, 1 << 16):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
