# SPDX-License-Identifier: EUPL-1.2
"""Somebody with every file and every key of the ledger, against a witness that is out of reach."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from rekenschap.adapters.anchors import MemoryAnchor
from rekenschap.adapters.keys import MemoryKeys
from rekenschap.adapters.keys.signatures import verifier_of
from rekenschap.adapters.stores import MemoryStore
from rekenschap.adapters.witnesses import HttpWitness, MemoryWitness
from rekenschap.errors import (
    AlarmError,
    ForkError,
    StoreError,
    WitnessError,
    WitnessSizeError,
    WrongSignatureError,
)
from rekenschap.ledger import Ledger
from rekenschap.ledger.publishing import Publisher, check_against, read_kept, stored_tree
from rekenschap.model.relations import CONSULTATION
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.store import Store
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import Note, NoteSignature, open_checkpoint
from rekenschap.tlog.policy import Policy, open_under
from rekenschap.witness.app import WitnessApp
from rekenschap.witness.memory import WitnessMemory
from tests.ledgers import KEYS, ORIGIN, STRANGER, Place, facts, make_place, verifiers
from tests.seams.test_witness import served_by
from tests.witnessing import Clock, Signers, Tree


@dataclass
class Outside:
    """The world outside the organisation: witnesses with a memory, and the policy that names them."""

    names: tuple[str, ...] = ("w1",)
    quorum: str = "any"
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.signers = {name: Signers(name=f"witness.example/{name}") for name in self.names}
        self.witnesses = [
            MemoryWitness(name=name, signers=each.pairs, logs={ORIGIN: verifiers()}, clock=self.clock)
            for name, each in self.signers.items()
        ]

    @property
    def policy(self) -> Policy:
        lines = [f"log {text}" for text in KEYS.verifier_texts(ORIGIN)]
        lines += [f"witness {name} {each.texts[0]}" for name, each in self.signers.items()]
        lines += [f"group all-of-them {self.quorum} {' '.join(self.names)}", "quorum all-of-them"]
        return Policy.from_bytes("".join(f"{line}\n" for line in lines).encode())

    @property
    def verifiers(self):
        return [each.verifiers[0] for each in self.signers.values()]

    def publisher(self, store: Store, anchor: Anchor, witnesses: Sequence[object] = (), **given) -> Publisher:
        given = {"patience": 5.0, "tree": stored_tree(store)} | given
        return Publisher(
            store=store,
            anchor=anchor,
            witnesses=witnesses or self.witnesses,
            policy=self.policy,
            verifiers=self.verifiers,
            clock=self.clock,
            **given,
        )

    def opened(self, store: Store):
        """Believe the published checkpoint as an outsider with the policy does."""
        raw = store.get("checkpoint")
        return open_under(raw, self.policy, verifier_of=lambda key: verifier_of(key.to_text()))[0]


@dataclass
class Kept:
    """A ledger whose every checkpoint goes to the witnesses."""

    place: Place
    outside: Outside

    def append(self, seed: int, count: int = 12, publisher: Publisher | None = None) -> int:
        asking = publisher or self.publisher()
        store, anchor = self.place.store, self.place.anchor
        ledger = Ledger.open(store=store, anchor=anchor, keys=KEYS, publisher=asking)
        ledger.append([(CONSULTATION, facts(CONSULTATION, count, seed))])
        return ledger.size

    def append_unseen(self, seed: int, count: int = 12) -> int:
        """Append as somebody would whose program asks no witness."""
        ledger = self.place.ledger()
        ledger.append([(CONSULTATION, facts(CONSULTATION, count, seed))])
        return ledger.size

    def publisher(self) -> Publisher:
        return self.outside.publisher(self.place.store, self.place.anchor)

    def publish(self) -> None:
        self.publisher().publish_latest()

    def snapshot(self, to: Path) -> Path:
        shutil.copytree(self.place.path, to)
        return to

    def put_back(self, snapshot: Path) -> None:
        shutil.rmtree(self.place.path)
        shutil.copytree(snapshot, self.place.path)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A ledger of one day, witnessed."""
    made = Kept(place=make_place(tmp_path / "ledger", (20,)), outside=Outside())
    made.publish()
    return made


