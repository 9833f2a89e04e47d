# SPDX-License-Identifier: EUPL-1.2
"""Somebody hands over a proof file that was worked on: whoever has only the public keys must see it."""

import json

import pytest

from rekenschap.errors import WrongSignatureError
from rekenschap.ledger.prove import prove, verify
from rekenschap.tlog.note import Note
from rekenschap.tlog.text import from_base64, to_base64
from tests.ledgers import Place, verifiers


def test_a_proof_under_half_of_the_signatures_is_refused(ledger: Place):
    """Whoever can forge the weaker kind one day would only have to leave the stronger one out."""
    proof = json.loads(prove(ledger.ledger(), 7))
    raw = from_base64(proof["checkpoint"])
    assert raw is not None
    note = Note.from_bytes(raw)
    assert len(note.signatures) == 2
    for line in note.signatures:
        proof["checkpoint"] = to_base64(Note(text=note.text, signatures=(line,)).to_bytes())
        with pytest.raises(WrongSignatureError, match="each kind"):
            verify(json.dumps(proof), verifiers())
