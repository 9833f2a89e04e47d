# SPDX-License-Identifier: EUPL-1.2
"""Facts of messages on disk until they are taken in: first as a note of what is about to be sent, then in the
file of the day, as lines of `native-jsonl`.

A message that was refused leaves nothing. Of one during which the machine stopped nobody knows whether it
went: it is written down as sent. A line that stands there twice is one fact to the ledger.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock

import orjson

from rekenschap.errors import StoreError

Fact = dict[str, str | int]
_PENDING = "pending"


class Spool:
    """One directory; of any number of threads of one process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = Lock()
        try:
            (directory / _PENDING).mkdir(parents=True, exist_ok=True, mode=0o700)
            directory.chmod(0o700)
        except OSError as error:
            raise StoreError(
                expected="a directory for the spool that can be written",
                found=error.strerror or "an error",
                remedy="make it, and give it to the account of the filter",
            ) from None

    def begin(self, facts: Sequence[Fact]) -> Path:
        """Note what is about to happen; durable on return. Raises OSError."""
        path = self._directory / _PENDING / f"{secrets.token_hex(8)}.jsonl"
        with open(path, "xb", opener=_privately) as stream:
            stream.write(b"".join(orjson.dumps(fact) + b"\n" for fact in facts))
            stream.flush()
            os.fsync(stream.fileno())
        _sync(path.parent)
        return path

    def sent(self, note: Path, now: datetime) -> None:
        """Bring a note to the file of the day; durable on return. Raises OSError, and the note stays."""
        lines = note.read_bytes()
        day = self._directory / f"disclosures-{now:%Y%m%d}.jsonl"
        with self._lock:
            is_new = not day.exists()
            with open(day, "ab", opener=_privately) as stream:
                stream.write(lines)
                stream.flush()
                os.fsync(stream.fileno())
            if is_new:
                _sync(self._directory)
        note.unlink(missing_ok=True)

    def refused(self, note: Path) -> None:
        """Forget a note: nothing was sent."""
        note.unlink(missing_ok=True)

    def recover(self, now: datetime) -> int:
        """Bring the notes that a stop left behind to the file of the day; gives how many."""
        notes = sorted((self._directory / _PENDING).glob("*.jsonl"))
        for note in notes:
            self.sent(note, now)
        return len(notes)


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
