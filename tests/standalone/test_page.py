# SPDX-License-Identifier: EUPL-1.2
"""The page for whoever writes a second implementation: its example holds, and it forgets no vector."""

import json
import re

from rekenschap.adapters.keys import verifier_of
from rekenschap.ledger.rows.commitments import salts_of
from rekenschap.ledger.rows.decoding import decode
from rekenschap.ledger.rows.encoding import layout_of
from rekenschap.model.schema_text import relation_of
from rekenschap.tlog.hashing import leaf_hash
from rekenschap.tlog.note import open_checkpoint
from rekenschap.tlog.tree import root_of
from tests.standalone import page_example
from tests.standalone.both import ROOT, STANDALONE, agreed
from tests.standalone.page_example import (
    COMMITMENTS,
    LEAVES,
    LOG_LINE,
    NOTE,
    ORIGIN,
    ROWS,
    SALTS,
    SCHEMA,
    SECRET,
    TIME,
    WITNESS_LINE,
    to_base64,
)

PAGE = (ROOT / "docs" / "reference" / "ledger-format.md").read_text(encoding="utf-8")


def test_the_page_has_the_example_as_it_is_computed():
    assert page_example.example() in PAGE


def test_the_example_is_what_the_library_makes():
    assert b"".join(SALTS) == salts_of(SECRET, len(ROWS))
    assert [leaf_hash(each).raw for each in COMMITMENTS] == LEAVES
    assert root_of(b"".join(LEAVES)).raw == page_example.ROOT
    relation = relation_of(SCHEMA)
    first = decode(ROWS[1], layout_of(relation.columns))
    assert first[1:] == (b"BRP", page_example.RECORDED_AT, bytes(range(16)), None, True)
    second = decode(ROWS[2], layout_of(relation.columns))
    assert second[4:] == ("balie é".encode(), None)
    keys = [verifier_of(LOG_LINE), verifier_of(WITNESS_LINE)]
    checkpoint, held = open_checkpoint(NOTE.encode(), origin=ORIGIN, log_keys=keys[:1], witness_keys=keys[1:])
    assert (checkpoint.size, checkpoint.root.raw) == (3, page_example.ROOT)
    assert [line.timestamp for line in held] == [0, TIME]


def test_the_example_is_a_proof_to_both_readers():
    for entry, path in ((1, [LEAVES[0], LEAVES[2]]), (2, [page_example.NODE])):
        openings = [
            {
                "index": at,
                "path": [to_base64(each) for each in way],
                "row": to_base64(ROWS[at]),
                "salt": to_base64(SALTS[at]),
            }
            for at, way in ((entry, path), (0, [LEAVES[1], LEAVES[2]]))
        ]
        proof = {"checkpoint": to_base64(NOTE.encode()), "entry": openings[0], "schema": openings[1]}
        text = json.dumps(proof | {"format": "rekenschap-proof", "version": 1})
        assert agreed(text, [LOG_LINE, WITNESS_LINE]).says == "holds"


def test_the_message_of_the_example_is_what_a_key_signs():
    checkpoint, _ = STANDALONE.read_note(NOTE.encode())
    key = STANDALONE.Key(ORIGIN, b"", STANDALONE.ML_DSA_44, None)
    assert STANDALONE.signed_bytes(key, checkpoint, 0) == b"".join(
        raw for raw, _ in page_example.ML_DSA_MESSAGE
    )


def test_every_vector_is_in_the_index():
    index = (ROOT / "vectors" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "vectors").glob("*/*.json"):
        assert f"{path.parent.name}/{path.name}" in index, path.name


def test_the_grammar_of_the_page_is_the_one_of_the_verifier():
    """The page gives the words and numbers of a schema; the verifier has them as expressions."""
    for name in ("NAME", "WORD"):
        assert getattr(STANDALONE, name) in PAGE
    assert re.search(r"1 to 999999999 +width = 1 to 9999", PAGE)
