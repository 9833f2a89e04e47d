# SPDX-License-Identifier: EUPL-1.2
"""The proof of one entry: a file that anyone can check with the public key and nothing else.

It carries the row itself, so it is as confidential as the row.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from rekenschap.errors import MalformedProofError, VerificationError, WrongLeafError
from rekenschap.ledger.custody.trusted import Trusted
from rekenschap.ledger.facts import declared_as, printed_row
from rekenschap.ledger.ledger import Ledger
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE, SALT_SIZE
from rekenschap.ledger.rows.decoding import decode, read_head
from rekenschap.ledger.rows.encoding import layout_of
from rekenschap.ledger.segments import (
    KIND_FACT,
    KIND_SCHEMA,
    KINDS,
    SCHEMA_LAYOUT,
    SCHEMA_NAME,
    SCHEMA_RELATION,
)
from rekenschap.model.columns import Relation
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash, leaf_hash
from rekenschap.tlog.note import Note, Verifier
from rekenschap.tlog.proof import check_inclusion, inclusion_path
from rekenschap.tlog.text import MAX_NUMBER, from_base64, to_base64

FORMAT_NAME = "rekenschap-proof"
FORMAT_VERSION = 1
MAX_PROOF = 16 * 1024 * 1024
_MAX_PATH = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """An entry that is in a log, as its signed checkpoint says; values are ready to print."""

    entry: int
    relation: Relation
    values: dict[str, object]
    origin: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """One entry opened: salt and row give its commitment, the path leads from there to the root."""

    index: int
    salt: bytes
    row: bytes
    path: tuple[Hash, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "index": self.index,
            "path": [each.to_base64() for each in self.path],
            "row": to_base64(self.row),
            "salt": to_base64(self.salt),
        }

    def check(self, checkpoint: Checkpoint) -> None:
        """Check that the entry is in the tree of the checkpoint."""
        leaf = leaf_hash(sha256(self.salt + self.row).digest())
        check_inclusion(
            leaf=leaf, index=self.index, size=checkpoint.size, path=self.path, root=checkpoint.root
        )


def prove(ledger: Ledger, entry: int) -> str:
    """Write the proof of an entry under the latest checkpoint, as JSON.

    Raises RefusedError when there is no such entry and WrongLeafError when its row is not what was committed.
    """
    opened = _opening(ledger, entry)
    kind, schema_no = read_head(opened.row)
    schema = _opening(ledger, ledger.state.schemas.entry_of(schema_no)) if kind != KIND_SCHEMA else None
    for each in (opened, schema):
        if each is not None:
            each.check(ledger.checkpoint)
    proof = {
        "checkpoint": to_base64(ledger.note),
        "entry": opened.to_json(),
        "format": FORMAT_NAME,
        "schema": schema.to_json() if schema is not None else None,
        "version": FORMAT_VERSION,
    }
    return json.dumps(proof, sort_keys=True, indent=1) + "\n"


def verify(text: str, verifiers: Sequence[Verifier]) -> Proven:
    """Check a proof with the public keys alone and read its row; raises VerificationError on any doubt."""
    # 1. The form, strictly, before anything is believed.
    opened, schema, note = _read(text)
    # 2. The checkpoint is signed by the log it names, with a key that is trusted for that name.
    origin = Checkpoint.from_text(Note.from_bytes(note).text).origin
    checkpoint, _ = Trusted.of(origin, verifiers).opened_fully(note)
    # 3. The entry, and the schema it was written with, are in that tree.
    opened.check(checkpoint)
    if schema is not None:
        schema.check(checkpoint)
    # 4. The proven schema says how to read the proven row.
    relation, values = _decoded(opened, schema)
    return Proven(entry=opened.index, relation=relation, values=values, origin=origin, size=checkpoint.size)


def _opening(ledger: Ledger, entry: int) -> _Opening:
    opened = ledger.opened(entry)
    segment, size = opened.segment, ledger.checkpoint.size
    start = (entry - segment.first) * COMMITMENT_SIZE
    committed = ledger.store.read(segment.pack, start=start, length=COMMITMENT_SIZE)
    if sha256(opened.salt + opened.row).digest() != committed:
        raise WrongLeafError(
            expected=f"the committed row of entry {entry} ({segment.relation}) in {segment.parquet}",
            found="another row",
            remedy="check the whole ledger and keep it as evidence",
            entry=entry,
        )
    path = inclusion_path(entry, size, ledger.tree)
    return _Opening(index=entry, salt=opened.salt, row=opened.row, path=path)


def _decoded(opened: _Opening, schema: _Opening | None) -> tuple[Relation, dict[str, object]]:
    if schema is None:
        _declared(opened.row)
        return SCHEMA_RELATION, printed_row(SCHEMA_RELATION, decode(opened.row, SCHEMA_LAYOUT))
    number, relation = _declared(schema.row)
    if schema.index >= opened.index:
        raise _malformed("a schema that stands before the entry", "one that comes after it")
    if read_head(opened.row) != (KINDS.get(relation.name, KIND_FACT), number):
        raise _malformed(f"a row of schema {number}", "one of another kind or schema")
    return relation, printed_row(relation, decode(opened.row, layout_of(relation.columns)))


def _declared(row: bytes) -> tuple[int, Relation]:
    """Read the row of a schema: its number, and the relation it declares."""
    if read_head(row) != (KIND_SCHEMA, 0):
        raise _malformed("a schema", "an entry of another kind")
    number, text = decode(row, SCHEMA_LAYOUT)
    if not number or not isinstance(number, int) or not isinstance(text, bytes):
        raise _malformed("the number and the text of a schema", "another row")
    relation = declared_as(text.decode("utf-8", "replace"))
    if relation.name == SCHEMA_NAME:
        raise _malformed("the schema of a fact", "another one")
    return number, relation


def _read(text: str) -> tuple[_Opening, _Opening | None, bytes]:
    if len(text) > MAX_PROOF:
        raise _malformed(f"a proof of at most {MAX_PROOF} characters", f"{len(text)}")
    try:
        proof = json.loads(
            text, object_pairs_hook=_once, parse_int=_digits, parse_float=_digits, parse_constant=_digits
        )
    except (ValueError, RecursionError) as error:
        raise _malformed("a proof in JSON, each name once, numbers in digits only", "another text") from error
    if not isinstance(proof, dict) or proof.get("format") != FORMAT_NAME:
        raise _malformed(f"a file of format {FORMAT_NAME}", "another file")
    if proof.get("version") != FORMAT_VERSION or isinstance(proof["version"], bool):
        raise _malformed(f"a proof of version {FORMAT_VERSION}", "another version")
    _check_keys(proof, {"checkpoint", "entry", "format", "schema", "version"})
    schema = _read_opening(proof["schema"]) if proof["schema"] is not None else None
    return _read_opening(proof["entry"]), schema, _raw(proof["checkpoint"], None)


def _read_opening(given: object) -> _Opening:
    if not isinstance(given, dict):
        raise _malformed("an entry with index, path, row and salt", "something else")
    _check_keys(given, {"index", "path", "row", "salt"})
    index, path = given["index"], given["path"]
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index <= MAX_NUMBER:
        raise _malformed("an index of 0 up to 2^63 - 1", "something else")
    if not isinstance(path, list) or len(path) > _MAX_PATH:
        raise _malformed(f"a path of at most {_MAX_PATH} hashes", "something else")
    hashes = tuple(Hash(_raw(each, COMMITMENT_SIZE)) for each in path)
    return _Opening(
        index=index, salt=_raw(given["salt"], SALT_SIZE), row=_raw(given["row"], None), path=hashes
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a name that stands twice: of two readers each could see another value."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError
    return dict(pairs)


def _digits(number: str) -> int:
    """Refuse signs, fractions, exponents and NaN: an index has one spelling."""
    if not number.isdigit():
        raise ValueError
    return int(number)


def _check_keys(given: dict[object, object], wanted: set[str]) -> None:
    if set(given) != wanted:
        raise _malformed(f"exactly {', '.join(sorted(wanted))}", "other names")


def _raw(given: object, size: int | None) -> bytes:
    raw = from_base64(given) if isinstance(given, str) else None
    if raw is None or (size is not None and len(raw) != size):
        raise _malformed(f"{size or 'some'} bytes in base64", "something else")
    return raw


def _malformed(expected: str, found: str) -> VerificationError:
    return MalformedProofError(expected=expected, found=found, remedy="ask for the proof again")
