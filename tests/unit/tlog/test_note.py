# SPDX-License-Identifier: EUPL-1.2
"""Signed notes: the form, the keys, and which signatures count."""

import pytest
from tlog_keys import (
    AT,
    EVERYONE,
    LOG,
    LOG_PQ,
    ORIGIN,
    STRANGER,
    WITNESS,
    WITNESS_PQ,
    RealVerifier,
    SeedSigner,
    trusts,
)

from rekenschap.errors import ConfigurationError, KeysError, MalformedCheckpointError, WrongSignatureError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.cosignature import checkpoint_message, signed_message, subtree_message
from rekenschap.tlog.hashing import leaf_hash
from rekenschap.tlog.note import Note, NoteSignature, check_note, open_checkpoint, sign_note, sign_text
from rekenschap.tlog.vkey import SignatureKind, VerifierKey

CHECKPOINT = Checkpoint(origin=ORIGIN, size=3, root=leaf_hash(b"root"))
TEXT = CHECKPOINT.to_text()
SIGNED = sign_note(TEXT, EVERYONE, AT)

# The example of the C2SP signed-note page, and the published example of the Go module sumdb/note.
SPEC_NOTE = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""  # noqa: E501
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def test_the_note_of_the_specification_keeps_its_empty_line_and_its_bytes() -> None:
    note = Note.from_bytes(SPEC_NOTE.encode())
    assert note.text.endswith(":\n\ned è subito sera.\n")
    assert note.signatures[0].name == "quasimodo.example/salvatore"
    assert note.to_bytes() == SPEC_NOTE.encode()


def test_a_note_of_another_implementation_verifies() -> None:
    key = VerifierKey.from_text(GO_KEY)
    assert key.to_text() == GO_KEY
    (held,) = check_note(Note.from_bytes(GO_NOTE.encode()), [RealVerifier(key)])
    assert (held.name, held.key_id.hex(), held.timestamp) == ("PeterNeumann", "c74f20a3", 0)
    with pytest.raises(WrongSignatureError):
        check_note(
            Note.from_bytes(GO_NOTE.replace("your problem is", "our problem is").encode()),
            [RealVerifier(key)],
        )


def test_the_log_and_witnesses_sign_with_both_kinds_of_key() -> None:
    checkpoint, held = open_checkpoint(
        SIGNED.to_bytes(),
        origin=ORIGIN,
        log_keys=trusts(LOG, LOG_PQ),
        witness_keys=trusts(WITNESS, WITNESS_PQ),
    )
    assert checkpoint == CHECKPOINT
    assert [(line.name, line.kind, line.timestamp) for line in held] == [
        (ORIGIN, SignatureKind.ED25519, 0),
        (ORIGIN, SignatureKind.ML_DSA_44, AT),
        (WITNESS.name, SignatureKind.ED25519_COSIGNATURE, AT),
        (WITNESS_PQ.name, SignatureKind.ML_DSA_44, AT),
    ]


@pytest.mark.parametrize("signer", EVERYONE, ids=lambda signer: f"{signer.name}-{signer.kind}")
def test_a_flipped_bit_in_a_known_signature_refuses_the_whole_note(signer: SeedSigner) -> None:
    place = EVERYONE.index(signer)
    good = SIGNED.signatures[place]
    # The first bits stand in the timestamp, for the kinds that have one; the last ones in the signature.
    for byte in (*range(10), -1):
        packed = bytearray(good.packed)
        packed[byte] ^= 1
        bad = NoteSignature(name=good.name, key_id=good.key_id, packed=bytes(packed))
        lines = (*SIGNED.signatures[:place], bad, *SIGNED.signatures[place + 1 :])
        with pytest.raises(WrongSignatureError):
            check_note(Note(text=TEXT, signatures=lines), trusts(*EVERYONE))


@pytest.mark.parametrize("signer", EVERYONE, ids=lambda signer: f"{signer.name}-{signer.kind}")
@pytest.mark.parametrize(
    "change", [{"size": 4}, {"root": leaf_hash(b"other")}, {"origin": "example.org/other"}]
)
def test_a_signature_does_not_move_to_another_checkpoint(
    signer: SeedSigner, change: dict[str, object]
) -> None:
    fields: dict[str, object] = {"origin": ORIGIN, "size": 3, "root": CHECKPOINT.root}
    other = Checkpoint(**(fields | change))  # type: ignore[arg-type]
    line = SIGNED.signatures[EVERYONE.index(signer)]
    with pytest.raises(WrongSignatureError):
        check_note(Note(text=other.to_text(), signatures=(line,)), trusts(signer))


def test_signatures_of_strangers_are_passed_over() -> None:
    line = sign_text(TEXT, STRANGER)
    garbled = NoteSignature(name=STRANGER.name, key_id=LOG.key_id, packed=b"garbled")
    note = SIGNED.with_signatures([line, garbled])
    assert len(check_note(note, trusts(LOG))) == 1


def test_a_note_signed_by_strangers_only_is_refused() -> None:
    with pytest.raises(WrongSignatureError, match="unknown keys"):
        check_note(sign_note(TEXT, [STRANGER]), trusts(LOG))
    with pytest.raises(WrongSignatureError, match="unknown keys"):
        check_note(SIGNED, ())


def test_witnesses_without_the_log_do_not_make_a_checkpoint() -> None:
    note = sign_note(TEXT, [WITNESS, WITNESS_PQ], AT)
    with pytest.raises(WrongSignatureError, match="witnesses only"):
        open_checkpoint(
            note.to_bytes(), origin=ORIGIN, log_keys=trusts(LOG), witness_keys=trusts(WITNESS, WITNESS_PQ)
        )


