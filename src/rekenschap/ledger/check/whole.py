# SPDX-License-Identifier: EUPL-1.2
"""The check of a ledger, by an outsider with nothing but the public keys: every row, every hash.

Believes nothing that is stored. Holds a few runs of entries in memory at a time. Any doubt raises an
AlarmError that names the entry; there is no answer "false".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rekenschap.errors import ForkError, InconsistentError, RefusedError
from rekenschap.ledger.check import resume as notes
from rekenschap.ledger.check.around.beside import check_beside
from rekenschap.ledger.check.beforehand import Beforehand, beforehand
from rekenschap.ledger.check.listing import Place
from rekenschap.ledger.check.partly import Skim, drawn, is_special
from rekenschap.ledger.check.runs.crew import crew_for, surveyed
from rekenschap.ledger.check.runs.opened import opened_rows
from rekenschap.ledger.check.runs.survey import Surveyed, identities_in
from rekenschap.ledger.check.tally import Tally
from rekenschap.ledger.check.waiting import survey_waiting
from rekenschap.ledger.check.walk import Walk
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.disk import Disk
from rekenschap.seams.store import Store
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import KnownSignature, Verifier

Progress = Callable[[int, int], None]
"""progress(entries checked, entries in all)"""


class Mode(StrEnum):
    """How much was checked: every row, the rows of some runs, or the rows since an earlier checkpoint."""

    FULL = "full"
    SAMPLE = "sample"
    SINCE = "since"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What was checked and holds: size and root, entries by relation, segments, and who signed.

    `rows_hashed` is how many rows were read and hashed: all that are there in a full check. `checkpoints` is
    how many signed roots the tree was compared with.
    """

    size: int
    root: Hash
    entries: Mapping[str, int]
    segments: int
    signatures: tuple[KnownSignature, ...]
    mode: Mode = Mode.FULL
    rows_hashed: int = 0
    checkpoints: int = 0
    erased: int = 0
    """entries whose rows are gone, by authorised erasures"""
    pending: int = 0
    """entries that were ordered to be erased and still have their rows"""
    leftovers: tuple[str, ...] = ()
    """files an erasure that was broken off must still remove"""
    unsealed: int = 0
    """signed entries that are in the journal, not in a segment yet"""
    witnessed: int = 0
    """checkpoints with the time of a witness, to which moments of recording were held"""
    unclosed: int = 0
    """entries whose rows are gone by an order, of which the ledger does not say yet that all is gone"""
    recovered: tuple[tuple[int, int], ...] = ()
    """first and last of entries that were taken from a journal after a stop, and that nobody had signed"""


def check(
    store: Store,
    *,
    anchor: Anchor | None = None,
    verifiers: Sequence[Verifier],
    progress: Progress | None = None,
    workers: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    since: bytes | None = None,
    resume: Path | None = None,
    journal: Disk | None = None,
    beside: Disk | None = None,
) -> CheckReport:
    """Check a ledger against its signed checkpoint; with `anchor` also against every earlier one.

    Every row, unless `sample` says how many runs are drawn (by `seed`), or `since` is an earlier checkpoint
    that was good: then the tree is rebuilt from the stored tiles for what is not read. `workers` is how many
    threads share the work: 1 is this one alone, None as many as are worth it. `resume` is a file in which a
    full check notes how far it is and from which it goes on. `journal` is the disk of a sequencer that has
    not sealed all, and `beside` that of the whole directory, to look at what is no blob of the store.

    Raises AlarmError when anything differs, naming the first entry and its segment; StoreError when there is
    no ledger to check, RefusedError for choices that do not go together.
    """
    if sum(each is not None for each in (sample, since, resume)) > 1:
        raise RefusedError(
            expected="one of sample, since and resume", found="several", remedy="choose one", rule="options"
        )
    # 1. Names and checkpoints: whose ledger it is, and which roots were signed.
    if beside is not None:
        check_beside(beside)
    ledger = beforehand(store, anchor, verifiers, journal=journal)
    tally = Tally(store=store, rules=ledger.rules, ahead=ledger.ahead)
    with closing(tally.once):
        checker = _Checker(ledger=ledger, walk=ledger.walk(), tally=tally, progress=progress, workers=workers)
        if sample is not None:
            return checker.some(sample, seed)
        if since is not None:
            return checker.later(since)
        return checker.all(resume)


