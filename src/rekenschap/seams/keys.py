# SPDX-License-Identifier: EUPL-1.2
"""Keys for signing, pseudonyms and sealing, each its own; the secrets stay behind this door."""

from __future__ import annotations

from typing import Protocol

from rekenschap.tlog.note import Signer


class Keys(Protocol):
    """The keys of one house. Every method raises KeysError when a key is absent or cannot be read."""

    def signers(self, origin: str) -> tuple[Signer, ...]:
        """Give the signers of checkpoints of `origin`, most trusted first; at least one is Ed25519."""

    def verifier_texts(self, origin: str) -> tuple[str, ...]:
        """Give the public keys as C2SP verifier texts (`name+hash+base64`)."""

    def pseudonym_key(self, period: str) -> bytes:
        """Give the 32-byte key that turns identifiers into tokens in `period`; made on first use."""

    def sealing_key(self) -> bytes:
        """Give the 32-byte key that wraps the keys of sealed originals."""
