# SPDX-License-Identifier: EUPL-1.2
"""Asks one witness at a time-out of its own: remembers how far it got and since when it is silent.

Knows no policy: whether the answers are enough is for the publisher.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread

from rekenschap.errors import ForkError, TroubleError, WitnessError, WitnessSizeError
from rekenschap.seams.witness import Witness
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import NoteSignature

Signatures = tuple[NoteSignature, ...]

_ROUNDS = 3
"""Times a witness may name another size in one question; it names the right one at once."""
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A witness that did not cosign the latest checkpoint: since when, and what it answered instead."""

    name: str
    since: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The checkpoint to cosign: its size, the signed note, and the proof from any smaller size."""

    size: int
    note: bytes
    proof_from: Callable[[int], tuple[Hash, ...]]


class Correspondent:
    """One witness as the publisher knows it. Never has two questions out at once.

    `known` is the size it is thought to have cosigned last.
    """

    def __init__(self, witness: Witness, *, known: int = 0) -> None:
        self._witness, self._known = witness, known
        self._pending: Future[Signatures] | None = None
        self._failures = 0
        self._again_at: datetime | None = None
        self.silence: Silence | None = None

    @property
    def name(self) -> str:
        """What the witness is called."""
        return self._witness.name

    def ask(self, question: Question, now: datetime) -> Future[Signatures] | None:
        """Begin to ask; None when the last question is still out or the witness may rest for a while.

        Raises the alarm of a question that was still out, when it was one.
        """
        if self._pending is not None:
            if not self._pending.done():
                return None
            self._late(self._pending)
        if self._again_at is not None and now < self._again_at:
            return None
        answer: Future[Signatures] = Future()
        # A daemon: a witness that hangs must not keep the program from ending.
        Thread(target=self._fill, args=(answer, question), daemon=True, name=f"ask {self.name}").start()
        self._pending = answer
        return answer

    def answered(self, answer: Future[Signatures]) -> Signatures:
        """Take the answer of a question that is done; raises what asking raised."""
        self._pending = None
        return answer.result()

    def spoke(self) -> None:
        """Note that it cosigned."""
        self.silence, self._failures, self._again_at = None, 0, None

    def fell_silent(self, why: str, now: datetime) -> None:
        """Note that it did not cosign; after each failure it is left alone for longer, at most a minute."""
        self.silence = Silence(name=self.name, since=self.silence.since if self.silence else now, why=why)
        self._failures += 1
        self._again_at = now + timedelta(seconds=min(0.5 * 2**self._failures, _LONGEST_PAUSE))

    def _late(self, answer: Future[Signatures]) -> None:
        self._pending = None
        error = answer.exception()
        if error is not None and not isinstance(error, TroubleError):
            raise error

    def _fill(self, answer: Future[Signatures], question: Question) -> None:
        try:
            signatures = self._cosigned(question)
        except BaseException as error:  # all of it goes to whoever asked, as an executor would do
            answer.set_exception(error)
        else:
            answer.set_result(signatures)

    def _cosigned(self, question: Question) -> Signatures:
        known = self._known
        for _ in range(_ROUNDS):
            # What a witness cosigned was anchored here before it was asked: it can never be ahead of us.
            if known > question.size:
                raise ForkError(
                    expected=f"witness {self.name} to have cosigned at most this ledger of "
                    f"{question.size} entries",
                    found=f"that it cosigned one of {known}",
                    remedy="stop: the ledger was put back, or somebody else signs with its key; "
                    "keep both as evidence",
                )
            try:
                signatures = self._witness.cosign(
                    old_size=known, proof=question.proof_from(known), note=question.note
                )
            except WitnessSizeError as other:
                known = other.size
            else:
                self._known = question.size
                return signatures
        raise WitnessError(
            expected=f"witness {self.name} to keep to the size it names",
            found="another size each time",
            remedy="ask its owner whether two witnesses run under one name",
        )
