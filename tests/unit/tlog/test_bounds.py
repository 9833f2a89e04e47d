# SPDX-License-Identifier: EUPL-1.2
"""The first value that is refused, and the last one that is not."""

from dataclasses import replace

import pytest
from tlog_keys import LOG, LOG_PQ, ORIGIN, WITNESS, SeedSigner

from rekenschap.errors import KeysError, MalformedCheckpointError, MalformedProofError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.cosignature import checkpoint_message, ed25519_message, subtree_message, unpack_signature
from rekenschap.tlog.hashing import EMPTY_ROOT, leaf_hash
from rekenschap.tlog.layout import Tile, bundle_of, tiles_of
from rekenschap.tlog.note import Note, NoteSignature, sign_note
from rekenschap.tlog.proof_file import ProofFile
from rekenschap.tlog.text import MAX_NUMBER, to_base64
from rekenschap.tlog.vkey import SignatureKind, VerifierKey

LEAF = leaf_hash(b"leaf")
LINE = NoteSignature(name="a", key_id=b"1234", packed=b"5")
TIMED = (SignatureKind.ED25519_COSIGNATURE, SignatureKind.ML_DSA_44)


def test_a_checkpoint_goes_up_to_63_bits() -> None:
    assert Checkpoint(origin="o" * 255, size=MAX_NUMBER, root=LEAF).size == MAX_NUMBER
    for size in (-1, MAX_NUMBER + 1):
        with pytest.raises(MalformedCheckpointError):
            Checkpoint(origin="o", size=size, root=LEAF)


def test_a_timestamp_goes_up_to_63_bits() -> None:
    assert str(MAX_NUMBER).encode() in ed25519_message("text\n", MAX_NUMBER)
    with pytest.raises(MalformedCheckpointError, match="a timestamp"):
        ed25519_message("text\n", MAX_NUMBER + 1)
    for kind in TIMED:
        tail = bytes(kind.signature_size)
        assert unpack_signature(kind, MAX_NUMBER.to_bytes(8, "big") + tail) == (MAX_NUMBER, tail)
        with pytest.raises(MalformedCheckpointError, match="a timestamp"):
            unpack_signature(kind, b"\x80" + bytes(7) + tail)


def test_a_subtree_may_be_empty_and_reach_the_last_leaf() -> None:
    for span in ((0, 0), (MAX_NUMBER, MAX_NUMBER)):
        assert subtree_message(name="w", origin="o", span=span, root=EMPTY_ROOT, timestamp=0)


def test_names_of_255_bytes_fit() -> None:
    name = "n" * 255
    checkpoint = Checkpoint(origin=name, size=1, root=LEAF)
    assert checkpoint_message(name, checkpoint, 0).count(b"\xff" + name.encode()) == 2
    assert VerifierKey(name=name, kind=SignatureKind.ED25519, public_key=bytes(32)).name == name
    with pytest.raises(KeysError):
        VerifierKey(name=name + "n", kind=SignatureKind.ED25519, public_key=bytes(32))


@pytest.mark.parametrize("length", [0, 31, 33, 1312])
def test_a_public_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(KeysError, match="32 bytes"):
        VerifierKey(name="a", kind=SignatureKind.ED25519, public_key=bytes(length))


def test_a_verifier_key_of_a_type_we_do_not_use_is_refused() -> None:
    with pytest.raises(KeysError, match="type 2"):
        VerifierKey.from_text("a+00000000+" + to_base64(b"\x02" + bytes(32)))


@pytest.mark.parametrize("signer", [LOG, LOG_PQ, WITNESS], ids=lambda signer: str(int(signer.kind)))
def test_a_signer_that_answers_something_else_is_refused(signer: SeedSigner) -> None:
    class Stub(SeedSigner):
        def sign(self, message: bytes) -> bytes:
            return signer.sign(message)[:-1]

    text = Checkpoint(origin=ORIGIN, size=1, root=LEAF).to_text()
    with pytest.raises(MalformedCheckpointError, match=f"{signer.kind.signature_size} bytes"):
        sign_note(text, [Stub(signer.name, signer.kind)], 1)


def test_a_signature_line_needs_more_than_a_key_id() -> None:
    assert NoteSignature.from_line(LINE.to_line()[:-1]) == LINE
    with pytest.raises(MalformedCheckpointError):
        NoteSignature.from_line(replace(LINE, packed=b"").to_line()[:-1])


def test_a_note_holds_up_to_a_hundred_signatures_and_a_million_bytes() -> None:
    assert len(Note(text="t\n", signatures=(LINE,) * 100).signatures) == 100
    with pytest.raises(MalformedCheckpointError):
        Note(text="t\n", signatures=(LINE,) * 101)
    room = 1_000_000 - len(Note(text="\n", signatures=(LINE,)).to_bytes())
    assert Note.from_bytes(Note(text="t" * room + "\n", signatures=(LINE,)).to_bytes())
    with pytest.raises(MalformedCheckpointError, match="at most"):
        Note.from_bytes(Note(text="t" * (room + 1) + "\n", signatures=(LINE,)).to_bytes())


def test_a_proof_file_goes_up_to_63_hashes_and_63_bits() -> None:
    proof = ProofFile(index=MAX_NUMBER, path=(LEAF,) * 63, checkpoint=b"")
    assert ProofFile.from_bytes(proof.to_bytes()) == proof
    with pytest.raises(MalformedProofError):
        ProofFile.from_bytes(b"c2sp.org/tlog-proof@v1\n\n")
    with pytest.raises(MalformedProofError):
        ProofFile.from_bytes(b"c2sp.org/tlog-proof@v1\n7\n\n")


def test_a_tile_index_goes_up_to_63_bits() -> None:
    tile = Tile(level=0, index=MAX_NUMBER)
    assert Tile.from_path(tile.path) == tile
    with pytest.raises(MalformedProofError, match="a longer one"):
        Tile.from_path("tile/0/" + "x999/" * 7 + "999")
    with pytest.raises(MalformedProofError):
        Tile(level=0, index=-1)


def test_the_tile_levels_end_at_the_last_one_that_is_filled() -> None:
    assert {tile.level for tile in tiles_of(65_535)} == {0, 1}
    assert {tile.level for tile in tiles_of(65_536)} == {0, 1, 2}


def test_a_torn_block_makes_no_bundle() -> None:
    with pytest.raises(MalformedProofError):
        bundle_of(bytes(33))
