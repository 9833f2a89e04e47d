# SPDX-License-Identifier: EUPL-1.2
"""Every look as the citizen page may know it: about whom, when, for what work. No column holds staff.

What of this a citizen is shown, and when, is for `rekenschap.citizen` to say; see `audit.citizens`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.deriving.columns import Whole, coded, one_chunk
from rekenschap.citizen import Activity, Spell, Why

Flags = npt.NDArray[np.bool_]

FOLDER, FILE = "look-for-subject", "for-citizens.json"
DESK = "rekenschap-desk"
"""The register in which the looks of the desk itself stand."""
LEAST_IN_DEPARTMENT = 3
"""With fewer people the name of a department would point at somebody."""

_CONTACTS = (Why.CALL, Why.APPOINTMENT, Why.COUNTER, Why.LETTER, Why.MESSAGE)
_KINDS = tuple(Why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigated:
    """A subject who is part of an investigation, from one moment to another."""

    subject: int
    spell: Spell


@dataclass(frozen=True, slots=True, kw_only=True)
class ForCitizens:
    """What decides besides the looks themselves."""

    register: tuple[Activity, ...]
    investigated: tuple[Investigated, ...]
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """The work that explains each look best, beside the looks; null where there is none."""

    relation: pa.Array
    kind: pa.Array
    subject: pa.Array
    zaak: pa.Array


def looks_for_citizens(facts: Mapping[str, pa.Table], looks: pa.Table, explanation: pa.Table) -> pa.Table:
    """Give one row per look with what its work was, in the order of `looks`."""
    told = facts["consultation"]
    at = _Found.of(told.column("entry"), looks.column("look"))
    work = _work_of(looks, explanation, facts)
    zaken = facts["zaak"]
    zaak = _Found.of(zaken.column("zaak"), pc.coalesce(work.zaak, one_chunk(looks.column("zaak"))))
    subject = np.asarray(looks.column("subject"), dtype=np.int64)
    is_own = _same(zaak.take(zaken.column("subject")), subject)
    explained = _explained(looks)
    why = _why(looks, work, explained, whose=_Whose(subject=subject, has_zaak=zaak.hit, is_own=is_own))
    about = zaak.take(zaken.column("zaaktype").cast(pa.string()))
    is_zaak = pa.array(why == _KINDS.index(Why.ZAAK))
    own_activity = at.take(told.column("processing_activity").cast(pa.string()))
    activity = pc.coalesce(own_activity, zaak.take(zaken.column("processing_activity").cast(pa.string())))
    return coded(pa.table({
        "subject": looks.column("subject"),
        "look": looks.column("look"),
        "looked_at": looks.column("looked_at"),
        "known_at": at.take(told.column("recorded_at")),
        "register": looks.column("register").cast(pa.string()),
        "fields": pc.fill_null(looks.column("fields").cast(pa.string()), ""),
        "team": pc.fill_null(looks.column("team").cast(pa.string()), ""),
        "activity": pc.fill_null(activity, ""),
        "why": pa.DictionaryArray.from_arrays(pa.array(why.astype(np.int32)), [str(each) for each in _KINDS]),
        "about": pc.if_else(is_zaak, pc.fill_null(about, ""), ""),
        "explained": pa.array(explained),
    }))  # fmt: skip


def for_citizens(facts: Mapping[str, pa.Table]) -> ForCitizens:
    """Give the register of processing activities, who is part of an investigation, and large departments."""
    return ForCitizens(
        register=_register(facts["processing_activity"]),
        investigated=tuple(
            Investigated(subject=row["subject"], spell=_spell(row))
            for row in facts["shielding"].to_pylist()
            if row["kind"] == "investigation"
        ),
        departments=_large(facts["staff"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Where each wanted number stands in a column; `hit` False where it does not."""

    rows: pa.Array
    hit: Flags

    @classmethod
    def of(cls, keys: pa.ChunkedArray, wanted: pa.ChunkedArray | pa.Array) -> _Found:
        """Find the first row of each wanted key; null is found nowhere."""
        known = np.asarray(pc.fill_null(keys, 0), dtype=np.int64)
        asked = np.asarray(pc.fill_null(wanted, 0), dtype=np.int64)
        if not len(known):
            return cls(rows=pa.nulls(len(asked), pa.int64()), hit=np.zeros(len(asked), dtype=np.bool_))
        order = np.argsort(known, kind="stable")
        at = np.minimum(np.searchsorted(known, asked, sorter=order), len(known) - 1)
        rows = order[at]
        hit = (known[rows] == asked) & np.asarray(pc.is_valid(wanted))
        return cls(rows=pa.array(rows, mask=~hit), hit=hit)

    def take(self, column: pa.ChunkedArray) -> pa.Array:
        """Give the values of a column at those rows, null where there was none."""
        return one_chunk(column).take(self.rows)


def _work_of(looks: pa.Table, explanation: pa.Table, facts: Mapping[str, pa.Table]) -> _Work:
    best = _Found.of(looks.column("look"), explanation.column("look"))
    ground = best.take(looks.column("best_ground").cast(pa.string()))
    mine = explanation.filter(
        pc.fill_null(pc.equal(one_chunk(explanation.column("ground").cast(pa.string())), ground), False)
    )
    row = _Found.of(mine.column("look"), looks.column("look"))
    entries = row.take(mine.column("work_entry"))
    every = _every_work(facts)
    work = _Found.of(every.column("entry"), entries)
    return _Work(
        relation=work.take(every.column("relation")),
        kind=work.take(every.column("kind")),
        subject=work.take(every.column("subject")),
        zaak=work.take(every.column("zaak")),
    )


