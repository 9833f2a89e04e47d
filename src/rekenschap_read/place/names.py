# SPDX-License-Identifier: EUPL-1.2
"""What readers call things: names made with a key of this service, that say nothing and that only we read.

A person has another name for each client, so that two clients cannot lay their answers side by side. Made as
a synthetic IV (as in RFC 5297, with HMAC-SHA-256): the same thing always gets the same name.
"""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

KEY_FILE = Path("own") / "key"
_LETTERS = "abcdefghjkmnpqrstvwxyz"
"""the alphabet of references (`rekenschap.citizen.letters`)"""
_LENGTH = 29


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Seals:
    """Makes and reads the names of one service."""

    key: bytes

    @classmethod
    def of(cls, place: Path) -> Seals:
        """Read the key of this service; the first to ask makes it."""
        path = place / KEY_FILE
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

    def person(self, client: str, token: bytes) -> str:
        """Name a person for one client, in 32 letters and digits."""
        return urlsafe_b64encode(self._sealed(f"person/{client}", token)).decode()

    def token(self, client: str, name: str) -> bytes | None:
        """Read which person a name means; None when we never gave it to this client."""
        try:
            sealed = urlsafe_b64decode(name.encode("ascii"))
        except ValueError:
            return None
        return self._opened(f"person/{client}", sealed) if len(sealed) == 24 else None

    def line(self, entry: int) -> str:
        """Name a line, as a UUID."""
        return str(UUID(bytes=self._sealed("line", entry.to_bytes(8, "big"))))

    def entry(self, name: str) -> int | None:
        """Read which line a name means; None when we never gave it."""
        plain = self._opened("line", UUID(name).bytes)
        return None if plain is None else int.from_bytes(plain, "big")

    def alike(self, use: str, told: str) -> str:
        """Name something by a digest: the same for the same, and not to be read back."""
        return str(UUID(bytes=self._digest(use, told.encode())[:16]))

    def _sealed(self, use: str, plain: bytes) -> bytes:
        tag = self._digest(f"{use}/tag", plain)[:8]
        return tag + _xor(plain, self._digest(f"{use}/pad", tag)[: len(plain)])

    def _opened(self, use: str, sealed: bytes) -> bytes | None:
        tag = sealed[:8]
        plain = _xor(sealed[8:], self._digest(f"{use}/pad", tag)[: len(sealed) - 8])
        return plain if hmac.compare_digest(self._digest(f"{use}/tag", plain)[:8], tag) else None

    def _digest(self, use: str, told: bytes) -> bytes:
        return hmac.new(self.key, use.encode() + b"\x00" + told, sha256).digest()


def uuid_of(reference: str) -> str:
    """Write what citizens call a look as a UUID: both hold the same 128 bits."""
    number = 0
    for letter in reversed(reference):
        number = number * len(_LETTERS) + _LETTERS.index(letter)
    return str(UUID(int=number))


def reference_of(uuid: str) -> str:
    """Write a UUID as what citizens call a look."""
    number, found = UUID(uuid).int, ""
    for _ in range(_LENGTH):
        number, at = divmod(number, len(_LETTERS))
        found += _LETTERS[at]
    return found


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
