# SPDX-License-Identifier: EUPL-1.2
"""The sequencer of one ledger: many producers, one order.

An acknowledgement means: durable, and under the next checkpoint. After any trouble it stops and says so to
everybody; starting again finds out what survived. Knows no socket and no other process.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from copy import copy
from dataclasses import dataclass, field, replace
from threading import Condition, Lock
from time import monotonic

import pyarrow as pa

from rekenschap.errors import RefusedError, RekenschapError, StoreError
from rekenschap.ledger.journal import Batch, Journal, Limits
from rekenschap.ledger.journal.reading import DIRECTORY
from rekenschap.ledger.manifest import Tail
from rekenschap.ledger.reading.clock import check_recorded
from rekenschap.ledger.sealing import new_secret, store_run
from rekenschap.ledger.segments import KIND_SCHEMA, shape_for
from rekenschap.ledger.sequencer.announcing import Announcer, Published
from rekenschap.ledger.sequencer.growing import (
    Publish,
    UnanchoredError,
    anchor_signed,
    drop_old_tiles,
    sign_batches,
)
from rekenschap.ledger.sequencer.joining import encode_offered, offered
from rekenschap.ledger.sequencer.preparing import (
    Form,
    batches_of_one,
    check_relation,
    form_of,
    old_schema,
    schema_batch,
    superseded,
)
from rekenschap.ledger.sequencer.recent import Recent
from rekenschap.ledger.sequencer.recovering import Recovered, Start, recover
from rekenschap.ledger.sequencer.runs import Run, parts_of
from rekenschap.ledger.sequencer.worker import Worker
from rekenschap.ledger.writer import House, Receipt
from rekenschap.model.columns import Relation
from rekenschap.model.schema_text import schema_text
from rekenschap.seams.disk import Disk, in_words, make_directories


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often to sign, when to seal, and how much may wait."""

    tick: float = 1.0
    """seconds between checkpoints while there is something new"""
    age: float = 600.0
    """seconds after which a run is sealed, however small"""
    unsealed: int = 512 << 20
    """bytes in full files of the journal that may wait for their segments; then appends wait too. A burst is
    taken in first and sealed after, until it fills half of this"""
    limits: Limits = field(default_factory=Limits)


