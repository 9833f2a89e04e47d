# SPDX-License-Identifier: EUPL-1.2
"""What all statements about custody share: one chain, lines with one spelling, and how they are signed.

A statement is the text of a C2SP signed note. Its first lines name the ledger and the statement before it, so
who signs one has signed all that went before, and no statement counts twice or in another ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Self

from rekenschap.errors import MalformedStatementError, VerificationError
from rekenschap.ledger.custody.publickeys import PublicKey
from rekenschap.tlog.cosignature import pack_signature, subtree_message, unpack_signature
from rekenschap.tlog.hashing import HASH_SIZE, Hash
from rekenschap.tlog.note import Note, NoteSignature, Signer
from rekenschap.tlog.text import from_base64, from_decimal, is_plain, to_base64
from rekenschap.tlog.vkey import SignatureKind

START = Hash(sha256(b"").digest())
"""What the first statement of a ledger names as the one before it."""
_LABEL = "rekenschap-statement/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The lines every statement begins with."""

    origin: str
    number: int
    """Place in the chain, from 1 on."""
    previous: Hash
    """SHA-256 of the text of the statement before it."""
    size: int
    """How many entries the ledger had for those who sign; the statement itself stands at or beyond it."""
    written: date

    def lines(self) -> list[str]:
        """Write the head without its first line."""
        return [
            f"origin {self.origin}",
            f"number {self.number}",
            f"previous {to_base64(self.previous.raw)}",
            f"size {self.size}",
            f"date {self.written.isoformat()}",
        ]

    @classmethod
    def read(cls, lines: Lines) -> Self:
        """Take the head from the lines; raises MalformedStatementError."""
        return cls(
            origin=lines.take("origin"),
            number=lines.number("number"),
            previous=lines.hash("previous"),
            size=lines.number("size"),
            written=lines.day("date"),
        )


class Lines:
    """The lines of a statement, taken one by one by name; raises MalformedStatementError."""

    def __init__(self, text: str, *, first: str) -> None:
        self._rest = text.removesuffix("\n").split("\n")[::-1]
        if self._rest.pop() != first:
            raise malformed(f"a statement that begins with {first}", "another text")

    def take(self, name: str) -> str:
        """Take the value of the next line, which must have this name."""
        found, gap, value = self._rest.pop().partition(" ") if self._rest else ("", "", "")
        if found != name or not gap or not is_plain(value):
            raise malformed(f"a line {name}", "another line or none")
        return value

    def number(self, name: str) -> int:
        """Take a whole number."""
        found = from_decimal(self.take(name))
        if found is None:
            raise malformed(f"a number in the line {name}", "another text")
        return found

    def hash(self, name: str) -> Hash:
        """Take a hash in base64."""
        raw = from_base64(self.take(name))
        if raw is None or len(raw) != HASH_SIZE:
            raise malformed(f"a hash in base64 in the line {name}", "another text")
        return Hash(raw)

    def day(self, name: str) -> date:
        """Take a day as in 2026-11-22."""
        try:
            return date.fromisoformat(self.take(name))
        except ValueError as error:
            raise malformed(f"a day in the line {name}", "another text") from error

    def all(self, name: str) -> list[str]:
        """Take all lines that are left, each of this name."""
        return [self.take(name) for _ in range(len(self._rest))]


def digest_of(text: str) -> Hash:
    """Give what the next statement names as `previous`."""
    return Hash(sha256(text.encode()).digest())


def read_note(raw: bytes | str) -> Note:
    """Read a signed statement without believing it; raises MalformedStatementError."""
    try:
        return Note.from_bytes(raw.encode() if isinstance(raw, str) else raw)
    except (VerificationError, UnicodeEncodeError) as error:
        raise malformed("a statement with signature lines under it", "another form") from error


def sign_statement(text: str, signer: Signer) -> NoteSignature:
    """Sign a statement with one key; Ed25519 signs the text, ML-DSA-44 a checkpoint that stands for it."""
    signature = signer.sign(_message(signer.kind, signer.name, text))
    return NoteSignature(
        name=signer.name, key_id=signer.key_id, packed=pack_signature(signer.kind, signature, 0)
    )


def signed_by(note: Note, keys: Sequence[PublicKey]) -> tuple[PublicKey, ...]:
    """Give the keys whose signature is under a statement and holds, each once.

    Raises WrongSignatureError when a known key has a signature there that does not hold.
    """
    known = {(key.name, key.key_id): key for key in keys}
    held = {}
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is not None:
            _, signature = unpack_signature(key.kind, line.packed)
            key.verify(_message(key.kind, key.name, note.text), signature)
            held[line.name, line.key_id] = key
    return tuple(held.values())


def malformed(expected: str, found: str) -> MalformedStatementError:
    """Make the alarm for a statement that does not have its form."""
    return MalformedStatementError(
        expected=expected, found=found, remedy="keep it as evidence and ask those who signed for their copy"
    )


def _message(kind: SignatureKind, name: str, text: str) -> bytes:
    """Give the bytes to sign. No checkpoint begins as a statement does, and none has this origin."""
    match kind:
        case SignatureKind.ED25519:
            return text.encode()
        case SignatureKind.ML_DSA_44:
            return subtree_message(name=name, origin=_LABEL, span=(0, 0), root=digest_of(text), timestamp=0)
        case _:
            raise malformed(
                "a key that signs statements (Ed25519 or ML-DSA-44)", f"a key of kind {kind.name}"
            )
