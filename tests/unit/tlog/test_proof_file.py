# SPDX-License-Identifier: EUPL-1.2
"""A proof on its own: one file, checked without the log."""

import pytest
from tlog_keys import AT, LOG, LOG_PQ, ORIGIN, WITNESS, trusts

from rekenschap.errors import MalformedProofError, VerificationError, WrongRootError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash, leaf_hash
from rekenschap.tlog.note import sign_note
from rekenschap.tlog.proof import inclusion_path
from rekenschap.tlog.proof_file import ProofFile, check_proof_file
from rekenschap.tlog.tree import root_of

LEAVES = [leaf_hash(bytes([n])) for n in range(11)]
PACKED = b"".join(leaf.raw for leaf in LEAVES)
CHECKPOINT = Checkpoint(origin=ORIGIN, size=11, root=root_of(PACKED))
SIGNED = sign_note(CHECKPOINT.to_text(), [LOG, LOG_PQ, WITNESS], AT).to_bytes()


def read(level: int, index: int) -> Hash:
    return root_of(PACKED[32 * (index << level) : 32 * ((index + 1) << level)])


PROOF = ProofFile(index=6, path=inclusion_path(6, 11, read), checkpoint=SIGNED)


def test_a_proof_file_is_checked_with_nothing_but_keys_and_the_leaf() -> None:
    proof = ProofFile.from_bytes(PROOF.to_bytes())
    checkpoint, held = check_proof_file(
        proof, leaf=LEAVES[6], origin=ORIGIN, log_keys=trusts(LOG, LOG_PQ), witness_keys=trusts(WITNESS)
    )
    assert checkpoint == CHECKPOINT
    assert len(held) == 3


def test_it_proves_no_other_entry() -> None:
    with pytest.raises(WrongRootError):
        check_proof_file(PROOF, leaf=LEAVES[7], origin=ORIGIN, log_keys=trusts(LOG))


@pytest.mark.parametrize("extra", [None, b"", b"anything\x00"])
def test_a_proof_file_survives_its_bytes(extra: bytes | None) -> None:
    proof = ProofFile(index=6, path=PROOF.path, checkpoint=SIGNED, extra=extra)
    assert ProofFile.from_bytes(proof.to_bytes()) == proof


def test_the_only_leaf_needs_no_path() -> None:
    checkpoint = Checkpoint(origin=ORIGIN, size=1, root=LEAVES[0])
    proof = ProofFile(index=0, path=(), checkpoint=sign_note(checkpoint.to_text(), [LOG]).to_bytes())
    assert b"index 0\n\nexample.org" in proof.to_bytes()
    check_proof_file(
        ProofFile.from_bytes(proof.to_bytes()), leaf=LEAVES[0], origin=ORIGIN, log_keys=trusts(LOG)
    )


def test_no_changed_bit_outside_the_unknown_signatures_is_overlooked() -> None:
    signed = sign_note(CHECKPOINT.to_text(), [LOG]).to_bytes()
    raw = ProofFile(index=6, path=PROOF.path, checkpoint=signed).to_bytes()
    for place in range(len(raw)):
        for bit in range(8):
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            with pytest.raises(VerificationError):
                check_proof_file(
                    ProofFile.from_bytes(bytes(changed)), leaf=LEAVES[6], origin=ORIGIN, log_keys=trusts(LOG)
                )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"index 6", b"index 06"),
        (b"index 6", b"index -6"),
        (b"index 6\n", b""),
        (b"index 6", b"extra *\nindex 6"),
        (b"index 6", b"extra AA==\nextra AA==\nindex 6"),
        (b"index 6", b"\xff"),
        (b"=\n", b"\n"),
    ],
)
def test_another_form_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(MalformedProofError):
        ProofFile.from_bytes(PROOF.to_bytes().replace(old, new))


@pytest.mark.parametrize("index", [-1, 2**63])
def test_an_index_outside_every_log_is_refused(index: int) -> None:
    with pytest.raises(MalformedProofError):
        ProofFile(index=index, path=(), checkpoint=SIGNED)


def test_a_path_longer_than_any_tree_is_high_is_refused() -> None:
    with pytest.raises(MalformedProofError):
        ProofFile(index=0, path=(LEAVES[0],) * 64, checkpoint=SIGNED)
    with pytest.raises(MalformedProofError, match="at most"):
        ProofFile.from_bytes(bytes(2_000_001))
