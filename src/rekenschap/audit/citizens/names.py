# SPDX-License-Identifier: EUPL-1.2
"""What people and looks are called at the citizen page: names that say nothing, made with a key of their own.

A drawer is a keyed digest of a token. A reference is an entry number, sealed: the same entry always gives the
same text, and from two texts nobody learns which came first or how far they are apart (a synthetic IV, as in
RFC 5297, with HMAC-SHA-256). Letters only: nine digits in a row could look like a BSN.
"""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rekenschap.audit.deriving.buckets import bucket_of

_ALPHABET = "abcdefghjkmnpqrstvwxyz"
_LENGTH = 29
"""letters that hold 128 bits"""
KEY_FILE = Path("desk") / "citizen-key"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Names:
    """Makes and reads the names of one house."""

    key: bytes

    @classmethod
    def of(cls, home: Path) -> Names:
        """Read the key of a house; the first to ask makes it."""
        path = home / KEY_FILE
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            fresh = path.with_name(f"{path.name}.{os.getpid()}")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
            with suppress(FileExistsError):  # the first to finish wins, whole
                os.link(fresh, path)
            fresh.unlink()
        return cls(key=path.read_bytes())

    @staticmethod
    def drawn() -> str:
        """Draw a name that nobody can guess."""
        return _letters(secrets.token_bytes(16))

    def drawer(self, hi: int) -> str:
        """Name the drawer of a subject; its first two digits are the file it is in."""
        digest = self._digest("drawer", hi.to_bytes(8, "big", signed=True))
        return f"{bucket_of(hi):02}{_letters(digest[:16])}"

    def reference(self, entry: int) -> str:
        """Name a look."""
        plain = entry.to_bytes(8, "big")
        tag = self._digest("tag", plain)[:8]
        return _letters(tag + _xor(plain, self._digest("pad", tag)[:8]))

    def entry(self, reference: str) -> int | None:
        """Read which look a reference names; None when we never made it."""
        whole = _number(reference)
        if whole is None:
            return None
        tag, sealed = whole[:8], whole[8:]
        plain = _xor(sealed, self._digest("pad", tag)[:8])
        return (
            int.from_bytes(plain, "big") if hmac.compare_digest(self._digest("tag", plain)[:8], tag) else None
        )

    def _digest(self, use: str, told: bytes) -> bytes:
        return hmac.new(self.key, use.encode() + b"\x00" + told, sha256).digest()


def _letters(told: bytes) -> str:
    number, found = int.from_bytes(told, "big"), ""
    for _ in range(_LENGTH):
        number, at = divmod(number, len(_ALPHABET))
        found += _ALPHABET[at]
    return found


def _number(text: str) -> bytes | None:
    if len(text) != _LENGTH or set(text) - set(_ALPHABET):
        return None
    number = 0
    for letter in reversed(text):
        number = number * len(_ALPHABET) + _ALPHABET.index(letter)
    return number.to_bytes(16, "big") if number < 1 << 128 else None


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
