# SPDX-License-Identifier: EUPL-1.2
"""Which bytes a key signs for a note, and the timestamp before a signature (C2SP tlog-cosignature).

Builds messages only. The cryptography happens behind the `Signer` and `Verifier` of the note.
"""

from rekenschap.tlog.checkpoint import Checkpoint, malformed_checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.text import MAX_NUMBER
from rekenschap.tlog.vkey import SignatureKind

_SUBTREE_LABEL = b"subtree/v1\n\x00"
TIMESTAMP_SIZE = 8


def signed_message(kind: SignatureKind, name: str, text: str, *, timestamp: int = 0) -> bytes:
    """Return the bytes that key `name` signs for this note text.

    `timestamp` is in whole seconds since 1970 UTC and is not used for plain Ed25519. With ML-DSA-44
    the text must be a checkpoint, because the message is built from its parts; raises
    MalformedCheckpointError otherwise.
    """
    match kind:
        case SignatureKind.ED25519:
            return text.encode()
        case SignatureKind.ED25519_COSIGNATURE:
            return ed25519_message(text, timestamp)
        case SignatureKind.ML_DSA_44:
            return checkpoint_message(name, Checkpoint.from_text(text), timestamp)


def ed25519_message(text: str, timestamp: int) -> bytes:
    """Return the message of a timestamped Ed25519 cosignature (type 0x04)."""
    _check_timestamp(timestamp)
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def checkpoint_message(name: str, checkpoint: Checkpoint, timestamp: int) -> bytes:
    """Return the message of an ML-DSA-44 cosignature on a checkpoint: the subtree from leaf 0 to its size."""
    return subtree_message(
        name=name,
        origin=checkpoint.origin,
        span=(0, checkpoint.size),
        root=checkpoint.root,
        timestamp=timestamp,
    )


def subtree_message(*, name: str, origin: str, span: tuple[int, int], root: Hash, timestamp: int) -> bytes:
    """Return the message of an ML-DSA-44 cosignature (type 0x06) on a run of leaves.

    `span` is the first leaf and the one after the last.

    Time 0 means: no statement that this is the largest tree seen. A subtree that does not begin at
    leaf 0 cannot make that statement. Signed with an empty FIPS 204 context.
    """
    _check_timestamp(timestamp)
    start, end = span
    if not 0 <= start <= end <= MAX_NUMBER or (start and timestamp):
        raise malformed_checkpoint(
            "a subtree in order, timed only when it begins at leaf 0", "another subtree"
        )
    return b"".join(
        (
            _SUBTREE_LABEL,
            _short(name),
            timestamp.to_bytes(8, "big"),
            _short(origin),
            start.to_bytes(8, "big"),
            end.to_bytes(8, "big"),
            root.raw,
        )
    )


def pack_signature(kind: SignatureKind, signature: bytes, timestamp: int) -> bytes:
    """Put the timestamp before the bare signature where the kind asks for it."""
    if len(signature) != kind.signature_size:
        raise malformed_checkpoint(f"a signature of {kind.signature_size} bytes", f"{len(signature)} bytes")
    if not kind.is_timestamped:
        return signature
    _check_timestamp(timestamp)
    return timestamp.to_bytes(TIMESTAMP_SIZE, "big") + signature


def unpack_signature(kind: SignatureKind, packed: bytes) -> tuple[int, bytes]:
    """Split a packed signature into its timestamp (0 when the kind has none) and the bare signature."""
    head = TIMESTAMP_SIZE if kind.is_timestamped else 0
    if len(packed) != head + kind.signature_size:
        raise malformed_checkpoint(
            f"{head + kind.signature_size} bytes after the key id", f"{len(packed)} bytes"
        )
    timestamp = int.from_bytes(packed[:head], "big")
    _check_timestamp(timestamp)
    return timestamp, packed[head:]


def _short(text: str) -> bytes:
    raw = text.encode()
    if not 1 <= len(raw) <= 255:
        raise malformed_checkpoint("a name or origin of 1 to 255 bytes", f"{len(raw)} bytes")
    return bytes([len(raw)]) + raw


def _check_timestamp(timestamp: int) -> None:
    if not 0 <= timestamp <= MAX_NUMBER:
        raise malformed_checkpoint("a timestamp of 0 up to 2^63 - 1", "one outside it")
