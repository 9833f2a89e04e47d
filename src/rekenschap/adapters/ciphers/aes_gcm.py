# SPDX-License-Identifier: EUPL-1.2
"""AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce in front; the tag is the last 16 bytes."""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rekenschap.errors import KeysError

NONCE = 12


class AesGcm:
    """The cipher of sealed originals and of quarantine."""

    def seal(self, key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
        """Give nonce, ciphertext and tag as one text."""
        nonce = os.urandom(NONCE)
        return nonce + _under(key).encrypt(nonce, plain, bound_to)

    def unseal(self, key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
        """Give the plain text; raises KeysError when key, `bound_to` or a byte differs."""
        try:
            return _under(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to)
        except (InvalidTag, ValueError):
            raise KeysError(
                expected="an original sealed under this key",
                found="one that does not open with it",
                remedy="check that keys and sealed files belong to the same house",
            ) from None


@lru_cache(maxsize=4)
def _under(key: bytes) -> AESGCM:
    return AESGCM(key)
