# SPDX-License-Identifier: EUPL-1.2
"""What a citizen did with a mandate to look along, as it goes from the page to the desk: plain values.

No name goes along: what people call each other stays with the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekenschap.citizen.letters import NAME, REFERENCE


class Step(StrEnum):
    """What was done with it."""

    GIVEN = "given"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    """by who had it"""
    USED = "used"
    """to sign in for another, where the broker vouches for it"""


class Bond(StrEnum):
    """As what the other looks along."""

    FAMILY = "family"
    REPRESENTATIVE = "representative"
    COMPANY = "company"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateStep:
    """One step with one mandate. `giver` and `taker` are drawers; `taker` is empty until the code is used."""

    id: str
    mandate: str
    step: Step
    bond: Bond
    giver: str
    taker: str
    until: datetime
    at: datetime

    def told(self) -> dict[str, str]:
        """Give it as plain values, for JSON."""
        return {
            "id": self.id, "mandate": self.mandate, "step": str(self.step), "bond": str(self.bond),
            "giver": self.giver, "taker": self.taker, "until": self.until.isoformat(),
            "at": self.at.isoformat(),
        }  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, object]) -> MandateStep:
        """Read what `told` gave; raises ValueError for anything else."""
        texts = {name: str(told.get(name, "")) for name in ("id", "mandate", "giver", "taker")}
        if not all(REFERENCE.fullmatch(texts[name]) for name in ("id", "mandate")):
            raise ValueError("expected an id and a mandate")
        if not NAME.fullmatch(texts["giver"]) or not (texts["taker"] == "" or NAME.fullmatch(texts["taker"])):
            raise ValueError("expected drawers")
        moments = [datetime.fromisoformat(str(told.get(name))) for name in ("until", "at")]
        if any(each.tzinfo is None for each in moments):
            raise ValueError("expected a time zone")
        return cls(
            **texts, step=Step(str(told.get("step"))), bond=Bond(str(told.get("bond"))), until=moments[0],
            at=moments[1],
        )  # fmt: skip
