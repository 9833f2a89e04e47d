# SPDX-License-Identifier: EUPL-1.2
"""Commitments to pseudonyms whose originals are to be forgotten: the order names nobody, for ever.

A token in an order would stay in the ledger when all else about that person is gone. So officers sign a
salted hash of it; the opening travels beside the order, and is destroyed when the order is carried out.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from rekenschap.ledger.custody.statements import malformed
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.text import from_base64, to_base64

NONCE_SIZE = TOKEN_SIZE = 16
_LABEL = b"rekenschap/forget/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A token and 16 random bytes: what opens one commitment."""

    nonce: bytes
    token: bytes

    def commitment(self) -> Hash:
        """Give what the order names."""
        return Hash(sha256(_LABEL + self.nonce + self.token).digest())

    def to_line(self) -> str:
        """Write the opening on one line."""
        return f"{to_base64(self.nonce)} {to_base64(self.token)}\n"

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read a line; raises MalformedStatementError."""
        parts = [from_base64(part) for part in line.split(" ")]
        if [None if part is None else len(part) for part in parts] != [NONCE_SIZE, TOKEN_SIZE]:
            raise malformed("an opening on each line", "another text")
        return cls(nonce=parts[0] or b"", token=parts[1] or b"")
