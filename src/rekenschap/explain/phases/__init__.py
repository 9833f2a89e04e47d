# SPDX-License-Identifier: EUPL-1.2
"""In which phase the work for somebody was: by the kind of the last piece of work that was done before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.explain.pool import Whole, codes


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPhase:
    """Which kinds of work each person did, and the kind of the last work for each subject at any moment."""

    mine: frozenset[tuple[int, int]]
    last: dict[int, tuple[Whole, Whole]]
    subject: Whole

    @classmethod
    def of(cls, phases: pa.Table, zaken: pa.Table) -> OwnPhase:
        """Read the relation `phase`, which is in order of subject and time."""
        kind = codes(phases.column("kind"))
        staff = phases.column("staff").to_pylist()
        subject, worked_at = (np.asarray(phases.column(name)) for name in ("subject", "worked_at"))
        begins = np.flatnonzero(np.r_[True, subject[1:] != subject[:-1]]) if len(subject) else subject
        ends = np.r_[begins[1:], len(subject)]
        return cls(
            mine=frozenset(zip(staff, kind.tolist(), strict=True)),
            last={
                int(subject[begin]): (worked_at[begin:end], kind[begin:end])
                for begin, end in zip(begins, ends, strict=False)
            },
            subject=np.asarray(zaken.column("subject")),
        )

    def fits(self, staff: int, zaak: int, now: int) -> bool:
        """Say whether the last work for the subject of a zaak (a row) is of a kind this person does too."""
        worked_at, kind = self.last.get(int(self.subject[zaak]), (np.zeros(0), np.zeros(0)))
        before = int(np.searchsorted(worked_at, now, side="right"))
        return before > 0 and (staff, int(kind[before - 1])) in self.mine
