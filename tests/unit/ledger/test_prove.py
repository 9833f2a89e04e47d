# SPDX-License-Identifier: EUPL-1.2
"""A proof stands on its own: the file, the public key, and nothing else."""

import base64
import json
from collections.abc import Callable

import pytest

from rekenschap.errors import (
    MalformedProofError,
    RekenschapError,
    VerificationError,
    WrongLeafError,
    WrongSignatureError,
)
from rekenschap.ledger import Ledger
from rekenschap.ledger.prove import prove, verify
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.ledgers import ORIGIN, STRANGER, facts, memory_ledger, verifiers


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    ledger, _, _ = memory_ledger()
    ledger.append([(CONSULTATION, facts(count=300))])
    ledger.append([(ZAAK, facts(ZAAK, 40)), (CONSULTATION, facts(count=310, seed=3))])
    return ledger


def test_every_entry_can_be_proven(ledger: Ledger):
    for entry in [*range(0, ledger.size, 37), 301, ledger.size - 1]:
        proven = verify(prove(ledger, entry), verifiers())
        row = ledger.row(entry)
        assert (proven.entry, proven.relation, proven.values) == (entry, row.relation, row.values)
        assert (proven.origin, proven.size) == (ORIGIN, ledger.size)


def test_every_size_gives_proofs():
    ledger, _, _ = memory_ledger()
    for seed in range(20):
        ledger.append([(CONSULTATION, facts(count=seed * 3 + 1, seed=seed))])
        for entry in (0, ledger.size // 2, ledger.size - 1):
            assert verify(prove(ledger, entry), verifiers()).size == ledger.size


def test_a_stranger_proves_nothing(ledger: Ledger):
    with pytest.raises(WrongSignatureError):
        verify(prove(ledger, 5), verifiers(STRANGER))
    with pytest.raises(WrongSignatureError):
        verify(prove(ledger, 5), [])
    with pytest.raises(WrongSignatureError):
        verify(prove(ledger, 5), verifiers(origin="example.org/other"))


def test_a_tile_that_is_too_short_is_named():
    ledger, store, anchor = memory_ledger()
    ledger.append([(CONSULTATION, facts(count=600))])
    store.replace("tile/1/000.p/2", store.get("tile/1/000.p/2")[:32])
    again = Ledger.open(store=store, anchor=anchor)
    with pytest.raises(MalformedProofError, match="a tile of at least 2 hashes"):
        prove(again, 600)


def test_an_entry_that_is_not_there_is_refused(ledger: Ledger):
    for entry in (-1, ledger.size):
        with pytest.raises(RekenschapError, match="expected an entry"):
            prove(ledger, entry)


def changed(text: str, change: Callable[[dict], None]) -> str:
    proof = json.loads(text)
    change(proof)
    return json.dumps(proof)


def flipped(proof: dict, place: str, key: str, at: int) -> None:
    raw = bytearray(base64.b64decode(proof[place][key]))
    raw[at % len(raw)] ^= 1
    proof[place][key] = base64.b64encode(raw).decode()


CHANGES: dict[str, Callable[[dict], None]] = {
    "another row": lambda p: flipped(p, "entry", "row", -1),
    "another kind": lambda p: flipped(p, "entry", "row", 4),
    "another salt": lambda p: flipped(p, "entry", "salt", 0),
    "another schema": lambda p: flipped(p, "schema", "row", 30),
    "another index": lambda p: p["entry"].update(index=p["entry"]["index"] + 1),
    "a shorter path": lambda p: p["entry"]["path"].pop(),
    "a longer path": lambda p: p["entry"]["path"].append(p["entry"]["path"][0]),
    "paths of each other": lambda p: p["entry"].update(path=p["schema"]["path"]),
    "no schema": lambda p: p.update(schema=None),
    "the entry as its schema": lambda p: p.update(schema=p["entry"]),
    "the schema as the entry": lambda p: p.update(entry=p["schema"]),
    "another version": lambda p: p.update(version=2),
    "a version that is true": lambda p: p.update(version=True),
    "another format": lambda p: p.update(format="x"),
    "a key too many": lambda p: p.update(remark="x"),
    "a key too many inside": lambda p: p["entry"].update(remark="x"),
    "an index that is text": lambda p: p["entry"].update(index="5"),
    "a negative index": lambda p: p["entry"].update(index=-1),
    "a path that is text": lambda p: p["entry"].update(path="x"),
    "a hash that is short": lambda p: p["entry"].update(path=["AAAA"]),
    "a salt that is a number": lambda p: p["entry"].update(salt=5),
    "an entry that is a list": lambda p: p.update(entry=[]),
    "no checkpoint": lambda p: p.update(checkpoint=""),
    "sloppy base64": lambda p: p["entry"].update(salt=p["entry"]["salt"].rstrip("=")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_proof_is_refused(ledger: Ledger, name: str):
    text = prove(ledger, 333)
    with pytest.raises(VerificationError) as alarm:
        verify(changed(text, CHANGES[name]), verifiers())
    assert "\n" not in str(alarm.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "5", "[" * 100_000, "\x00", '{"format":"rekenschap-proof"}']
)
def test_what_is_no_proof_is_refused(text: str):
    with pytest.raises(VerificationError):
        verify(text, verifiers())


def test_a_changed_ledger_cannot_prove_the_changed_row(ledger: Ledger):
    segment = ledger.opened(5).segment
    blobs = ledger.store._blobs  # type: ignore[attr-defined]
    kept = blobs[segment.pack]
    blobs[segment.pack] = bytes(len(kept))
    try:
        with pytest.raises(WrongLeafError) as alarm:
            prove(ledger, 5)
        assert alarm.value.entry == 5
    finally:
        blobs[segment.pack] = kept


def test_a_proof_holds_no_hex(ledger: Ledger):
    """Nine digits in a row inside hexadecimal could pass for a number of a citizen."""
    proof = json.loads(prove(ledger, 5))
    for each in (proof["entry"], proof["schema"]):
        assert len(base64.b64decode(each["salt"])) == 16
        assert all(len(base64.b64decode(hash_)) == 32 for hash_ in each["path"])
