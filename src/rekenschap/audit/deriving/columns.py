# SPDX-License-Identifier: EUPL-1.2
"""The rows of a derivation, in columns: every look with its verdict, what explains it, work by subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.model.relations import RELATIONS

Whole = npt.NDArray[np.int64]

_OF_CONSULTATION = ("fields", "source")
_OF_VERDICT = ("explained", "weak_only", "best_ground", "best_strength", "score")
_WORK = ("zaak", "task", "contact", "assignment")
"""What is shown as work around a subject; an assignment is about the subject of its zaak."""


class Concluded(Protocol):
    """What was concluded of some looks, by a run over all or over these: see `explain`."""

    @property
    def look(self) -> pa.Table: ...  # noqa: D102

    @property
    def verdict(self) -> pa.Table: ...  # noqa: D102

    @property
    def explanation(self) -> pa.Table: ...  # noqa: D102

    @property
    def late_work(self) -> pa.Table: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """When each piece of work happened, and which source told so, by its entry (in rising order)."""

    entry: Whole
    at: Whole
    source: pa.Array

    @classmethod
    def of(cls, facts: Mapping[str, pa.Table]) -> Moments:
        """Take the moments of every relation of work."""
        parts = [
            pa.table({
                "entry": rows.column("entry"),
                "at": rows.column(RELATIONS[name].happened),
                "source": rows.column("source"),
            })
            for name, rows in facts.items()
            if name not in ("consultation", "processing", "disclosure")
        ]  # fmt: skip
        joined = pa.concat_tables(parts).combine_chunks()
        joined = joined.take(pa.array(np.argsort(np.asarray(joined.column("entry")), kind="stable")))
        return cls(
            entry=np.asarray(joined.column("entry"), dtype=np.int64),
            at=np.asarray(pc.fill_null(joined.column("at"), 0), dtype=np.int64),
            source=one_chunk(joined.column("source")),
        )

    def happened(self, rows: Whole) -> Whole:
        """Give when the work of some rows happened; 0 where there is no work at all."""
        return self.at[rows] if len(self.at) else np.zeros(len(rows), dtype=np.int64)

    def rows(self, entries: Whole) -> Whole:
        """Give the row of each entry; those that are no work get the last row."""
        return np.minimum(np.searchsorted(self.entry, entries), max(0, len(self.entry) - 1))


def looks_of(explained: Concluded, told: pa.Table) -> pa.Table:
    """Give every look with its verdict, in their order; `told` are the consultations, in work form."""
    look = explained.look
    rows = _rows_at(np.asarray(told.column("entry")), np.asarray(look.column("look")))
    named = {name: look.column(name) for name in look.column_names if name != "day_began"}
    named |= {name: told.column(name).take(rows) for name in _OF_CONSULTATION}
    verdict = explained.verdict
    at = _rows_at(np.asarray(verdict.column("look")), np.asarray(look.column("look")))
    named |= {name: verdict.column(name).take(at) for name in _OF_VERDICT}
    named["days_later"] = _days_later(look, named["best_ground"], explained.late_work)
    return coded(pa.table(named))


def explanations_of(explained: Concluded, looks: pa.Table, moments: Moments) -> pa.Table:
    """Give every explanation with who looked, and when and where the work was recorded."""
    told = explained.explanation
    entries = np.asarray(told.column("work_entry"), dtype=np.int64)
    rows = moments.rows(entries)
    of_look = _rows_at(np.asarray(looks.column("look")), np.asarray(told.column("look")))
    return coded(
        told.append_column("staff", looks.column("staff").take(of_look))
        .append_column("looked_at", looks.column("looked_at").take(of_look))
        .append_column("work_at", pa.array(moments.happened(rows)))
        .append_column("work_source", moments.source.take(pa.array(rows)))
    )  # fmt: skip


def work_of(facts: Mapping[str, pa.Table], *, zaken: pa.Table | None = None) -> pa.Table:
    """Give the recorded work around each subject: zaken, tasks, contacts and assignments.

    `zaken` are those that assignments may be of, when there are more than in `facts`.
    """
    zaak = facts["zaak"] if zaken is None else zaken
    subject_of = pa.table({"zaak": zaak.column("zaak"), "of_zaak": zaak.column("subject")})
    subject_of = subject_of.group_by("zaak").aggregate([("of_zaak", "max")])
    assigned = facts["assignment"].join(subject_of, "zaak").rename_columns(
        [*facts["assignment"].column_names, "subject"]
    )  # fmt: skip
    parts = []
    for name in _WORK:
        rows = assigned if name == "assignment" else facts[name]
        nothing = pa.nulls(len(rows), pa.string())
        who = "handler" if name == "zaak" else "staff"
        kind = "zaaktype" if name == "zaak" else "kind"
        parts.append(
            pa.table(
                {
                    "entry": rows.column("entry"),
                    "work_at": rows.column(RELATIONS[name].happened),
                    "relation": pa.array(np.full(len(rows), name, dtype=object), pa.string()),
                    "kind": rows.column(kind) if kind in rows.column_names else nothing,
                    "subject": rows.column("subject"),
                    "staff": rows.column(who),
                    "zaak": rows.column("zaak"),
                    "source": rows.column("source"),
                }
            )
        )
    joined = pa.concat_tables(parts).combine_chunks()
    return coded(joined.filter(pc.is_valid(joined.column("subject"))))


def people_of(looks: pa.Table) -> pa.Table:
    """Give one row per person who looked: last team and role, looks and unexplained visits."""
    visits = looks.group_by(["staff", "subject", "happened_day"]).aggregate([("explained", "max")])
    open_visits = visits.append_column("open", pc.invert(visits.column("explained_max")).cast(pa.int64()))
    per_person = open_visits.group_by("staff").aggregate([("open", "sum")])
    held = looks.append_column("good", looks.column("explained").cast(pa.int64())).append_column(
        "row", pa.array(np.arange(len(looks), dtype=np.int64))
    )
    counted = held.group_by("staff").aggregate(
        [("look", "count"), ("good", "sum"), ("row", "max"), ("looked_at", "min"), ("looked_at", "max")]
    )
    was = looks.select(["team", "role", "employment"]).take(counted.column("row_max"))
    met = pa.table({
        "staff": counted.column("staff"),
        "team": was.column("team"), "role": was.column("role"), "employment": was.column("employment"),
        "looks": counted.column("look_count"), "explained": counted.column("good_sum"),
        "first_at": counted.column("looked_at_min"), "last_at": counted.column("looked_at_max"),
    })  # fmt: skip
    order = pc.index_in(met.column("staff"), value_set=one_chunk(per_person.column("staff")))
    return met.append_column("unexplained_visits", per_person.column("open_sum").take(order)).sort_by("staff")


def coded(rows: pa.Table) -> pa.Table:
    """Keep each text once: there are few different ones."""
    for at, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            rows = rows.set_column(at, field.name, rows.column(at).dictionary_encode())
    return rows.unify_dictionaries().combine_chunks()


def in_order(rows: pa.Table, keys: Sequence[str]) -> Whole:
    """Give the order of rows by whole numbers, the first key first."""
    return np.lexsort([np.asarray(rows.column(name)) for name in reversed(keys)]).astype(np.int64)


def one_chunk(column: pa.ChunkedArray) -> pa.Array:
    """Give a column as one array."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):
        return whole.chunk(0) if whole.num_chunks else pa.array([], whole.type)
    return whole


def _rows_at(entries: Whole, wanted: Whole) -> pa.Array:
    """Give the row of each wanted entry; straight through when they stand in the same order."""
    if len(entries) == len(wanted) and np.array_equal(entries, wanted):
        return pa.array(np.arange(len(wanted), dtype=np.int64))
    order = np.argsort(entries, kind="stable")
    return pa.array(order[np.searchsorted(entries, wanted, sorter=order)].astype(np.int64))


def _days_later(look: pa.Table, best: pa.ChunkedArray, late: pa.Table) -> pa.Array:
    """Give how many days after the look its best explanation was recorded; 0 for the others."""
    days = np.zeros(len(look), dtype=np.int32)
    if len(late):
        rows = np.searchsorted(np.asarray(look.column("look")), np.asarray(late.column("look")))
        same = np.asarray(pc.fill_null(pc.equal(best.take(pa.array(rows)), late.column("ground")), False))
        days[rows[same]] = np.asarray(late.column("days_later"))[same]
    return pa.array(days)
