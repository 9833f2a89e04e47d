# SPDX-License-Identifier: EUPL-1.2
"""An invented town: looks and verdicts in work form, with honest noise; stories are planted by the tests."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.detect import Parameters, Searched, detect
from rekenschap.model.finding import Finding
from rekenschap.sql.derived import LOOK, VERDICT, derived_schema

FIRST_DAY = 20_500
SEARCHED = (
    Searched(ground="registered_handler", nl="zaak", en="zaak"),
    Searched(ground="task", nl="taak", en="task"),
    Searched(ground="contact", nl="contact", en="contact"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Looks as columns; tokens are spread over the whole range as keyed ones are."""

    staff: np.ndarray
    subject: np.ndarray
    day: np.ndarray
    minute: np.ndarray
    explained: np.ndarray
    weak: np.ndarray
    score: np.ndarray
    role: np.ndarray
    key: np.ndarray
    employment: np.ndarray

    def plus(
        self, *, staff, subject, day, minute=600, score=4.0, role="desk", key="bsn", weak=False
    ) -> "Town":
        """Add unexplained looks; what is given as one value holds for all."""
        shape = np.broadcast_arrays(staff, subject, day, minute, score, weak)
        rows = len(shape[0])
        added = {
            "staff": token(shape[0]), "subject": token(shape[1] + 1_000_000), "day": shape[2] + FIRST_DAY,
            "minute": shape[3], "score": shape[4], "weak": shape[5], "explained": np.zeros(rows, dtype=bool),
            "role": np.full(rows, role), "key": np.full(rows, key), "employment": np.full(rows, "employee"),
        }  # fmt: skip
        return Town(**{name: np.concatenate([getattr(self, name), added[name]]) for name in self.__slots__})

    def explaining(self, places: np.ndarray) -> "Town":
        """Give these looks a reason after all."""
        explained = self.explained.copy()
        explained[places] = True
        return replace(self, explained=explained)

    def tables(self) -> tuple[pa.Table, pa.Table]:
        look = {
            "look": np.arange(len(self.staff)), "staff": self.staff, "subject": self.subject,
            "happened_day": self.day, "happened_minute": self.minute, "search_key": self.key.tolist(),
            "role": self.role.tolist(), "employment": self.employment.tolist(),
        }  # fmt: skip
        verdict = {
            "look": look["look"], "explained": self.explained, "weak_only": self.weak & ~self.explained,
            "score": self.score,
        }  # fmt: skip
        return table(look, LOOK), table(verdict, VERDICT)

    def findings(self, **parameters) -> tuple[Finding, ...]:
        return findings_of(*self.tables(), **parameters)


def findings_of(look: pa.Table, verdict: pa.Table, **parameters) -> tuple[Finding, ...]:
    engine = DuckDbEngine(threads=2)
    try:
        engine.bind("look", look)
        engine.bind("verdict", verdict)
        return detect(engine, grounds=SEARCHED, parameters=Parameters(**parameters))
    finally:
        engine.close()


def table(columns: dict[str, object], declared) -> pa.Table:
    schema = derived_schema(declared)
    rows = len(next(iter(columns.values())))
    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def token(number) -> np.ndarray:
    """Spread a number over 64 bits, one to one."""
    return (np.asarray(number, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)).view(np.int64)


def town(
    seed: int, *, staff=120, looks=12_000, subjects=6_000, days=90, roles=("desk", "tax", "youth"), noise=0.04
) -> Town:
    """Honest looks: each member of staff has an own part of the subjects, and an own rate of lost reasons."""
    rng = np.random.default_rng(seed)
    who = rng.choice(staff, looks, p=rng.dirichlet(np.full(staff, 8.0)))
    role = np.arange(staff) % len(roles)
    rate = rng.gamma(4.0, noise / 4.0, staff) * np.array([0.6, 1.0, 1.6, 1.0, 1.0, 1.0])[role]
    subject = (who * (subjects // staff) + rng.integers(0, subjects // 10, looks)) % subjects
    minute = np.clip(rng.normal(720, 130, looks), 0, 1439).astype(np.int64)
    day = rng.integers(0, days, looks)
    explained = rng.random(looks) >= np.minimum(rate[who], 1.0)
    weekend = (day + FIRST_DAY + 3) % 7 >= 5
    return Town(
        staff=token(who), subject=token(subject + 1_000_000), day=np.abs(day - weekend * 2) + FIRST_DAY,
        minute=minute, explained=explained, weak=rng.random(looks) < 0.1,
        score=np.where(explained, -3.0, 2.0) + rng.normal(0, 1, looks), role=np.array(roles)[role[who]],
        key=np.where(rng.random(looks) < 0.1, "name", "bsn"), employment=np.full(looks, "employee"),
    )  # fmt: skip
