# SPDX-License-Identifier: EUPL-1.2
"""A small invented town in work form: teams that mostly look at the zaken they handle."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from rekenschap.model.relations import RELATIONS
from rekenschap.tables import work_schema

MINUTE = 60_000_000
DAY = 1440 * MINUTE
BEGIN = 20_514 * DAY  # Monday 2 March 2026, in UTC; the clock changes on the 29th
WORKING = ("consultation", "zaak", "assignment", "task", "contact", "staff")


def table(name: str, first_entry: int, columns: Mapping[str, object]) -> pa.Table:
    """Rows of a relation in work form; what is not given is null. Local time is UTC plus one hour."""
    schema = work_schema(RELATIONS[name])
    rows = len(next(iter(columns.values())))  # type: ignore[arg-type]
    local = np.asarray(columns[RELATIONS[name].happened]) + 60 * MINUTE
    known = {
        "entry": np.arange(first_entry, first_entry + rows),
        "source": ["town"] * rows,
        "happened_day": (local // DAY).astype(np.int32),
        "happened_minute": (local % DAY // MINUTE).astype(np.int32),
        **columns,
    }
    return pa.table(
        [pa.array(known[f.name], f.type) if f.name in known else pa.nulls(rows, f.type) for f in schema],
        schema=schema,
    )


def town(
    seed: int = 1, *, staff: int = 24, zaken: int = 400, looks: int = 1500, days: int = 20
) -> dict[str, pa.Table]:
    """Teams of six; nine looks in ten are at a zaak one handles, the others at any zaak."""
    rng = np.random.default_rng(seed)
    person = np.arange(staff) * 7_919 + 11
    zaak = np.arange(zaken) * 104_729 + 13
    subject = np.arange(zaken) * 15_485_863 + 17
    handler = rng.integers(0, staff, zaken)
    registered = BEGIN + rng.integers(0, days - 5, zaken) * DAY + 8 * 60 * MINUTE
    which = rng.integers(0, zaken, looks)
    looked_at = registered[which] + rng.integers(0, 5, looks) * DAY + rng.integers(0, 480, looks) * MINUTE
    who = np.where(rng.random(looks) < 0.9, handler[which], rng.integers(0, staff, looks))
    called = rng.integers(0, zaken, 60)
    return {
        "consultation": table(
            "consultation", 0,
            {"looked_at": looked_at, "staff": person[who], "subject": subject[which], "zaak": zaak[which]},
        ),
        "zaak": table(
            "zaak", 10_000,
            {
                "zaak": zaak, "subject": subject, "registered_at": registered,
                "closed_at": registered + 6 * DAY,
            },
        ),
        "assignment": table(
            "assignment", 20_000,
            {"zaak": zaak, "kind": ["handler"] * zaken, "staff": person[handler], "valid_from": registered},
        ),
        "task": table(
            "task", 30_000,
            {
                "task": zaak, "zaak": zaak, "staff": person[rng.integers(0, staff, zaken)],
                "created_at": registered, "done_at": registered + 2 * DAY,
            },
        ),
        "contact": table(
            "contact", 40_000,
            {
                "kind": ["call"] * 60, "subject": subject[called], "staff": person[handler[called]],
                "started_at": registered[called] + 60 * MINUTE,
            },
        ),
        "staff": table(
            "staff", 50_000,
            {
                "staff": person, "valid_from": np.full(staff, BEGIN - 100 * DAY),
                "team": [f"team {each // 6}" for each in range(staff)], "employment": ["employee"] * staff,
            },
        ),
    }  # fmt: skip


def in_column(rows: pa.Table, name: str, values: object) -> pa.Table:
    """The same rows with other values in one column."""
    at = rows.column_names.index(name)
    return rows.set_column(at, rows.schema.field(name), pa.array(values, rows.schema.field(name).type))
