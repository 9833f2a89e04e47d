# SPDX-License-Identifier: EUPL-1.2
"""Keys in a hardware token (PKCS#11). Needs the extra `pkcs11` and the module of the token's maker.

Ed25519 signs inside the token. The other secrets are wrapped by an AES key that cannot leave the token, and
kept in files: whoever copies the files has nothing, whoever has the token and the files has all. ML-DSA-44
came into PKCS#11 with 3.2 and into no token we can test: its seed is wrapped too, and signs in our memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rekenschap.adapters.keys.signatures import SEED_SIZE, KeyPair
from rekenschap.adapters.keys.small_files import destroy, make_once, pseudonym_name, read_own, unreachable
from rekenschap.adapters.keys.token import Token, TokenPlace
from rekenschap.errors import KeysError
from rekenschap.tlog.note import Signer
from rekenschap.tlog.text import from_base64, to_base64
from rekenschap.tlog.vkey import OfKey, SignatureKind, VerifierKey

_NUMBERED = re.compile(r"signing-([1-9][0-9]{0,5})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSigner(OfKey):
    """A private key inside the token that signs under a name; satisfies `rekenschap.tlog.note.Signer`."""

    key: VerifierKey
    _token: Token
    _place: str

    def sign(self, message: bytes) -> bytes:
        """Return the bare signature over exactly these bytes."""
        return self._token.sign(self._place, message)


class Pkcs11Keys:
    """Keys in a token, and wrapped secrets in `directory`. See `rekenschap.seams.keys.Keys`.

    `label` tells the houses in one token apart. Without `may_make` a key that is not there is lost, not new.
    """

    def __init__(
        self, directory: Path, place: TokenPlace, *, label: str = "rekenschap", may_make: bool = True
    ) -> None:
        self._directory = Path(directory)
        self._token = Token(place, label=label)
        self._may_make = may_make

    def signers(self, origin: str) -> tuple[Signer, ...]:
        """Give the signers of checkpoints of `origin`; made at first use."""
        return self._signers(origin)

    def verifier_texts(self, origin: str) -> tuple[str, ...]:
        """Give the public keys as C2SP verifier texts."""
        return tuple(signer.key.to_text() for signer in self._signers(origin))

    def renew(self, origin: str) -> tuple[Signer, ...]:
        """Make the next generation of signers, or give the one that was made."""
        there = self._generations() or [0]
        number = there[-1] if len(there) > 1 else there[0] + 1
        self._make_generation(number)
        return self._generation(origin, number)

    def retire(self, origin: str) -> None:
        """Destroy every generation of signers but the newest, in the token and in the files."""
        for number in self._generations()[:-1]:
            self._token.destroy_pair(_pair(number))
        for number in range(1, max(self._generations(), default=1)):
            destroy(self._path(_seed(number)))

    def pseudonym_key(self, period: str) -> bytes:
        """Give the 32-byte key of tokens in `period`; made at first use."""
        return self._secret(pseudonym_name(period))

    def sealing_key(self) -> bytes:
        """Give the 32-byte key that wraps the keys of sealed originals; made at first use."""
        return self._secret("sealing")

    def _signers(self, origin: str) -> tuple[TokenSigner | KeyPair, ...]:
        there = self._generations()
        if not there:
            self._check_may_make(_pair(1))
            self._make_generation(1)
        return tuple(signer for number in there or [1] for signer in self._generation(origin, number))

    def _generation(self, origin: str, number: int) -> tuple[TokenSigner | KeyPair, ...]:
        public = self._token.public_key(_pair(number))
        if public is None:
            raise _lost(_pair(number))
        key = VerifierKey(name=origin, kind=SignatureKind.ED25519, public_key=public)
        seed = self._secret(_seed(number), may_make=False)
        return (
            TokenSigner(key=key, _token=self._token, _place=_pair(number)),
            KeyPair.from_seed(origin, SignatureKind.ML_DSA_44, seed),
        )

    def _make_generation(self, number: int) -> None:
        """Make the seed first and the pair in the token last: a generation that counts is whole."""
        self._secret(_seed(number), may_make=True)
        if self._token.public_key(_pair(number)) is None:
            self._token.make_pair(_pair(number))

    def _generations(self) -> list[int]:
        found = (_NUMBERED.fullmatch(name) for name in self._token.names())
        return sorted(int(each[1]) for each in found if each)

    def _secret(self, name: str, *, may_make: bool | None = None) -> bytes:
        path = self._path(name)
        try:
            if not path.exists():
                if not (self._may_make if may_make is None else may_make):
                    raise _lost(name)
                make_once(path, to_base64(self._token.wrap(self._token.fresh(SEED_SIZE), name=name)))
            line = read_own(path)
        except OSError as error:
            raise unreachable(f"the wrapped key {name}", error) from None
        wrapped = from_base64(line)
        secret = self._token.unwrap(wrapped, name=name) if wrapped else b""
        if len(secret) != SEED_SIZE:
            raise KeysError(
                expected=f"a wrapped key of {SEED_SIZE} bytes in {path.name}",
                found="another text",
                remedy="restore the key",
            )
        return secret

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.wrapped"

    def _check_may_make(self, name: str) -> None:
        if not self._may_make:
            raise _lost(name)


def _pair(number: int) -> str:
    return f"signing-{number}"


def _seed(number: int) -> str:
    return f"signing-ml-dsa-44-{number}"


def _lost(name: str) -> KeysError:
    return KeysError(
        expected=f"the key {name} that this ledger was begun with",
        found="none",
        remedy="restore it from where it is kept; a new one would not fit what is there",
    )
