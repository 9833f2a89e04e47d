# SPDX-License-Identifier: EUPL-1.2
"""The register held against what was done: looks and delivered sets with and without a basis; what is idle.

Reads the newest derivation, a drawer at a time, and a few columns of the ledger; no person is in the outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.audit.deriving import Derived
from rekenschap.audit.deriving.for_citizens import FOLDER
from rekenschap.audit.register.teams import team_of
from rekenschap.ledger import Ledger
from rekenschap.ledger.state import read_columns
from rekenschap.register import GRACE, Basis, Register, Version

Whole = npt.NDArray[np.int64]
IDLE = timedelta(days=365)
_BASES = tuple(Basis)
_NEVER = -(2**62)
_USING = (("processing", "processed_at"), ("zaak", "registered_at"))
"""Relations that name an activity beside looks and deliveries, with their moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How many looks (or delivered sets) of one system and team stand to the register in one way."""

    system: str
    team: str
    basis: Basis
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How often an activity was the reason of a look, and when anything was last done for it."""

    key: str
    looks: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of it. `idle`: keys that hold now, and of which nothing was seen in a year."""

    at: datetime
    size: int
    looks: tuple[Line, ...]
    sets: tuple[Line, ...]
    uses: tuple[Use, ...]
    idle: tuple[str, ...]

    @staticmethod
    def total(lines: tuple[Line, ...], *bases: Basis) -> int:
        """Count what stands to the register in one of these ways; without any, all."""
        return sum(each.count for each in lines if not bases or each.basis in bases)


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What was counted so far."""

    looks: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    sets: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    uses: Counter[str] = field(default_factory=Counter)
    last: dict[str, int] = field(default_factory=dict)

    def meet(self, keys: pa.Array, moments: Whole) -> None:
        """Remember when each activity was last seen, in µs UTC."""
        for key, at in _latest(keys, moments).items():
            self.last[key] = max(at, self.last.get(key, _NEVER))