def test_a_checkpoint_of_another_log_is_refused_even_when_the_key_is_known() -> None:
    with pytest.raises(MalformedCheckpointError, match="another log"):
        open_checkpoint(SIGNED.to_bytes(), origin="example.org/other", log_keys=trusts(LOG))


def test_a_key_that_signed_twice_counts_once() -> None:
    note = sign_note(TEXT, [LOG, WITNESS, WITNESS], AT)
    assert len(check_note(note, trusts(LOG, WITNESS))) == 2


def test_a_second_line_of_a_known_key_must_hold_as_well() -> None:
    bad = NoteSignature(name=LOG.name, key_id=LOG.key_id, packed=bytes(64))
    with pytest.raises(WrongSignatureError):
        check_note(SIGNED.with_signatures([bad]), trusts(LOG))


def test_two_verifiers_for_one_key_are_a_mistake_in_the_configuration() -> None:
    with pytest.raises(ConfigurationError):
        check_note(SIGNED, trusts(LOG, LOG))


def test_a_known_key_with_a_signature_of_another_length_is_refused() -> None:
    line = NoteSignature(name=LOG.name, key_id=LOG.key_id, packed=bytes(65))
    with pytest.raises(MalformedCheckpointError, match="64 bytes after the key id"):
        check_note(Note(text=TEXT, signatures=(line,)), trusts(LOG))


def test_an_ml_dsa_key_signs_checkpoints_only() -> None:
    with pytest.raises(MalformedCheckpointError):
        sign_note("any other text\n", [LOG_PQ])


def test_the_messages_have_the_bytes_of_the_specification() -> None:
    assert signed_message(SignatureKind.ED25519, ORIGIN, TEXT, timestamp=AT) == TEXT.encode()
    assert (
        signed_message(SignatureKind.ED25519_COSIGNATURE, "w", TEXT, timestamp=17)
        == f"cosignature/v1\ntime 17\n{TEXT}".encode()
    )
    message = checkpoint_message("w", CHECKPOINT, 17)
    assert message == (
        b"subtree/v1\n\x00" + b"\x01w" + (17).to_bytes(8, "big")
        + bytes([len(ORIGIN)]) + ORIGIN.encode()
        + bytes(8) + (3).to_bytes(8, "big") + CHECKPOINT.root.raw
    )  # fmt: skip
    assert message == signed_message(SignatureKind.ML_DSA_44, "w", TEXT, timestamp=17)


@pytest.mark.parametrize(
    ("span", "timestamp"),
    [((1, 2), 5), ((2, 1), 0), ((-1, 2), 0), ((0, 2**63), 0), ((0, 1), -1), ((0, 1), 2**63)],
)
def test_a_subtree_message_outside_the_specification_is_not_made(
    span: tuple[int, int], timestamp: int
) -> None:
    with pytest.raises(MalformedCheckpointError):
        subtree_message(name="w", origin=ORIGIN, span=span, root=CHECKPOINT.root, timestamp=timestamp)


@pytest.mark.parametrize("name", ["", "w" * 256])
def test_a_name_that_does_not_fit_the_message_is_refused(name: str) -> None:
    with pytest.raises(MalformedCheckpointError, match="1 to 255 bytes"):
        checkpoint_message(name, CHECKPOINT, 0)


def test_one_key_has_another_id_for_each_name_and_kind() -> None:
    public = LOG.key.public_key
    ids = {
        VerifierKey(name=name, kind=kind, public_key=public).key_id
        for name in ("a", "b")
        for kind in (SignatureKind.ED25519, SignatureKind.ED25519_COSIGNATURE)
    }
    assert len(ids) == 4


@pytest.mark.parametrize("signer", EVERYONE, ids=lambda signer: f"{signer.name}-{signer.kind}")
def test_a_verifier_key_survives_its_line(signer: SeedSigner) -> None:
    assert VerifierKey.from_text(signer.key.to_text()) == signer.key


@pytest.mark.parametrize("place", range(len(GO_KEY)))
def test_a_verifier_key_with_one_changed_character_is_refused(place: int) -> None:
    changed = GO_KEY[:place] + chr(ord(GO_KEY[place]) ^ 1) + GO_KEY[place + 1 :]
    with pytest.raises(KeysError):
        VerifierKey.from_text(changed)
    with pytest.raises(KeysError):
        VerifierKey.from_text(GO_KEY[:place])


def test_a_note_takes_at_least_sixteen_signatures_and_not_a_thousand() -> None:
    line = SIGNED.signatures[0]
    assert len(Note.from_bytes(Note(text=TEXT, signatures=(line,) * 16).to_bytes()).signatures) == 16
    with pytest.raises(MalformedCheckpointError):
        Note(text=TEXT, signatures=(line,) * 1000)
    with pytest.raises(MalformedCheckpointError, match="at most"):
        Note.from_bytes(b"\n" * 1_000_001)


def test_a_note_whose_text_was_edited_anywhere_is_refused() -> None:
    raw = sign_note(TEXT, [LOG]).to_bytes()
    for place in range(len(raw)):
        for bit in range(8):
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            with pytest.raises((WrongSignatureError, MalformedCheckpointError)):
                open_checkpoint(bytes(changed), origin=ORIGIN, log_keys=trusts(LOG))
