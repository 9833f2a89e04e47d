# SPDX-License-Identifier: EUPL-1.2
"""A finding as it is given away: who only by a short pseudonym, no citizen, no zaak."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFinding:
    """What leaves the house of one finding. Times are µs UTC; `score` is in nats.

    `key` stays the same for the same person; `about` is a pseudonym such as `M-7K2QF`, of a member of staff
    or of a citizen (`is_staff`). `origin` and `size` name the checkpoint it was derived from.
    """

    key: str
    rule: str
    title: str
    sentences: tuple[str, ...]
    about: str
    is_staff: bool
    score: float
    looks: int
    subjects: int
    first_at: int
    last_at: int
    derived_at: int
    origin: str
    size: int
    version: str

    @property
    def message(self) -> str:
        """Give its sentences in one line."""
        return " ".join(self.sentences)
