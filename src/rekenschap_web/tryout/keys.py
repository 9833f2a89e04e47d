# SPDX-License-Identifier: EUPL-1.2
"""The key with which the try-out signs what it says of people, and the word with which they sign in."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


def own_key(path: Path) -> str:
    """Read the signing key; the first to ask makes it, for the owner of the house alone."""
    return _kept_or_made(path, _new_key)


def own_word(path: Path) -> str:
    """Read the password that all log-ins of the try-out share; the first to ask draws it."""
    return _kept_or_made(path, lambda: "-".join(_drawn(4) for _ in range(3))).strip()


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def _drawn(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _kept_or_made(path: Path, make: Callable[[], str]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make())
        with suppress(FileExistsError):  # the first to finish wins, whole
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="ascii")
