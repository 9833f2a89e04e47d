# SPDX-License-Identifier: EUPL-1.2
"""What a pack holds, as one text: the name and digest of every file. This is what an author signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from rekenschap.errors import ConfigurationError
from rekenschap.tlog.text import to_base64

FIRST_LINE = "rekenschap pack/1"
"""The first line of the text: no checkpoint begins so, so no signature fits both."""

SIGNATURE_FILE = "pack.sig"
MOST_FILES, LARGEST = 1_000, 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
_KINDS = frozenset({".toml", ".sql", ".txt", ".md", ".yaml", ".csv", ".jsonl"})
_BARE = frozenset({"LICENSE", "LICENCE"})


def content_of(folder: Path) -> str:
    """Give a line for each file, by name, with its SHA-256; the signature itself is left out.

    Raises ConfigurationError for what does not belong in a pack: a link, a program, a file that is too large.
    """
    lines = [f"{name} {to_base64(sha256(_bytes(folder / name)).digest())}" for name in sorted(_files(folder))]
    return "\n".join([FIRST_LINE, *lines]) + "\n"


def digest_of(content: str) -> bytes:
    """Give the 32 bytes by which a content is known in the ledger."""
    return sha256(content.encode()).digest()


def _files(folder: Path) -> Iterator[str]:
    if folder.is_symlink() or not folder.is_dir():
        raise _wrong("the directory of a pack", "a link" if folder.is_symlink() else "none")
    count = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise _wrong("files and directories in a pack", f"a link or device at {_shown(name)}")
        if not all(_NAME.fullmatch(part) for part in name.split("/")):
            raise _wrong("names of letters, digits, dots and dashes in a pack", "another name")
        if path.is_dir() or name == SIGNATURE_FILE:
            continue
        if path.suffix not in _KINDS and path.name not in _BARE:
            raise _wrong(f"files of the kinds {', '.join(sorted(_KINDS))} in a pack", _shown(name))
        count += 1
        if count > MOST_FILES or path.stat().st_size > LARGEST:
            raise _wrong(f"at most {MOST_FILES} files of 1 MB in a pack", "more")
        yield name


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _wrong("files that can be read in a pack", type(error).__name__) from None


def _shown(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:77]}..."


def _wrong(expected: str, found: str) -> ConfigurationError:
    return ConfigurationError(expected=expected, found=found, remedy="correct the pack")
