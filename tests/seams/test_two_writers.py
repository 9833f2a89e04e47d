# SPDX-License-Identifier: EUPL-1.2
"""Two writers on one ledger by mistake: one wins, the other is told, and nothing promised is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest

from rekenschap.adapters.anchors.postgres import PostgresAnchor
from rekenschap.adapters.anchors.s3 import S3Anchor
from rekenschap.adapters.buckets.s3 import Bucket
from rekenschap.adapters.disks.posix import PosixDisk
from rekenschap.adapters.stores.s3 import S3Store
from rekenschap.errors import ForkError, InconsistentError, RekenschapError, StoreError
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.sequencer import Sequencer
from rekenschap.ledger.writer import House
from rekenschap.model.relations import CONSULTATION
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.store import Store
from tests.ledgers import KEYS, ORIGIN, facts, verifiers
from tests.servers.s3 import under

_names = (f"writers-{number}" for number in count())


@dataclass(frozen=True)
class Site:
    """One ledger that programs on two machines can reach: each makes its own store and anchor."""

    make_store: Callable[[], Store]
    make_anchor: Callable[[], Anchor]

    def create(self) -> Ledger:
        return Ledger.create(store=self.make_store(), anchor=self.make_anchor(), keys=KEYS, origin=ORIGIN)

    def open(self, *, store: Store | None = None, anchor: Anchor | None = None) -> Ledger:
        store, anchor = store or self.make_store(), anchor or self.make_anchor()
        return Ledger.open(store=store, anchor=anchor, keys=KEYS)

    def lead(self, journal: Path) -> Sequencer:
        """Start a sequencer on a machine of its own; it signs and seals when it is told to."""
        journal.mkdir(exist_ok=True)
        house = House(store=self.make_store(), anchor=self.make_anchor(), keys=KEYS, origin=ORIGIN)
        return Sequencer.start(house, PosixDisk(journal), background=False)

    def held(self) -> set[bytes]:
        """The identities of all facts, after a full check that must end well."""
        assert check(self.make_store(), anchor=self.make_anchor(), verifiers=verifiers())
        return ids(self.open().facts("consultation").table)


def ids(table) -> set[bytes]:  # type: ignore[no-untyped-def]
    return set(table.column("fact_id").to_pylist())


@pytest.fixture(params=["s3", "postgres"])
def site(request: pytest.FixtureRequest, bucket: Callable[[], Bucket]) -> Site:
    held = bucket()
    store = lambda: S3Store(under(held, "ledger"))  # noqa: E731
    if request.param == "s3":
        return Site(store, lambda: S3Anchor(under(held, "anchor")))
    address, name = request.getfixturevalue("postgres_address"), next(_names)
    return Site(store, lambda: PostgresAnchor(address, name=name))


def test_who_opened_before_the_other_appended_is_told(site: Site):
    site.create()
    one, other = site.open(), site.open()
    one.append([(CONSULTATION, facts(seed=1))])
    with pytest.raises(ForkError):
        other.append([(CONSULTATION, facts(seed=2))])
    site.open().append([(CONSULTATION, facts(seed=3))])
    assert site.held() == ids(facts(seed=1)) | ids(facts(seed=3))


def test_of_many_at_one_moment_each_is_in_or_told(site: Site):
    site.create()
    ledgers, ready = [site.open() for _ in range(4)], Barrier(4)

    def trial(number: int) -> RekenschapError | None:
        ready.wait()
        try:
            ledgers[number].append([(CONSULTATION, facts(seed=number))])
        except (ForkError, StoreError) as error:
            return error
        return None

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(trial, range(4)))
    assert ended.count(None) == 1
    assert all(isinstance(each, ForkError) or each.retryable for each in ended if each)  # type: ignore[attr-defined]
    assert site.held() == ids(facts(seed=ended.index(None)))


@dataclass
class Slow:
    """An anchor whose owner was asleep between its look and its swap."""

    anchor: Anchor
    meanwhile: Callable[[], object]

    def latest(self) -> tuple[int, bytes] | None:
        return self.anchor.latest()

    def history(self, *, since: int = 0) -> list[tuple[int, bytes]]:
        return self.anchor.history(since=since)

    def swap(self, *, expected: int | None, size: int, note: bytes) -> None:
        self.meanwhile()
        self.anchor.swap(expected=expected, size=size, note=note)


def test_who_slept_before_the_swap_loses_and_breaks_nothing(site: Site, bucket: Callable[[], Bucket]):
    """Its lease ran out, and another took over, cleared what it had written, and appended."""
    site.create()
    woken: list[Ledger] = []

    def another_works() -> None:
        store = site.make_store()
        store._bucket.delete(".writing")  # type: ignore[attr-defined]
        awake = site.open(store=store)
        awake.append([(CONSULTATION, facts(seed=2))])
        woken.append(awake)

    sleepy = site.open(anchor=Slow(site.make_anchor(), another_works))
    with pytest.raises(ForkError):
        sleepy.append([(CONSULTATION, facts(seed=1))])
    assert site.held() == ids(facts(seed=2))
    woken[0].append([(CONSULTATION, facts(seed=3))])
    assert site.held() == ids(facts(seed=2)) | ids(facts(seed=3))


def test_who_slept_while_writing_clears_nothing_of_the_other(site: Site, monkeypatch: pytest.MonkeyPatch):
    """It wakes up inside a put, finds its lease gone, and must not tidy away what is another's by now."""
    monkeypatch.setattr("rekenschap.adapters.stores.lease.SURE", 0.0)
    site.create()
    store = site.make_store()
    put, puts = store._bucket.put, count()  # type: ignore[attr-defined]

    def slow(key: str, blob: bytes, **how: object) -> str | None:
        if key.startswith("segments/") and next(puts) == 0:
            store._bucket.delete(".writing")  # type: ignore[attr-defined]
            site.open().append([(CONSULTATION, facts(seed=2))])
        return put(key, blob, **how)

    sleepy = site.open(store=store)
    store._bucket.put = slow  # type: ignore[attr-defined]
    with pytest.raises((StoreError, ForkError)):
        sleepy.append([(CONSULTATION, facts(seed=1))])
    assert site.held() == ids(facts(seed=2))


