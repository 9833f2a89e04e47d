# SPDX-License-Identifier: EUPL-1.2
"""Hours of looks after a drawn year, and the state they are explained on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.audit.bulk import sift_year
from rekenschap.audit.bulk.shelving import ALL, BUCKETS, file_of
from rekenschap.audit.hourly.hour import Hourly
from rekenschap.explain import explain, grounds_of_the_house
from rekenschap.explain.following import Learnt
from rekenschap.model.relations import CONSULTATION, SEARCHED_RELATIONS
from rekenschap.sql.workspace import bind_all
from rekenschap.tables import in_shape_of
from year.drawing import BEGIN, DAY, DAYS, HOUR, MINUTE, Size, consultations, rows_of, staff_tokens

AN_HOUR = 10_000
_IN_BUCKETS = ("consultation", "zaak", "assignment", "task", "contact")


def learnt_from(folder: Path, size: Size) -> Learnt:
    """Learn from a small year, and know the teams of a large one: they have one size."""
    facts = {name: pa.concat_tables(list(tables(folder, name))) for name in _IN_BUCKETS}
    facts |= {name: pq.read_table(folder / file_of(name, ALL)) for name in ("staff", "relation")}
    engine = DuckDbEngine()
    bind_all(engine, {name: in_shape_of(rows, SEARCHED_RELATIONS[name]) for name, rows in facts.items()})
    grounds = grounds_of_the_house()
    small = Learnt.of(grounds, explain(engine, seed=1, grounds=grounds, repeats=1))
    one = max(small.team_class.values())
    return Learnt(
        grounds=grounds, strengths=small.strengths, standings=small.standings, model=small.model,
        team_class={f"team {each}": one for each in range(size.staff // 20)},
    )  # fmt: skip


def tables(folder: Path, name: str) -> Iterator[pa.Table]:
    """Give the rows of a relation bucket after bucket."""
    for bucket in range(BUCKETS):
        yield pq.read_table(folder / file_of(name, bucket))


def state_of(folder: Path, place: Path) -> Hourly:
    """Keep a drawn year as the state that hours follow on."""
    left = sift_year(folder, grounds_of_the_house(), spill=folder).left
    local = np.asarray(left.column("looked_at"), dtype=np.int64) + HOUR
    days = pa.array((local // DAY).astype(np.int32))
    opened = left.rename_columns(["entry" if name == "look" else name for name in left.column_names])
    opened = in_shape_of(opened.drop_columns(["day_began"]).append_column("happened_day", days), CONSULTATION)
    state = Hourly(folder=place)
    state.begin(
        {name: tables(folder, name) for name in _IN_BUCKETS}
        | {name: iter([pq.read_table(folder / file_of(name, ALL))]) for name in ("relation", "staff")},
        [opened],
    )
    return state


class Hours:
    """Draws hours after the year: at work going on, at new work, and at people for whom there is none."""

    def __init__(self, folder: Path, size: Size) -> None:
        self.rng = np.random.default_rng([size.seed, 1_000])
        self.staff = staff_tokens(size)
        zaken = [self._some(rows, 400) for rows in tables(folder, "zaak")]
        self.zaken = pa.concat_tables(zaken)

    def _some(self, rows: pa.Table, most: int) -> pa.Table:
        still_open = rows.filter(pc.is_null(rows.column("closed_at")))
        return still_open.take(pa.array(self.rng.integers(0, len(still_open), most)))

    def draw(self, number: int) -> dict[str, pa.Table]:
        """Give the facts that came in hour `number`: looks, zaken, tasks and calls."""
        begin = BEGIN + DAYS * DAY + number * HOUR
        visits = round(AN_HOUR / 2.5)
        zaak = self.zaken.take(pa.array(self.rng.integers(0, len(self.zaken), visits)))
        subject, handler, name = (
            np.asarray(zaak.column(each), dtype=np.int64) for each in ("subject", "handler", "zaak")
        )
        kind = self.rng.random(visits)
        who = np.where(kind < 0.9, handler, self.rng.choice(self.staff, visits))
        visit = np.repeat(np.arange(visits), 5)[: AN_HOUR * 2 : 2]
        at = begin + self.rng.integers(0, 50, visits)[visit] * MINUTE + np.arange(len(visit)) % 5 * MINUTE
        first = (1 << 60) + number * (1 << 30)
        looks = consultations(
            {"at": at, "staff": who[visit], "subject": subject[visit]},
            pa.array(name[visit], mask=kind[visit] > 0.8),
            first_entry=first, rng=self.rng,
        )  # fmt: skip
        return {"consultation": looks, **self._work(begin, first, subject)}

    def _work(self, begin: int, first: int, subject: np.ndarray) -> dict[str, pa.Table]:
        """New work: half of it for people who were looked at this hour."""
        count = 400
        others = np.asarray(self.zaken.column("subject"), dtype=np.int64)
        about = np.where(
            self.rng.random(count) < 0.5, self.rng.choice(subject, count), self.rng.choice(others, count)
        )
        staff = self.rng.choice(self.staff, count)
        at = begin + self.rng.integers(0, 60, count) * MINUTE
        number = np.arange(count) + first
        return {
            "zaak": rows_of("zaak", {"entry": number + (1 << 20), "zaak": number, "subject": about,
                                     "handler": staff, "registered_at": at}, count=count),
            "task": rows_of("task", {"entry": number + (2 << 20), "task": number, "subject": about,
                                     "staff": staff, "created_at": at}, count=count),
            "contact": rows_of("contact", {"entry": number + (3 << 20), "kind": pa.repeat("call", count),
                                           "subject": about, "staff": staff, "started_at": at}, count=count),
        }  # fmt: skip
