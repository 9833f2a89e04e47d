# SPDX-License-Identifier: EUPL-1.2
"""Puts a directory that was made in the place of the newest, in one step; the one before it is kept."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rekenschap.audit.deriving.reading import LATEST

_KEPT = 2
"""The newest and the one before it: a page that is being made may still read that."""


@contextmanager
def alone_in(place: Path) -> Iterator[None]:
    """Wait until no other program makes a derivation here, and keep others waiting."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def make_newest(place: Path, making: Path, name: str) -> None:
    """Put what was made in its place, say that it is the newest, and remove what is older."""
    _sync(making)
    made = place / name
    aside = place / f".old-{name}-{os.getpid()}"
    if made.exists():  # the same checkpoint again, by another version of the program
        made.rename(aside)
    making.rename(made)
    said = place / f".{LATEST}"
    said.write_text(name + "\n", encoding="ascii")
    said.replace(place / LATEST)
    shutil.rmtree(aside, ignore_errors=True)
    others = [
        each for each in place.iterdir() if each.is_dir() and not each.name.startswith(".") and each != made
    ]
    for each in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT - 1 :]:
        shutil.rmtree(each, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Have everything below a directory on disk."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        with suppress(OSError):
            os.fsync(descriptor)
        os.close(descriptor)