def test_a_second_sequencer_is_refused_while_the_first_is_at_work(site: Site, tmp_path: Path):
    site.create()
    with site.lead(tmp_path / "one") as first:
        first.append(CONSULTATION, facts(seed=1))
        with pytest.raises(StoreError, match="another at work") as refused:
            site.lead(tmp_path / "other")
        assert refused.value.retryable
        first.append(CONSULTATION, facts(seed=2))
    with site.lead(tmp_path / "one") as again:
        again.append(CONSULTATION, facts(seed=3))
    assert site.held() == set().union(*(ids(facts(seed=seed)) for seed in (1, 2, 3)))


def test_a_sequencer_that_slept_signs_nothing_and_its_journal_is_not_taken_for_the_others(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its lease went while it slept. What it acknowledged stays in its journal, for people to see."""
    monkeypatch.setattr("rekenschap.adapters.stores.lease.SURE", 0.0)
    site.create()
    first = site.lead(tmp_path / "one")
    first.append(CONSULTATION, facts(seed=1))
    first._house.store._bucket.delete(".writing")  # type: ignore[attr-defined]
    with site.lead(tmp_path / "other") as second:
        second.append(CONSULTATION, facts(seed=2))
        second.tick()
        with pytest.raises((ForkError, StoreError)):
            first.tick()
        with pytest.raises(RekenschapError):
            first.append(CONSULTATION, facts(seed=4))
        first.close()
        second.append(CONSULTATION, facts(seed=3))
    assert site.held() == ids(facts(seed=2)) | ids(facts(seed=3))
    before = {path.name: path.read_bytes() for path in (tmp_path / "one/journal").glob("*.wal")}
    assert any(blob.strip(b"\0") for blob in before.values())
    with pytest.raises(InconsistentError, match="others, that were acknowledged here"):
        site.lead(tmp_path / "one")
    assert {path.name: path.read_bytes() for path in (tmp_path / "one/journal").glob("*.wal")} == before
