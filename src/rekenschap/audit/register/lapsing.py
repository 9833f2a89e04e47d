# SPDX-License-Identifier: EUPL-1.2
"""Which entries have been kept as long as the register says for what they were made for, and may go.

The activity of an entry is the one it names, else that of the zaak it names. A later decision on how long
something is kept counts for all of it; an activity that ended keeps its last term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.ledger import Ledger
from rekenschap.ledger.custody import Authority, Ranges
from rekenschap.ledger.custody.orders import OrderAction, Rule
from rekenschap.ledger.keeping.drafting import Wish, fitting
from rekenschap.ledger.keeping.retention import Term
from rekenschap.ledger.keeping.rewriting import entries_in, ranges_of
from rekenschap.ledger.segments import Segment
from rekenschap.ledger.state import read_columns
from rekenschap.model.relations import ACT
from rekenschap.register import Register, Version
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.text import is_plain

RELATIONS = ("consultation", "processing", "disclosure")
"""What is kept of an activity in the ledger: looks, steps of systems, and what left."""
DESK_ACTIVITY, WIPED = "rekenschap-desk", "wiped"
"""The activity under which casework stands in the register, and the act that ends a case at the desk."""
LAW = "AVG art. 5 lid 1 e"
_DAY = 86_400_000_000
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long, and by which law; `keys` are the activities it goes for, none for what names no activity."""

    days: int
    law: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsing:
    """What is due under one term: entries that nobody holds; those that are held are only counted."""

    kept: Kept
    entries: Ranges
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """All that is due, by term; `without` counts entries for which nobody decided how long they are kept."""

    found: tuple[Lapsing, ...]
    without: int


def lapsing(
    ledger: Ledger, authority: Authority, register: Register, *, now: datetime, others: Mapping[str, Term]
) -> Due:
    """Give what is due now; `others` says by relation how long entries without an activity are kept."""
    terms, today = _terms(register, now), int(now.timestamp()) * 1_000_000 // _DAY * _DAY
    zaken = _activity_of_zaak(ledger)
    found: dict[tuple[int, str], list[Whole]] = {}
    keys: dict[tuple[int, str], set[str]] = {}
    without = 0
    for relation in RELATIONS:
        for segment in ledger.manifest.of(relation, ledger.size):
            for key, entries, recorded in _by_activity(ledger, segment, zaken):
                term = terms.get(key) or _other(others.get(relation))
                if term is None:
                    without += len(entries)
                    continue
                ripe = entries[recorded < today - term[0] * _DAY]
                if len(ripe):
                    found.setdefault(term, []).append(ripe)
                    keys.setdefault(term, set()).update([key] if terms.get(key) else [])
    desk = _lapsed_at_desk(ledger, authority, terms.get(DESK_ACTIVITY), today)
    if len(desk):
        found.setdefault(terms[DESK_ACTIVITY], []).append(desk)
        keys.setdefault(terms[DESK_ACTIVITY], set()).add(DESK_ACTIVITY)
    told = (
        _open(
            Kept(days=term[0], law=term[1], keys=tuple(sorted(keys[term]))), _ranges(found[term]), authority
        )
        for term in sorted(found)
    )
    return Due(found=tuple(each for each in told if each is not None), without=without)


def wishes_of(due: Due, *, now: datetime) -> list[Wish]:
    """Give the orders that erase what is due: one for each term, more when it does not fit in one."""
    wishes = []
    for each in due.found:
        left = each.entries
        while left:
            part = fitting(left)
            wishes.append(
                Wish(
                    action=OrderAction.ERASE, law=each.kept.law, reason=_reason(each.kept, now), entries=part,
                    rule=Rule.TERM, term=each.kept.days,
                )
            )  # fmt: skip
            left = left - part
    return wishes


def wish_to_forget(commitments: tuple[Hash, ...], *, now: datetime) -> Wish:
    """Give the order that destroys sealed originals of whom nothing is on record any more."""
    reason = f"niets meer bewaard {now.astimezone(UTC).date().isoformat()}"
    return Wish(
        action=OrderAction.FORGET, law=LAW, reason=reason,
        originals=commitments, rule=Rule.TERM, term=1,
    )  # fmt: skip


def _terms(register: Register, now: datetime) -> dict[str, tuple[int, str]]:
    found = ((key, register.as_of(key, now) or register.latest(key)) for key in register.history)
    return {key: (days, _law(one)) for key, one in found if one is not None and (days := one.days_kept)}


def _law(version: Version) -> str:
    return version.retention_law if is_plain(version.retention_law) else LAW


