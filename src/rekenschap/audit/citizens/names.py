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
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.audit.deriving.buckets import bucket_of

_ALPHABET = "abcdefghjkmnpqrstvwxyz"
_LENGTH = 29
"""letters that hold 128 bits"""
_AT_ONCE = 6
Halves = npt.NDArray[np.uint64]
_LIMB = np.uint64(0xFFFFFFFF)
_AS_BYTES = np.frombuffer(_ALPHABET.encode("ascii"), dtype=np.uint8)
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
        return str(self.references((entry,))[0])

    def references(self, entries: Iterable[int]) -> pa.Array:
        """Name looks, in their order."""
        plain = [entry.to_bytes(8, "big") for entry in entries]
        tags = [self._digest("tag", each)[:8] for each in plain]
        pads = [self._digest("pad", each)[:8] for each in tags]
        return _lettered(_numbers(tags), _numbers(plain) ^ _numbers(pads))

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
        return hmac.digest(self.key, use.encode() + b"\x00" + told, "sha256")


def _letters(told: bytes) -> str:
    number, found = int.from_bytes(told, "big"), ""
    for _ in range(_LENGTH):
        number, at = divmod(number, len(_ALPHABET))
        found += _ALPHABET[at]
    return found


def _numbers(parts: list[bytes]) -> Halves:
    return np.frombuffer(b"".join(parts), dtype=">u8").astype(np.uint64)


def _lettered(high: Halves, low: Halves) -> pa.Array:
    """Do so with many numbers of 128 bits, each in two halves: divided by hand, six letters at a time."""
    limbs = [high >> np.uint64(32), high & _LIMB, low >> np.uint64(32), low & _LIMB]
    letters = np.empty((len(high), _LENGTH + 1), dtype=np.uint8)
    for chunk in range(0, _LENGTH, _AT_ONCE):
        rest = np.zeros_like(high)
        for at, limb in enumerate(limbs):
            whole = (rest << np.uint64(32)) | limb
            limbs[at], rest = np.divmod(whole, np.uint64(len(_ALPHABET) ** _AT_ONCE))
        for each in range(chunk, chunk + _AT_ONCE):
            rest, place = np.divmod(rest, np.uint64(len(_ALPHABET)))
            letters[:, each] = _AS_BYTES[place]
    texts = np.ascontiguousarray(letters[:, :_LENGTH])
    ends = pa.py_buffer((np.arange(len(high) + 1, dtype=np.int64) * _LENGTH).tobytes())
    return pa.LargeStringArray.from_buffers(len(high), ends, pa.py_buffer(texts.tobytes()))


def _number(text: str) -> bytes | None:
    if len(text) != _LENGTH or set(text) - set(_ALPHABET):
        return None
    number = 0
    for letter in reversed(text):
        number = number * len(_ALPHABET) + _ALPHABET.index(letter)
    return number.to_bytes(16, "big") if number < 1 << 128 else None


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
