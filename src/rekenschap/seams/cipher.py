# SPDX-License-Identifier: EUPL-1.2
"""Authenticated encryption of small texts. Knows keys as bytes; not where they come from."""

from __future__ import annotations

from typing import Protocol


class Cipher(Protocol):
    """Encrypts under a 32-byte key; the same plain text never gives the same bytes twice."""

    def seal(self, key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
        """Encrypt `plain`; it opens only together with the same `bound_to`, which is not kept."""

    def unseal(self, key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
        """Decrypt; raises KeysError under another key, another `bound_to`, or when a byte changed."""