def _other(term: Term | None) -> tuple[int, str] | None:
    return None if term is None else (term.days, term.law)


def _reason(kept: Kept, now: datetime) -> str:
    named = ", ".join(kept.keys[:20]) + (", …" if len(kept.keys) > 20 else "")
    return f"bewaartermijn {now.astimezone(UTC).date().isoformat()} {named}".strip()


def _ranges(parts: list[Whole]) -> Ranges:
    return ranges_of(np.sort(np.concatenate(parts)))


def _open(kept: Kept, entries: Ranges, authority: Authority) -> Lapsing | None:
    left = entries - authority.erased
    held = left & authority.held
    return Lapsing(kept=kept, entries=left - held, held=len(held)) if left else None


def _by_activity(
    ledger: Ledger, segment: Segment, zaken: Mapping[int, str]
) -> Iterator[tuple[str, Whole, Whole]]:
    """Yield the entries of a segment by activity, each with when it was recorded (µs UTC)."""
    with_zaak = ["zaak_hi"] if segment.relation == "consultation" else []
    rows = read_columns(ledger.store, segment, ["processing_activity", "recorded_at", *with_zaak])
    named = pc.fill_null(rows.column("processing_activity").combine_chunks().cast(pa.string()), "")
    if with_zaak:
        named = pc.if_else(pc.equal(named, ""), _by_zaak(rows.column("zaak_hi"), zaken), named)
    entries = np.concatenate(
        [np.arange(first, end, dtype=np.int64) for first, end in entries_in(ledger, segment)] or [_NONE]
    )
    stored = rows.column("recorded_at").combine_chunks().cast(pa.timestamp("us", tz="UTC"))
    recorded = np.asarray(stored.cast(pa.int64()), dtype=np.int64)
    coded = named.dictionary_encode()
    codes = np.asarray(coded.indices)
    for number, key in enumerate(coded.dictionary.to_pylist()):
        mine = codes == number
        yield key, entries[mine], recorded[mine]


_NONE = np.empty(0, dtype=np.int64)


def _by_zaak(column: pa.ChunkedArray, zaken: Mapping[int, str]) -> pa.Array:
    coded = column.combine_chunks().dictionary_encode()
    keys = pa.array([zaken.get(each, "") for each in coded.dictionary.to_pylist()], pa.string())
    return pc.fill_null(keys.take(coded.indices), "")


def _lapsed_at_desk(ledger: Ledger, authority: Authority, term: tuple[int, str] | None, today: int) -> Whole:
    """Give the acts on what the desk wiped, for their reasons speak of people; the last act stays.

    An act that says why somebody looked stays as long as that look: it may be all that explains it.
    """
    facts = ledger.facts(ACT.name)
    table = facts.table
    if term is None or not table.num_rows or "object" not in table.column_names:
        return _NONE
    is_last = pc.equal(table.column("verb").cast(pa.string()), WIPED)
    wiped = table.column("object").filter(is_last).combine_chunks()
    on_it = pc.is_in(table.column("object"), value_set=wiped.drop_null())
    recorded = table.column("recorded_at").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
    ripe = pc.less(recorded, today - term[0] * _DAY)
    gone = np.asarray(pc.and_(pc.and_(on_it, pc.invert(is_last)), ripe), dtype=np.bool_)
    looks = np.asarray(pc.fill_null(table.column("look"), -1), dtype=np.int64)
    gone &= (looks < 0) | _in(authority.erased, looks)
    return np.asarray(facts.entries, dtype=np.int64)[gone]


def _in(ranges: Ranges, entries: Whole) -> npt.NDArray[np.bool_]:
    if not ranges:
        return np.zeros(len(entries), dtype=np.bool_)
    firsts, ends = (np.array(each, dtype=np.int64) for each in zip(*ranges.spans, strict=True))
    at = np.maximum(np.searchsorted(firsts, entries, side="right") - 1, 0)
    return (firsts[at] <= entries) & (entries < ends[at])


def _activity_of_zaak(ledger: Ledger) -> dict[int, str]:
    """Give the activity of every zaak that names one, by the first half of its token; the last counts."""
    found: dict[int, str] = {}
    for segment in ledger.manifest.of("zaak", ledger.size):
        rows = read_columns(ledger.store, segment, ["zaak_hi", "processing_activity"])
        rows = rows.filter(pc.is_valid(rows.column("processing_activity")))
        tokens, keys = rows.column("zaak_hi").to_pylist(), rows.column("processing_activity").to_pylist()
        found.update(zip(tokens, map(str, keys), strict=True))
    return found
