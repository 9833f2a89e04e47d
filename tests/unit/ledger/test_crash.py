# SPDX-License-Identifier: EUPL-1.2
"""The writer is cut off after every single step; nothing acknowledged is lost and the next append goes on."""

import pytest

from rekenschap.adapters.anchors import MemoryAnchor
from rekenschap.adapters.stores import MemoryStore
from rekenschap.errors import InconsistentError, StoreError, VerificationError
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.ledgers import KEYS, ORIGIN, facts, verifiers


class PowerCut(BaseException):
    """Nobody catches it: the program is gone."""


class Fuse:
    def __init__(self, steps: int, blow: BaseException) -> None:
        self.left, self.blow = steps, blow

    def step(self) -> None:
        if self.left == 0:
            raise self.blow
        self.left -= 1


class FusedStore(MemoryStore):
    """A store that stops at its n-th change, before or after it is durable."""

    def __init__(self, blobs: dict[str, bytes], fuse: Fuse, *, after: bool = False) -> None:
        super().__init__(blobs)
        self.fuse, self.after = fuse, after

    def put(self, name: str, blob: bytes) -> None:
        if not self.after:
            self.fuse.step()
        super().put(name, blob)
        if self.after:
            self.fuse.step()

    def replace(self, name: str, blob: bytes) -> None:
        self.fuse.step()
        super().replace(name, blob)


class FusedAnchor(MemoryAnchor):
    def __init__(self, held: list[tuple[int, bytes]], fuse: Fuse) -> None:
        super().__init__()
        self._held = held
        self.fuse = fuse

    def swap(self, *, expected: int | None, size: int, note: bytes) -> None:
        self.fuse.step()
        super().swap(expected=expected, size=size, note=note)


BATCH = [(CONSULTATION, facts(count=300, seed=4)), (ZAAK, facts(ZAAK, 20))]


def begun() -> tuple[dict[str, bytes], MemoryAnchor]:
    store, anchor = MemoryStore(), MemoryAnchor()
    ledger = Ledger.create(store=store, anchor=anchor, keys=KEYS, origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(count=10))])
    return store._blobs, anchor


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("steps", range(14))
def test_a_power_cut_at_any_step_loses_nothing(steps: int, after: bool):
    blobs, anchor = begun()
    fuse = Fuse(steps, PowerCut())
    cut = FusedStore(blobs, fuse, after=after)
    held = FusedAnchor(anchor.history(), fuse)
    ledger = Ledger.open(store=cut, anchor=held, keys=KEYS)
    done = False
    try:
        ledger.append(BATCH)
        done = True
    except PowerCut:
        pass
    # 1. What is there now: the old ledger, or the new one; never something between.
    store, anchor = MemoryStore(cut._blobs), MemoryAnchor()
    anchor._held = held.history()
    again = Ledger.open(store=store, anchor=anchor, keys=KEYS)
    assert again.size in ((332,) if done else (11, 332))
    assert again.facts("consultation").table.slice(0, 10).equals(facts(count=10))
    if not done:
        try:
            check(store, anchor=anchor, verifiers=verifiers())
        except InconsistentError as alarm:
            assert alarm.entry == 11
            assert "append" in str(alarm)
    # 2. The next append clears what was never promised, and all is well.
    size = again.size
    receipt = again.append([(CONSULTATION, facts(count=5, seed=6))])
    assert receipt.first == size
    assert check(store, anchor=anchor, verifiers=verifiers()).size == receipt.size


@pytest.mark.parametrize("steps", range(14))
def test_a_full_disk_at_any_step_adds_nothing(steps: int):
    blobs, anchor = begun()
    full = StoreError(
        expected="room on the disk", found="a full disk", remedy="free some space", retryable=True
    )
    fuse = Fuse(steps, full)
    store = FusedStore(blobs, fuse)
    held = FusedAnchor(anchor.history(), fuse)
    ledger = Ledger.open(store=store, anchor=held, keys=KEYS)
    try:
        ledger.append(BATCH)
    except StoreError:
        fuse.left = 10_000
        if held.history()[-1][0] == 11:
            assert sorted(store._blobs) == sorted(blobs)
            assert check(store, anchor=held, verifiers=verifiers()).size == 11
        ledger = Ledger.open(store=store, anchor=held, keys=KEYS)
        ledger.append(BATCH if ledger.size == 11 else [])
    assert check(store, anchor=held, verifiers=verifiers()).size == 332


class ForgetfulStore(MemoryStore):
    """A disk that gives other bytes back than it took."""

    def __init__(self, blobs: dict[str, bytes], ending: str) -> None:
        super().__init__(blobs)
        self.ending, self.armed = ending, False

    def put(self, name: str, blob: bytes) -> None:
        bad = self.armed and name.endswith(self.ending) and name > "segments/00000000000000000011"
        super().put(name, bytes([blob[0] ^ 1]) + blob[1:] if bad else blob)


@pytest.mark.parametrize("ending", [".parquet", ".pack"])
def test_a_disk_that_lies_is_found_before_anything_is_promised(ending: str):
    blobs, anchor = begun()
    store = ForgetfulStore(blobs, ending)
    store.armed = True
    ledger = Ledger.open(store=store, anchor=anchor, keys=KEYS)
    with pytest.raises((StoreError, VerificationError)):
        ledger.append(BATCH)
    assert anchor.history()[-1][0] == 11
    store.armed = False
    assert check(store, anchor=anchor, verifiers=verifiers()).size == 11


def test_making_a_ledger_may_be_broken_off():
    for steps in range(4):
        fuse = Fuse(steps, PowerCut())
        cut, held = FusedStore({}, fuse), FusedAnchor([], fuse)
        try:
            Ledger.create(store=cut, anchor=held, keys=KEYS, origin=ORIGIN)
        except PowerCut:
            fuse.left = 10_000
            Ledger.create(store=cut, anchor=held, keys=KEYS, origin=ORIGIN)
        assert check(cut, anchor=held, verifiers=verifiers()).size == 0
