# SPDX-License-Identifier: EUPL-1.2
"""Several programs that live and die together: when one ends, or we do, all end."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from rekenschap.errors import StoreError

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_PATIENCE = 15.0
"""seconds between asking a program to end and ending it"""
_BEAT = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program: what it is called, its words, and what its surroundings must say."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    is_quiet: bool = False
    """whether what it says when all is well is not shown"""


@dataclass(slots=True)
class Group:
    """Programs that run; use as a context: leaving it ends them all."""

    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    said_in: Path | None = None
    """file that gets what the programs say; without one it goes where ours goes"""
    asked_to_stop: bool = False

    def __enter__(self) -> Group:
        """Listen for who wants us to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        """End all that still run, the last begun first."""
        self.stop()

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def start(self, program: Program) -> None:
        """Start a program; it ends when we end, even when we are killed."""
        with ExitStack() as opened:
            said = opened.enter_context(self.said_in.open("ab")) if self.said_in is not None else None
            self.running[program.name] = self._begun(program, said)

    @staticmethod
    def _begun(program: Program, said: IO[bytes] | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own words
            list(program.words),
            env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if program.is_quiet else said,
            stderr=said,
            preexec_fn=_end_with(os.getpid()) if sys.platform == "linux" else None,
        )

    def wait(self) -> str | None:
        """Wait until somebody wants us to stop (gives None) or a program ends (gives its name)."""
        while not self.asked_to_stop:
            if (name := self.ended()) is not None:
                return name
            time.sleep(_BEAT)
        return None

    def ended(self) -> str | None:
        """Name a program that is no longer there."""
        return next((name for name, each in self.running.items() if each.poll() is not None), None)

    def check(self) -> None:
        """Raise StoreError when a program ended while we were still starting."""
        if (name := self.ended()) is not None:
            raise StoreError(
                expected=f"{name} to start",
                found=f"that it ended with {self.running[name].returncode}",
                remedy="see what it said above",
            )

    def stop(self) -> None:
        """Ask every program to end, and end those that do not in time."""
        for each in reversed(self.running.values()):
            with suppress(ProcessLookupError):
                each.terminate()
        until = time.monotonic() + _PATIENCE
        for each in reversed(self.running.values()):
            try:
                each.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()


def _end_with(parent: int) -> Callable[[], None]:
    """Have the kernel end a program when the one that started it is gone, however that went."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        os.setpgid(0, 0)  # Ctrl-C reaches us alone; we pass it on in order
        prctl(_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return ask
