# SPDX-License-Identifier: EUPL-1.2
"""One run checked by itself: every row read, encoded and hashed, and all that can be said without the others.

A task goes in and findings come out; both can cross to another process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from rekenschap.errors import InconsistentError, RekenschapError, WrongLeafError
from rekenschap.ledger.check.listing import Place
from rekenschap.ledger.check.runs import clocks
from rekenschap.ledger.check.runs.blame import difference
from rekenschap.ledger.check.runs.clocks import Moments, Seen
from rekenschap.ledger.check.runs.leaves import Grown, grown
from rekenschap.ledger.check.runs.opened import check_form, opened_rows
from rekenschap.ledger.check.runs.plain import found_of, is_plainly_same
from rekenschap.ledger.check.runs.stored import Rows, Stored
from rekenschap.ledger.custody import CustodyFact, Ranges
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.manifest import missing_entry
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE, SECRET_SIZE
from rekenschap.ledger.segments import SCHEMA_NAME, Segment
from rekenschap.model.custody import CUSTODY_RELATIONS
from rekenschap.model.schema_text import relation_of
from rekenschap.seams.store import Store

_EVIDENCE = "keep the ledger as evidence and compare it with a copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is asked of every run, beside that its rows are those that were committed."""

    schemas: Schemas
    """all schemas of the ledger, as read ahead; the runs that hold them must say the same"""
    erased: Ranges = field(default_factory=Ranges)
    """entries whose rows may be absent, by authorised erasures"""
    done: Ranges = field(default_factory=Ranges)
    """those of which the ledger says that nothing is left"""
    limits: Sequence[tuple[int, int, int]] = ()
    """(end, moment, entry): by an erasure at `entry` no row below `end` may be recorded after the moment"""
    seen: Sequence[Seen] = ()

    def for_run(self, first: int, end: int) -> Rules:
        """Give the rules that can matter for the entries from `first` up to `end`."""
        if not (self.erased or self.limits or self.seen):
            return self
        later = [each for each in self.seen if each.size >= end]
        return replace(
            self,
            erased=self.erased.within(first, end),
            done=self.done.within(first, end),
            limits=[each for each in self.limits if each[0] > first],
            seen=[each for each in self.seen if first < each.size < end]
            + ([min(later, key=lambda each: each.at)] if later else []),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One run to check: its files, from which entry on the tree needs it, and the signed sizes in it."""

    place: Place
    start: int
    sizes: tuple[int, ...]
    rules: Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What one run gave. `wrong` is what is only told once the tree says that the rows are as signed."""

    place: Place
    grown: Grown
    entries: dict[str, int]
    absent: Ranges = field(default_factory=Ranges)
    present_erased: Ranges = field(default_factory=Ranges)
    newest: int = clocks.NEVER
    oldest: int = -clocks.NEVER - 1
    identities: dict[str, npt.NDArray[np.uint64]] = field(default_factory=dict)
    schemas: tuple[tuple[int, int, str], ...] = ()
    custody: tuple[CustodyFact, ...] = ()
    moments: Moments | None = None
    """kept where the rows cannot be read again"""
    miscounted: int | None = None
    wrong: RekenschapError | None = None


def survey(store: Store, task: Task) -> Surveyed:
    """Check one run; raises AlarmError at the first entry whose row is not what was committed."""
    place, rules = task.place, task.rules
    # 1. All its files are there; rows, secret and commitments can be read.
    pack_segment, segments = _named(place, rules.erased)
    pack = store.get(pack_segment.pack)
    secret = _secret(store, place)
    every = _opened(store, segments, rules.schemas)
    # 2. The rows are those that were committed, one by one; none is absent without leave.
    holes = _compared(place, every, (pack, secret), rules.erased)
    # 3. What they add to the tree.
    skipped = (task.start - place.first) * COMMITMENT_SIZE
    leaves = grown(pack[skipped:], first=task.start, sizes=task.sizes)
    # 4. What they say about time, identity, schemas and custody.
    rows = len(pack) // COMMITMENT_SIZE
    said = found_in(place, every, leaves, rules=rules, absent=holes, rows=rows)
    if any(each.rows != rows for each in (pack_segment, *segments)):
        return replace(said, wrong=None, miscounted=rows)
    wrong = _first_of_form(every) or said.wrong or _put_back(place, rules.done & said.present_erased)
    return replace(said, wrong=wrong, moments=None)


def found_in(
    place: Place,
    every: Sequence[Rows],
    leaves: Grown,
    *,
    rules: Rules,
    absent: Ranges | None = None,
    rows: int = 0,
) -> Surveyed:
    """Give what the rows of a run say, once they are known to be those that were committed."""
    rows = rows or leaves.end - place.first
    holes = Ranges() if absent is None else absent
    moments = moments_of(every, rows)
    return Surveyed(
        place=place,
        grown=leaves,
        entries=dict(sum((Counter({e.segment.relation: e.rows}) for e in every), Counter())),
        absent=holes,
        present_erased=_present(rules.erased, holes, place.first, rows),
        newest=int(moments.max(initial=clocks.NEVER)),
        oldest=int(moments[moments != clocks.NEVER].min(initial=-clocks.NEVER - 1)),
        identities=identities_in(every),
        schemas=tuple(schemas_in(every)),
        custody=tuple(custody_of(every)),
        moments=moments,
        wrong=_first_wrong(place, rules, every, moments),
    )


def reopened(store: Store, task: Task) -> list[Stored]:
    """Open the rows of a run that was checked before, to look something up in them."""
    return _opened(store, _named(task.place, task.rules.erased)[1], task.rules.schemas)


def moments_of(every: Sequence[Rows], rows: int) -> Moments:
    """Give when each entry of the run was recorded."""
    moments = np.full(rows, clocks.NEVER, dtype=np.int64)
    for each in every:
        found = each.numbers("recorded_at")
        if found is not None:
            inside = int(np.searchsorted(each.places, rows))  # places ascend
            where = slice(inside) if each.given_places is None else each.given_places[:inside]
            moments[where] = found[:inside]
    return moments


def _named(place: Place, erased: Ranges) -> tuple[Segment, tuple[Segment, ...]]:
    if place.pack is None:
        raise missing_entry(place.first, f"{place.name} without its commitments")
    left = Ranges.of([(place.first, place.pack.end)]) - erased
    if (
        left and not place.parquets and not place.pack.mixed
    ):  # a run that was erased whole has commitments only
        raise missing_entry(left.first, f"{place.name} without its rows")
    if not place.has_secret and any(not each.erased for each in place.parquets):
        raise missing_entry(place.first, f"{place.name} without its secret")
    named = {each.relation for each in place.parquets}
    if named and not place.pack.mixed and named != {place.pack.relation}:
        raise missing_entry(place.first, f"{place.name} and {place.pack.pack}, which do not go together")
    return place.pack, place.parquets


def _secret(store: Store, place: Place) -> bytes | None:
    if not place.has_secret:
        return None
    name = f"secrets/{place.first:020d}.secret"
    secret = store.get(name)
    if len(secret) != SECRET_SIZE:
        raise _wrong(place, f"{SECRET_SIZE} bytes in {name}", f"{len(secret)} bytes")
    return secret


def _opened(store: Store, segments: Sequence[Segment], schemas: Schemas) -> list[Stored]:
    return [opened_rows(store, each, schemas) for each in segments]


def _compared(
    place: Place, every: Sequence[Stored], kept: tuple[bytes, bytes | None], erased: Ranges
) -> Ranges:
    """Compare the rows with their commitments and give the entries without a row, all of them erased."""
    pack, secret = kept
    if is_plainly_same(every, pack, secret):
        return Ranges()
    last = max((int(each.places[-1]) + 1 for each in every if each.rows), default=0)
    whole = len(pack) // COMMITMENT_SIZE
    found = np.zeros((max(last, whole if place.placed else last), COMMITMENT_SIZE), dtype=np.uint8)
    holder = np.full(len(found), -1, dtype=np.int16)
    for number, each in enumerate(every):
        taken = holder[each.where] >= 0
        if taken.any():
            entry = place.first + int(each.places[int(np.argmax(taken))])
            raise _wrong_row(each.segment, entry, "two rows in its place")
        holder[each.where] = number
        found[each.where] = found_of(each, secret)
    holes = _holes(holder, place.first)
    allowed = holes & erased
    committed = np.frombuffer(pack, dtype=np.uint8)[: whole * COMMITMENT_SIZE].reshape(-1, COMMITMENT_SIZE)
    for first, end in allowed:
        some = slice(first - place.first, min(end - place.first, whole))
        found[some] = committed[some]
    _check_equal(place, every, (found, holder), (pack[: whole * COMMITMENT_SIZE], secret))
    if len(pack) % COMMITMENT_SIZE:
        raise _wrong(place, "whole commitments of 32 bytes", f"{len(pack)} bytes")
    return allowed


def _check_equal(
    place: Place,
    every: Sequence[Stored],
    rows: tuple[npt.NDArray[np.uint8], npt.NDArray[np.int16]],
    kept: tuple[bytes, bytes | None],
) -> None:
    (found, holder), (pack, secret) = rows, kept

    def committed(row: int, at: int) -> bytes:
        if not 0 <= row < len(holder) or holder[row] < 0:
            return b""
        each = every[int(holder[row])]
        return each.commitment(int(np.searchsorted(each.places, row)), at, secret)

    differs = difference(found.tobytes(), pack, committed)
    if differs is None:
        return
    absent = differs.place < len(holder) and holder[differs.place] < 0
    inside = differs.place < len(holder) and not absent
    segment = every[int(holder[differs.place])].segment if inside else _likely(place, every)
    raise _wrong_row(segment, place.first + differs.place, "no row" if absent else differs.found)


def _likely(place: Place, every: Sequence[Stored]) -> Segment:
    """Give the file a row would be in that is not there."""
    if every:
        return every[0].segment
    return place.pack or Segment(first=place.first, relation="", rows=0)


def _holes(holder: npt.NDArray[np.int16], first: int) -> Ranges:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (holder < 0).astype(np.int8), [0]))))
    return Ranges.of((first + int(a), first + int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


def _present(erased: Ranges, holes: Ranges, first: int, rows: int) -> Ranges:
    return erased & (Ranges.of([(first, first + rows)]) - holes) if erased else erased


def identities_in(every: Sequence[Rows]) -> dict[str, npt.NDArray[np.uint64]]:
    """Give the first 8 bytes of each identity by relation, sorted."""
    found: dict[str, list[npt.NDArray[np.uint64]]] = {}
    for each in every:
        identities = each.identities()
        if identities is not None:
            found.setdefault(each.segment.relation, []).append(identities)
    return {name: np.sort(np.concatenate(parts)) for name, parts in found.items()}


def schemas_in(every: Sequence[Rows]) -> list[tuple[int, int, str]]:
    """Give entry, number and text of each schema among stored rows."""
    return [
        (each.segment.first + int(at), int(number), str(text))
        for each in every
        if each.segment.relation == SCHEMA_NAME
        for at, number, text in zip(
            each.places,
            each.table.column("schema_no").to_pylist(),
            each.table.column("text").to_pylist(),
            strict=True,
        )
    ]


def custody_of(every: Sequence[Rows]) -> list[CustodyFact]:
    """Give the facts about custody among rows of any relation."""
    return [fact for each in every if each.segment.relation in CUSTODY_RELATIONS for fact in custody_in(each)]


def custody_in(each: Rows) -> list[CustodyFact]:
    """Give the facts about custody among stored rows."""
    moments = each.numbers("recorded_at")
    return [
        CustodyFact(
            entry=each.segment.first + int(at),
            relation=each.segment.relation,
            recorded_at=int(moments[row]) if moments is not None else 0,
            columns=columns,
        )
        for row, (at, columns) in enumerate(zip(each.places, each.table.to_pylist(), strict=True))
    ]


def _first_wrong(
    place: Place, rules: Rules, every: Sequence[Rows], moments: Moments
) -> RekenschapError | None:
    """Find what is wrong with rows that are as they were committed."""
    try:
        for each in every:
            if each.segment.relation == SCHEMA_NAME:
                _check_schemas(each, rules.schemas)
        _check_moments(place.first, rules, moments)
    except RekenschapError as error:
        return error
    return None


def _first_of_form(every: Sequence[Stored]) -> RekenschapError | None:
    """Find what is wrong with the files around the rows."""
    try:
        for each in every:
            check_form(each)
    except RekenschapError as error:
        return error
    return None


def _check_schemas(each: Rows, ahead: Schemas) -> None:
    """The schemas are those that were read ahead, numbered in the order of their entries."""
    for entry, number, text in schemas_in([each]):
        relation_of(text)
        before = sum(1 for known, _ in ahead.texts.values() if known < entry)
        if number != before + 1 or ahead.texts.get(number) != (entry, text):
            raise WrongLeafError(
                expected=f"schema {before + 1} in {each.segment.parquet}",
                found=f"schema {number}",
                remedy=_EVIDENCE,
                entry=entry,
            )


def _check_moments(first: int, rules: Rules, moments: Moments) -> None:
    back = clocks.first_back(moments, clocks.NEVER)
    if back is not None:
        raise clocks.set_back(first + back)
    late = clocks.first_late(moments, first, rules.seen)
    if late is not None:
        raise clocks.too_late(first + late[0], late[1])
    for end, moment, entry in rules.limits:
        young = moments[: max(end - first, 0)] > moment + clocks.TOLERANCE
        if young.any():
            raise _too_young(first + int(np.argmax(young)), entry)


def _put_back(place: Place, back: Ranges) -> RekenschapError | None:
    """Find a row of which the ledger says that it is gone: an erasure that somebody undid."""
    return undone(back.first, f"its row in {place.name}") if back else None


def undone(entry: int, found: str) -> InconsistentError:
    """Make the alarm for what was erased and is there again."""
    return InconsistentError(
        expected=f"nothing of entry {entry} any more, of which the ledger says that its erasure is done",
        found=f"{found}, which somebody put back",
        remedy="keep a copy as evidence and ask who has one from before; then `rekenschap erase` removes it",
        entry=entry,
    )


def _too_young(entry: int, erasure: int) -> WrongLeafError:
    return WrongLeafError(
        expected=f"only entries past their term below those erased at entry {erasure}",
        found=f"entry {entry}, which was recorded later",
        remedy="keep the ledger as evidence and ask the officers what they signed",
        entry=entry,
    )


def _wrong_row(segment: Segment, entry: int, found: str) -> WrongLeafError:
    return WrongLeafError(
        expected=f"the committed row of entry {entry} ({segment.relation}) in {segment.parquet}",
        found=found,
        remedy=_EVIDENCE,
        entry=entry,
    )


def _wrong(place: Place, expected: str, found: str) -> WrongLeafError:
    return WrongLeafError(
        expected=f"{expected} for the entries from {place.first} on",
        found=f"{found} beside {place.name}",
        remedy=_EVIDENCE,
        entry=place.first,
    )
