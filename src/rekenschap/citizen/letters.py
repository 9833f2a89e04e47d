# SPDX-License-Identifier: EUPL-1.2
"""What goes between the citizen page and the desk: a question, and what became of it. Plain values only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

MOST_WORDS = 2_000
"""characters of one question"""
MOST_A_DAY = 5
"""questions of one citizen on one day"""
NAME = re.compile(r"[0-9]{2}[a-z]{10,60}")
"""how drawers look: nothing else ever becomes part of a path"""
REFERENCE = re.compile(r"[a-z]{10,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a citizen, and the answer once there is one. `reference` empty: about no one look."""

    id: str
    drawer: str
    reference: str
    words: str
    asked_at: datetime
    due: datetime
    answer: str = ""
    answered_at: datetime | None = None

    def told(self) -> dict[str, object]:
        """Give it as plain values, for JSON."""
        return {
            "id": self.id, "drawer": self.drawer, "reference": self.reference, "words": self.words,
            "asked_at": self.asked_at.isoformat(), "due": self.due.isoformat(), "answer": self.answer,
            "answered_at": None if self.answered_at is None else self.answered_at.isoformat(),
        }  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, object]) -> Question:
        """Read what `told` gave; raises ValueError for anything else."""
        texts = {name: told.get(name) for name in ("id", "drawer", "reference", "words", "answer")}
        if not all(isinstance(each, str) for each in texts.values()):
            raise ValueError("expected texts")
        found = {name: str(each) for name, each in texts.items()}
        if not NAME.fullmatch(found["drawer"]) or not REFERENCE.fullmatch(found["id"]):
            raise ValueError("expected a drawer and an id")
        if found["reference"] and not REFERENCE.fullmatch(found["reference"]):
            raise ValueError("expected a reference")
        if len(found["words"]) > MOST_WORDS:
            raise ValueError("expected fewer words")
        at = told.get("answered_at")
        return cls(
            **found,
            asked_at=_moment(told.get("asked_at")),
            due=_moment(told.get("due")),
            answered_at=None if at is None else _moment(at),
        )


def _moment(value: object) -> datetime:
    at = datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        raise ValueError("expected a time zone")
    return at
