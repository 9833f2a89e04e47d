# SPDX-License-Identifier: EUPL-1.2
"""How the vectors of hashes, keys, cosignatures with their times, policies and quorums are made."""

from collections.abc import Iterator
from itertools import chain

from tlog_keys import AT, LOG, LOG_PQ, ORIGIN, STRANGER, WITNESS, WITNESS_PQ, SeedSigner
from tlog_vectors import CHECKPOINT, ENTRIES, TEXT, Vector, leaf, root_at

from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import EMPTY_ROOT, leaf_hash, node_hash
from rekenschap.tlog.note import Note, NoteSignature, sign_note, sign_text
from rekenschap.tlog.text import to_base64
from rekenschap.tlog.vkey import SignatureKind, VerifierKey

SECOND = SeedSigner("witness.example.org/w3", SignatureKind.ED25519_COSIGNATURE)
FORM, SIGNATURE, SETTING = "MalformedCheckpointError", "WrongSignatureError", "ConfigurationError"


def hashes() -> Iterator[Vector]:
    """Leaf, node and the empty root, each hash by itself (RFC 6962 section 2.1)."""
    yield Vector("the empty tree", {}, {"hash": EMPTY_ROOT.to_base64()})
    for name, entry in (("zeros", bytes(32)), ("ones", b"\xff" * 32), ("the second entry", ENTRIES[1])):
        given: dict[str, object] = {"entry": to_base64(entry)}
        yield Vector(f"a leaf of {name}", given, {"hash": leaf_hash(entry).to_base64()})
    left, right = leaf(0), leaf(1)
    for name, one, other in (
        ("two leaves", left, right),
        ("the same leaves, swapped", right, left),
        ("one leaf twice", left, left),
    ):
        given = {"left": one.to_base64(), "right": other.to_base64()}
        yield Vector(f"a node of {name}", given, {"hash": node_hash(one, other).to_base64()})
    for name, text in (
        ("31 bytes", to_base64(bytes(31))),
        ("33 bytes", to_base64(bytes(33))),
        ("no padding", left.to_base64()[:-1]),
        ("spare bits", left.to_base64()[:-2] + chr(ord(left.to_base64()[-2]) + 1) + "="),
        ("base64url", to_base64(b"\xff" * 32).replace("/", "_")),
        ("nothing", ""),
    ):
        given = {"left": text, "right": right.to_base64()}
        yield Vector(f"a hash with {name}", given, error="MalformedProofError")


def keys() -> Iterator[Vector]:
    """A public key on one line, its kind and its id."""
    for signer in (LOG, LOG_PQ, WITNESS, WITNESS_PQ):
        key = signer.key
        yield Vector(f"a key of kind {int(key.kind)} of {key.name}", {"key": key.to_text()}, _read(key))
    good = LOG.key.to_text()
    name, key_id, encoded = good.split("+", 2)
    longest = VerifierKey(name="n" * 255, kind=LOG.kind, public_key=LOG.key.public_key)
    yield Vector("a name of 255 bytes", {"key": longest.to_text()}, _read(longest))
    for what, text in (
        ("nothing", ""),
        ("no id", f"{name}+{encoded}"),
        ("another id", f"{name}+00000000+{encoded}"),
        ("the id in capitals", f"{name}+{key_id.upper()}+{encoded}"),
        ("no name", f"+{key_id}+{encoded}"),
        ("a space in the name", f"exam ple+{key_id}+{encoded}"),
        ("another name", f"example.net/ledger+{key_id}+{encoded}"),
        ("no padding", good.rstrip("=") if good.endswith("=") else good + "="),
        ("kind 2", f"{name}+{key_id}+{to_base64(bytes([2]) + bytes(32))}"),
        ("31 bytes", f"{name}+{key_id}+{to_base64(bytes([1]) + bytes(31))}"),
    ):
        yield Vector(f"a key with {what}", {"key": text}, error="KeysError")


def _read(key: VerifierKey) -> dict[str, object]:
    public = to_base64(key.public_key)
    return {"name": key.name, "kind": int(key.kind), "id": key.key_id.hex(), "public_key": public}


