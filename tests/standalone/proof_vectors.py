# SPDX-License-Identifier: EUPL-1.2
"""How the files in vectors/proof came about: python -m tests.standalone.proof_vectors

`proofs.json` comes out the same each time. Signatures with ML-DSA-44 are random, so `proofs-ml-dsa.json` is
kept as it was first made and is not made again while it is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from rekenschap.adapters.keys import verifier_of
from rekenschap.errors import RekenschapError
from rekenschap.ledger.prove import verify
from tests.standalone.both import ROOT
from tests.standalone.spoiled import ALL, Trial
from tests.standalone.spoiled_rows import SIGNED

FOLDER = ROOT / "vectors" / "proof"
ONCE = FOLDER / "proofs.json"
KEPT = FOLDER / "proofs-ml-dsa.json"
_LONGEST = 12_000
_OF_SCHEMA = (
    " of schema",
    "schema with",
    "schema without",
    "first hash of schema",
    "path of schema",
    "schema moved",
)


def outcome(text: str, keys: list[str]) -> dict[str, object]:
    """What the library says, as a vector tells it: numbers as text, for JSON readers keep too few digits."""
    try:
        proven = verify(text, [verifier_of(key) for key in keys])
    except RekenschapError as error:
        return {"result": {}, "error": type(error).__name__}
    values = {
        name: str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in proven.values.items()
    }
    return {
        "result": {
            "entry": proven.entry,
            "relation": proven.relation.name,
            "values": values,
            "origin": proven.origin,
            "size": proven.size,
        },
        "error": None,
    }


def cases(group: str) -> Iterator[dict[str, object]]:
    made: Iterator[Trial] = (ALL | SIGNED)[group]()
    for name, text, keys in made:
        # What is done to the entry is not repeated for its schema, and no file of a megabyte.
        if (
            len(text) > _LONGEST
            or any(part in name for part in _OF_SCHEMA)
            or name.startswith("schema alone")
        ):
            continue
        if text.encode("utf-8", "replace").decode() != text:
            continue  # half a character: no file can hold it
        yield {"name": f"{group}: {name}", "given": {"proof": text, "keys": keys}, **outcome(text, keys)}


def repeatable() -> list[dict[str, object]]:
    groups = [group for group in ALL | SIGNED if group != "signatures"]
    return [case for group in groups for case in cases(group)]


def with_ml_dsa() -> list[dict[str, object]]:
    made = cases("signatures")
    return [
        case
        for case in made
        if "ED25519" not in str(case["name"]) and " and one with " not in str(case["name"])
    ]


def write(path: Path, made: list[dict[str, object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    whole = {"spec": "docs/reference/ledger-format.md, Proofs", "cases": made}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(ONCE, repeatable())
    if not KEPT.exists():
        write(KEPT, with_ml_dsa())