@dataclass(slots=True, kw_only=True)
class _Checker:
    """One check under way."""

    ledger: Beforehand
    walk: Walk
    tally: Tally
    progress: Progress | None
    workers: int | None

    def all(self, resume: Path | None) -> CheckReport:
        """Check every row."""
        checkpoint, start = self.ledger.signed.checkpoint, 0
        known = notes.load(resume, checkpoint) if resume is not None else None
        if known is not None:
            start = known.edge.size
            self._go_on(known)
        else:
            self.walk.check_start()
        for _ in self._rows(start):
            if resume is not None:
                notes.save(resume, checkpoint, edge=self.walk.edge, tally=self.tally)
        report = self._ended(Mode.FULL, self.tally.entries.total())
        if resume is not None:
            resume.unlink(missing_ok=True)
        return report

    def some(self, count: int, seed: int) -> CheckReport:
        """Check the tree by its tiles, and the rows of some runs."""
        skim = self._skimmed(self.ledger.size)
        places, _ = self.ledger.in_order(0)
        hashed = self._bound(skim, drawn(places, count, seed=seed))
        return self._ended(Mode.SAMPLE, hashed)

    def later(self, since: bytes) -> CheckReport:
        """Check the tree of an earlier checkpoint by its tiles, and every row since."""
        earlier, _ = self.ledger.keyring.opened(since)
        if earlier.size > self.ledger.size:
            raise InconsistentError(
                expected=f"a ledger of at least the {earlier.size} entries it had",
                found=f"one of {self.ledger.size}",
                remedy="keep both checkpoints as evidence and raise the alarm",
                entry=self.ledger.size,
            )
        skim = self._skimmed(earlier.size)
        if self.walk.met(earlier.size) != earlier.root:
            raise ForkError(
                expected=f"the tree of {earlier.size} entries to have the root that was signed then",
                found="another one",
                remedy="keep both checkpoints as evidence and raise the alarm",
            )
        places, _ = self.ledger.in_order(0)
        known = [place for place in places if place.end <= earlier.size and is_special(place)]
        hashed = self._bound(skim, known)
        before = self.tally.entries.total()
        for _ in self._rows(earlier.size):
            pass
        return self._ended(Mode.SINCE, hashed + self.tally.entries.total() - before)

    def _skimmed(self, size: int) -> Skim:
        self.walk.check_start()
        skim = Skim.of(self.ledger.store, self.ledger.listing, size)
        self.walk.skim(skim.grown(self.walk.sizes_in(0, size)))
        return skim

    def _bound(self, skim: Skim, places: Sequence[Place]) -> int:
        """Check the rows of some runs whose leaves the tree has already; give how many rows."""
        for found in self._surveyed(places, 0):
            self.walk.check_said(found)
            skim.check_bound(found)
            self.tally.add(found)
        return self.tally.entries.total()

    def _rows(self, start: int) -> Iterator[None]:
        """Check every row from the run of entry `start` on, and stop for a moment after each run."""
        places, astray = self.ledger.in_order(start)
        for found in self._surveyed(places, start):
            self.walk.add(found)
            self.tally.add(found)
            yield
        if astray is not None:
            raise self.walk.gap(astray)
        for waiting in self.ledger.waiting:
            first = max(waiting.place.first, self.walk.size)
            found = survey_waiting(
                waiting, self.ledger.rules, first=first, sizes=self.walk.sizes_in(first, waiting.end)
            )
            self.walk.add(found)
            self.tally.add(found)
        if self.ledger.late is not None:
            raise self.ledger.late

    def _surveyed(self, places: Sequence[Place], start: int) -> Iterator[Surveyed]:
        ledger = self.ledger
        crew = crew_for(runs=len(places), wanted=self.workers)
        tasks = (ledger.task(place, start, self.walk) for place in places)
        for found in surveyed(ledger.store, tasks, workers=crew):
            yield found
            if self.progress is not None:
                self.progress(min(found.place.end, ledger.size), ledger.size)

    def _go_on(self, known: notes.Noted) -> None:
        """Take up what an earlier check had; the identities it had seen are read again."""
        places = [place for place in self.ledger.listing.places if place.end <= known.edge.size]
        self.walk.resume(known.edge, ends=[place.end for place in places])
        self.tally.newest = known.newest
        self.tally.entries.update(known.entries)
        self.tally.erased, self.tally.pending = known.erased, known.pending
        for place in places:
            every = [
                opened_rows(self.ledger.store, each, self.ledger.rules.schemas) for each in place.parquets
            ]
            for relation, identities in identities_in(every).items():
                self.tally.once.add(relation, identities, place=place)

    def _ended(self, mode: Mode, hashed: int) -> CheckReport:
        ledger, tally = self.ledger, self.tally
        # 1. The tree has the size and the root that were signed, and its tiles say the same.
        ledger.check_nothing_astride()
        known = mode is Mode.FULL and ledger.anchored
        self.walk.check_end(ledger.size, widths=frozenset(ledger.signed.roots) if known else None)
        # 2. No fact came twice, and nothing lies outside the signature.
        tally.check_once()
        ledger.check_nothing_beyond()
        # 3. What was erased stays erased.
        ledger.check_stays_erased()
        return CheckReport(
            size=ledger.size,
            root=ledger.signed.checkpoint.root,
            entries=dict(tally.entries),
            segments=sum(1 for _ in ledger.listing.below(ledger.size)),
            signatures=ledger.signed.signatures,
            mode=mode,
            rows_hashed=hashed,
            checkpoints=len(ledger.signed.roots),
            erased=len(tally.erased),
            pending=len(tally.pending),
            leftovers=tuple(name for place in ledger.listing.places for name in place.leftovers),
            unsealed=sum(waiting.rows for waiting in ledger.waiting),
            witnessed=len(ledger.signed.seen),
            unclosed=len(tally.erased - ledger.rules.done),
            recovered=ledger.recovered,
        )