def cosignatures() -> Iterator[Vector]:
    """Notes cosigned with timed Ed25519 (0x04)."""
    yield from _cosigned(WITNESS, (LOG, WITNESS, SECOND), LOG)
    lines = (sign_text(TEXT, LOG), sign_text(TEXT, WITNESS, AT), sign_text(TEXT, SECOND, AT + 9))
    both = Note(text=TEXT, signatures=lines)
    yield Vector("two witnesses at two times", _told(both, LOG, WITNESS, SECOND), _held(
        (LOG, 0), (WITNESS, AT), (SECOND, AT + 9)))  # fmt: skip
    exchanged = NoteSignature(name=SECOND.name, key_id=SECOND.key_id, packed=lines[1].packed)
    yield Vector(
        "the signature of another witness",
        _told(Note(text=TEXT, signatures=(lines[0], exchanged)), LOG, WITNESS, SECOND),
        error=SIGNATURE,
    )


def cosignatures_ml_dsa() -> Iterator[Vector]:
    """Notes cosigned with ML-DSA-44 (0x06)."""
    yield from _cosigned(WITNESS_PQ, (LOG, WITNESS_PQ), LOG)


def _cosigned(witness: SeedSigner, known: tuple[SeedSigner, ...], log: SeedSigner) -> Iterator[Vector]:
    own = sign_text(TEXT, log)

    def note(*lines: NoteSignature) -> dict[str, object]:
        return _told(Note(text=TEXT, signatures=lines), *known)

    for name, at in (("in 2026", AT), ("without a time", 0), ("at the last moment", 2**63 - 1)):
        line = sign_text(TEXT, witness, at)
        yield Vector(f"cosigned {name}", note(own, line), _held((log, 0), (witness, at)))
    line, later = sign_text(TEXT, witness, AT), sign_text(TEXT, witness, AT + 60)
    yield Vector("cosigned before the log", note(line, own), _held((witness, AT), (log, 0)))
    yield Vector("cosigned twice, the first counts", note(own, line, later), _held((log, 0), (witness, AT)))
    stranger = sign_text(TEXT, STRANGER)
    yield Vector("a stranger signed as well", note(own, stranger, line), _held((log, 0), (witness, AT)))
    yield Vector("by the witness only", note(line), error=SIGNATURE)
    other = Checkpoint(origin=ORIGIN, size=12, root=root_at(12)).to_text()
    for name, packed, error in (
        ("the time moved", (AT + 1).to_bytes(8, "big") + line.packed[8:], SIGNATURE),
        ("the time taken away", line.packed[8:], FORM),
        ("a time beyond 2^63", (2**63).to_bytes(8, "big") + line.packed[8:], FORM),
        ("a byte less", line.packed[:-1], FORM),
        ("a byte more", line.packed + b"\x00", FORM),
        ("zeros", bytes(len(line.packed)), SIGNATURE),
        ("signed over another size", sign_text(other, witness, AT).packed, SIGNATURE),
    ):
        spoiled = NoteSignature(name=line.name, key_id=line.key_id, packed=packed)
        yield Vector(name, note(own, spoiled), error=error)


def _told(note: Note, *known: SeedSigner) -> dict[str, object]:
    keys = [signer.key.to_text() for signer in known]
    return {"origin": ORIGIN, "keys": keys, "note": note.to_bytes().decode()}


def _held(*held: tuple[SeedSigner, int]) -> dict[str, object]:
    signed = [[f"{each.name}+{each.key_id.hex()}", int(each.kind), str(time)] for each, time in held]
    return {"size": CHECKPOINT.size, "root": CHECKPOINT.root.to_base64(), "signed_by": signed}


KEY = {name: SeedSigner(f"witness.example.org/{name}", SignatureKind.ED25519_COSIGNATURE).key for name in (
    "x1", "x2", "x3", "y1", "y2")}  # fmt: skip
LINE = {name: f"witness {name} {key.to_text()}\n" for name, key in KEY.items()}
EXAMPLE = (
    f"log {LOG.key.to_text()}\n# two organisations\n{''.join([*LINE.values()][:3])}group x 2 x1 x2 x3\n\n"
    f"{LINE['y1']}{LINE['y2']}group y any y1 y2\ngroup both all x y\nquorum both\n"
)


