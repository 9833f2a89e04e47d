# SPDX-License-Identifier: EUPL-1.2
"""Publishes each signed checkpoint with the cosignatures the policy asks for.

Intake never waits longer than `patience` for a witness and never stops for one that is silent: the
published checkpoint then stays behind, and the status says since when. What does stop it is a witness that
knows another history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from rekenschap.errors import (
    AlarmError,
    ConfigurationError,
    ForkError,
    StoreError,
    TroubleError,
    VerificationError,
    WrongLeafError,
)
from rekenschap.ledger.manifest import CHECKPOINT_NAME, read_manifest
from rekenschap.ledger.nodes import TreeReader
from rekenschap.ledger.publishing.questions import Correspondent, Question, Signatures, Silence
from rekenschap.ledger.state import is_same_checkpoint, published_note
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.store import Store
from rekenschap.seams.witness import Witness
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import KnownSignature, Note, NoteSignature, Verifier, check_note
from rekenschap.tlog.policy import Policy
from rekenschap.tlog.proof import NodeReader, consistency_path

PATIENCE = 1.0
"""Seconds to wait for all witnesses together: a checkpoint must come about every second."""
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """How far publishing is; `unwitnessed_since` is None when all that is anchored is published."""

    anchored_size: int
    published_size: int | None
    unwitnessed_since: datetime | None
    silent: tuple[Silence, ...]


class Publisher:
    """Call it with each log-signed note, after the anchor has it.

    `tree` gives the nodes of the tree of a size; `verifiers` are the keys of the witnesses in the policy.
    One call at a time counts; others wait for it.
    """

    def __init__(
        self,
        *,
        store: Store,
        anchor: Anchor,
        tree: Callable[[int], NodeReader],
        witnesses: Sequence[Witness],
        policy: Policy,
        verifiers: Sequence[Verifier],
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self._store, self._anchor, self._tree = store, anchor, tree
        self._policy, self._verifiers = policy, verifiers
        self._clock, self._patience = clock, patience
        self._lock, self._reading = Lock(), Lock()
        published = published_note(store)
        self._published = None if published is None else Note.from_bytes(published)
        known = 0 if self._published is None else Checkpoint.from_text(self._published.text).size
        self._asked = [Correspondent(witness, known=known) for witness in witnesses]
        self._unwitnessed_since: datetime | None = None

    def __call__(self, note: bytes) -> None:
        """Ask the witnesses for the checkpoint in `note` and publish it when the policy is met.

        Raises ForkError when the anchor holds another checkpoint or a witness knows another history, and
        StoreError when the store does not answer. A silent witness raises nothing: see `status`.
        """
        with self._lock:
            self._publish(Note.from_bytes(note))

    def publish_latest(self) -> None:
        """Publish what the anchor holds: at start, and to try silent witnesses again."""
        latest = self._anchor.latest()
        if latest is not None:
            self(latest[1])

    def status(self) -> Publication:
        """Say what is published and who is silent."""
        latest = self._anchor.latest()
        anchored = latest[0] if latest else 0
        published = self._published
        size = None if published is None else Checkpoint.from_text(published.text).size
        since = self._unwitnessed_since
        if since is None and size is not None and size < anchored:
            since = self._last_witnessed()
        silent = tuple(each.silence for each in self._asked if each.silence is not None)
        return Publication(
            anchored_size=anchored, published_size=size, unwitnessed_since=since, silent=silent
        )

    def _publish(self, note: Note) -> None:
        checkpoint = Checkpoint.from_text(note.text)
        # 1. Only what the anchor holds: a checkpoint that was published can never be taken back.
        if not is_anchored(self._anchor, note):
            return  # a later one has taken its place, and will be published
        self._check_in_policy(note)
        # 2. The witnesses, all at once; what does not hold does not count.
        cosigned = note.with_signatures(self._cosignatures(note, checkpoint))
        cosigned = cosigned.with_signatures(self._kept_cosignatures(cosigned))
        # 3. Everybody, when these are enough.
        if self._policy.satisfied_by(self._held(cosigned)):
            if self._published != cosigned:
                self._store.replace(CHECKPOINT_NAME, cosigned.to_bytes())
                self._published = cosigned
            self._unwitnessed_since = None
        elif self._unwitnessed_since is None:
            self._unwitnessed_since = self._clock()

    def _cosignatures(self, note: Note, checkpoint: Checkpoint) -> list[NoteSignature]:
        question = Question(
            size=checkpoint.size,
            note=note.to_bytes(),
            proof_from=lambda old: self._proof(old, checkpoint.size),
        )
        now = self._clock()
        asked = [(each, each.ask(question, now)) for each in self._asked]
        wait([answer for _, answer in asked if answer is not None], timeout=self._patience)
        found: list[NoteSignature] = []
        alarms: list[AlarmError] = []
        for each, answer in asked:
            try:
                found += self._of(each, answer, note)
            except AlarmError as alarm:
                alarms.append(alarm)
        if alarms:
            raise alarms[0]
        return found

    def _of(
        self, witness: Correspondent, answer: Future[Signatures] | None, note: Note
    ) -> list[NoteSignature]:
        """Take the cosignatures of one witness that are by known keys and hold; without any it is silent."""
        now = self._clock()
        if answer is None:
            return []
        if not answer.done():
            witness.fell_silent(f"no answer within {self._patience:g} seconds", now)
            return []
        try:
            signatures = witness.answered(answer)
        except AlarmError as alarm:
            witness.fell_silent(alarm.found, now)
            raise
        except TroubleError as trouble:
            witness.fell_silent(trouble.found, now)
            return []
        try:
            held = self._holding(note, signatures)
        except VerificationError as error:
            witness.fell_silent(error.found, now)
            return []
        if held:
            witness.spoke()
        else:
            witness.fell_silent("no cosignature by a key of the policy", now)
        return held

    def _holding(self, note: Note, signatures: Iterable[NoteSignature]) -> list[NoteSignature]:
        known = {(key.name, key.key_id) for key in self._verifiers}
        ours = {(line.name, line.key_id): line for line in signatures if (line.name, line.key_id) in known}
        if ours:
            check_note(Note(text=note.text, signatures=tuple(ours.values())), self._verifiers)
        return [*ours.values()]

    def _kept_cosignatures(self, cosigned: Note) -> list[NoteSignature]:
        """Give the cosignatures over this checkpoint that were published before, by keys not there."""
        if self._published is None or self._published.text != cosigned.text:
            return []
        there = {(line.name, line.key_id) for line in cosigned.signatures}
        return [line for line in self._published.signatures if (line.name, line.key_id) not in there]

    def _held(self, note: Note) -> tuple[KnownSignature, ...]:
        known = {(key.name, key.key_id) for key in self._verifiers}
        if not any((line.name, line.key_id) in known for line in note.signatures):
            return ()
        return check_note(note, self._verifiers)

    def _proof(self, old: int, size: int) -> tuple[Hash, ...]:
        if old in (0, size):
            return ()
        for _ in range(_TRIES - 1):
            # While a run is sealed its commitments move from tails to a segment: then look once more.
            with suppress(StoreError, WrongLeafError):
                return self._path(old, size)
        return self._path(old, size)

    def _path(self, old: int, size: int) -> tuple[Hash, ...]:
        with self._reading:
            return consistency_path(old, size, self._tree(size))

    def _last_witnessed(self) -> datetime | None:
        """Give the time of the last cosignature on the published checkpoint, when it carries one."""
        stamps = [each.timestamp for each in self._held(self._published)] if self._published else []
        return datetime.fromtimestamp(max(stamps), UTC) if stamps else None

    def _check_in_policy(self, note: Note) -> None:
        """Find out now, and not at the reader's, that the policy is of another log."""
        logs = {(each.key.name, each.key.key_id) for each in self._policy.logs}
        if logs and not any((line.name, line.key_id) in logs for line in note.signatures):
            raise ConfigurationError(
                expected="a witness policy that names a key of this ledger",
                found="only keys of other logs",
                remedy="add a log line with a key from public-keys.txt",
            )


def is_anchored(anchor: Anchor, note: Note) -> bool:
    """Say whether the anchor holds this checkpoint; False when it let go of it for a later one.

    It may hold later ones meanwhile. Raises ForkError when it holds another of this size, or none as large.
    """
    size = Checkpoint.from_text(note.text).size
    held = anchor.history(since=size)
    if held and (held[0][0] > size or is_same_checkpoint(note.to_bytes(), held[0][1])):
        return held[0][0] == size
    raise ForkError(
        expected=f"the anchor to hold the checkpoint of size {size} first",
        found="another of that size" if held else "none as large",
        remedy="open the ledger again; if nobody else writes to it, raise the alarm",
    )


def stored_tree(store: Store) -> Callable[[int], NodeReader]:
    """Give the nodes of the tree as the store holds it, for any size it has had."""
    return lambda size: TreeReader(store=store, manifest=read_manifest(store, size), size=size)