class Sequencer:
    """Appends to a ledger that exists; made by `start`, ended by `close`, also as a context."""

    def __init__(self, house: House, disk: Disk, start: Start, *, pace: Pace, publish: Publish) -> None:
        self._house, self._pace, self._announcer = house, pace, Announcer(publish)
        self.recovered: Recovered = start.report
        self._tree, self._runs, self._schemas = start.tree, start.runs, start.schemas
        self._waiting = start.waiting
        self._newest = start.newest
        self._superseded = superseded(start.schemas)
        self._recent = Recent(start.survived)
        self._forms: dict[int, tuple[Relation, Form]] = {}
        self._learning, self._ticking, self._sealing = Lock(), Lock(), Lock()
        self._room = Condition()
        self._error: RekenschapError | None = None
        self._away: dict[str, StoreError] = {}
        self._began = monotonic()
        self._upkept = start.found.end
        self._held = ExitStack()
        self._worker: Worker | None = None
        self._journal = Journal(
            disk, start.found, opening=self._open_run, admit=self._admit, limits=pace.limits
        )
        for each in start.found.files:
            if each.first not in self._runs:  # an empty file whose secret is gone
                self._open_run(each.first)

    @classmethod
    def start(
        cls,
        house: House,
        disk: Disk,
        *,
        pace: Pace | None = None,
        publish: Publish | None = None,
        background: bool = True,
    ) -> Sequencer:
        """Recover, take up the lead, and sign what is durable already. `disk` is where the journal lies.

        Without `background` nobody signs or seals but who calls `tick` and `seal`. Raises StoreError
        (retryable) when another sequencer is at work, and what `recover` raises.
        """
        pace = Pace() if pace is None else pace
        with ExitStack() as held:
            held.enter_context(house.store.writing())
            with in_words("lock", "the journal"):
                make_directories(disk, DIRECTORY)
                held.enter_context(disk.lock(DIRECTORY))
            made = cls(house, disk, recover(house, disk), pace=pace, publish=publish or Published(house))
            made._say_recovered()
            made._take_latest()
            made._announcer.announce()
            made.seal()
            made._held = held.pop_all()
        if background:
            made._worker = Worker(made, pace.tick)
            made._worker.begin()
        return made

    def __enter__(self) -> Sequencer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.close()

    @property
    def size(self) -> int:
        """How many entries are durable."""
        return self._journal.end

    @property
    def signed(self) -> int:
        """How many of them the latest checkpoint covers."""
        return self._tree.edge.size

    def append(self, relation: Relation, rows: pa.Table) -> Receipt:
        """Append 1 up to 100,000 facts (fact form); on return they are durable and have their entries.

        Raises RefusedError when they are not facts of the relation, were recorded more than a minute before
        what is there, or came before; StoreError when the sequencer stopped: whether they are there shows
        after a restart. What was sealed longer ago `Ledger.known` tells; a producer leaves it out itself.
        """
        return self.commit(offered(self._form(relation), rows))

    def prepare(self, relation: Relation, rows: pa.Table) -> list[Batch]:
        """Judge and encode facts, each to be committed by itself."""
        return batches_of_one(self._form(relation), rows)

    def commit(self, batch: Batch) -> Receipt:
        """Append what was prepared; raises as `append` does. A batch is good for one time."""
        first = self._journal.append(batch)
        return Receipt(first=first, size=first + batch.rows)

    @property
    def trouble(self) -> StoreError | None:
        """What keeps checkpoints from being anchored or published now, while facts are still taken in."""
        return next(iter([*self._away.values()]), None)

    def tick(self) -> bool:
        """Sign, anchor and publish what became durable; says whether there was anything.

        Raises UnanchoredError when the anchor does not answer: then it goes on at the next tick.
        """
        with self._ticking:
            self._check_running()
            try:
                found = anchor_signed(self._house, self._tree, publish=self._publish)
                batches, self._waiting = self._waiting + self._journal.taken(), []
                if batches:
                    sign_batches(
                        self._house, self._tree, batches, runs=dict(self._runs), publish=self._publish
                    )
            except UnanchoredError as error:
                self._away["anchor"] = error
                raise
            except BaseException as error:
                self._stop(error)
                raise
            self._away.pop("anchor", None)
            return found or bool(batches)

    def announce(self) -> None:
        """Publish the newest checkpoint when that was not done yet; one that cannot be stored stays due."""
        self._check_running()
        try:
            self._announcer.announce()
        except StoreError as error:
            self._away["publishing"] = error
        except BaseException as error:
            self._stop(error)
            raise
        else:
            self._away.pop("publishing", None)

    def republish(self) -> None:
        """Publish the latest checkpoint once more: for a witness that was silent. Raises what stopped us."""
        try:
            self._take_latest()
        except StoreError as error:
            self._away["publishing"] = error
        self.announce()

    def seal(self, *, only_full: bool = False) -> int:
        """Seal every run that is signed (or only those whose journal file is full); gives how many."""
        with self._sealing:
            self._check_running()
            try:
                if not only_full:
                    self._journal.roll(patience=self._pace.tick)
                    self._began = monotonic()
                    self.tick()
                return sum(self._seal(first, end) for first, end in self._journal.full())
            except UnanchoredError:
                raise
            except BaseException as error:
                self._stop(error)
                raise

    def upkeep(self) -> None:
        """Do what is due besides signing: have a journal file ready, and seal what is full or old."""
        with self._sealing:
            self._check_running()
            self._journal.prepare()  # when that fails, the journal says so to everybody
        with suppress(UnanchoredError):
            if not self._has_burst():
                self.seal(only_full=monotonic() - self._began < self._pace.age)

    def _has_burst(self) -> bool:
        """Say whether so much comes in, and so little waits, that sealing can come after."""
        came, self._upkept = self.size - self._upkept, self.size
        return came >= self._pace.limits.rows // 2 and self._journal.full_bytes() < self._pace.unsealed // 2

    def close(self) -> None:
        """Sign and seal everything, then stop. After trouble it only stops."""
        try:
            if self._worker is not None:
                self._worker.end()
                self._worker = None
            if self._error is None and self._journal.error is None:
                self._journal.shut(_stopped_by())
                self.seal()
                self._announcer.announce()  # what the worker did not come to
        finally:
            self._journal.close()
            self._held.close()

    def _form(self, relation: Relation) -> Form:
        found = self._forms.get(id(relation))
        return found[1] if found is not None and found[0] is relation else self._learn(relation)

    def _learn(self, relation: Relation) -> Form:
        """Work out the form of a relation; one the ledger does not know gets its schema entry first."""
        with self._learning:
            check_relation(relation)
            number = self._schemas.number_of(relation)
            if number is None:
                number = self._declare(relation)
            form = form_of(shape_for(relation, number))
            self._forms[id(relation)] = (relation, form)
            return form

    def _declare(self, relation: Relation) -> int:
        """Give a relation its schema entry; no run holds rows of two schemas of one relation."""
        former = superseded(self._schemas, relation.name)
        self._superseded |= former
        number, text = len(self._schemas.texts) + 1, schema_text(relation)
        entry = self._journal.append(schema_batch(number, text))
        self._schemas = self._schemas.added(number, entry, text)
        if former:
            self._journal.roll()
        return number

    def _admit(self, batches: Sequence[Batch]) -> None:
        """Encode what was only offered, and refuse what has its place already or was recorded too early.

        Called with batches in entry order, before they are written, by one thread at a time.
        """
        encode_offered(batches)
        facts = [each for each in batches if each.kind != KIND_SCHEMA and each.error is None]
        now = self._house.clock() if self._house.clock is not None else None
        if facts and not self._admit_all(facts, now):
            for each in facts:
                try:
                    self._admit_one(each, now)
                except RefusedError as error:
                    each.error = error

    def _admit_all(self, facts: Sequence[Batch], now: int | None) -> bool:
        """Admit all when it is plain that nothing is the matter with any; otherwise none."""
        if not self._superseded.isdisjoint([each.schema_no for each in facts]):
            return False
        oldest, latest = min([each.times[0] for each in facts]), max([each.times[1] for each in facts])
        try:
            newest = check_recorded((oldest, latest), newest=max(self._newest, latest), now=now)
        except RefusedError:
            return False
        if not self._recent.takes([name for each in facts for name in each.identities]):
            return False
        self._newest = newest
        return True

    def _admit_one(self, batch: Batch, now: int | None) -> None:
        if batch.schema_no in self._superseded:
            raise old_schema()
        newest = check_recorded(batch.times, newest=self._newest, now=now)
        self._recent.add(batch.identities)
        self._newest = newest

    def _open_run(self, first: int) -> None:
        """Make the secret of a run durable before its first row is; wait while too many wait to be sealed."""
        with self._room:
            while (worker := self._worker) is not None and self._journal.full_bytes() >= self._pace.unsealed:
                self._check_running()
                worker.hurry()
                self._room.wait(1.0)
        self._recent.begin(first)
        self._runs[first] = Run(first=first, secret=new_secret(self._house.store, first))
        self._began = monotonic()
        if self._worker is not None and self._journal.full_bytes():
            self._worker.hurry()  # much comes in: the next file must be ready in time

    def _seal(self, first: int, end: int) -> int:
        run = self._runs[first]
        if run.end < end or end > self.signed:
            return 0
        parts, pack = parts_of(run, self._schemas), b"".join(run.packs)
        store_run(self._house.store, parts, first=first, secret=run.secret, pack=pack)
        # The segments were read back, hashed, and are what was signed: the journal may forget its copy.
        self._journal.recycle(first)
        for name in self._house.store.names("tail/"):
            tail = Tail.from_name(name)
            if tail is not None and tail.end <= end:
                self._house.store.remove(name)
        del self._runs[first]
        self._recent.sealed(first)
        with self._ticking:
            drop_old_tiles(self._house.store, self._tree)
        with self._room:
            self._room.notify_all()
        # Whoever kept one of these can still hold it against the ledger: every later checkpoint contains it.
        with suppress(StoreError):  # they may also stay
            between = [size for size, _ in self._house.anchor.history(since=first + 1) if size < end]
            self._house.anchor.forget(between)
        return 1

    def _say_recovered(self) -> None:
        """Put in the ledger which entries came from the journal unsigned, under the checkpoint that signs.

        The clock is not asked to agree with them: whoever set it back must not keep this out.
        """
        house, now = self._house, self._house.clock() if self._house.clock is not None else 0
        fact = self.recovered.as_fact(at=max(now, self._newest, 0))
        if fact is not None:
            self._house = replace(house, clock=None)
            self.append(*fact)
            self._house = house

    def _publish(self, note: bytes) -> None:
        """Have a note published that the anchor has: by the worker when there is one, or else now."""
        self._announcer.take(self.signed, note)
        if (worker := self._worker) is None:
            self._announcer.announce()
        else:
            worker.announce()

    def _take_latest(self) -> None:
        latest = self._house.anchor.latest()
        if latest is not None:
            self._announcer.take(*latest)

    def _stop(self, error: BaseException) -> None:
        """Stop for good: what is half done only a restart can judge."""
        reason = error if isinstance(error, RekenschapError) else _stopped_by()
        self._error = self._error or reason
        self._journal.stop(reason)
        with self._room:
            self._room.notify_all()

    def _check_running(self) -> None:
        error = self._error or self._journal.error
        if error is not None:
            raise copy(error) from error


def _stopped_by() -> StoreError:
    return StoreError(
        expected="a sequencer at work",
        found="one that was stopped",
        remedy="start it again",
        retryable=True,
    )
