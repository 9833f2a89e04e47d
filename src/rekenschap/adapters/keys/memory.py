# SPDX-License-Identifier: EUPL-1.2
"""Keys that follow from one seed: for tests and the demo, where the same seed must give the same keys."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rekenschap.adapters.keys.signatures import SEED_SIZE, KeyPair
from rekenschap.tlog.note import Signer
from rekenschap.tlog.vkey import SignatureKind


class MemoryKeys:
    """Keys derived from `seed`; whoever knows the seed has them all. See `rekenschap.seams.keys.Keys`.

    `generations` are the numbers of the signing keys that are there, which a seed cannot tell.
    """

    def __init__(self, seed: bytes, *, generations: Sequence[int] = (1,)) -> None:
        self._seed = seed
        self._generations = list(generations)

    def signers(self, origin: str) -> tuple[Signer, ...]:
        """Give the signers of checkpoints of `origin`."""
        return self._pairs(origin)

    def verifier_texts(self, origin: str) -> tuple[str, ...]:
        """Give the public keys as C2SP verifier texts."""
        return tuple(pair.key.to_text() for pair in self._pairs(origin))

    def renew(self, origin: str) -> tuple[Signer, ...]:
        """Make the next generation of signers, or give the one that was made."""
        if len(self._generations) == 1:
            self._generations.append(self._generations[0] + 1)
        return self._generation(origin, self._generations[-1])

    def retire(self, origin: str) -> None:
        """Forget every generation of signers but the newest."""
        del self._generations[:-1]

    def pseudonym_key(self, period: str) -> bytes:
        """Give the 32-byte key of tokens in `period`."""
        return self._derived(f"pseudonym/{period}")

    def sealing_key(self) -> bytes:
        """Give the 32-byte key that wraps the keys of sealed originals."""
        return self._derived("sealing")

    def _pairs(self, origin: str) -> tuple[KeyPair, ...]:
        return tuple(pair for number in self._generations for pair in self._generation(origin, number))

    def _generation(self, origin: str, number: int) -> tuple[KeyPair, ...]:
        which = "" if number == 1 else f"/{number}"
        return tuple(
            KeyPair.from_seed(origin, kind, self._derived(f"signing/{kind.value}{which}"))
            for kind in (SignatureKind.ED25519, SignatureKind.ML_DSA_44)
        )

    def _derived(self, purpose: str) -> bytes:
        label = f"rekenschap/memory-keys/{purpose}".encode()
        return HKDF(algorithm=SHA256(), length=SEED_SIZE, salt=None, info=label).derive(self._seed)
