# SPDX-License-Identifier: EUPL-1.2
"""The golden vectors before both readers: proofs whole, and of the log what the stand-alone one reads."""

import base64
import json
from typing import Any

import pytest

from tests.standalone import proof_vectors
from tests.standalone.both import ROOT, STANDALONE, agreed, to_base64

Case = dict[str, Any]
TLOG = ROOT / "vectors" / "tlog"


def stored(path: Any) -> list[Case]:
    return json.loads(path.read_text(encoding="utf-8"))["cases"]


def named(case: object) -> str:
    return str(case["name"]) if isinstance(case, dict) else ""


def test_the_stored_proofs_are_the_ones_made_here():
    assert stored(proof_vectors.ONCE) == proof_vectors.repeatable()
    made = [(case["name"], case["result"], case["error"]) for case in proof_vectors.with_ml_dsa()]
    assert [(case["name"], case["result"], case["error"]) for case in stored(proof_vectors.KEPT)] == made


@pytest.mark.parametrize("path", [proof_vectors.ONCE, proof_vectors.KEPT], ids=lambda path: path.stem)
def test_both_readers_say_what_each_stored_proof_says(path: Any):
    said = set()
    for case in stored(path):
        given = case["given"]
        told = {"result": case["result"], "error": case["error"]}
        assert proof_vectors.outcome(given["proof"], given["keys"]) == told, case["name"]
        says = agreed(given["proof"], given["keys"]).says
        assert says == ("holds" if case["error"] is None else says), case["name"]
        assert (says == "trouble") == (case["error"] in ("KeysError", "ConfigurationError")), case["name"]
        said.add(says)
    assert {"holds", "alarm"} <= said


@pytest.mark.parametrize("case", stored(TLOG / "message.json"), ids=named)
def test_it_signs_the_same_bytes(case: Case):
    given = case["given"]
    if case["error"] is not None:
        return  # a text that is no checkpoint never gets as far as this
    raw = given["text"].encode() + "\n— x ".encode() + base64.b64encode(bytes(9)) + b"\n"
    checkpoint, _ = STANDALONE.read_note(raw)
    key = STANDALONE.Key(given["name"], b"", given["kind"], None)
    assert (
        to_base64(STANDALONE.signed_bytes(key, checkpoint, given["timestamp"])) == case["result"]["message"]
    )


@pytest.mark.parametrize("case", stored(TLOG / "checkpoint.json"), ids=named)
def test_it_reads_the_same_checkpoints(case: Case):
    raw = case["given"]["text"].encode() + "\n— x ".encode() + base64.b64encode(bytes(9)) + b"\n"
    if case["error"] is not None:
        with pytest.raises(ValueError, match=r"\w"):
            STANDALONE.read_note(raw)
        return
    found, _ = STANDALONE.read_note(raw)
    result = {"origin": found.origin, "size": found.size, "root": to_base64(found.root)}
    assert result == case["result"]


@pytest.mark.parametrize("case", stored(TLOG / "key.json"), ids=named)
def test_it_reads_the_same_keys(case: Case):
    if case["error"] is not None:
        with pytest.raises(ValueError, match=r"\w"):
            STANDALONE.read_key(case["given"]["key"])
        return
    key = STANDALONE.read_key(case["given"]["key"])
    public = to_base64(key.public.public_bytes_raw())
    assert {"name": key.name, "kind": key.kind, "id": key.key_id.hex(), "public_key": public} == case[
        "result"
    ]


NOTES = [
    case
    for name in ("note", "note-ml-dsa", "cosignature", "cosignature-ml-dsa")
    for case in stored(TLOG / f"{name}.json")
]


@pytest.mark.parametrize("case", NOTES, ids=named)
def test_it_believes_the_same_signatures(case: Case):
    note, keys = case["given"]["note"].encode(), [STANDALONE.read_key(key) for key in case["given"]["keys"]]
    if case["error"] is not None:
        with pytest.raises(ValueError, match=r"\w"):
            STANDALONE.check_signatures(note, keys)
        return
    checkpoint, held = STANDALONE.check_signatures(note, keys)
    names = [f"{key.name}+{key.key_id.hex()}" for key, _ in held]
    if "origin" in case["given"]:
        signed = [[name, key.kind, str(time)] for name, (key, time) in zip(names, held, strict=True)]
        assert case["result"] == {
            "size": checkpoint.size,
            "root": to_base64(checkpoint.root),
            "signed_by": signed,
        }
    else:
        assert case["result"] == {"signed_by": names}
