# SPDX-License-Identifier: EUPL-1.2
"""The key of one person, an officer, in a file that person keeps; the form is that of Go's signed notes.

`PRIVATE+KEY+<name>+<key id>+<base64 of 01 and the 32-byte seed>`. The house never holds such a file.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from rekenschap.adapters.keys.signatures import SEED_SIZE, KeyPair
from rekenschap.errors import KeysError
from rekenschap.tlog.text import from_base64, to_base64
from rekenschap.tlog.vkey import SignatureKind

_START = "PRIVATE+KEY+"
_KIND = SignatureKind.ED25519
_LONGEST = 1000


def make_own_key(path: Path, name: str) -> KeyPair:
    """Make an Ed25519 key in a new file only its owner can read; raises KeysError when there is a file."""
    pair = KeyPair.from_seed(name, _KIND, seed := secrets.token_bytes(SEED_SIZE))
    text = f"{_START}{name}+{pair.key_id.hex()}+{to_base64(bytes([_KIND]) + seed)}\n"
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise KeysError(
            expected="a new file for the key, in a directory that is there",
            found="a file" if isinstance(error, FileExistsError) else "no place to write it",
            remedy="name another file; a key is never written over",
        ) from error
    try:
        with os.fdopen(file, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        path.unlink()  # half a key would stand in the way of a whole one
        raise
    return pair


def read_own_key(path: Path) -> KeyPair:
    """Read the key of one person; raises KeysError when others can read it too, or when it is none."""
    try:
        mode = path.stat().st_mode & 0o777
        text = path.read_text("utf-8", "replace")[:_LONGEST]
    except OSError as error:
        raise KeysError(
            expected="the file with your own key", found="none that can be read", remedy="correct the path"
        ) from error
    pair = _pair_of(text)
    if mode & 0o077:
        raise KeysError(
            expected="a key that its owner only can read",
            found=f"mode {mode:o}",
            remedy="see who could have read it, then chmod 600 or make a new key",
        )
    return pair


def _pair_of(text: str) -> KeyPair:
    name, *rest = text.removeprefix(_START).strip().split("+", 2)
    raw = from_base64(rest[1]) if text.startswith(_START) and len(rest) == 2 else None
    if raw is None or len(raw) != SEED_SIZE + 1 or raw[0] != _KIND:
        raise _no_key()
    pair = KeyPair.from_seed(name, _KIND, raw[1:])
    if pair.key_id.hex() != rest[0]:
        raise _no_key()
    return pair


def _no_key() -> KeysError:
    return KeysError(
        expected="a private key that `rekenschap keys new` made",
        found="another text",
        remedy="give the file without .pub",
    )
