# SPDX-License-Identifier: EUPL-1.2
"""What a citizen leaves for the desk: questions, read back with what became of them; steps with mandates."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from rekenschap.citizen.answer import ANSWER_WITHIN
from rekenschap.citizen.letters import MOST_A_DAY, NAME, Question
from rekenschap.citizen.mandating import MandateStep
from rekenschap.errors import RefusedError

ASKED, TOLD, MANDATED = "asked", "told", "mandated"
_ALPHABET = "abcdefghjkmnpqrstvwxyz"
_LONG = 20
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
    with _alone(place / ASKED):  # else two at the same moment would both be the last
        if sum(1 for each in questions_in(place, drawer) if now - each.asked_at < _DAY) >= MOST_A_DAY:
            raise RefusedError(
                expected=f"at most {MOST_A_DAY} questions a day", found="more", remedy="ask again tomorrow",
                rule="citizen.questions",
            )  # fmt: skip
        question = Question(
            id=drawn(), drawer=drawer, reference=reference, words=words, asked_at=now, due=now + ANSWER_WITHIN
        )
        _leave(place / ASKED, f"{drawer}-{question.id}", question.told())
    return question


def leave_step(place: Path, step: MandateStep) -> None:
    """Leave a step with a mandate; on return it is on disk."""
    box = place / MANDATED
    box.mkdir(parents=True, exist_ok=True, mode=0o700)
    _leave(box, f"{step.at:%Y%m%dT%H%M%S}-{step.id}", step.told())


def drawn() -> str:
    """Draw a name that nobody can guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LONG))


@contextmanager
def _alone(box: Path) -> Iterator[None]:
    """Let one at a time in."""
    box.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(box, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _leave(box: Path, name: str, told: Mapping[str, object]) -> None:
    fresh = box / f".{name}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(box / f"{name}.json")


def _read(path: Path) -> tuple[Question, ...]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Question.of(each) for each in (told if isinstance(told, list) else [told]))
    except (OSError, ValueError):
        return ()