def test_a_ledger_that_was_put_back_as_a_whole_cannot_go_on(kept: Kept, tmp_path: Path):
    """Anchor and all: everything inside fits together again; only the witness remembers."""
    yesterday, then = kept.snapshot(tmp_path / "yesterday"), kept.place.ledger().size
    today = kept.append(seed=3)
    kept.put_back(yesterday)
    assert kept.place.check().size == then
    # The intake asks before it adds anything, and stops.
    with pytest.raises(ForkError, match=f"{then} entries, found that it cosigned one of {today}"):
        kept.append(seed=4)
    assert kept.place.ledger().size == then
    kept.append_unseen(seed=4, count=2)
    with pytest.raises(ForkError, match=f"found that it cosigned one of {today}"):
        kept.publish()
    with pytest.raises(WrongSignatureError, match="quorum"):
        kept.outside.opened(kept.place.store)


def test_a_ledger_that_was_put_back_and_overtook_itself_cannot_go_on(kept: Kept, tmp_path: Path):
    """More rows than were erased: the sizes go up, the history does not."""
    yesterday = kept.snapshot(tmp_path / "yesterday")
    today = kept.append(seed=3)
    kept.put_back(yesterday)
    size = kept.append_unseen(seed=4, count=50)
    assert size > today
    with pytest.raises(ForkError, match=f"size {size} to continue the one of size {today}"):
        kept.publish()
    with pytest.raises(WrongSignatureError, match="quorum"):
        kept.outside.opened(kept.place.store)


def test_a_fork_signed_with_the_real_key_is_refused(kept: Kept, tmp_path: Path):
    """Two histories of one size, both signed: whoever has the key can write them, not publish them."""
    yesterday = kept.snapshot(tmp_path / "yesterday")
    size = kept.append(seed=3)
    kept.put_back(yesterday)
    assert kept.append_unseen(seed=4) == size
    with pytest.raises(ForkError, match=f"size {size}"):
        kept.publish()


def test_a_stolen_key_does_not_bring_the_witness_along(kept: Kept, tmp_path: Path):
    """A whole new ledger, signed with the real key on a machine of the thief: all checks hold but one."""
    kept.append(seed=3)
    forged = make_place(tmp_path / "forged", (20, 5))
    assert forged.check()
    with pytest.raises(WrongSignatureError, match="quorum all-of-them"):
        kept.outside.opened(forged.store)
    with pytest.raises(ForkError):
        kept.outside.publisher(forged.store, forged.anchor).publish_latest()
    old = Note.from_bytes(kept.place.store.get("checkpoint"))
    new = Note.from_bytes(forged.store.get("checkpoint"))
    forged.write("checkpoint", new.with_signatures(old.signatures[-1:]).to_bytes())
    with pytest.raises(WrongSignatureError):
        kept.outside.opened(forged.store)


def test_a_witness_restarted_keeps_its_memory(tmp_path: Path):
    signers, clock = Signers(), Clock()
    WitnessMemory.found(tmp_path / "memory.db")

    def witness() -> WitnessApp:
        memory = WitnessMemory(path=tmp_path / "memory.db")
        logs = {ORIGIN: verifiers()}
        return WitnessApp(memory=memory, signers=signers.pairs, logs=logs, clock=clock)

    def asked(tree: Tree, old: int) -> tuple[NoteSignature, ...]:
        def answer(method: str, path: str, body: bytes) -> tuple[int, str, bytes]:
            found = witness().guarded(method, path, body)
            return found.status, found.kind, found.body

        with served_by(answer) as url:
            speaking = HttpWitness(url)
            try:
                return speaking.cosign(old_size=old, proof=tree.proof(old), note=tree.note)
            finally:
                speaking.close()

    tree = Tree(origin=ORIGIN, keys=KEYS).grow(9)
    assert asked(tree, 0)
    with pytest.raises(WitnessSizeError) as remembered:
        asked(tree.cut(5), 0)
    assert remembered.value.size == 9
    fork = tree.cut(5).grow(9, "other")
    with pytest.raises(ForkError):
        asked(fork, 9)
    # Both histories carry the signature of the log: the witness can show them to a judge.
    refused = WitnessMemory(path=tmp_path / "memory.db").refused(ORIGIN)
    assert [Checkpoint.from_text(Note.from_bytes(note).text) for note in refused] == [fork.checkpoint]


def test_two_views_cannot_both_be_witnessed(kept: Kept, tmp_path: Path):
    """One ledger for the auditor and one for the citizen, both grown from the same yesterday."""
    other = Kept(place=kept.place.copy(tmp_path / "other"), outside=kept.outside)
    kept.append(seed=3)
    other.append_unseen(seed=4)
    with pytest.raises(ForkError):
        other.publish()
    size = kept.append(seed=5)
    assert kept.outside.opened(kept.place.store).size == size
    with pytest.raises(WrongSignatureError):
        kept.outside.opened(other.place.store)


