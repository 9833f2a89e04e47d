# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import pytest

from rekenschap.adapters.anchors import MemoryAnchor
from rekenschap.adapters.stores import MemoryStore
from rekenschap.errors import AlarmError, ForkError, RefusedError, StoreError
from rekenschap.ledger import Ledger
from rekenschap.ledger.copying import Site, copy, repair
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.ledgers import KEYS, ORIGIN, facts, memory_ledger, verifiers


def site() -> tuple[Ledger, Site]:
    ledger, store, anchor = memory_ledger()
    ledger.append([(CONSULTATION, facts(count=600)), (ZAAK, facts(ZAAK, 5))])
    return ledger, Site(store=store, anchor=anchor)


def empty() -> Site:
    return Site(store=MemoryStore(), anchor=MemoryAnchor())


def test_a_copy_is_the_ledger_and_can_be_added_to():
    ledger, source = site()
    target = empty()
    copied = copy(source, target, verifiers=verifiers())
    assert copied.report.size == ledger.size
    assert {name: target.store.get(name) for name in target.store.names()} == {
        name: source.store.get(name) for name in source.store.names()
    }
    assert target.anchor is not None
    assert source.anchor is not None
    assert target.anchor.history() == source.anchor.history()
    again = Ledger.open(store=target.store, anchor=target.anchor, keys=KEYS)
    assert again.append([(ZAAK, facts(ZAAK, 2, seed=5))]).size == ledger.size + 2


def test_a_second_copy_brings_only_what_is_new():
    ledger, source = site()
    target = empty()
    first = copy(source, target, verifiers=verifiers())
    assert copy(source, target, verifiers=verifiers()).blobs == 0
    ledger.append([(CONSULTATION, facts(count=10, seed=3))])
    second = copy(source, target, verifiers=verifiers())
    assert 0 < second.blobs < first.blobs
    assert second.report.size == ledger.size


def test_a_copy_without_an_anchor_is_checked_too():
    ledger, source = site()
    copied = copy(source, Site(store=MemoryStore()), verifiers=verifiers())
    assert copied.report.size == ledger.size


def test_a_copy_never_goes_back():
    ledger, source = site()
    before = empty()
    copy(source, before, verifiers=verifiers())
    ledger.append([(ZAAK, facts(ZAAK, 2, seed=5))])
    with pytest.raises(ForkError, match="found one of 609"):
        copy(before, source, verifiers=verifiers())


def test_an_anchor_left_behind_says_that_a_backup_is_too_old():
    ledger, source = site()
    backup = empty()
    copy(source, backup, verifiers=verifiers())
    ledger.append([(ZAAK, facts(ZAAK, 2, seed=5))])
    with pytest.raises(ForkError, match="at most 607"):
        copy(backup, Site(store=MemoryStore(), anchor=source.anchor), verifiers=verifiers())


def test_a_copy_of_another_history_is_a_fork():
    _, source = site()
    target = empty()
    copy(source, target, verifiers=verifiers())
    other, store, anchor = memory_ledger()
    other.append([(CONSULTATION, facts(count=700, seed=8))])
    with pytest.raises(ForkError, match="another one, or none"):
        copy(Site(store=store, anchor=anchor), target, verifiers=verifiers())


def test_a_changed_source_does_not_reach_an_older_copy():
    ledger, source = site()
    target = empty()
    copy(source, target, verifiers=verifiers())
    name = source.store.names("segments/")[0]
    honest = target.store.get(name)
    source.store.replace(name, honest[:-1])
    ledger.append([(ZAAK, facts(ZAAK, 2, seed=5))])
    copy(source, target, verifiers=verifiers())
    assert target.store.get(name) == honest


def test_a_copy_of_a_changed_ledger_ends_in_an_alarm():
    _, source = site()
    name = source.store.names("segments/")[0]
    source.store.replace(name, source.store.get(name)[:-1])
    with pytest.raises(AlarmError):
        copy(source, empty(), verifiers=verifiers())


def test_what_the_source_lost_stays_in_the_copy():
    ledger, source = site()
    target = empty()
    copy(source, target, verifiers=verifiers())
    names = source.store.names("segments/")
    name = next(each for each in names if each.endswith("consultation-600.parquet"))
    source.store.remove(name)
    ledger.append([(ZAAK, facts(ZAAK, 2, seed=5))])
    with pytest.raises(AlarmError):
        copy(source, target, verifiers=verifiers())
    assert name in target.store.names()


def test_nothing_is_written_where_other_files_are():
    _, source = site()
    other = MemoryStore({"keys/a.key": b"x"})
    with pytest.raises(RefusedError, match="found other files there"):
        copy(source, Site(store=other), verifiers=verifiers())
    assert other.names() == ["keys/a.key"]


def test_nothing_is_copied_from_an_empty_place():
    with pytest.raises(StoreError):
        copy(empty(), empty(), verifiers=verifiers())


def test_what_is_damaged_is_put_back_and_kept_as_evidence():
    ledger, source = site()
    sound = empty()
    copy(source, sound, verifiers=verifiers())
    changed, lost = source.store.names("segments/")[:2]
    spoilt = source.store.get(changed)[:-1]
    source.store.replace(changed, spoilt)
    source.store.remove(lost)
    aside: dict[str, bytes] = {}
    mended = repair(source, sound, verifiers=verifiers(), put_aside=aside.__setitem__)
    assert mended == (changed, lost)
    assert aside == {changed: spoilt}
    assert copy(source, sound, verifiers=verifiers()).report.size == ledger.size


def test_nothing_is_put_back_from_a_copy_that_does_not_hold():
    _, source = site()
    copied = empty()
    copy(source, copied, verifiers=verifiers())
    name = copied.store.names("segments/")[0]
    copied.store.replace(name, copied.store.get(name)[:-1])
    with pytest.raises(AlarmError):
        repair(source, copied, verifiers=verifiers(), put_aside=lambda *_: None)


def test_an_empty_ledger_is_copied_too():
    _, store, anchor = memory_ledger()
    assert copy(Site(store=store, anchor=anchor), empty(), verifiers=verifiers()).report.size == 0
    assert ORIGIN.encode() in store.get("ledger.json")
