# SPDX-License-Identifier: EUPL-1.2
"""What one intake did, in numbers; holds no value out of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rekenschap.errors import RejectedRecordError, SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCount:
    """Of one relation: offered = accepted + known + refused. `withheld` says that a broken file gave none."""

    accepted: int = 0
    known: int = 0
    refused: int = 0
    withheld: bool = False

    @property
    def offered(self) -> int:
        """How many facts the rows of the file gave."""
        return self.accepted + self.known + self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an intake is; bytes are as stored, 0 when the reader does not say."""

    rows: int
    bytes_read: int
    bytes_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReport:
    """Rows read, what became of them, from when until when (µs UTC), and how long it took.

    `rows` counts every row that is not blank; `quarantined` those among them that wait, per reason code; and
    `without_facts` the sound rows that no rule of the profile is about.
    `interrupted` is why reading stopped half-way, when it did: what came before is in the ledger.
    """

    profile: str
    rows: int
    facts: Mapping[str, FactCount]
    quarantined: Mapping[str, int]
    without_facts: int
    first: int | None
    last: int | None
    seconds: float
    interrupted: SourceError | None = None

    @property
    def accepted(self) -> int:
        """How many facts are new in the ledger."""
        return sum(count.accepted for count in self.facts.values())

    @property
    def known(self) -> int:
        """How many facts the ledger had already."""
        return sum(count.known for count in self.facts.values())

    def check_complete(self) -> None:
        """Raise what the command must end with: the interruption, or RejectedRecordError for bad rows."""
        if self.interrupted is not None:
            raise self.interrupted
        if self.quarantined:
            raise RejectedRecordError(reasons=self.quarantined, accepted=self.accepted)
