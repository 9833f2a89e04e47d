# SPDX-License-Identifier: EUPL-1.2
"""Seals papers of the desk with the key of the house; what is sealed opens for its own name only."""

from __future__ import annotations

import hmac

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap_web.evidence.house import house

_LABEL = b"rekenschap-desk/papers/v1"


def seal(plain: bytes, *, bound_to: str) -> bytes:
    """Encrypt a paper; it opens only under the same name."""
    return AesGcm().seal(_key(), plain, bound_to=bound_to.encode("utf-8"))


def unseal(sealed: bytes, *, bound_to: str) -> bytes:
    """Decrypt a paper; raises KeysError under another name or when a byte changed."""
    return AesGcm().unseal(_key(), sealed, bound_to=bound_to.encode("utf-8"))


def _key() -> bytes:
    return hmac.digest(house().keys.sealing_key(), _LABEL, "sha256")
