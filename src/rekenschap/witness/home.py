# SPDX-License-Identifier: EUPL-1.2
"""Where a witness lives: its name, its two keys, its memory and the logs it watches.

HOME/
  witness.json     its name
  keys/            its signing keys (0600)
  memory.db        the last checkpoint it cosigned of each log
  public-keys.txt  what everybody needs to count its cosignatures
  logs.txt         the public keys of the logs it watches, one verifier text on each line
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rekenschap.adapters.keys.signatures import SEED_SIZE, KeyPair, PublicKey, verifier_of
from rekenschap.errors import ConfigurationError, KeysError, StoreError
from rekenschap.tlog.text import from_base64, is_key_name, to_base64
from rekenschap.tlog.vkey import SignatureKind
from rekenschap.witness.app import WitnessApp
from rekenschap.witness.memory import WitnessMemory

NAME_FILE, MEMORY_FILE, KEYS_FILE, LOGS_FILE = "witness.json", "memory.db", "public-keys.txt", "logs.txt"
_KEYS = {
    SignatureKind.ED25519_COSIGNATURE: "cosigning-ed25519.key",
    SignatureKind.ML_DSA_44: "cosigning-ml-dsa-44.key",
}
_LOG_KINDS = (SignatureKind.ED25519, SignatureKind.ML_DSA_44)
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessHome:
    """The directory of one witness."""

    root: Path

    @property
    def is_founded(self) -> bool:
        """Whether there is a witness here."""
        return (self.root / NAME_FILE).exists()

    def found(self, name: str) -> tuple[str, ...]:
        """Make a witness: keys, an empty memory and a name; gives its verifier texts.

        Raises StoreError when there is a witness already: a second memory under one key could cosign twice.
        """
        if self.is_founded or (self.root / "keys").exists():
            raise StoreError(
                expected="a place without a witness",
                found="one",
                remedy="go on with it, or name another place",
            )
        if not is_key_name(name) or len(name.encode()) > 255:
            raise ConfigurationError(
                expected="a name like a web address, without spaces or plus signs",
                found="another name",
                remedy="give the witness a name like witness.example.nl/w1",
            )
        (self.root / "keys").mkdir(mode=0o700, parents=True)
        for file in _KEYS.values():
            _write(self.root / "keys" / file, f"{to_base64(secrets.token_bytes(SEED_SIZE))}\n", mode=0o600)
        WitnessMemory.found(self.root / MEMORY_FILE)
        texts = tuple(pair.key.to_text() for pair in self._pairs(name))
        _write(self.root / KEYS_FILE, "".join(f"{text}\n" for text in texts))
        # The name last: a witness without one was never finished and never signed.
        _write(self.root / NAME_FILE, json.dumps({"format": "rekenschap witness", "name": name}) + "\n")
        return texts

    def verifier_texts(self) -> tuple[str, ...]:
        """Give its public keys as C2SP verifier texts."""
        return tuple(pair.key.to_text() for pair in self._pairs(self.name()))

    def name(self) -> str:
        """Give its name; raises StoreError when there is no witness here."""
        try:
            return str(json.loads((self.root / NAME_FILE).read_text(encoding="utf-8"))["name"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                expected="the home of a witness",
                found="none",
                remedy="make one with `rekenschap witness keys`",
            ) from error

    def app(self, logs: Path | None, *, clock: Callable[[], datetime]) -> WitnessApp:
        """Give the service, watching the logs in `logs` (default: those in its home)."""
        name = self.name()
        if not (self.root / MEMORY_FILE).is_file():
            raise StoreError(
                expected=f"the memory of this witness in {MEMORY_FILE}",
                found="none",
                remedy="restore the latest one; without it retire this key and make another witness",
            )
        return WitnessApp(
            memory=WitnessMemory(path=self.root / MEMORY_FILE),
            signers=self._pairs(name),
            logs=watched(self.root / LOGS_FILE if logs is None else logs),
            clock=clock,
        )

    def _pairs(self, name: str) -> tuple[KeyPair, ...]:
        return tuple(KeyPair.from_seed(name, kind, self._seed(file)) for kind, file in _KEYS.items())

    def _seed(self, file: str) -> bytes:
        path = self.root / "keys" / file
        try:
            readable = path.stat().st_mode & 0o077
            seed = from_base64(path.read_text("ascii", "replace").strip())
        except OSError as error:
            raise KeysError(
                expected=f"the key {file} of this witness", found="none that can be read", remedy="restore it"
            ) from error
        if readable or seed is None or len(seed) != SEED_SIZE:
            raise KeysError(
                expected=f"{SEED_SIZE} bytes in base64 in {file}, readable by its owner only",
                found="another mode" if readable else "another text",
                remedy="see who could have read it; then mend it or make another witness",
            )
        return seed


def watched(logs: Path) -> dict[str, list[PublicKey]]:
    """Read the logs to watch: the keys of each by origin; raises ConfigurationError or KeysError."""
    try:
        if logs.stat().st_size > _MOST_BYTES:
            raise OSError
        lines = [line.strip() for line in logs.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            expected=f"the public keys of the logs to watch in {logs.name}",
            found="none that can be read",
            remedy="put the public-keys.txt of each ledger there, one key on each line",
        ) from error
    keys: dict[str, list[PublicKey]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            key = verifier_of(line)
            if key.kind not in _LOG_KINDS:
                raise ConfigurationError(
                    expected="keys of logs, of type 1 or 6",
                    found="a key of a witness",
                    remedy="take that line out",
                )
            keys.setdefault(key.name, []).append(key)
    if not keys:
        raise ConfigurationError(
            expected="at least one log to watch", found="none", remedy="add the public keys of a ledger"
        )
    return keys


def _write(path: Path, text: str, *, mode: int = 0o644) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        os.write(file, text.encode())
        os.fsync(file)
    finally:
        os.close(file)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