def policies() -> Iterator[Vector]:
    """Policy files (C2SP tlog-policy): what they say, or that they are none."""
    one, own = LINE["x1"], LOG_PQ.key.to_text()
    groups: list[object] = [["x", 2, ["x1", "x2", "x3"]], ["y", 1, ["y1", "y2"]], ["both", 2, ["x", "y"]]]
    yield Vector(
        "two of three and one of two",
        {"policy": EXAMPLE},
        {"logs": [ORIGIN], "witnesses": [*KEY], "groups": groups, "quorum": "both"},
    )
    empty: dict[str, object] = {"logs": [], "witnesses": [], "groups": []}
    yield Vector("no witness is asked", {"policy": "quorum none\n"}, empty | {"quorum": "none"})
    spaced = " \t\n#x\n\t" + one.replace(" ", " \t") + "  quorum\tx1 \n"
    yield Vector("blanks and tabs", {"policy": spaced}, empty | {"witnesses": ["x1"], "quorum": "x1"})
    url = one.replace("\n", " https://w.example/\n")
    yield Vector("an address", {"policy": f"{url}quorum x1\n"}, empty | {"witnesses": ["x1"], "quorum": "x1"})
    for name, text in (
        ("nothing", ""),
        ("no quorum", one),
        ("two quorums", f"{one}quorum x1\nquorum x1\n"),
        ("a quorum that nobody defines", f"{one}quorum x2\n"),
        ("a quorum before its witness", f"quorum x1\n{one}"),
        ("no last newline", "quorum none"),
        ("CRLF", "quorum none\r\n"),
        ("an unknown word", "wait 5\nquorum none\n"),
        ("a witness with a key of kind 1", f"witness a {LOG.key.to_text()}\nquorum a\n"),
        ("a log with a key of kind 4", f"log {KEY['x1'].to_text()}\nquorum none\n"),
        ("a name twice", f"{one}{LINE['x2'].replace(' x2 ', ' x1 ')}quorum x1\n"),
        ("a key under two names", f"{one}{one.replace(' x1 ', ' b ')}quorum x1\n"),
        (
            "the log as its own witness",
            f"log {own}\nwitness a {own}\nquorum a\n",
        ),
        ("a witness called none", f"{one.replace(' x1 ', ' none ')}quorum none\n"),
        ("a group of nobody", f"{one}group g any\nquorum g\n"),
        ("a group of itself", f"{one}group g any g\nquorum g\n"),
        ("a member of two groups", f"{one}group g any x1\ngroup h any x1\nquorum g\n"),
        ("a threshold of 0", f"{one}group g 0 x1\nquorum g\n"),
        ("a threshold above its members", f"{one}group g 2 x1\nquorum g\n"),
        ("a threshold with a zero in front", f"{one}group g 01 x1\nquorum g\n"),
        ("a key that is none", "witness a nonsense\nquorum a\n"),
    ):
        yield Vector(f"a policy with {name}", {"policy": text}, error=SETTING)


def quorums() -> Iterator[Vector]:
    """Which witnesses are enough, and a checkpoint opened under a policy."""
    tried = ("", "x1", "y1", "x1 x2", "x1 y1", "x1 x2 y2", "x1 x3 y1", "x1 x2 x3", "y1 y2 x3", " ".join(KEY))
    for some in tried:
        chosen = some.split()
        enough = sum(name[0] == "x" for name in chosen) >= 2 and any(name[0] == "y" for name in chosen)
        signers = [SeedSigner(KEY[name].name, KEY[name].kind) for name in chosen]
        note = sign_note(TEXT, [LOG, *signers], AT).to_bytes().decode()
        given: dict[str, object] = {"policy": EXAMPLE, "note": note}
        said = f"signed by {some or 'the log only'}"
        if enough:
            yield Vector(said, given, {"size": CHECKPOINT.size, "signatures": 1 + len(chosen)})
        else:
            yield Vector(said, given, error=SIGNATURE)
    everyone = [SeedSigner(key.name, key.kind) for key in KEY.values()]
    for name, signers in (("without the log", everyone), ("by a stranger instead", [STRANGER, *everyone])):
        note = sign_note(TEXT, signers, AT).to_bytes().decode()
        yield Vector(name, {"policy": EXAMPLE, "note": note}, error=SIGNATURE)
    lines = chain(sign_note(TEXT, [LOG, *everyone], AT).signatures[:-1], [
        NoteSignature(name=everyone[-1].name, key_id=everyone[-1].key_id, packed=bytes(72))])  # fmt: skip
    note = Note(text=TEXT, signatures=tuple(lines)).to_bytes().decode()
    yield Vector("enough, and one known signature fails", {"policy": EXAMPLE, "note": note}, error=SIGNATURE)


REPEATABLE = {
    "hash": hashes,
    "key": keys,
    "cosignature": cosignatures,
    "policy": policies,
    "quorum": quorums,
}
KEPT = {"cosignature-ml-dsa": cosignatures_ml_dsa}
