# SPDX-License-Identifier: EUPL-1.2
"""Judges all looks of a bucket at once, in columns, and writes the line of each citizen.

Says the same as `rekenschap.citizen.answer_of`, which is the rule; a property test holds the two together,
byte for byte. Knows no file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.citizens.names import Names
from rekenschap.audit.deriving.for_citizens import DESK
from rekenschap.citizen import Activity, Rules, Spell, Why
from rekenschap.citizen.answer import ANSWER_WITHIN

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND, _DAY = 1_000_000, 86_400_000_000
_OF_ACTIVITY = ("key", "name", "purpose", "law", "legal_basis")
_AS_TOLD = ("activity", "activity_name", "purpose", "law", "legal_basis")
_NOTHING = ("",) * len(_AS_TOLD)


@dataclass(frozen=True, kw_only=True)
class Judging:
    """What looks are judged with."""

    names: Names
    rules: Rules
    since: date
    investigated: Mapping[int, tuple[Spell, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The lines of a bucket, sorted by drawer, and how many there are of what."""

    lines: bytes
    citizens: int
    looks: int


def judge(rows: pa.Table, judging: Judging) -> Judged:
    """Write a line for each subject with looks that may be seen now; who has none has no line."""
    versions = _Versions.of(judging.rules)
    held = versions.at(rows.column("activity"), _whole(rows, "looked_at"))
    shown = np.flatnonzero(_may_be_seen(rows, held, versions, judging))
    if not len(shown):
        return Judged(lines=b"", citizens=0, looks=0)
    some, held = rows.take(pa.array(shown)), held[shown]
    references = judging.names.references(_whole(some, "look").tolist())
    order = pc.sort_indices(
        pa.table({"subject": some.column("subject"), "at": some.column("looked_at"), "name": references}),
        sort_keys=[("subject", "ascending"), ("at", "descending"), ("name", "descending")],
    )
    some, held, references = some.take(order), held[np.asarray(order)], references.take(order)
    items = _items(some, references, versions.told(held, _flags(some)), judging.rules)
    lines = _lines(items, _whole(some, "subject"), judging.names)
    return Judged(lines=_bytes(lines), citizens=len(lines), looks=len(items))


def _may_be_seen(rows: pa.Table, held: Whole, versions: _Versions, judging: Judging) -> Flags:
    """Tell which looks are of the period and withheld on no ground (`rekenschap.citizen.is_withheld`)."""
    at, now = _whole(rows, "looked_at"), _microseconds(judging.rules.now)
    own_after = judging.rules.own_looks_after // _MICROSECOND
    is_own = np.asarray(pc.equal(rows.column("register").cast(pa.string()), DESK), dtype=np.bool_)
    decided = np.isin(_whole(rows, "look"), np.array(sorted(judging.rules.decided), dtype=np.int64))
    hidden = decided | versions.hides(held) | (is_own & (now < at + own_after))
    hidden |= ~_flags(rows) & (at >= _investigated_from(_whole(rows, "subject"), judging))
    first = _microseconds(datetime.combine(judging.since, time(), tzinfo=UTC))
    seen: Flags = (at >= first) & ~hidden
    return seen


def _investigated_from(subjects: Whole, judging: Judging) -> Whole:
    """Give from when on looks at each subject could tell of an investigation that runs now; else never."""
    running = {
        subject: min(_microseconds(each.since) for each in holding)
        for subject, spells in judging.investigated.items()
        if (holding := [each for each in spells if each.holds(judging.rules.now)])
    }
    never = np.full(len(subjects), np.iinfo(np.int64).max, dtype=np.int64)
    if not running:
        return never
    known = np.array(sorted(running), dtype=np.int64)
    since = np.array([running[each] for each in known.tolist()], dtype=np.int64)
    at = np.minimum(np.searchsorted(known, subjects), len(known) - 1)
    return np.where(known[at] == subjects, since[at], never)


@dataclass(frozen=True, kw_only=True)
class _Versions:
    """The versions of all activities in one row; a look holds the place of its version, or -1."""

    every: Sequence[Activity]
    firsts: Mapping[str, int]
    shields: Flags

    @classmethod
    def of(cls, rules: Rules) -> _Versions:
        every, firsts, shields = list[Activity](), dict[str, int](), list[bool]()
        for key, versions in rules.by_key.items():
            known = [each for each in versions if each.valid_from <= rules.now]
            still = not known or known[-1].is_shielded
            firsts[key] = len(every)
            every += versions
            shields += [each.is_shielded and still for each in versions]
        return cls(every=every, firsts=firsts, shields=np.array([*shields, False], dtype=np.bool_))

    def at(self, keys: pa.ChunkedArray, moments: Whole) -> Whole:
        """Give the version of each look's activity that held when it was made."""
        found = np.full(len(moments), -1, dtype=np.int64)
        coded = _one_chunk(keys.cast(pa.string())).dictionary_encode()
        codes = np.asarray(coded.indices.fill_null(-1))
        order = np.argsort(codes, kind="stable")
        for code, key in enumerate(coded.dictionary.to_pylist()):
            if key in self.firsts:
                low, high = np.searchsorted(codes[order], [code, code + 1])
                where = order[low:high]
                found[where] = self._of_one(key, moments[where])
        return found

    def _of_one(self, key: str, moments: Whole) -> Whole:
        first = self.firsts[key]
        versions = [each for each in self.every[first:] if each.key == key]
        starts = np.array([_microseconds(each.valid_from) for each in versions], dtype=np.int64)
        ends = np.array([_end(each) for each in versions], dtype=np.int64)
        last = np.searchsorted(starts, moments, side="right") - 1
        # of several that began at one moment the first counts, as in `activity_at`
        place = np.searchsorted(starts, starts[np.maximum(last, 0)], side="left")
        return np.where((last >= 0) & (moments < ends[place]), first + place, -1)

    def hides(self, held: Whole) -> Flags:
        """Tell which looks their activity shields."""
        return self.shields[held]  # of -1 the last one: nothing

    def told(self, held: Whole, explained: Flags) -> tuple[pa.Array, pa.Array]:
        """Write what the register says of each look, as parts of an object of JSON; of unexplained nothing.

        The second part is on whose behalf: it stands at the end of the object.
        """
        parts = [_pairs(tuple(str(getattr(each, name)) for name in _OF_ACTIVITY)) for each in self.every]
        behalf = [_json(each.on_behalf) for each in self.every]
        place = pa.array(np.where(explained & (held >= 0), held, len(self.every)))
        first, last = (
            pa.array(texts, pa.large_string()).take(place)
            for texts in ([*parts, _pairs(_NOTHING)], [*behalf, _json("")])
        )
        return first, last


