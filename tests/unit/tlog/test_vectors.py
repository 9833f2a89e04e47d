# SPDX-License-Identifier: EUPL-1.2
"""The golden vectors: run each one, and show that they are still the ones made here.

To make them again run this file with REKENSCHAP_WRITE_VECTORS=1, then read the difference.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from tlog_keys import RealVerifier
from tlog_vectors import KEPT, REPEATABLE, Vector
from witness_vectors import KEPT as WITNESSES_KEPT
from witness_vectors import REPEATABLE as WITNESSES_REPEATABLE

import rekenschap.errors
from rekenschap.errors import RekenschapError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.cosignature import signed_message
from rekenschap.tlog.hashing import EMPTY_ROOT, Hash, leaf_hash, leaf_hashes, node_hash
from rekenschap.tlog.layout import Tile, tile_of, tiles_of
from rekenschap.tlog.note import Note, check_note, open_checkpoint
from rekenschap.tlog.policy import Policy, open_under
from rekenschap.tlog.proof import check_consistency, check_inclusion
from rekenschap.tlog.proof_file import ProofFile, check_proof_file
from rekenschap.tlog.text import from_base64, to_base64
from rekenschap.tlog.tree import root_of
from rekenschap.tlog.vkey import SignatureKind, VerifierKey

FOLDER = Path(__file__).parents[3] / "vectors" / "tlog"
WRITING = os.environ.get("REKENSCHAP_WRITE_VECTORS") == "1"
Given = dict[str, Any]
MADE = REPEATABLE | WITNESSES_REPEATABLE
MADE_ONCE = KEPT | WITNESSES_KEPT


def stored(name: str) -> list[Vector]:
    path = FOLDER / f"{name}.json"
    return [Vector(**case) for case in json.loads(path.read_text("utf-8"))["cases"]] if path.exists() else []


def run_roots(given: Given) -> Given:
    entries = b"".join(from_base64(entry) or b"" for entry in given["entries"])
    return {"root": root_of(leaf_hashes(entries)).to_base64()}


def run_inclusion(given: Given) -> Given:
    check_inclusion(**hashes(given, "leaf", "root"))
    return {}


def run_consistency(given: Given) -> Given:
    check_consistency(**hashes(given, "old_root", "new_root"))
    return {}


def run_checkpoint(given: Given) -> Given:
    checkpoint = Checkpoint.from_text(given["text"])
    assert checkpoint.to_text() == given["text"]
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.to_base64()}


def run_message(given: Given) -> Given:
    kind = SignatureKind(given["kind"])
    return {
        "message": to_base64(signed_message(kind, given["name"], given["text"], timestamp=given["timestamp"]))
    }


def run_note(given: Given) -> Given:
    note = Note.from_bytes(given["note"].encode())
    assert note.to_bytes() == given["note"].encode()
    return {
        "signed_by": [f"{line.name}+{line.key_id.hex()}" for line in check_note(note, trusted(given["keys"]))]
    }


def run_proof_file(given: Given) -> Given:
    check_proof_file(
        ProofFile.from_bytes(given["proof"].encode()),
        leaf=Hash.from_base64(given["leaf"]),
        origin=given["origin"],
        log_keys=trusted(given["log_keys"]),
        witness_keys=trusted(given["witness_keys"]),
    )
    return {}


def run_layout(given: Given) -> Given:
    if "size" in given:
        paths = [tile.path for tile in tiles_of(given["size"])]
        return {"count": len(paths), "last": paths[-4:]}
    if "path" in given:
        return {"path": Tile.from_path(given["path"]).path}
    place = tile_of(given["level"], given["index"])
    path = Tile(level=place.level, index=place.index).path
    return {"path": path, "first": place.first, "count": place.count}


def run_hash(given: Given) -> Given:
    if "entry" in given:
        return {"hash": leaf_hash(from_base64(given["entry"]) or b"").to_base64()}
    if "left" in given:
        nodes = [Hash.from_base64(given[side]) for side in ("left", "right")]
        return {"hash": node_hash(*nodes).to_base64()}
    return {"hash": EMPTY_ROOT.to_base64()}


def run_key(given: Given) -> Given:
    key = VerifierKey.from_text(given["key"])
    assert key.to_text() == given["key"]
    public = to_base64(key.public_key)
    return {"name": key.name, "kind": int(key.kind), "id": key.key_id.hex(), "public_key": public}


def run_cosignature(given: Given) -> Given:
    keys = trusted(given["keys"])
    checkpoint, held = open_checkpoint(
        given["note"].encode(),
        origin=given["origin"],
        log_keys=[key for key in keys if key.name == given["origin"]],
        witness_keys=[key for key in keys if key.name != given["origin"]],
    )
    signed = [[f"{line.name}+{line.key_id.hex()}", int(line.kind), str(line.timestamp)] for line in held]
    return {"size": checkpoint.size, "root": checkpoint.root.to_base64(), "signed_by": signed}


def run_policy(given: Given) -> Given:
    policy = Policy.from_bytes(given["policy"].encode())
    assert Policy.from_bytes(policy.to_bytes()) == policy
    return {
        "logs": [log.key.name for log in policy.logs],
        "witnesses": [each.name for each in policy.witnesses],
        "groups": [[group.name, group.threshold, [*group.members]] for group in policy.groups],
        "quorum": policy.quorum,
    }


def run_quorum(given: Given) -> Given:
    policy = Policy.from_bytes(given["policy"].encode())
    checkpoint, held = open_under(given["note"].encode(), policy, verifier_of=RealVerifier)
    return {"size": checkpoint.size, "signatures": len(held)}


def hashes(given: Given, *names: str) -> Given:
    found = {name: Hash.from_base64(given[name]) for name in names}
    return given | found | {"path": [Hash.from_base64(text) for text in given["path"]]}


def trusted(keys: list[str]) -> list[RealVerifier]:
    return [RealVerifier(VerifierKey.from_text(key)) for key in keys]


RUNNERS = {
    "roots": run_roots,
    "inclusion": run_inclusion,
    "consistency": run_consistency,
    "checkpoint": run_checkpoint,
    "message": run_message,
    "note": run_note,
    "note-ml-dsa": run_note,
    "proof-file": run_proof_file,
    "layout": run_layout,
    "hash": run_hash,
    "key": run_key,
    "cosignature": run_cosignature,
    "cosignature-ml-dsa": run_cosignature,
    "policy": run_policy,
    "quorum": run_quorum,
}
CASES = [
    pytest.param(runner, case, id=f"{name}: {case.name}")
    for name, runner in RUNNERS.items()
    for case in stored(name)
]


@pytest.mark.parametrize(("runner", "case"), CASES)
def test_a_vector_gives_its_result_or_its_error(runner: Any, case: Vector) -> None:
    if case.error is None:
        assert runner(case.given) == case.result
        return
    kind = getattr(rekenschap.errors, case.error)
    with pytest.raises(RekenschapError) as raised:
        runner(case.given)
    assert type(raised.value) is kind


@pytest.mark.parametrize("name", MADE)
def test_the_stored_vectors_are_the_ones_made_here(name: str) -> None:
    made = list(MADE[name]())
    if WRITING:
        write(name, made)
    assert stored(name) == made


@pytest.mark.parametrize("name", MADE_ONCE)
def test_the_kept_vectors_have_the_names_and_ends_of_those_made_here(name: str) -> None:
    made = list(MADE_ONCE[name]())
    if WRITING and not stored(name):
        write(name, made)
    assert [(case.name, case.result, case.error) for case in stored(name)] == [
        (case.name, case.result, case.error) for case in made
    ]


def test_every_stored_file_is_run() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(RUNNERS)


def write(name: str, cases: list[Vector]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    whole = {
        "spec": "RFC 6962, RFC 9162 and C2SP tlog-*; hashes in base64",
        "cases": [asdict(case) for case in cases],
    }
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")
