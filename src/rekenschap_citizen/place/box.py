# SPDX-License-Identifier: EUPL-1.2
"""Questions of one citizen: left in a box for the desk; read back, with what became of them."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from rekenschap.citizen.answer import ANSWER_WITHIN
from rekenschap.citizen.letters import MOST_A_DAY, NAME, Question
from rekenschap.errors import RefusedError

ASKED, TOLD = "asked", "told"
_ALPHABET = "abcdefghjkmnpqrstvwxyz"
_DAY = timedelta(days=1)


def questions_in(place: Path, drawer: str) -> tuple[Question, ...]:
    """Give the questions of a citizen, newest first: those the desk took, and those that wait for it."""
    if not NAME.fullmatch(drawer):
        return ()
    found = {each.id: each for path in (place / ASKED).glob(f"{drawer}-*.json") for each in _read(path)}
    found |= {each.id: each for each in _read(place / TOLD / f"{drawer}.json")}
    return tuple(sorted(found.values(), key=lambda each: each.asked_at, reverse=True))


def ask(place: Path, drawer: str, *, reference: str, words: str, now: datetime) -> Question:
    """Leave a question; raises RefusedError when this citizen asked enough for one day."""
    if sum(1 for each in questions_in(place, drawer) if now - each.asked_at < _DAY) >= MOST_A_DAY:
        raise RefusedError(
            expected=f"at most {MOST_A_DAY} questions a day", found="more", remedy="ask again tomorrow",
            rule="citizen.questions",
        )  # fmt: skip
    question = Question(
        id="".join(secrets.choice(_ALPHABET) for _ in range(20)), drawer=drawer, reference=reference,
        words=words, asked_at=now, due=now + ANSWER_WITHIN,
    )  # fmt: skip
    box = place / ASKED
    box.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = box / f".{question.id}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(question.told(), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(box / f"{drawer}-{question.id}.json")
    return question


def _read(path: Path) -> tuple[Question, ...]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Question.of(each) for each in (told if isinstance(told, list) else [told]))
    except (OSError, ValueError):
        return ()