def _end(version: Activity) -> int:
    none = np.iinfo(np.int64).max
    return int(none) if version.valid_until is None else _microseconds(version.valid_until)


def _pairs(values: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}": {_json(value)}' for name, value in zip(_AS_TOLD, values, strict=True))


def _items(
    rows: pa.Table, references: pa.Array, activities: tuple[pa.Array, pa.Array], rules: Rules
) -> pa.Array:
    """Write each look as `Item.told` in JSON."""
    activity, behalf = activities
    explained = _flags(rows)
    team = _one_chunk(rows.column("team").cast(pa.string()))
    large = np.asarray(pc.is_in(team, value_set=pa.array(sorted(rules.departments), pa.string())))
    return _joined(
        '{"reference": "', references, '", "at": "', _iso(_whole(rows, "looked_at")),
        '", "why": ', _texts(rows, "why", explained, otherwise=str(Why.UNKNOWN)),
        ', "about": ', _texts(rows, "about", explained),
        ', "department": ', _texts(rows, "team", explained & large),
        ', "fields": ', _by_distinct(rows.column("fields"), lambda told: _json(_list(told))),
        ', "register": ', _texts(rows, "register"),
        ", ", activity,
        ', "answer_by": ', _answer_by(rows, explained), ', "on_behalf": ', behalf, "}",
    )  # fmt: skip


def _json(told: str | list[str]) -> str:
    return json.dumps(told, ensure_ascii=False)


def _list(told: str) -> list[str]:
    return [each.strip() for each in told.split(",") if each.strip()]


def _texts(rows: pa.Table, name: str, where: Flags | None = None, *, otherwise: str = "") -> pa.Array:
    """Write a column of texts in JSON; where a flag is not set another text stands there."""
    texts = _by_distinct(rows.column(name), _json)
    return texts if where is None else pc.if_else(pa.array(where), texts, _json(otherwise))


def _by_distinct(column: pa.ChunkedArray, write: Callable[[str], str]) -> pa.Array:
    coded = pc.fill_null(_one_chunk(column.cast(pa.string())), "").dictionary_encode()
    written = pa.array([write(each) for each in coded.dictionary.to_pylist()], pa.large_string())
    return written.take(coded.indices)


def _iso(moments: Whole) -> pa.Array:
    """Write moments (µs UTC) as `datetime.isoformat` does: a fraction only where there is one."""
    exact = moments.astype("datetime64[us]")
    has_fraction = moments % _SECOND != 0
    seconds = np.datetime_as_string(exact, unit="s")
    written = np.where(has_fraction, np.datetime_as_string(exact, unit="us"), seconds)
    return _joined(pa.array(written.tolist(), pa.large_string()), "+00:00")


def _answer_by(rows: pa.Table, explained: Flags) -> pa.Array:
    """Write when we promised to know more of what is not explained."""
    known = pc.coalesce(_one_chunk(rows.column("known_at")), _one_chunk(rows.column("looked_at")))
    days = (np.asarray(known, dtype=np.int64) + ANSWER_WITHIN // _MICROSECOND) // _DAY
    written = np.datetime_as_string(days.astype("datetime64[D]"))
    quoted = _joined('"', pa.array(written.tolist(), pa.large_string()), '"')
    return pc.if_else(pa.array(explained), "null", quoted)


def _lines(items: pa.Array, subjects: Whole, names: Names) -> pa.Array:
    """Put the looks at each subject (they stand together) behind the name of their drawer."""
    begins = np.flatnonzero(np.append(True, subjects[1:] != subjects[:-1]))
    offsets = pa.array(np.append(begins, len(subjects)), pa.int64())
    lists = pc.binary_join(pa.LargeListArray.from_arrays(offsets, items), pa.scalar(", ", items.type))
    drawers = pa.array([names.drawer(each) for each in subjects[begins].tolist()], pa.large_string())
    return _joined(drawers, "\t[", lists, "]\n").take(pc.sort_indices(drawers))


def _joined(*parts: pa.Array | str) -> pa.Array:
    wide = [pa.scalar(each, pa.large_string()) if isinstance(each, str) else each.cast(pa.large_string())
            for each in parts]  # fmt: skip
    return pc.binary_join_element_wise(*wide, pa.scalar("", pa.large_string()))


def _bytes(lines: pa.Array) -> bytes:
    """Give texts as they lie in memory, one after another."""
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int64, count=len(lines) + 1, offset=8 * lines.offset)
    return memoryview(lines.buffers()[2])[offsets[0] : offsets[-1]].tobytes()


def _whole(rows: pa.Table, name: str) -> Whole:
    return np.asarray(rows.column(name), dtype=np.int64)


def _flags(rows: pa.Table) -> Flags:
    return np.asarray(rows.column("explained"), dtype=np.bool_)


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
