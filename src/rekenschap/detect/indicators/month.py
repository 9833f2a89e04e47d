# SPDX-License-Identifier: EUPL-1.2
"""The figures of one month from the looks that are bound, and the highest counts in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.model.ids import Pseudonym
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import load_query
from rekenschap.sql.workspace import run

_HERE = Path(__file__).parent
_SHOWN = 10
_EVERY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFigures:
    """The figures of one register."""

    register: str
    looks: int
    staff: int
    subjects: int
    explained: int
    weak_only: int
    other_key: int
    outside_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a month; names nobody. `refused` is None when no source tells of refused questions.

    `most_looking` and `most_looked_at` are the highest counts only: looks by one, and looks at one.
    """

    whole: SystemFigures
    systems: tuple[SystemFigures, ...]
    most_looking: tuple[int, ...]
    most_looked_at: tuple[int, ...]
    median_looking: float
    refused: int | None = None

    def value(self, indicator: str) -> float | None:
        """Give the value of one of INDICATORS: a share or a number; None where there is nothing to tell."""
        whole = self.whole
        match indicator:
            case "looks":
                return float(whole.looks)
            case "explained" | "other_key" | "outside_hours":
                return getattr(whole, indicator) / whole.looks if whole.looks else None
            case "per_person":
                return whole.looks / whole.staff if whole.staff else None
            case "most_looking":
                return float(self.most_looking[0]) if self.most_looking else None
            case "most_looked_at":
                return float(self.most_looked_at[0]) if self.most_looked_at else None
            case "refused":
                return None if self.refused is None else float(self.refused)
            case _:
                raise KeyError(indicator)


@dataclass(frozen=True, slots=True, kw_only=True)
class MostSeen:
    """One at the top of a list of persons: only for a reader with a mandate and a reason."""

    who: Pseudonym
    looks: int
    others: int
    """how many different subjects, or members of staff"""
    unexplained: int


def figures_of(engine: Engine, *, refused: int | None = None) -> Figures:
    """Count the looks that are bound as `look` and `verdict`."""
    rows = run(engine, load_query(_HERE / "month_figures")).sort_by("register").to_pylist()
    people, subjects = (run(engine, load_query(_HERE / f"month_{name}")) for name in ("people", "subjects"))
    counts = np.asarray(people.column("looks"))
    whole = next(row for row in rows if row["register"] == _EVERY)
    return Figures(
        whole=SystemFigures(**whole),
        systems=tuple(SystemFigures(**row) for row in rows if row["register"] != _EVERY),
        most_looking=_highest(people),
        most_looked_at=_highest(subjects),
        median_looking=float(np.median(counts)) if len(counts) else 0.0,
        refused=refused,
    )


def most_looking(engine: Engine) -> tuple[MostSeen, ...]:
    """Give who looked most; people, so only for a reader with a mandate."""
    return _most(run(engine, load_query(_HERE / "month_people")), ("staff", "subjects", "unexplained"))


def most_looked_at(engine: Engine) -> tuple[MostSeen, ...]:
    """Give who was looked at most; people, so only for a reader with a mandate."""
    return _most(run(engine, load_query(_HERE / "month_subjects")), ("subject", "staff", "unexplained_staff"))


def _highest(rows: pa.Table) -> tuple[int, ...]:
    counts = np.sort(np.asarray(rows.column("looks")))[::-1]
    return tuple(int(each) for each in counts[:_SHOWN])


def _most(rows: pa.Table, names: Sequence[str]) -> tuple[MostSeen, ...]:
    who, others, unexplained = names
    ordered = rows.sort_by([("looks", "descending"), (who, "ascending")]).slice(0, _SHOWN)
    return tuple(
        MostSeen(
            who=Pseudonym(domain=who, hi=row[who]),
            looks=row["looks"],
            others=row[others],
            unexplained=row[unexplained],
        )
        for row in ordered.to_pylist()
    )
