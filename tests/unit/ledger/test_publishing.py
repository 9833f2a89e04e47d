# SPDX-License-Identifier: EUPL-1.2
"""Publishing under way: a sequencer that signs, seals and is restarted, and witnesses that come and go."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from rekenschap.errors import ConfigurationError, ForkError, WitnessSizeError
from rekenschap.ledger.journal import Limits
from rekenschap.ledger.publishing import Publisher, stored_tree
from rekenschap.ledger.sequencer import Pace, Sequencer
from rekenschap.ledger.sequencer.announcing import Announcer
from rekenschap.model.relations import CONSULTATION, ZAAK
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.note import Note
from rekenschap.tlog.policy import Policy
from tests.attack.test_witnesses import Outside, Silent
from tests.ledgers import KEYS, ORIGIN, facts
from tests.sequencers import begun, on_disk
from tests.witnessing import STRANGER, Clock, Signers


def started(house, disk, publish, **given) -> Sequencer:
    return Sequencer.start(house, disk, publish=publish, **{"background": False} | given)


def published(house) -> Checkpoint:
    return Checkpoint.from_text(Note.from_bytes(house.store.get("checkpoint")).text)


def test_each_tick_is_witnessed_while_runs_are_sealed_and_after_a_restart(tmp_path: Path):
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    outside = Outside(names=("w1", "w2", "w3"), quorum="2")
    for part in range(3):
        publisher = outside.publisher(house.store, house.anchor)
        pace = Pace(limits=Limits(begin=1 << 12))
        with started(house, disk, publisher, pace=pace) as sequencer:
            for seed in range(6):
                sequencer.append(CONSULTATION, facts(count=60, seed=10 * part + seed))
                sequencer.append(ZAAK, facts(ZAAK, 7, 10 * part + seed))
                sequencer.tick()
                assert outside.opened(house.store).size == sequencer.signed == sequencer.size
                if seed % 3 == 2:
                    sequencer.seal()
        status = publisher.status()
        assert (status.unwitnessed_since, status.silent) == (None, ())
        assert status.published_size == status.anchored_size


def test_a_witness_that_was_away_for_a_while_gets_a_proof_over_all_of_it(tmp_path: Path):
    """From inside a run that is sealed by now to inside one that is not."""
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    outside = Outside()
    store, anchor = house.store, house.anchor
    with started(house, disk, outside.publisher(store, anchor)) as sequencer:
        sequencer.append(CONSULTATION, facts(count=77, seed=1))
        sequencer.tick()
    silent = Silent()
    silent.let_go.set()
    with started(house, disk, outside.publisher(store, anchor, [silent])) as sequencer:
        for seed in range(2, 7):
            sequencer.append(CONSULTATION, facts(count=400, seed=seed))
            sequencer.tick()
            sequencer.seal()
    assert outside.opened(store).size == 78
    with started(house, disk, outside.publisher(store, anchor)) as sequencer:
        assert outside.opened(store).size == 2078
        sequencer.append(CONSULTATION, facts(count=5, seed=9))
        sequencer.tick()
        assert outside.opened(store).size == 2083


def test_a_silent_witness_keeps_no_producer_waiting(tmp_path: Path):
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    silent, outside = Silent(), Outside()
    publisher = outside.publisher(house.store, house.anchor, [silent], patience=0.2)
    with started(house, disk, publisher, background=True, pace=Pace(tick=0.05)) as sequencer:
        slowest = 0.0
        for seed in range(30):
            began = time.monotonic()
            sequencer.append(CONSULTATION, facts(count=3, seed=seed))
            slowest = max(slowest, time.monotonic() - began)
        assert sequencer.size == 91
        assert published(house).size == 0
        silent.let_go.set()
    assert slowest < 5
    assert publisher.status().silent[0].name == "silent"
    assert publisher.status().anchored_size == 91


def test_an_alarm_of_a_witness_stops_the_sequencer(tmp_path: Path):
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    outside = Outside()
    with started(house, disk, outside.publisher(house.store, house.anchor)) as sequencer:
        sequencer.append(CONSULTATION, facts(count=9))
    other, other_disk = on_disk(tmp_path / "other")
    begun(other)
    with pytest.raises(ForkError, match="entries, found that it cosigned one of 10"):
        started(other, other_disk, outside.publisher(other.store, other.anchor))


def test_late_cosignatures_are_added_and_none_is_lost(tmp_path: Path):
    """More than the policy asks, for readers with another policy."""
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    outside = Outside(names=("w1", "w2"), quorum="1")
    with started(
        house, disk, outside.publisher(house.store, house.anchor, outside.witnesses[:1])
    ) as sequencer:
        sequencer.append(CONSULTATION, facts(count=9))
    own = len(KEYS.verifier_texts(ORIGIN))
    assert len(Note.from_bytes(house.store.get("checkpoint")).signatures) == own + 1
    outside.publisher(house.store, house.anchor, outside.witnesses[1:]).publish_latest()
    assert len(Note.from_bytes(house.store.get("checkpoint")).signatures) == own + 2
    outside.publisher(house.store, house.anchor).publish_latest()
    assert len(Note.from_bytes(house.store.get("checkpoint")).signatures) == own + 2


def test_without_a_quorum_the_checkpoint_is_published_with_whoever_signed(tmp_path: Path):
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    outside, signers = Outside(), Signers(name="witness.example/w1")
    policy = Policy.from_bytes(f"witness w1 {signers.texts[0]}\nquorum none\n".encode())
    silent = Silent()
    silent.let_go.set()
    for witnesses, count in (([silent], 0), (outside.witnesses, 1)):
        publisher = Publisher(
            store=house.store,
            anchor=house.anchor,
            tree=stored_tree(house.store),
            witnesses=witnesses,
            policy=policy,
            verifiers=outside.verifiers,
            clock=outside.clock,
        )
        with started(house, disk, publisher) as sequencer:
            sequencer.append(CONSULTATION, facts(count=4, seed=count))
        assert published(house).size == sequencer.size
        held = Note.from_bytes(house.store.get("checkpoint")).signatures
        assert len(held) == len(KEYS.verifier_texts(ORIGIN)) + count


def test_a_policy_of_another_ledger_is_told_at_once(tmp_path: Path):
    house, _ = on_disk(tmp_path / "ledger")
    begun(house)
    text = f"log {STRANGER.verifier_texts('example.org/other')[0]}\nquorum none\n"
    publisher = Publisher(
        store=house.store,
        anchor=house.anchor,
        tree=stored_tree(house.store),
        witnesses=(),
        policy=Policy.from_bytes(text.encode()),
        verifiers=(),
        clock=Clock(),
    )
    with pytest.raises(ConfigurationError, match="names a key of this ledger"):
        publisher.publish_latest()


def test_a_witness_that_names_another_size_each_time_is_silent(tmp_path: Path):
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    with started(house, disk, None) as sequencer:
        sequencer.append(CONSULTATION, facts(count=40))

    class Fickle:
        name = "fickle"
        sizes = itertools.cycle((7, 3, 5))

        def cosign(self, **asked):
            raise WitnessSizeError(expected="one", found="another", remedy="ask", size=next(self.sizes))

    publisher = Outside().publisher(house.store, house.anchor, [Fickle()])
    publisher.publish_latest()
    assert publisher.status().silent[0].why == "another size each time"


def test_a_witness_is_left_alone_for_longer_each_time(tmp_path: Path):
    house, _ = on_disk(tmp_path / "ledger")
    begun(house)
    outside, asked = Outside(), []

    class Absent(Silent):
        name = "absent"

        def cosign(self, **given):
            asked.append(outside.clock.at)
            return super().cosign(**given)

    absent = Absent()
    absent.let_go.set()
    publisher = outside.publisher(house.store, house.anchor, [absent])
    for _ in range(300):
        publisher.publish_latest()
        outside.clock.move(1)
    pauses = [(after - before).total_seconds() for before, after in itertools.pairwise(asked)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_silent_witness_holds_up_no_checkpoint(tmp_path: Path):
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    silent, outside = Silent(), Outside()
    publisher = outside.publisher(house.store, house.anchor, [silent], patience=15.0)
    began = time.monotonic()
    sequencer = Sequencer.start(house, disk, pace=Pace(tick=0.02))  # nobody is asked yet
    sequencer._announcer = Announcer(publisher)
    for seed in range(20):
        sequencer.append(CONSULTATION, facts(count=3, seed=seed))
        until = time.monotonic() + 5
        while sequencer.signed < sequencer.size and time.monotonic() < until:
            time.sleep(0.002)
        assert sequencer.signed == sequencer.size
    sequencer.upkeep()
    assert published(house).size == 0  # without the cosignature the policy asks for
    assert time.monotonic() - began < 12
    silent.let_go.set()
    sequencer.close()
    assert published(house).size == 0


def test_what_is_published_never_goes_back_and_the_anchor_has_it(tmp_path: Path):
    house, disk = on_disk(tmp_path / "ledger")
    begun(house)
    seen: list[int] = []

    def publish(note: bytes) -> None:
        size = Checkpoint.from_text(Note.from_bytes(note).text).size
        assert (size, note) in house.anchor.history(since=size)[:1]
        seen.append(size)
        time.sleep(0.01)

    with started(house, disk, publish, background=True, pace=Pace(tick=0.001)) as sequencer:
        for seed in range(60):
            sequencer.append(CONSULTATION, facts(count=3, seed=seed))
            if seed % 9 == 0:
                sequencer.republish()
    assert seen == sorted(seen)
    assert seen[-1] == sequencer.size
