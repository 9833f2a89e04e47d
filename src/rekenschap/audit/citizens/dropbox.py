# SPDX-License-Identifier: EUPL-1.2
"""Questions of citizens, taken from where the citizen page puts them, and told what became of them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rekenschap.audit.citizens.names import Names
from rekenschap.audit.citizens.offering import OFFERED, PLACE
from rekenschap.audit.deriving.reading import LATEST
from rekenschap.citizen import Item
from rekenschap.citizen.letters import MOST_WORDS, NAME, Question

ASKED, TOLD = "asked", "told"
_MOST_BYTES = 8 * MOST_WORDS
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A question that nobody took yet; `entry` is the look it is about, when we made that reference."""

    path: Path
    question: Question
    entry: int | None

    def taken(self) -> None:
        """Take it out of the box, once it is kept elsewhere and told."""
        self.path.unlink(missing_ok=True)


def waiting(home: Path) -> tuple[Waiting, ...]:
    """Give what lies in the box, oldest first; what is no question is left out and taken away."""
    names, found = Names.of(home), []
    for path in sorted((home / PLACE / ASKED).glob("*.json"))[:_AT_ONCE]:
        question = _read(path)
        if question is None:
            path.unlink(missing_ok=True)  # written by somebody who can only harm themselves
            continue
        entry = names.entry(question.reference) if question.reference else None
        found.append(Waiting(path=path, question=question, entry=entry))
    return tuple(sorted(found, key=lambda each: each.question.asked_at))


def tell(home: Path, drawer: str, questions: Sequence[Question]) -> None:
    """Tell one citizen all their questions, newest first, with the answers there are."""
    if not NAME.fullmatch(drawer):
        return
    place = home / PLACE / TOLD
    if not questions:
        (place / f"{drawer}.json").unlink(missing_ok=True)
        return
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = place / f".{drawer}.{os.getpid()}"
    fresh.write_text(json.dumps([each.told() for each in questions], ensure_ascii=False), encoding="utf-8")
    fresh.replace(place / f"{drawer}.json")


def told_before(home: Path) -> frozenset[str]:
    """Name the drawers of citizens who were told something."""
    return frozenset(path.stem for path in (home / PLACE / TOLD).glob("*.json") if NAME.fullmatch(path.stem))


def seen_by(home: Path, drawer: str, reference: str) -> Item | None:
    """Give an item as the citizen sees it: who answers sees no more than that."""
    place = home / PLACE / OFFERED
    try:
        newest = place / (place / LATEST).read_text(encoding="ascii").strip()
        lines = (newest / f"{drawer[:2]}.lines").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    told = next((line.partition("\t")[2] for line in lines if line.startswith(f"{drawer}\t")), "[]")
    items = (Item.of(each) for each in json.loads(told))
    return next((each for each in items if each.reference == reference), None)


def _read(path: Path) -> Question | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        told = json.loads(path.read_text(encoding="utf-8"))
        return Question.of(told) if isinstance(told, dict) else None
    except (OSError, ValueError, RecursionError):
        return None