def test_two_views_cannot_share_the_witnesses_of_a_majority(tmp_path: Path):
    """With 2 of 3 any two quorums share a witness; with 1 of 2 each view finds its own."""
    for quorum, names, second in (("2", ("w1", "w2", "w3"), False), ("1", ("w1", "w2"), True)):
        outside = Outside(names=names, quorum=quorum)
        base = tmp_path / quorum
        one = Kept(place=make_place(base / "one", (20,)), outside=outside)
        one.publish()
        other = Kept(place=one.place.copy(base / "other"), outside=outside)
        some, others = outside.witnesses[: int(quorum)], outside.witnesses[int(quorum) :]
        size = one.append(3, publisher=outside.publisher(one.place.store, one.place.anchor, some))
        assert outside.opened(one.place.store).size == size
        other.append(4, publisher=outside.publisher(other.place.store, other.place.anchor, others))
        assert (outside.opened(other.place.store) == other.place.ledger().checkpoint) is second


class Silent:
    """A witness that does not answer until it is let go."""

    name = "silent"

    def __init__(self) -> None:
        self.let_go = Event()

    def cosign(self, *, old_size: int, proof: Sequence[Hash], note: bytes) -> tuple[NoteSignature, ...]:
        self.let_go.wait(20)
        raise WitnessError(expected="an answer", found="none", remedy="wait", retryable=True)


def test_a_silent_witness_stops_nothing_and_is_named(kept: Kept):
    silent, outside = Silent(), kept.outside
    witnessed = kept.place.ledger().size
    publisher = outside.publisher(kept.place.store, kept.place.anchor, [silent], patience=0.05)
    outside.clock.move(3600)
    since = outside.clock.at
    for seed in (3, 4, 5):
        size = kept.append(seed, publisher=publisher)
        outside.clock.move(1)
        status = publisher.status()
        assert (status.published_size, status.anchored_size) == (witnessed, size)
        assert status.unwitnessed_since == since
        assert [(each.name, each.since) for each in status.silent] == [("silent", since)]
        assert "seconds" in status.silent[0].why
    assert outside.opened(kept.place.store).size == witnessed
    assert kept.place.check().size == kept.place.ledger().size
    silent.let_go.set()


def test_a_witness_that_speaks_again_covers_what_came_meanwhile(kept: Kept):
    class Sometimes:
        name = "sometimes"
        speaks = False

        def cosign(self, **asked):
            if not self.speaks:
                raise WitnessError(expected="an answer", found="none in time", remedy="wait", retryable=True)
            return kept.outside.witnesses[0].cosign(**asked)

    witness, outside = Sometimes(), kept.outside
    publisher = outside.publisher(kept.place.store, kept.place.anchor, [witness])
    for seed in (3, 4):
        kept.append(seed, publisher=publisher)
        outside.clock.move(1)
    assert publisher.status().unwitnessed_since is not None
    witness.speaks = True
    outside.clock.move(60)
    publisher.publish_latest()
    status = publisher.status()
    assert (status.unwitnessed_since, status.silent) == (None, ())
    assert status.published_size == status.anchored_size == outside.opened(kept.place.store).size


def test_a_silence_is_still_told_after_a_restart(kept: Kept):
    last = kept.outside.clock.at
    kept.outside.clock.move(7200)
    silent = Silent()
    silent.let_go.set()
    kept.append(3, publisher=kept.outside.publisher(kept.place.store, kept.place.anchor, [silent]))
    status = kept.publisher().status()
    assert status.unwitnessed_since == last
    assert status.published_size is not None
    assert status.published_size < status.anchored_size


@pytest.mark.parametrize("what", ["nothing", "a stranger", "another checkpoint"])
def test_a_cosignature_that_is_none_does_not_count(kept: Kept, what: str):
    before = Note.from_bytes(kept.place.store.get("checkpoint"))

    class Liar:
        name = "liar"

        def cosign(self, **asked):
            own, cosigned = before.signatures[:1], before.signatures[-1:]
            return {"nothing": (), "a stranger": own, "another checkpoint": cosigned}[what]

    publisher = kept.outside.publisher(kept.place.store, kept.place.anchor, [Liar()])
    kept.append(3, publisher=publisher)
    assert publisher.status().silent[0].name == "liar"
    assert kept.outside.opened(kept.place.store).size == Checkpoint.from_text(before.text).size


