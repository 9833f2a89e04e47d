# SPDX-License-Identifier: EUPL-1.2
"""How the golden vectors in `vectors/tlog` are made: every case by name, valid ones first, then broken ones.

Signatures by ML-DSA-44 are random by design, so those notes are kept as first made and not made again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tlog_keys import AT, EVERYONE, LOG, LOG_PQ, ORIGIN, STRANGER, WITNESS, WITNESS_PQ, SeedSigner

from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.cosignature import signed_message
from rekenschap.tlog.hashing import Hash, leaf_hash
from rekenschap.tlog.layout import Tile, tile_of, tiles_of
from rekenschap.tlog.note import Note, NoteSignature, sign_note
from rekenschap.tlog.proof import consistency_path, inclusion_path
from rekenschap.tlog.proof_file import ProofFile
from rekenschap.tlog.text import to_base64
from rekenschap.tlog.tree import root_of

COUNT = 21
ENTRIES = [bytes([n]) * 32 for n in range(COUNT)]
LEAVES = b"".join(leaf_hash(entry).raw for entry in ENTRIES)
OTHER = leaf_hash(b"another history")
SIZES = (1, 2, 3, 4, 7, 8, 13, COUNT)


@dataclass(frozen=True)
class Vector:
    """One case: what goes in, and either what comes out or the name of the error."""

    name: str
    given: dict[str, object]
    result: dict[str, object] = field(default_factory=dict)
    error: str | None = None


def root_at(size: int) -> Hash:
    return root_of(LEAVES[: 32 * size])


def leaf(index: int) -> Hash:
    return Hash(LEAVES[32 * index : 32 * index + 32])


def read(level: int, index: int) -> Hash:
    return root_of(LEAVES[32 * (index << level) : 32 * ((index + 1) << level)])


def texts(path: tuple[Hash, ...]) -> list[str]:
    return [hash_.to_base64() for hash_ in path]


def roots() -> Iterator[Vector]:
    for size in range(COUNT + 1):
        entries = [to_base64(entry) for entry in ENTRIES[:size]]
        yield Vector(f"a tree of {size} entries", {"entries": entries}, {"root": root_at(size).to_base64()})


def inclusion() -> Iterator[Vector]:
    for size in SIZES:
        for index in sorted({0, size // 2, size - 1}):
            path = texts(inclusion_path(index, size, read))
            yield Vector(f"leaf {index} of {size}", _inclusion(index, size, path))
    good = _inclusion(9, 13, texts(inclusion_path(9, 13, read)))
    path = list(inclusion_path(9, 13, read))
    wrong, shape = "WrongRootError", "MalformedProofError"
    yield Vector("another leaf", good | {"leaf": leaf(8).to_base64()}, error=wrong)
    yield Vector("another root", good | {"root": root_at(14).to_base64()}, error=wrong)
    yield Vector("another sibling", good | {"path": texts((OTHER, *path[1:]))}, error=wrong)
    yield Vector("siblings swapped", good | {"path": texts((path[1], path[0], *path[2:]))}, error=wrong)
    yield Vector("the neighbour's index", good | {"index": 8}, error=wrong)
    yield Vector("an index outside the tree", good | {"index": 13}, error=shape)
    yield Vector("a path without its last hash", good | {"path": texts((*path[:-1],))}, error=shape)
    yield Vector("a path with a hash too many", good | {"path": texts((*path, OTHER))}, error=shape)
    yield Vector(
        "a hash of 31 bytes", good | {"path": [to_base64(bytes(31)), *texts((*path[1:],))]}, error=shape
    )
    yield Vector("the empty tree", good | {"index": 0, "size": 0, "path": []}, error=shape)


def _inclusion(index: int, size: int, path: list[str]) -> dict[str, object]:
    root = root_at(size).to_base64()
    return {"leaf": leaf(index).to_base64(), "index": index, "size": size, "path": path, "root": root}


def consistency() -> Iterator[Vector]:
    for new in SIZES:
        for old in (0, *SIZES):
            if old <= new:
                yield Vector(f"from {old} to {new}", _consistency(old, new))
    good = _consistency(6, 13)
    path = list(consistency_path(6, 13, read))
    fork, shape = "InconsistentError", "MalformedProofError"
    other = {"root": OTHER.to_base64()}
    yield Vector("another old root", good | {"old_root": other["root"]}, error=fork)
    yield Vector("another new root", good | {"new_root": other["root"]}, error=fork)
    yield Vector("another hash", good | {"path": texts((*path[:-1], OTHER))}, error=fork)
    yield Vector("two roots for one size", _consistency(13, 13) | {"old_root": other["root"]}, error=fork)
    yield Vector(
        "an old empty tree with a root", _consistency(0, 13) | {"old_root": other["root"]}, error=fork
    )
    yield Vector("a shrunken log", good | {"new_size": 5}, error=shape)
    yield Vector("no path", good | {"path": []}, error=shape)
    yield Vector("a path without its last hash", good | {"path": texts((*path[:-1],))}, error=shape)
    yield Vector("a path with a hash too many", good | {"path": texts((*path, OTHER))}, error=shape)
    yield Vector("a path between equal sizes", _consistency(13, 13) | {"path": texts((OTHER,))}, error=shape)
    yield Vector("a path from the empty tree", _consistency(0, 13) | {"path": texts((OTHER,))}, error=shape)


def _consistency(old: int, new: int) -> dict[str, object]:
    return {
        "old_size": old,
        "old_root": root_at(old).to_base64(),
        "new_size": new,
        "new_root": root_at(new).to_base64(),
        "path": texts(consistency_path(old, new, read)),
    }


CHECKPOINT = Checkpoint(origin=ORIGIN, size=13, root=root_at(13))
TEXT = CHECKPOINT.to_text()


def checkpoints() -> Iterator[Vector]:
    for name, body in (
        ("a checkpoint", CHECKPOINT),
        ("an empty log", Checkpoint(origin="o", size=0, root=root_at(0))),
    ):
        result: dict[str, object] = {"origin": body.origin, "size": body.size, "root": body.root.to_base64()}
        yield Vector(name, {"text": body.to_text()}, result)
    root = CHECKPOINT.root.to_base64()
    for name, text in (
        ("nothing", ""),
        ("no origin", f"\n13\n{root}\n"),
        ("no last newline", TEXT[:-1]),
        ("an extension line", TEXT + "more\n"),
        ("an empty line", TEXT + "\n"),
        ("a leading zero", f"o\n013\n{root}\n"),
        ("a sign", f"o\n+13\n{root}\n"),
        ("a size of 2^63", f"o\n{2**63}\n{root}\n"),
        ("a root of 31 bytes", f"o\n13\n{to_base64(bytes(31))}\n"),
        ("a root without padding", f"o\n13\n{root[:-1]}\n"),
        ("line ends of another system", TEXT.replace("\n", "\r\n")),
        ("an empty log with a root", f"o\n0\n{root}\n"),
    ):
        yield Vector(name, {"text": text}, error="MalformedCheckpointError")


def messages() -> Iterator[Vector]:
    for signer in EVERYONE:
        for timestamp in (0, AT):
            message = signed_message(signer.kind, signer.name, TEXT, timestamp=timestamp)
            given: dict[str, object] = {
                "kind": int(signer.kind), "name": signer.name, "text": TEXT, "timestamp": timestamp
            }  # fmt: skip
            yield Vector(
                f"type {int(signer.kind)} by {signer.name} at {timestamp}",
                given,
                {"message": to_base64(message)},
            )
    odd: dict[str, object] = {"kind": 6, "name": ORIGIN, "text": "any other text\n", "timestamp": 0}
    yield Vector("ML-DSA-44 over a text that is no checkpoint", odd, error="MalformedCheckpointError")


def notes() -> Iterator[Vector]:
    both = sign_note(TEXT, [LOG, WITNESS], AT)
    keys = (LOG, WITNESS)
    yield Vector("signed by the log", _note(sign_note(TEXT, [LOG]), keys), _held(LOG))
    yield Vector("signed by the log and a witness", _note(both, keys), _held(LOG, WITNESS))
    yield Vector("a stranger signed as well", _note(sign_note(TEXT, [STRANGER, LOG]), keys), _held(LOG))
    line = both.signatures[0]
    renamed = NoteSignature(name=STRANGER.name, key_id=line.key_id, packed=line.packed)
    yield Vector(
        "a known id under another name", _note(both.with_signatures([renamed]), keys), _held(LOG, WITNESS)
    )
    unsigned, form = "WrongSignatureError", "MalformedCheckpointError"
    yield Vector("signed by a stranger only", _note(sign_note(TEXT, [STRANGER]), keys), error=unsigned)
    edited = Note(text=TEXT.replace("13", "14"), signatures=both.signatures)
    yield Vector("the text was edited", _note(edited, keys), error=unsigned)
    moved = NoteSignature(
        name=WITNESS.name, key_id=WITNESS.key_id, packed=bytes(8) + both.signatures[1].packed[8:]
    )
    yield Vector(
        "the time was edited", _note(Note(text=TEXT, signatures=(line, moved)), keys), error=unsigned
    )
    broken = NoteSignature(name=line.name, key_id=line.key_id, packed=bytes(64))
    yield Vector("one known signature fails", _note(both.with_signatures([broken]), keys), error=unsigned)
    short = NoteSignature(name=line.name, key_id=line.key_id, packed=bytes(63))
    yield Vector("a known signature is short", _note(Note(text=TEXT, signatures=(short,)), keys), error=form)
    whole = both.to_bytes().decode()
    for name, text in (
        ("no empty line", whole.replace("\n\n", "\n")),
        ("no signatures", TEXT + "\n"),
        ("no last newline", whole[:-1]),
        ("a hyphen for the dash", whole.replace("—", "-")),
        ("a control character", whole.replace("13", "1\t3")),
        ("a key name with a plus", whole.replace("— example", "— +example")),
    ):
        yield Vector(name, _note(both, keys) | {"note": text}, error=form)


def notes_ml_dsa() -> Iterator[Vector]:
    keys = (LOG, LOG_PQ, WITNESS_PQ)
    both = sign_note(TEXT, keys, AT)
    yield Vector("signed by the log with both keys and by a witness", _note(both, keys), _held(*keys))
    edited = Note(text=TEXT.replace("13", "14"), signatures=both.signatures[1:])
    yield Vector("the text was edited", _note(edited, keys), error="WrongSignatureError")
    line = both.signatures[1]
    late = (AT + 1).to_bytes(8, "big") + line.packed[8:]
    moved = NoteSignature(name=line.name, key_id=line.key_id, packed=late)
    yield Vector(
        "the time was edited", _note(Note(text=TEXT, signatures=(moved,)), keys), error="WrongSignatureError"
    )


def _note(note: Note, keys: tuple[SeedSigner, ...]) -> dict[str, object]:
    return {"keys": [signer.key.to_text() for signer in keys], "note": note.to_bytes().decode()}


def _held(*signers: SeedSigner) -> dict[str, object]:
    return {"signed_by": [f"{signer.name}+{signer.key_id.hex()}" for signer in signers]}


def proof_files() -> Iterator[Vector]:
    signed = sign_note(TEXT, [LOG, WITNESS], AT).to_bytes()
    path = inclusion_path(9, 13, read)
    good = ProofFile(index=9, path=path, checkpoint=signed)
    yield Vector("a proof", _proof_file(good))
    yield Vector(
        "a proof with extra data",
        _proof_file(ProofFile(index=9, path=path, checkpoint=signed, extra=b"more")),
    )
    yield Vector("another leaf", _proof_file(good) | {"leaf": leaf(8).to_base64()}, error="WrongRootError")
    yield Vector("another origin", _proof_file(good) | {"origin": "o"}, error="MalformedCheckpointError")
    stranger = ProofFile(index=9, path=path, checkpoint=sign_note(TEXT, [STRANGER, WITNESS], AT).to_bytes())
    yield Vector("not signed by the log", _proof_file(stranger), error="WrongSignatureError")
    text = good.to_bytes().decode()
    for name, other in (
        ("another version", text.replace("@v1", "@v2")),
        ("no index", text.replace("index 9\n", "")),
        ("a leading zero", text.replace("index 9", "index 09")),
        ("extra data not in base64", text.replace("index 9", "extra *\nindex 9")),
        ("a torn hash", text.replace("=\n", "\n", 1)),
    ):
        yield Vector(name, _proof_file(good) | {"proof": other}, error="MalformedProofError")


def _proof_file(proof: ProofFile) -> dict[str, object]:
    keys = {"log_keys": [LOG.key.to_text()], "witness_keys": [WITNESS.key.to_text()]}
    return {"leaf": leaf(9).to_base64(), "origin": ORIGIN, **keys, "proof": proof.to_bytes().decode()}


def layout() -> Iterator[Vector]:
    for size in (0, 1, 255, 256, 257, 1000, 70_000):
        tail = [tile.path for tile in tiles_of(size)][-4:]
        count = sum(1 for _ in tiles_of(size))
        yield Vector(f"the tiles of {size} leaves", {"size": size}, {"count": count, "last": tail})
    for level, index in ((0, 0), (0, 256), (7, 3), (8, 0), (9, 129), (16, 5)):
        place = tile_of(level, index)
        path = Tile(level=place.level, index=place.index).path
        result: dict[str, object] = {"path": path, "first": place.first, "count": place.count}
        yield Vector(f"node {index} of level {level}", {"level": level, "index": index}, result)
    for path in ("tile/0/1", "tile/64/000", "tile/0/x000/001", "tile/0/000.p/256", "tile/0/000.p/0"):
        yield Vector(f"the path {path}", {"path": path}, error="MalformedProofError")


REPEATABLE = {
    "roots": roots,
    "inclusion": inclusion,
    "consistency": consistency,
    "checkpoint": checkpoints,
    "message": messages,
    "note": notes,
    "proof-file": proof_files,
    "layout": layout,
}
KEPT = {"note-ml-dsa": notes_ml_dsa}
