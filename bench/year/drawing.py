# SPDX-License-Identifier: EUPL-1.2
"""Draws a year of looks with the work behind them into shelves, bucket after bucket: never a whole in memory.

For 100 million looks: 30,000 staff in teams of 20, 13 million citizens, 20 million zaken, 10 million tasks,
3 million calls, 13 million relations; other sizes in proportion. Of the visits (2.5 looks each) 78 % are by
the handler with the zaak named, 8 % without, 4 % by a colleague it was assigned to, 3 % for a task, 1 % for
a call, and 6 % for nothing at all. Seeded: the same size is always the same year.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from rekenschap.audit.bulk.shelving import ALL, BUCKETS, file_of, write_part
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.tables import work_schema

Whole = npt.NDArray[np.int64]

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
FIRST_DAY = 20_454
"""1 January 2026. Local time is UTC plus one hour all year: what is measured knows no summer."""
BEGIN = FIRST_DAY * DAY
DAYS = 365

_KINDS = ("named", "unnamed", "assigned", "task", "call", "nothing")
_SHARES = (0.78, 0.08, 0.04, 0.03, 0.01, 0.06)
_LOOKS_A_VISIT = 2.5
_TEAM = 20
_REGISTERS = ("BRP", "zaken", "inkomen", "toeslagen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the organisation is, from how many looks it takes in a year."""

    looks: int
    seed: int = 1

    @property
    def staff(self) -> int:
        return max(2 * _TEAM, round(self.looks * 3e-4) // _TEAM * _TEAM)

    def in_bucket(self, times: float) -> int:
        """So many of something that there are `times` as many as looks, in each bucket."""
        return max(2, round(self.looks * times / BUCKETS))


def staff_tokens(size: Size) -> Whole:
    return mixed(np.arange(size.staff, dtype=np.int64) + (1 << 50))


def citizens(size: Size, bucket: int) -> Whole:
    """The citizens of a bucket: tokens whose last bits are its number."""
    drawn = mixed(np.arange(size.in_bucket(0.13), dtype=np.int64) + (bucket << 32))
    return (drawn & ~np.int64(BUCKETS - 1)) | bucket


def mixed(numbers: Whole) -> Whole:
    """Spread numbers over all of 64 bits, each to another one (splitmix64)."""
    x = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (x ^ (x >> np.uint64(31))).view(np.int64)


def rows_of(name: str, columns: dict[str, object], *, count: int) -> pa.Table:
    """Rows of a relation in work form; what is not drawn is null."""
    happened = columns.get(SEARCHED_RELATIONS[name].happened)
    if isinstance(happened, np.ndarray):
        local = happened + HOUR
        days = {"happened_day": local // DAY, "happened_minute": local % DAY // MINUTE}
        columns = {**{each: told.astype(np.int32) for each, told in days.items()}, **columns}
    fields = work_schema(SEARCHED_RELATIONS[name])
    arrays = [
        columns[f.name] if isinstance(columns.get(f.name), pa.Array)
        else pa.array(columns[f.name], f.type) if f.name in columns
        else pa.nulls(count, f.type)
        for f in fields
    ]  # fmt: skip
    return pa.Table.from_arrays(
        [each.cast(f.type) for each, f in zip(arrays, fields, strict=True)], schema=fields
    )


def draw(size: Size, folder: Path) -> int:
    """Write the year below an empty folder; gives how many looks it has."""
    for name in ("consultation", "zaak", "assignment", "task", "contact", "relation", "staff"):
        (folder / name).mkdir(parents=True)
    write_part(_staff(size), folder / file_of("staff", ALL))
    looks = 0
    related = folder / file_of("relation", ALL)
    with pq.ParquetWriter(related, work_schema(SEARCHED_RELATIONS["relation"]), compression="zstd") as writer:
        for bucket in range(BUCKETS):
            looks += _Bucket(size, bucket).write(folder)
            writer.write_table(_related(size, bucket))
    return looks


def _staff(size: Size) -> pa.Table:
    known = staff_tokens(size)
    teams = pa.array([f"team {at // _TEAM}" for at in range(size.staff)])
    return rows_of(
        "staff",
        {
            "entry": np.arange(size.staff) + (1 << 40), "staff": known, "team": teams,
            "valid_from": np.full(size.staff, BEGIN - 400 * DAY),
            "employment": pa.repeat("employee", size.staff), "role": pa.repeat("behandelaar", size.staff),
        },
        count=size.staff,
    )  # fmt: skip


def _related(size: Size, bucket: int) -> pa.Table:
    """Households of two, whose other half lies in the next bucket."""
    one, other = citizens(size, bucket), citizens(size, (bucket + 1) % BUCKETS)
    return rows_of(
        "relation",
        {
            "entry": np.arange(len(one)) + (bucket << 34) + (1 << 42),
            "kind": pa.repeat("household", len(one)),
            "subject": one, "other_subject": other, "valid_from": np.full(len(one), BEGIN - 900 * DAY),
        },
        count=len(one),
    )  # fmt: skip


class _Bucket:
    """The citizens of one bucket, what is looked at, and why."""

    def __init__(self, size: Size, bucket: int) -> None:
        self.size, self.bucket = size, bucket
        self.rng = np.random.default_rng([size.seed, bucket])
        self.staff = staff_tokens(size)
        self.subject = citizens(size, bucket)
        self._first_entry = bucket << 34

    def write(self, folder: Path) -> int:
        zaken = self.zaken()
        visits = self.rng.choice(len(_KINDS), self.size.in_bucket(1 / _LOOKS_A_VISIT), p=_SHARES)
        looks, work = self.visits(visits, zaken)
        for name, rows in {"zaak": self._zaak_rows(zaken), **work, "consultation": looks}.items():
            write_part(rows, folder / file_of(name, self.bucket))
        return len(looks)

    def zaken(self) -> dict[str, Whole]:
        """Zaken from two months before the year, most closed within some months; some people have many."""
        count = self.size.in_bucket(0.20)
        which = (len(self.subject) * self.rng.random(count) ** 1.5).astype(np.int64)
        registered = self.moments(count, first=-60)
        closed = np.maximum(
            registered + (self.rng.exponential(45, count) * DAY).astype(np.int64), BEGIN + DAY
        )
        team = mixed(self.subject[which]) % (len(self.staff) // _TEAM)
        return {
            "zaak": mixed(np.arange(count) + (self.bucket << 32) + (1 << 51)),
            "subject": self.subject[which],
            "handler": np.abs(team) * _TEAM + self.rng.integers(0, _TEAM, count),
            "registered": registered,
            "closed": closed,
        }

    def moments(self, count: int, *, first: int = 0) -> Whole:
        """Moments on working hours of the year."""
        return BEGIN + self.rng.integers(first, DAYS, count) * DAY + self._hours(count)

    def _anybody(self, count: int) -> Whole:
        return self.rng.integers(0, len(self.staff), count)

    def _hours(self, count: int) -> Whole:
        return 7 * HOUR + self.rng.integers(0, 9 * 60, count) * MINUTE

    def visits(self, kind: Whole, zaken: dict[str, Whole]) -> tuple[pa.Table, dict[str, pa.Table]]:
        """Draw who looked at whom, when, and the work that was the reason."""
        count = len(kind)
        which = self.rng.integers(0, len(zaken["zaak"]), count)
        of_zaak = kind <= _KINDS.index("assigned")
        begin = np.maximum(zaken["registered"][which], BEGIN)
        last = np.minimum(zaken["closed"][which], BEGIN + DAYS * DAY - DAY)
        day = (begin + (self.rng.random(count) * np.maximum(last - begin, 0)).astype(np.int64)) // DAY * DAY
        at = np.where(of_zaak, day + self._hours(count), self.moments(count))
        anybody = self._anybody(count)
        handler = zaken["handler"][which]
        beside = handler // _TEAM * _TEAM + (handler + self.rng.integers(1, _TEAM, count)) % _TEAM
        who = np.select([kind == _KINDS.index("assigned"), of_zaak], [beside, handler], anybody)
        someone = self.subject[self.rng.integers(0, len(self.subject), count)]
        subject = np.where(of_zaak, zaken["subject"][which], someone)
        named = np.where(kind == _KINDS.index("named"), which, -1)
        made = {
            "at": at,
            "who": who,
            "subject": subject,
            "zaak": np.where(of_zaak, which, -1),
            "handler": handler,
        }
        work = {
            "assignment": self._assignments(
                {n: v[kind == _KINDS.index("assigned")] for n, v in made.items()}, zaken
            ),
            "task": self._tasks({n: v[kind == _KINDS.index("task")] for n, v in made.items()}),
            "contact": self._contacts({n: v[kind == _KINDS.index("call")] for n, v in made.items()}),
        }
        return self._looks(made | {"named": named}, zaken), work

    def _looks(self, made: dict[str, Whole], zaken: dict[str, Whole]) -> pa.Table:
        """Some looks in each visit, minutes apart, in the order of time."""
        times = 1 + self.rng.poisson(_LOOKS_A_VISIT - 1, len(made["at"]))
        visit = np.repeat(np.arange(len(times)), times)
        later = np.arange(len(visit)) - np.repeat(np.cumsum(times) - times, times)
        at = made["at"][visit] + later * MINUTE + self.rng.integers(0, MINUTE, len(visit))
        order = np.argsort(at, kind="stable")
        at, visit = at[order], visit[order]
        named = made["named"][visit]
        zaak = pa.array(zaken["zaak"][np.maximum(named, 0)], mask=named < 0)
        return consultations(
            {"at": at, "staff": self.staff[made["who"][visit]], "subject": made["subject"][visit]}, zaak,
            first_entry=self._first_entry, rng=self.rng,
        )  # fmt: skip

    def _zaak_rows(self, zaken: dict[str, Whole]) -> pa.Table:
        count = len(zaken["zaak"])
        still_open = zaken["closed"] >= BEGIN + DAYS * DAY
        return rows_of(
            "zaak",
            {
                "entry": np.arange(count) + self._first_entry + (1 << 43), "zaak": zaken["zaak"],
                "subject": zaken["subject"], "handler": self.staff[zaken["handler"]],
                "registered_at": zaken["registered"], "closed_at": pa.array(zaken["closed"], mask=still_open),
                "zaaktype": pa.repeat("aanvraag", count),
            },
            count=count,
        )  # fmt: skip

    def _assignments(self, made: dict[str, Whole], zaken: dict[str, Whole]) -> pa.Table:
        count = len(made["at"])
        return rows_of(
            "assignment",
            {
                "entry": np.arange(count) + self._first_entry + (2 << 43),
                "zaak": zaken["zaak"][made["zaak"]],
                "kind": pa.repeat("cover", count), "staff": self.staff[made["who"]],
                "valid_from": made["at"] - HOUR, "valid_until": made["at"] + 2 * DAY,
                "assigned_by": self.staff[made["handler"]],
            },
            count=count,
        )  # fmt: skip

    def _tasks(self, made: dict[str, Whole]) -> pa.Table:
        """Tasks that were the reason of a visit, and others."""
        more = self.size.in_bucket(0.1) - len(made["at"])
        at = np.concatenate([made["at"], self.moments(more)])
        created = at - self.rng.integers(0, 7 * 24 * 60, len(at)) * MINUTE
        return rows_of(
            "task",
            {
                "entry": np.arange(len(at)) + self._first_entry + (3 << 43),
                "task": mixed(np.arange(len(at)) + (self.bucket << 32) + (1 << 52)),
                "subject": np.concatenate([made["subject"], self.rng.choice(self.subject, more)]),
                "staff": self.staff[np.concatenate([made["who"], self._anybody(more)])],
                "created_at": created, "done_at": at + HOUR,
            },
            count=len(at),
        )  # fmt: skip

    def _contacts(self, made: dict[str, Whole]) -> pa.Table:
        more = max(0, self.size.in_bucket(0.03) - len(made["at"]))
        at = np.concatenate([made["at"], self.moments(more)])
        return rows_of(
            "contact",
            {
                "entry": np.arange(len(at)) + self._first_entry + (4 << 43),
                "kind": pa.repeat("call", len(at)),
                "subject": np.concatenate([made["subject"], self.rng.choice(self.subject, more)]),
                "staff": self.staff[np.concatenate([made["who"], self._anybody(more)])],
                "started_at": at - 5 * MINUTE, "ended_at": at + 10 * MINUTE,
            },
            count=len(at),
        )  # fmt: skip


def consultations(
    made: dict[str, Whole], zaak: pa.Array, *, first_entry: int, rng: np.random.Generator
) -> pa.Table:
    """Looks in work form, with what a list of looks shows."""
    count = len(made["at"])
    registers = pa.DictionaryArray.from_arrays(
        pa.array(rng.integers(0, 4, count).astype(np.int32)), _REGISTERS
    )
    return rows_of(
        "consultation",
        {
            "entry": np.arange(count) + first_entry,
            "source": pa.repeat("zaaksysteem", count),
            "looked_at": made["at"], "staff": made["staff"], "subject": made["subject"], "zaak": zaak,
            "register": registers,
            "fields": pa.repeat("naam,adres,inkomen", count),
            "search_key": pa.repeat("bsn", count),
        },
        count=count,
    )  # fmt: skip