def report_of(ledger: Ledger, derived: Derived, register: Register, *, now: datetime) -> Report:
    """Count how every look and delivered set stands to the register, and which activities lie idle."""
    seen = _Seen()
    for path in sorted((derived.folder / FOLDER).glob("*.parquet")):
        _count_looks(pq.read_table(path, columns=list(_COLUMNS)), register, seen)
    _count_sets(derived, register, seen)
    for relation, moment in _USING:
        for keys, moments in _named_in(ledger, relation, moment):
            seen.meet(keys, moments)
    holding = register.holding(now)
    idle = tuple(each.key for each in holding if _is_idle(each, seen.last.get(each.key), now))
    return Report(
        at=now, size=derived.manifest.size, looks=_lines(seen.looks), sets=_lines(seen.sets),
        uses=tuple(
            Use(key=key, looks=seen.uses[key], last_at=_moment(seen.last.get(key)))
            for key in sorted({*register.history, *seen.last})
        ),
        idle=idle,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done, in columns: for which activity, when, and when that was put on record (µs UTC)."""

    keys: pa.Array
    at: Whole
    known_at: Whole

    @classmethod
    def of(cls, rows: pa.Table, *, key: str, at: str, known_at: str) -> Done:
        """Take the columns of these names; what nobody put on record counts from when it was done."""
        moments = np.asarray(rows.column(at), dtype=np.int64)
        known = pc.coalesce(rows.column(known_at), rows.column(at))
        return cls(
            keys=rows.column(key).combine_chunks(), at=moments, known_at=np.asarray(known, dtype=np.int64)
        )


def bases_of(register: Register, done: Done) -> npt.NDArray[np.int8]:
    """Give the position of each basis in `Basis`: what `Register.basis` says, in columns."""
    coded = pc.fill_null(done.keys.cast(pa.string()), "").dictionary_encode()
    codes = np.asarray(coded.indices, dtype=np.int64)
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(len(coded.dictionary) + 1))
    found = np.zeros(len(codes), dtype=np.int8)
    for number, key in enumerate(coded.dictionary.to_pylist()):
        rows = order[ends[number] : ends[number + 1]]
        history = register.history.get(key, ())
        found[rows] = (
            _bases_of_one(history, done.at[rows], done.known_at[rows])
            if history
            else _at(Basis.UNKNOWN if key else Basis.NONE)
        )
    return found


_COLUMNS = ("activity", "register", "team", "looked_at", "known_at")
_GRACE = GRACE // timedelta(microseconds=1)


def _bases_of_one(history: tuple[Version, ...], at: Whole, known_at: Whole) -> npt.NDArray[np.int8]:
    since, until, known = (
        np.array([_micro(getattr(each, name), otherwise) for each in history], dtype=np.int64)
        for name, otherwise in (("valid_from", _NEVER), ("valid_until", -_NEVER), ("recorded_at", _NEVER))
    )
    place = np.searchsorted(since, at, side="right") - 1
    here = np.maximum(place, 0)
    basis = np.where(known_at + _GRACE < known[here], _at(Basis.AFTERWARDS), _at(Basis.KNOWN))
    basis = np.where((place < 0) | (at >= until[here]), _at(Basis.NOT_THEN), basis)
    return basis.astype(np.int8)


def _count_looks(looks: pa.Table, register: Register, seen: _Seen) -> None:
    done = Done.of(looks, key="activity", at="looked_at", known_at="known_at")
    _count(seen.looks, (looks.column("register"), looks.column("team")), bases_of(register, done))
    seen.meet(done.keys, done.at)
    for row in pc.value_counts(done.keys.cast(pa.string())).to_pylist():
        seen.uses[row["values"]] += row["counts"]


def _count_sets(derived: Derived, register: Register, seen: _Seen) -> None:
    told = pq.read_table(derived.folder / "facts-disclosure.parquet")
    staff = pq.read_table(derived.folder / "facts-staff.parquet")
    if not told.num_rows:
        return
    done = Done.of(told, key="processing_activity", at="disclosed_at", known_at="recorded_at")
    teams = team_of(staff, np.asarray(told.column("staff"), dtype=np.int64), done.at)
    _count(seen.sets, (told.column("source"), teams), bases_of(register, done))
    seen.meet(done.keys, done.at)


def _count(
    counter: Counter[tuple[str, str, str]],
    named: tuple[pa.ChunkedArray, pa.ChunkedArray | pa.Array],
    bases: npt.NDArray[np.int8],
) -> None:
    system, team = (pc.fill_null(each.cast(pa.string()), "") for each in named)
    rows = pa.table({"system": system, "team": team, "basis": pa.array(bases)})
    for row in rows.group_by(["system", "team", "basis"]).aggregate([([], "count_all")]).to_pylist():
        counter[row["system"], row["team"], _BASES[row["basis"]]] += row["count_all"]


def _named_in(ledger: Ledger, relation: str, moment: str) -> Iterator[tuple[pa.Array, Whole]]:
    """Yield the activities a relation names, a segment at a time, with their moments."""
    for segment in ledger.manifest.of(relation, ledger.size):
        rows = read_columns(ledger.store, segment, ["processing_activity", moment])
        moments = rows.column(moment).cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
        yield rows.column("processing_activity").combine_chunks(), np.asarray(moments, dtype=np.int64)


def _latest(keys: pa.Array, moments: Whole) -> Mapping[str, int]:
    rows = pa.table({"key": keys.cast(pa.string()), "at": pa.array(moments)})
    told = rows.filter(pc.is_valid(rows.column("key"))).group_by("key").aggregate([("at", "max")])
    return {row["key"]: row["at_max"] for row in told.to_pylist() if row["key"]}


def _lines(counter: Counter[tuple[str, str, str]]) -> tuple[Line, ...]:
    ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Line(system=system, team=team, basis=Basis(basis), count=count)
        for (system, team, basis), count in ordered
    )


def _is_idle(version: Version, last: int | None, now: datetime) -> bool:
    """Say whether nothing was seen of an activity in a year that it held."""
    return now - version.valid_from >= IDLE and (last is None or last < _micro(now - IDLE, 0))


def _at(basis: Basis) -> int:
    return _BASES.index(basis)


def _micro(at: datetime | None, otherwise: int) -> int:
    if at is None:
        return otherwise
    whole = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return whole // timedelta(microseconds=1)


def _moment(at: int | None) -> datetime | None:
    return None if at is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