def _every_work(facts: Mapping[str, pa.Table]) -> pa.Table:
    """Give the pieces of work a sentence can be made of; an assignment names nobody but by its zaak."""
    parts = []
    for name in ("contact", "zaak", "task", "assignment"):
        rows = facts[name]
        nothing = pa.nulls(len(rows), pa.int64())
        kind = rows.column("kind") if name == "contact" else pa.nulls(len(rows), pa.string())
        parts.append(pa.table({
            "entry": rows.column("entry"),
            "relation": pa.array([name] * len(rows), pa.string()),
            "kind": kind.cast(pa.string()),
            "subject": rows.column("subject") if "subject" in rows.column_names else nothing,
            "zaak": rows.column("zaak"),
        }))  # fmt: skip
    return pa.concat_tables(parts).combine_chunks()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whose:
    """Whose work it was: the subject of each look, and whether the zaak is known and is theirs."""

    subject: Whole
    has_zaak: Flags
    is_own: Flags


def _explained(looks: pa.Table) -> Flags:
    """Say which looks need no finding out: those with work, and those where no person looked."""
    known = np.asarray(looks.column("explained"), dtype=np.bool_)
    by_system = _is(looks.column("best_ground"), "system_process") & _is(looks.column("employment"), "system")
    return known | by_system


def _why(looks: pa.Table, work: _Work, explained: Flags, *, whose: _Whose) -> npt.NDArray[np.int64]:
    """Give for each look the position of its kind of work; the first that fits counts."""
    ground = one_chunk(looks.column("best_ground").cast(pa.string()))
    is_theirs = _same(work.subject, whose.subject)
    in_contact = _is(work.relation, "contact") & is_theirs
    chosen = [
        (~explained, Why.UNKNOWN),
        (_is(looks.column("register"), DESK), Why.OUR_CHECK),
        (_is(ground, "system_process"), Why.SYSTEM),
        (_is(ground, "oversight"), Why.OVERSIGHT),
        (_is(ground, "stated") | _is(ground, "stated_confirmed"), Why.STATED),
        *((in_contact & _is(work.kind, each), each) for each in _CONTACTS),
        (whose.has_zaak & whose.is_own, Why.ZAAK),
        (whose.has_zaak, Why.ZAAK_OF_OTHER),
    ]
    positions = [np.int64(_KINDS.index(each)) for _, each in chosen]
    return np.select(
        [where for where, _ in chosen], positions, default=np.int64(_KINDS.index(Why.WORK))
    )  # fmt: skip


def _is(column: pa.Array | pa.ChunkedArray, word: str) -> Flags:
    same = pc.fill_null(pc.equal(column.cast(pa.string()), str(word)), False)
    return np.asarray(same, dtype=np.bool_)


def _same(column: pa.Array, numbers: Whole) -> Flags:
    return np.asarray(pc.fill_null(pc.equal(column, pa.array(numbers)), False), dtype=np.bool_)


def _large(staff: pa.Table) -> tuple[str, ...]:
    counted = staff.group_by("team").aggregate([("staff", "count_distinct")]).to_pylist()
    found = [row["team"] for row in counted if row["staff_count_distinct"] >= LEAST_IN_DEPARTMENT]
    return tuple(sorted(str(each) for each in found if each))


def _register(told: pa.Table) -> tuple[Activity, ...]:
    """Give the versions of the register; of two that begin together the one with the higher number counts."""
    rows = sorted(told.to_pylist(), key=lambda row: row["edition"])
    return tuple({(one.key, one.valid_from): one for one in map(_activity, rows)}.values())


def _activity(row: Mapping[str, object]) -> Activity:
    spell = _spell(row)
    return Activity(
        key=str(row["processing_activity"]),
        name=str(row["name"]),
        purpose=str(row["purpose"]),
        legal_basis=str(row["legal_basis"]),
        law=str(row["law"] or ""),
        is_shielded=row["confidentiality"] == "shielded",
        valid_from=spell.since,
        valid_until=spell.until,
        on_behalf=str(row.get("on_behalf") or ""),
        edition=_days(row.get("edition")) or 1,
        people=_parts(row.get("people")),
        categories=_parts(row.get("categories")),
        recipients=_parts(row.get("recipients")),
        transfers=_parts(row.get("transfers")),
        retention_days=_days(row.get("retention_period")),
        retention_law=str(row.get("retention_law") or ""),
        looks_days=_days(row.get("looks_kept")),
    )


def _parts(told: object) -> tuple[str, ...]:
    return tuple(each.strip() for each in str(told or "").split(",") if each.strip())


def _days(told: object) -> int | None:
    return told if isinstance(told, int) else None


def _spell(row: Mapping[str, object]) -> Spell:
    since = _moment(row["valid_from"])
    assert since is not None  # noqa: S101 - the relation requires it
    return Spell(since=since, until=_moment(row["valid_until"]))


def _moment(value: object) -> datetime | None:
    return datetime.fromtimestamp(value / 1_000_000, tz=UTC) if isinstance(value, int) else None
