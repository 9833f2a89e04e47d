# SPDX-License-Identifier: EUPL-1.2
"""Signed notes (C2SP signed-note): a text with signature lines under it; the envelope of every checkpoint.

Decides which signatures count. The cryptography itself lives behind `Signer` and `Verifier`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from rekenschap.errors import ConfigurationError, WrongSignatureError
from rekenschap.tlog.checkpoint import Checkpoint, malformed_checkpoint
from rekenschap.tlog.cosignature import pack_signature, signed_message, unpack_signature
from rekenschap.tlog.text import from_base64, is_key_name, to_base64
from rekenschap.tlog.vkey import KEY_ID_SIZE, SignatureKind

MAX_NOTE_SIZE = 1_000_000
"""Bytes of a note we read at most."""
MAX_SIGNATURES = 100
"""Signature lines we read at most; the spec demands at least 16."""
_DASH = "\u2014 "


class KeyName(Protocol):
    """What a signature line says about its key."""

    @property
    def name(self) -> str:
        """Name of the key; for a log the same as its origin."""
        ...

    @property
    def key_id(self) -> bytes:
        """Four bytes, see `VerifierKey.key_id`."""
        ...

    @property
    def kind(self) -> SignatureKind:
        """Type of signature, which settles the bytes that are signed."""
        ...


class Signer(KeyName, Protocol):
    """A private key that signs bytes."""

    def sign(self, message: bytes) -> bytes:
        """Return the bare signature over exactly these bytes: 64 for Ed25519, 2420 for ML-DSA-44."""
        ...


class Verifier(KeyName, Protocol):
    """A public key that is trusted for a name."""

    def verify(self, message: bytes, signature: bytes) -> None:
        """Raise WrongSignatureError unless this is the key's signature over exactly these bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line, not yet checked; `packed` is what follows the key id."""

    name: str
    key_id: bytes
    packed: bytes

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read a signature line without its newline."""
        name, gap, encoded = line.removeprefix(_DASH).partition(" ")
        raw = from_base64(encoded)
        if (
            not line.startswith(_DASH)
            or not gap
            or not is_key_name(name)
            or raw is None
            or len(raw) <= KEY_ID_SIZE
        ):
            raise malformed_checkpoint(
                "a dash, a key name and a signature on each lower line", "another line"
            )
        return cls(name=name, key_id=raw[:KEY_ID_SIZE], packed=raw[KEY_ID_SIZE:])

    def to_line(self) -> str:
        """Write the signature line with its newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.packed)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text and the signature lines under it; says nothing about who to believe."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or any(char < " " and char != "\n" for char in self.text):
            raise malformed_checkpoint("a text of whole lines without control characters", "another text")
        if not 1 <= len(self.signatures) <= MAX_SIGNATURES:
            raise malformed_checkpoint(f"1 to {MAX_SIGNATURES} signatures", f"{len(self.signatures)}")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a note; raise MalformedCheckpointError when it is not one."""
        if len(raw) > MAX_NOTE_SIZE:
            raise malformed_checkpoint(f"a note of at most {MAX_NOTE_SIZE} bytes", f"{len(raw)} bytes")
        try:
            whole = raw.decode()
        except UnicodeDecodeError as error:
            raise malformed_checkpoint("a note in UTF-8", "other bytes") from error
        # The last empty line divides: the text itself may hold empty lines.
        text, blank, lines = whole.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise malformed_checkpoint("a text, an empty line and signature lines", "another form")
        return cls(text=text + "\n", signatures=tuple(map(NoteSignature.from_line, lines[:-1].split("\n"))))

    def to_bytes(self) -> bytes:
        """Write the note as it is stored and served."""
        return (self.text + "\n" + "".join(line.to_line() for line in self.signatures)).encode()

    def with_signatures(self, added: Iterable[NoteSignature]) -> Self:
        """Return the note with more signature lines, for a witness that cosigns."""
        return type(self)(text=self.text, signatures=(*self.signatures, *added))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSignature:
    """A signature that was checked and holds; `timestamp` in seconds since 1970 UTC, 0 for no time."""

    name: str
    key_id: bytes
    kind: SignatureKind
    timestamp: int


def sign_text(text: str, signer: Signer, timestamp: int = 0) -> NoteSignature:
    """Sign a note text; `timestamp` in whole seconds since 1970 UTC goes into the kinds that carry one."""
    message = signed_message(signer.kind, signer.name, text, timestamp=timestamp)
    packed = pack_signature(signer.kind, signer.sign(message), timestamp)
    return NoteSignature(name=signer.name, key_id=signer.key_id, packed=packed)


def sign_note(text: str, signers: Sequence[Signer], timestamp: int = 0) -> Note:
    """Sign a note text with every signer, in the given order."""
    return Note(text=text, signatures=tuple(sign_text(text, signer, timestamp) for signer in signers))


def check_note(note: Note, verifiers: Sequence[Verifier]) -> tuple[KnownSignature, ...]:
    """Check every signature of a known key and return them, each key once, in the order of the note.

    Raises WrongSignatureError when one of a known key does not hold or when no known key signed, and
    ConfigurationError when two verifiers go by the same name and key id. Unknown keys are passed over.
    """
    # 1. A name with a key id stands for one key only.
    known = {(key.name, key.key_id): key for key in verifiers}
    if len(known) != len(verifiers):
        raise ConfigurationError(
            expected="each verifier key once",
            found="two with one name and key id",
            remedy="remove one of them",
        )
    held: dict[tuple[str, bytes], KnownSignature] = {}
    for line in note.signatures:
        # 2. Signatures of unknown keys are passed over, also when only the name or only the id is known.
        verifier = known.get((line.name, line.key_id))
        if verifier is None:
            continue
        # 3. A known key must hold each time it appears; one failure refuses the whole note.
        timestamp = _check_line(note.text, line, verifier)
        held.setdefault(
            (line.name, line.key_id),
            KnownSignature(name=line.name, key_id=line.key_id, kind=verifier.kind, timestamp=timestamp),
        )
    # 4. At least one known key has signed.
    if not held:
        raise WrongSignatureError(
            expected="a signature by a known key",
            found=f"{len(note.signatures)} by unknown keys",
            remedy="check which verifier keys are trusted",
        )
    return tuple(held.values())


def open_checkpoint(
    raw: bytes, *, origin: str, log_keys: Sequence[Verifier], witness_keys: Sequence[Verifier] = ()
) -> tuple[Checkpoint, tuple[KnownSignature, ...]]:
    """Read a signed checkpoint and believe it only if a key of this log signed it.

    Also checks the witnesses that are known and returns all signatures that hold; how many witnesses
    are enough is for the caller to say. Raises MalformedCheckpointError or WrongSignatureError.
    """
    # 1. The form, before anything is believed.
    note = Note.from_bytes(raw)
    checkpoint = Checkpoint.from_text(note.text)
    # 2. The log that was asked for.
    if checkpoint.origin != origin:
        raise malformed_checkpoint("a checkpoint of the log that was asked for", "one of another log")
    # 3. Every known signature holds.
    held = check_note(note, (*log_keys, *witness_keys))
    # 4. One of them is the log's own: witnesses alone do not make a checkpoint.
    own = {(key.name, key.key_id) for key in log_keys}
    if not any((line.name, line.key_id) in own for line in held):
        raise WrongSignatureError(
            expected="a signature by the log itself",
            found="signatures by witnesses only",
            remedy="check which verifier keys of the log are trusted",
        )
    return checkpoint, held


def _check_line(text: str, line: NoteSignature, verifier: Verifier) -> int:
    """Check one signature line against its key and return its timestamp."""
    timestamp, signature = unpack_signature(verifier.kind, line.packed)
    verifier.verify(signed_message(verifier.kind, verifier.name, text, timestamp=timestamp), signature)
    return timestamp
