# SPDX-License-Identifier: EUPL-1.2
"""Keys for signing, pseudonyms and sealing, each its own; the secrets stay behind this door."""

from __future__ import annotations

from typing import Protocol

from rekenschap.tlog.note import Signer


class Keys(Protocol):
    """The keys of one house. Every method raises KeysError when a key is absent or cannot be read."""

    def signers(self, origin: str) -> tuple[Signer, ...]:
        """Give all signers of checkpoints of `origin`, oldest first; each generation begins with Ed25519.

        While keys are being changed there are two generations, and a checkpoint needs the signatures of both.
        """

    def verifier_texts(self, origin: str) -> tuple[str, ...]:
        """Give the public keys as C2SP verifier texts (`name+hash+base64`), in the order of `signers`."""

    def renew(self, origin: str) -> tuple[Signer, ...]:
        """Make the next generation of signers beside the one there is, and give it.

        With two generations already there, gives the newer one: a change that was broken off goes on.
        """

    def retire(self, origin: str) -> None:
        """Destroy every generation of signers but the newest; with one generation nothing changes."""

    def pseudonym_key(self, period: str) -> bytes:
        """Give the 32-byte key that turns identifiers into tokens in `period`; made on first use."""

    def sealing_key(self) -> bytes:
        """Give the 32-byte key that wraps the keys of sealed originals."""
