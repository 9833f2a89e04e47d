# SPDX-License-Identifier: EUPL-1.2
"""One scripted life of a ledger on a simulated disk, and what must be true after the power was cut in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from random import Random
from types import TracebackType
from typing import Self

import pyarrow as pa

from rekenschap.adapters.disks import SimulatedDisk
from rekenschap.adapters.disks.platter import Platter
from rekenschap.errors import RekenschapError
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.journal import Batch, Limits
from rekenschap.ledger.sequencer import Pace, Sequencer
from rekenschap.model.columns import Relation, raw, text, time
from rekenschap.model.columns import relation as declared
from tests.ledgers import KEYS, facts, verifiers
from tests.sequencers import begun, ids, simulated

PER_LIFE = 25
PACE = Pace(limits=Limits(rows=30, file=1 << 16, begin=1 << 11, waiting=1 << 16))
SMALL, LARGE = (
    declared(name, "at", "a fact for these tests", time("at", "when", required=True), *more)
    for name, more in (("small", ()), ("large", (text("words", "some"), raw("picture", "any", width=700))))
)
"""Two relations of few columns, one of them over several sectors a row."""
NAMES = {SMALL.name: SMALL, LARGE.name: LARGE}


@cache
def _pool(name: str) -> pa.Table:
    return facts(NAMES[name], 600, seed=11)


@cache
def _begun() -> Platter:
    """A ledger that is just too small for its first stored tile, so that every life writes tiles."""
    disk = SimulatedDisk()
    house = begun(simulated(disk))
    ledger = Ledger.open(store=house.store, anchor=house.anchor, keys=KEYS)
    ledger.append([(SMALL, facts(SMALL, 240, seed=5))])
    return disk.platter.copy()


@dataclass
class Offered:
    """A batch that was offered: its rows, and after which change it was acknowledged, with which entry."""

    relation: str
    rows: list[bytes]
    first: int = -1
    acked: int = -1


@dataclass
class Life:
    """What happened on the disk, and what was promised when."""

    disk: SimulatedDisk
    offered: list[Offered] = field(default_factory=list)
    published: list[tuple[int, bytes]] = field(default_factory=list)
    """(after which change, the checkpoint)"""

    def acked(self, cut: int) -> list[Offered]:
        return [each for each in self.offered if 0 <= each.acked <= cut]


class Lost(AssertionError):  # noqa: N818
    """Something that was promised is not there, or something that was not promised is half there."""


class Script:
    """A seeded run: appends of one or several producers, ticks and seals in any order."""

    def __init__(
        self,
        seed: int,
        *,
        make: Callable[[Platter], SimulatedDisk] = SimulatedDisk,
        kind: type[Sequencer] = Sequencer,
    ) -> None:
        self.random = Random(seed)  # noqa: S311
        self.kind = kind
        self.life = Life(disk=make(_begun().copy()))
        self._used = dict.fromkeys(NAMES, 0)

    def run(self, steps: int = 18) -> Life:
        house = simulated(self.life.disk)
        sequencer = self._start(house)
        for _ in range(steps):
            choice = self.random.random()
            if choice < 0.55:
                self._append(sequencer, self.random.randint(1, 8))
            elif choice < 0.65:
                self._append_together(sequencer)
            elif choice < 0.9:
                sequencer.tick()
                self._note()
            elif choice < 0.97:
                sequencer.seal()
                self._note()
            else:
                sequencer.close()
                sequencer = self._start(house)
        return self.life

    def _start(self, house) -> Sequencer:
        return self.kind.start(house, self.life.disk, pace=PACE, background=False)

    def _take(self, count: int) -> tuple[Relation, pa.Table, Offered]:
        name = self.random.choice(sorted(NAMES))
        rows = _pool(name).slice(self._used[name], count)
        self._used[name] += count
        offered = Offered(name, ids(rows))
        self.life.offered.append(offered)
        return NAMES[name], rows, offered

    def _append(self, sequencer: Sequencer, count: int) -> None:
        relation, rows, offered = self._take(count)
        offered.first = sequencer.append(relation, rows).first
        offered.acked = len(self.life.disk.trace)

    def _append_together(self, sequencer: Sequencer) -> None:
        """Several producers at once: their batches go in one write."""
        group: list[tuple[Batch, Offered]] = []
        for _ in range(self.random.randint(2, 4)):
            relation, rows, offered = self._take(1)
            group.append((sequencer.prepare(relation, rows)[0], offered))
        journal = sequencer._journal
        for batch, _ in group:
            journal._joined(batch)
        while journal._waiting:
            journal._lead(journal._waiting[0])
        for batch, offered in group:
            if batch.error is not None:
                raise batch.error
            offered.first, offered.acked = batch.first, len(self.life.disk.trace)

    def _note(self) -> None:
        platter = self.life.disk.platter
        self.life.published.append(
            (len(self.life.disk.trace), bytes(platter.content(platter.node("checkpoint"))))
        )


def verify_after(
    life: Life, cut: int, random: Random, *, kind: type[Sequencer] = Sequencer, checked: float = 1.0
) -> None:
    """Cut the power after so many changes, recover, and compare; raises Lost, or what recovery raised.

    `checked` is how often everything is checked as an outsider would.
    """
    left = life.disk.after_cut(cut, random)
    house = simulated(left)
    sequencer = kind.start(house, left, pace=PACE, background=False)
    if random.random() < 0.3:  # and once more, while it recovered
        left = left.after_cut(random.randint(0, len(left.trace)), random)
        house = simulated(left)
        sequencer = kind.start(house, left, pace=PACE, background=False)
    _compare(life, cut, Ledger.open(store=house.store, anchor=house.anchor))
    history = dict(house.anchor.history())
    for at, note in life.published:
        if at <= cut and note not in history.values():
            raise Lost("a checkpoint that was published is not in the anchor")
    if random.random() < 0.2:
        sequencer.append(SMALL, facts(SMALL, 3, seed=77))
        sequencer.close()
    if random.random() >= checked:
        return
    report = check(house.store, anchor=house.anchor, verifiers=verifiers())
    if report.size != sequencer.size:
        raise Lost("the check sees another size")


def _compare(life: Life, cut: int, ledger: Ledger) -> None:
    kept: dict[str, dict[bytes, int]] = {}
    for name in NAMES:
        if not ledger.manifest.of(name, ledger.size):
            kept[name] = {}
            continue
        found = ledger.facts(name)
        rows = ids(found.table)
        kept[name] = dict(zip(rows, found.entries.to_pylist(), strict=True))
        if len(kept[name]) != len(rows):
            raise Lost("a fact is there twice")
    for each in life.offered:
        places = [kept[each.relation].pop(row, None) for row in each.rows]
        if 0 <= each.acked <= cut:
            if places != [each.first + at for at in range(len(places))]:
                raise Lost("an acknowledged fact is not where it was promised")
        elif len({place is None for place in places}) > 1:
            raise Lost("half a batch is there")
    if len(kept[SMALL.name]) + len(kept[LARGE.name]) != 240:
        raise Lost("a fact is there that nobody offered")


@dataclass
class Counted:
    """How many cuts, and what was seen after them."""

    cuts: int = 0
    caught: dict[str, int] = field(default_factory=dict)

    def see(self, error: BaseException) -> None:
        name = f"{type(error).__name__}: {error}"
        self.caught[name] = self.caught.get(name, 0) + 1

    @property
    def total(self) -> int:
        return sum(self.caught.values())


def cut_often(
    seed: int,
    cuts: int,
    *,
    kind: type[Sequencer] = Sequencer,
    make: Callable[[Platter], SimulatedDisk] = SimulatedDisk,
    checked: float = 1.0,
) -> Counted:
    """Cut the power at `cuts` random moments of as many lives as that takes; count what went wrong."""
    counted = Counted()
    while counted.cuts < cuts:
        life_seed = seed * 1_000_003 + counted.cuts
        script = Script(life_seed, make=make, kind=kind)
        with suppress(RekenschapError):  # a disk that was made to fail: what was acknowledged still counts
            script.run()
        life, random = script.life, Random(life_seed + 1)  # noqa: S311
        for _ in range(min(PER_LIFE, cuts - counted.cuts)):
            counted.cuts += 1
            cut = random.randint(0, len(life.disk.trace))
            try:
                verify_after(life, cut, random, kind=kind, checked=checked)
            except (RekenschapError, Lost, ValueError, KeyError, OverflowError) as error:
                counted.see(error)
    return counted


class Patched:
    """Replaces attributes for a while: a mutant lives in the test, never in what is shipped."""

    def __init__(self, *changes: tuple[object, str, object]) -> None:
        self._changes = changes
        self._kept: list[tuple[object, str, object]] = []

    def __enter__(self) -> Self:
        for owner, name, new in self._changes:
            self._kept.append((owner, name, getattr(owner, name)))
            setattr(owner, name, new)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for owner, name, old in reversed(self._kept):
            setattr(owner, name, old)