def test_only_what_the_anchor_holds_is_shown_to_a_witness(kept: Kept):
    """A note signed beside the anchor would bind the witness to a history that may never be."""
    publisher = kept.publisher()
    tree = Tree(origin=ORIGIN, keys=KEYS).grow(500)
    with pytest.raises(ForkError, match="anchor"):
        publisher(tree.note)


def test_an_alarm_that_comes_late_still_stops_the_intake(kept: Kept, tmp_path: Path):
    """A witness that hangs, tells of another history when nobody waits any more, and hangs for ever."""
    yesterday = kept.snapshot(tmp_path / "yesterday")
    kept.append(seed=3)
    kept.put_back(yesterday)
    asked, answered = Event(), Event()

    class Slow:
        name = "slow"

        def cosign(self, **given):
            if answered.is_set():
                raise WitnessError(expected="an answer", found="none", remedy="wait", retryable=True)
            asked.wait(20)
            try:
                return kept.outside.witnesses[0].cosign(**given)
            finally:
                answered.set()

    store, anchor = kept.place.store, kept.place.anchor
    publisher = kept.outside.publisher(store, anchor, [Slow()], patience=0.05)
    kept.append(seed=4, count=60, publisher=publisher)
    assert publisher.status().silent[0].name == "slow"
    asked.set()
    assert answered.wait(20)
    with pytest.raises(ForkError):
        for _ in range(100):
            publisher.publish_latest()
            kept.outside.clock.move(1)
            time.sleep(0.01)


def test_tiles_that_cannot_be_read_make_nobody_stop(kept: Kept):
    """Our own trouble is no fork: the intake goes on unwitnessed and says why."""
    kept.append_unseen(seed=3, count=600)

    def broken(size: int):
        raise StoreError(expected="a tile", found="a disk that does not answer", remedy="mend it")

    publisher = kept.outside.publisher(kept.place.store, kept.place.anchor, tree=broken)
    publisher.publish_latest()
    assert publisher.status().silent[0].why == "a disk that does not answer"


def test_behind_a_silent_witness_no_other_history_can_hide(kept: Kept, tmp_path: Path):
    """The published checkpoint may stay behind; it must be one of this ledger all the same."""
    witnessed = Note.from_bytes(kept.place.store.get("checkpoint"))
    size = kept.place.ledger().size
    silent = Silent()
    silent.let_go.set()
    kept.append(3, publisher=kept.outside.publisher(kept.place.store, kept.place.anchor, [silent]))
    assert kept.place.check().size > size
    other = make_place(tmp_path / "other", (20,))
    forged = Note.from_bytes(other.store.get("checkpoint")).with_signatures(witnessed.signatures[-1:])
    assert Checkpoint.from_text(forged.text).size == size
    kept.place.write("checkpoint", forged.to_bytes())
    with pytest.raises(ForkError, match=f"one checkpoint of {size} entries"):
        kept.place.check()


# ── as amounts: C7 and C8 of the plan ────────────────────────────────────────


@dataclass
class Light:
    """A ledger in memory that can be copied in a moment."""

    store: MemoryStore
    anchor: MemoryAnchor

    @classmethod
    def begin(cls) -> Light:
        store, anchor = MemoryStore(), MemoryAnchor()
        Ledger.create(store=store, anchor=anchor, keys=KEYS, origin=ORIGIN)
        return cls(store=store, anchor=anchor)

    def copy(self) -> Light:
        store, anchor, past = MemoryStore(), MemoryAnchor(), None
        for name in self.store.names():
            store.put(name, self.store.get(name))
        for size, note in self.anchor.history():
            anchor.swap(expected=past, size=size, note=note)
            past = size
        return Light(store=store, anchor=anchor)

    def append(self, seed: int, count: int) -> int:
        ledger = Ledger.open(store=self.store, anchor=self.anchor, keys=KEYS)
        ledger.append([(CONSULTATION, facts(CONSULTATION, count, seed))])
        return ledger.size


def caught(attempt: Callable[[], object]) -> AlarmError:
    with pytest.raises(ForkError) as alarm:
        attempt()
    return alarm.value


