# SPDX-License-Identifier: EUPL-1.2
"""One proof before two readers: the library and docs/reference/verify_proof.py, and logs made to try them.

The log here signs whatever it is given. Only so do the readers get past signature and tree to rows and
schemas that no honest writer makes.
"""

from __future__ import annotations

import base64
import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from rekenschap.adapters.keys import verifier_of
from rekenschap.adapters.keys.signatures import KeyPair
from rekenschap.errors import AlarmError, TroubleError
from rekenschap.ledger.prove import verify
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash, leaf_hashes
from rekenschap.tlog.note import Note, sign_note
from rekenschap.tlog.proof import inclusion_path
from rekenschap.tlog.tree import root_of
from rekenschap.tlog.vkey import SignatureKind

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "reference" / "verify_proof.py"
ORIGIN = "example.org/ledger"
AT = 1_790_000_000


def loaded() -> ModuleType:
    """Load the stand-alone verifier from its file, as it is handed over."""
    found = importlib.util.spec_from_file_location("verify_proof", SCRIPT)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


STANDALONE = loaded()


def pair(name: str, kind: SignatureKind) -> KeyPair:
    return KeyPair.from_seed(name, kind, sha256(f"an invented key: {name} {kind}".encode()).digest())


LOG = pair(ORIGIN, SignatureKind.ED25519)
LOG_PQ = pair(ORIGIN, SignatureKind.ML_DSA_44)
WITNESS = pair("witness.example.org/w1", SignatureKind.ED25519_COSIGNATURE)
WITNESS_PQ = pair("getuige.example.org/é", SignatureKind.ML_DSA_44)
STRANGER = pair("stranger.example.org", SignatureKind.ED25519)


def keys_of(*pairs: KeyPair) -> list[str]:
    return [each.key.to_text() for each in pairs]


def to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a reader says: it holds, it raises the alarm, or it could not be read; and what was proven."""

    says: str
    fact: tuple[object, ...] = ()
    why: str = field(default="", compare=False)


def ours(text: str, keys: Sequence[str]) -> Outcome:
    try:
        proven = verify(text, [verifier_of(key) for key in keys])
    except AlarmError as error:
        return Outcome(says="alarm", why=f"{type(error).__name__}: {error}")
    except TroubleError as error:
        return Outcome(says="trouble", why=f"{type(error).__name__}: {error}")
    fact = (proven.entry, proven.relation.name, list(proven.values.items()), proven.origin, proven.size)
    return Outcome(says="holds", fact=fact)


def theirs(text: str, keys: Sequence[str]) -> Outcome:
    try:
        known = [STANDALONE.read_key(key.strip()) for key in keys]
    except ValueError as error:
        return Outcome(says="trouble", why=str(error))
    try:
        proven = STANDALONE.verify(text, known)
    except (ValueError, RecursionError) as error:
        return Outcome(says="alarm", why=str(error))
    except OSError as error:
        return Outcome(says="trouble", why=str(error))
    point = proven.checkpoint
    fact = (proven.entry, proven.relation, list(proven.values.items()), point.origin, point.size)
    return Outcome(says="holds", fact=fact)


def agreed(text: str, keys: Sequence[str]) -> Outcome:
    """Ask both and hold them to one answer."""
    one, other = ours(text, keys), theirs(text, keys)
    assert one == other, f"ours {one.says} ({one.why}), the stand-alone one {other.says} ({other.why})"
    return one


@dataclass(frozen=True, kw_only=True)
class Log:
    """A log of any rows, under a note signed by any keys."""

    rows: tuple[bytes, ...]
    signers: tuple[KeyPair, ...] = (LOG,)
    origin: str = ORIGIN
    timestamp: int = 0

    def salt(self, entry: int) -> bytes:
        return sha256(entry.to_bytes(8, "big")).digest()[:16]

    @property
    def leaves(self) -> bytes:
        opened = (self.salt(at) + row for at, row in enumerate(self.rows))
        return leaf_hashes(b"".join(sha256(each).digest() for each in opened))

    @property
    def text(self) -> str:
        return Checkpoint(origin=self.origin, size=len(self.rows), root=root_of(self.leaves)).to_text()

    @property
    def note(self) -> Note:
        return sign_note(self.text, self.signers, self.timestamp)

    def opening(self, entry: int) -> dict[str, object]:
        leaves = self.leaves

        def read(level: int, index: int, /) -> Hash:
            return root_of(leaves[32 * (index << level) : 32 * ((index + 1) << level)])

        path = inclusion_path(entry, len(self.rows), read)
        return {
            "index": entry,
            "path": [to_base64(each.raw) for each in path],
            "row": to_base64(self.rows[entry]),
            "salt": to_base64(self.salt(entry)),
        }

    def proof(self, entry: int, schema: int | None) -> dict[str, object]:
        return {
            "checkpoint": to_base64(self.note.to_bytes()),
            "entry": self.opening(entry),
            "format": "rekenschap-proof",
            "schema": None if schema is None else self.opening(schema),
            "version": 1,
        }

    def proof_text(self, entry: int, schema: int | None) -> str:
        return json.dumps(self.proof(entry, schema), indent=1) + "\n"


def schema_row(text: str | bytes, number: int = 1) -> bytes:
    """Give the row of a schema entry with any text."""
    raw = text.encode() if isinstance(text, str) else text
    return b"AEL1" + bytes(5) + b"\x00" + number.to_bytes(4, "big") + len(raw).to_bytes(4, "big") + raw
