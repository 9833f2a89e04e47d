# SPDX-License-Identifier: EUPL-1.2
"""A small file from which a check that was broken off goes on: how far it was, and the edge of its tree.

It is the checker's own note and is believed as far as that goes: keep it where who is checked cannot write.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rekenschap.errors import RefusedError
from rekenschap.ledger.check.tally import Tally
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.tiles import Edge
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.text import from_base64, to_base64

_FORMAT = "rekenschap-check/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Where a check was: the edge of the tree so far, and what had been added up."""

    edge: Edge
    newest: int
    entries: dict[str, int]
    erased: Ranges
    pending: Ranges


def save(path: Path, checkpoint: Checkpoint, *, edge: Edge, tally: Tally) -> None:
    """Write where the check of this checkpoint is, in one step."""
    state = {
        "format": _FORMAT,
        "checkpoint": checkpoint.to_text(),
        "size": edge.size,
        "levels": [to_base64(level) for level in edge.levels],
        "newest": tally.newest,
        "entries": dict(tally.entries),
        "erased": tally.erased.to_text(),
        "pending": tally.pending.to_text(),
    }
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(json.dumps(state, sort_keys=True), encoding="utf-8")
    beside.replace(path)


def load(path: Path, checkpoint: Checkpoint) -> Noted | None:
    """Read where a check was; None without a note. Raises RefusedError for another ledger or checkpoint."""
    if not path.exists():
        return None
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        if state["format"] != _FORMAT or state["checkpoint"] != checkpoint.to_text():
            raise _refused("one about another ledger or an older checkpoint")
        levels = tuple(from_base64(level) or b"" for level in state["levels"])
        return Noted(
            edge=Edge(size=int(state["size"]), levels=levels),
            newest=int(state["newest"]),
            entries={str(name): int(count) for name, count in state["entries"].items()},
            erased=Ranges.from_text(state["erased"]) or Ranges(),
            pending=Ranges.from_text(state["pending"]) or Ranges(),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise _refused("another file") from error


def _refused(found: str) -> RefusedError:
    return RefusedError(
        expected="the note of a check of this checkpoint that was broken off",
        found=found,
        remedy="remove the file to check from the beginning",
        rule="resume",
    )