def test_twenty_snapshots_put_back_are_all_refused():
    outside, light = Outside(), Light.begin()
    snapshots = []
    for seed in range(20):
        snapshots.append(light.copy())
        light.append(seed, 1 + seed % 7)
        outside.publisher(light.store, light.anchor).publish_latest()
    size = Ledger.open(store=light.store, anchor=light.anchor).size
    for snapshot in snapshots:
        then = Ledger.open(store=snapshot.store, anchor=snapshot.anchor).size
        alarm = caught(outside.publisher(snapshot.store, snapshot.anchor).publish_latest)
        assert f"of {then} entries" in alarm.expected
        assert f"one of {size}" in alarm.found
    outside.publisher(light.store, light.anchor).publish_latest()


def test_a_hundred_forks_are_all_refused():
    outside, light = Outside(), Light.begin()
    light.append(0, 5)
    outside.publisher(light.store, light.anchor).publish_latest()
    past = light.copy()
    size = light.append(1, 10)
    outside.publisher(light.store, light.anchor).publish_latest()
    for seed in range(2, 102):
        fork = past.copy()
        # As large as the real one, larger, and smaller.
        forked = fork.append(seed, (10, 11, 40, 3)[seed % 4])
        alarm = caught(outside.publisher(fork.store, fork.anchor).publish_latest)
        assert str(size) in f"{alarm.expected} {alarm.found}"
        assert str(forked) in alarm.expected
    assert outside.opened(light.store).size == size


# ── a checkpoint on paper is a witness too ───────────────────────────────────


def against(place: Place, raw: bytes, keys: MemoryKeys = KEYS):
    ledger = place.ledger()
    return check_against(
        read_kept(raw),
        ledger=ledger.checkpoint,
        read=stored_tree(place.store)(ledger.size),
        opened=lambda note: open_checkpoint(note, origin=ORIGIN, log_keys=verifiers(keys)),
    )


def typed(checkpoint: Checkpoint) -> bytes:
    return checkpoint.to_text().encode()


def test_every_older_checkpoint_is_in_the_ledger(ledger: Place):
    for size, note in ledger.anchor.history():
        found = against(ledger, note)
        assert (found.checkpoint.size, found.is_signed) == (size, True)
        bare = against(ledger, typed(found.checkpoint))
        assert (bare.checkpoint, bare.is_signed) == (found.checkpoint, False)


def test_a_checkpoint_typed_by_hand_is_forgiven_its_spaces_and_dots(ledger: Place):
    checkpoint = ledger.ledger().checkpoint
    size = f"{checkpoint.size:,}".replace(",", ".")
    text = f"\n  {checkpoint.origin}\r\n\r\n {size} \r\n{checkpoint.root.to_base64().rstrip('=')}\r\n"
    assert against(ledger, text.encode()).checkpoint == checkpoint
    assert against(ledger, b"\xef\xbb\xbf" + ledger.store.get("checkpoint").replace(b"\n", b"\r\n")).is_signed


def test_a_kept_checkpoint_sees_a_ledger_that_was_put_back(ledger: Place, tmp_path: Path):
    past = make_place(tmp_path / "past", (40,))
    size, then = ledger.ledger().size, past.ledger().size
    for raw in (ledger.store.get("checkpoint"), typed(ledger.ledger().checkpoint)):
        with pytest.raises(ForkError, match=f"at least {size} entries.*found one of {then};"):
            against(past, raw)


def test_a_kept_checkpoint_sees_a_ledger_that_was_written_anew(ledger: Place, tmp_path: Path):
    anew = make_place(tmp_path / "anew", (40, 700, 30))
    size = ledger.ledger().size
    for raw in (
        ledger.store.get("checkpoint"),
        typed(ledger.ledger().checkpoint),
        ledger.anchor.history()[1][1],
    ):
        with pytest.raises(ForkError, match=rf"first \d+ of {size} entries"):
            against(anew, raw)


def test_a_kept_checkpoint_of_somebody_else_proves_nothing(ledger: Place):
    checkpoint = ledger.ledger().checkpoint
    stranger = Tree(origin=ORIGIN, keys=STRANGER).grow(3)
    with pytest.raises(WrongSignatureError):
        against(ledger, stranger.note)
    other = Checkpoint(origin="example.org/other", size=checkpoint.size, root=checkpoint.root)
    with pytest.raises(AlarmError, match="another"):
        against(ledger, typed(other))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"a\nb\n",
        b"example.org/ledger\nmany\nroot\n",
        b"example.org/ledger\n5\nroot\n",
        b"1\n2\n3\n4\n",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused_in_one_sentence(raw):
    with pytest.raises(AlarmError, match="origin, size and root"):
        read_kept(raw)
