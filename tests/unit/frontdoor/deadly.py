# SPDX-License-Identifier: EUPL-1.2
"""A worker whose work dies of some bodies: `deadly.py FOLDER`; what it took in stands in FOLDER/taken."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.disks import PosixDisk
from rekenschap.frontdoor.inbox import Frame, FrameSeal, InboxReader
from rekenschap.frontdoor.link import WorkerLine
from rekenschap.frontdoor.working import Worker


class Book:
    """Writes down each body; one that says so ends the process, or cannot be taken in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, frames: Sequence[Frame]) -> None:
        if any(frame.body.startswith(b"poison") for frame in frames):
            raise ValueError
        if any(frame.body.startswith(b"deadly") for frame in frames):
            os.kill(os.getpid(), signal.SIGKILL)
        self._write("taken", frames)

    def prepare(self, frames: Sequence[Frame]) -> Callable[[], None]:
        if any(frame.body.startswith(b"unready") for frame in frames):
            raise ValueError
        return lambda: self.take(frames)

    def set_apart(self, frame: Frame) -> None:
        self._write("apart", [frame])

    def _write(self, name: str, frames: Sequence[Frame]) -> None:
        with (self._folder / name).open("ab") as book:
            book.writelines(frame.body + b"\n" for frame in frames)


if __name__ == "__main__":
    home = Path(sys.argv[1])
    line = WorkerLine(sys.stdin.buffer, sys.stdout.buffer)
    reader = InboxReader(PosixDisk(home / "inbox"), FrameSeal(AesGcm(), bytes(32)), start=line.start)
    Worker(reader, Book(home), line).run()
