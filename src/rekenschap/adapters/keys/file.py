# SPDX-License-Identifier: EUPL-1.2
"""Keys as small files only their owner can read; made at first use. For one machine without a key service.

Signing keys have a number in their name from the second generation on: `signing-ed25519-2.key`.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from rekenschap.adapters.keys.signatures import SEED_SIZE, KeyPair
from rekenschap.adapters.keys.small_files import destroy, make_once, pseudonym_name, read_own, unreachable
from rekenschap.errors import KeysError
from rekenschap.tlog.note import Signer
from rekenschap.tlog.text import from_base64, to_base64
from rekenschap.tlog.vkey import SignatureKind

_SIGNING = {SignatureKind.ED25519: "signing-ed25519", SignatureKind.ML_DSA_44: "signing-ml-dsa-44"}
_NUMBERED = re.compile(r"signing-ed25519(?:-([1-9][0-9]{0,5}))?\.key", re.ASCII)


class FileKeys:
    """Keys in the files of a directory (mode 0600 in 0700). See `rekenschap.seams.keys.Keys`.

    Without `may_make` a key that is not there is lost, not new: that raises KeysError.
    """

    def __init__(self, directory: Path, *, may_make: bool = True) -> None:
        self._directory = Path(directory)
        self._may_make = may_make

    def signers(self, origin: str) -> tuple[Signer, ...]:
        """Give the signers of checkpoints of `origin`; made at first use."""
        return self._pairs(origin)

    def renew(self, origin: str) -> tuple[Signer, ...]:
        """Make the next generation of signers, or give the one that was made."""
        there = self._generations() or [0]
        number = there[-1] if len(there) > 1 else there[0] + 1
        for kind in reversed(_SIGNING):
            path = self._directory / _file_name(kind, number)
            if not path.exists():
                _make(path)
        return self._generation(origin, number)

    def retire(self, origin: str) -> None:
        """Destroy the files of every generation of signers but the newest."""
        for number in range(1, max(self._generations(), default=1)):
            for kind in _SIGNING:
                destroy(self._directory / _file_name(kind, number))

    def verifier_texts(self, origin: str) -> tuple[str, ...]:
        """Give the public keys as C2SP verifier texts."""
        return tuple(pair.key.to_text() for pair in self._pairs(origin))

    def pseudonym_key(self, period: str) -> bytes:
        """Give the 32-byte key of tokens in `period`; made at first use."""
        return self._key(f"{pseudonym_name(period)}.key")

    def sealing_key(self) -> bytes:
        """Give the 32-byte key that wraps the keys of sealed originals; made at first use."""
        return self._key("sealing.key")

    def _pairs(self, origin: str) -> tuple[KeyPair, ...]:
        return tuple(p for number in self._generations() or [1] for p in self._generation(origin, number))

    def _generation(self, origin: str, number: int) -> tuple[KeyPair, ...]:
        return tuple(
            KeyPair.from_seed(origin, kind, self._key(_file_name(kind, number))) for kind in _SIGNING
        )

    def _generations(self) -> list[int]:
        """Give the numbers of the generations there are: made with Ed25519 last, destroyed with it first."""
        names = [path.name for path in self._directory.glob("signing-*.key")]
        return sorted(int(found[1] or 1) for name in names if (found := _NUMBERED.fullmatch(name)))

    def _key(self, name: str) -> bytes:
        path = self._directory / name
        try:
            if not path.exists():
                self._check_may_make(name)
                _make(path)
            text = read_own(path)
        except OSError as error:
            raise unreachable(f"the key {name}", error) from error
        key = from_base64(text)
        if key is None or len(key) != SEED_SIZE:
            raise KeysError(
                expected=f"{SEED_SIZE} bytes in base64 in {name}",
                found="another text",
                remedy="restore the key",
            )
        return key

    def _check_may_make(self, name: str) -> None:
        if not self._may_make:
            raise KeysError(
                expected=f"the key {name} that this ledger was begun with",
                found="none",
                remedy="restore it from where it is kept; a new one would not fit what is there",
            )


def _file_name(kind: SignatureKind, number: int) -> str:
    return f"{_SIGNING[kind]}.key" if number == 1 else f"{_SIGNING[kind]}-{number}.key"


def _make(path: Path) -> None:
    make_once(path, to_base64(secrets.token_bytes(SEED_SIZE)))
