# SPDX-License-Identifier: EUPL-1.2
"""One line of text in a file only its owner can read: made once, read back, destroyed. Opens no key."""

from __future__ import annotations

import errno
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from rekenschap.errors import KeysError

_PERIOD = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)


def pseudonym_name(period: str) -> str:
    """Name what holds the key of tokens in a period; raises KeysError when that could not be a file name."""
    if not _PERIOD.fullmatch(period):
        raise KeysError(
            expected="a period of small letters, digits and -",
            found="another name",
            remedy="rename the period",
        )
    return f"pseudonym-{period}"


def make_once(path: Path, line: str) -> None:
    """Write the line durably unless there is a file; of two at once, both go on with the first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        _write_synced(beside, f"{line}\n".encode())
        with suppress(FileExistsError):
            path.hardlink_to(beside)
    finally:
        beside.unlink(missing_ok=True)
    _sync_names(path.parent)


def read_own(path: Path) -> str:
    """Read the line; raises KeysError when others can read the file, OSError when nobody can."""
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise KeysError(
            expected=f"{path.name} to be readable by its owner only",
            found=f"mode {mode:o}",
            remedy="see who could have read it, then chmod 600 or make a new key",
        )
    return path.read_text("ascii", "replace").strip()


def unreachable(what: str, error: OSError) -> KeysError:
    """Say why the file of a key could not be read or made; to own the file does not help on a full disk."""
    if isinstance(error, PermissionError):
        return KeysError(expected=what, found="no permission", remedy="run it as the owner of the keys")
    if error.errno == errno.ENOSPC:
        return KeysError(expected=what, found="a full disk", remedy="make room and try again")
    return KeysError(
        expected=what, found="a file that cannot be read or made", remedy="see what is wrong with that disk"
    )


def destroy(path: Path) -> None:
    """Write over a file before its name goes, so that its bytes do not stay behind on a plain disk."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _sync_names(path.parent)


def _write_synced(path: Path, text: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(file, text)
        os.fsync(file)
    finally:
        os.close(file)


def _sync_names(folder: Path) -> None:
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
