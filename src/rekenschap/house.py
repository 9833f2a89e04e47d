# SPDX-License-Identifier: EUPL-1.2
"""The house: where everything of one organisation is kept, and the only place where adapters are chosen.

HOME/
  ledger/         what may be copied and given away for checking, with its anchor and its journal
  keys/           signing, pseudonyms, sealing: never leaves the house
  sealed/         originals behind the pseudonyms, and rows in quarantine, both encrypted
  public-keys.txt what an outsider needs to check the ledger
  rekenschap.toml where any of these are instead, and who witnesses; see `rekenschap.config`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rekenschap.adapters.anchors.sqlite import SqliteAnchor
from rekenschap.adapters.disks.posix import PosixDisk
from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.adapters.sequencing import DistantLedger, DistantSequencer, SequencerSocket
from rekenschap.adapters.timestamps import Rfc3161Authority
from rekenschap.adapters.witnesses import witnesses_of
from rekenschap.config import FILE_NAME as CONFIG_FILE
from rekenschap.config import Config, DirectoryAt, place_in, read_config
from rekenschap.errors import ConfigurationError, ForkError, RefusedError, StoreError, VerificationError
from rekenschap.given import as_verifier, key_lines, read_policy, read_verifiers
from rekenschap.ledger import Ledger, writer
from rekenschap.ledger.check import CheckReport, check
from rekenschap.ledger.copying import Site
from rekenschap.ledger.journal.reading import DIRECTORY as JOURNAL
from rekenschap.ledger.keeping.erasing import finish_erasures
from rekenschap.ledger.manifest import read_origin
from rekenschap.ledger.publishing import Publisher, keep_timestamp, stored_tree
from rekenschap.ledger.sequencer import Pace, Sequencer
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.places import open_anchor, open_keys, open_store
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.engine import Engine
from rekenschap.seams.keys import Keys
from rekenschap.seams.store import Store
from rekenschap.tlog.note import Verifier

ORIGIN = "rekenschap.example/ledger"
"""The name of a new ledger when nobody gives another."""

ANCHOR_FILE = "anchor.db"
KEYS_DIRECTORY = "keys"
PUBLIC_KEYS_FILE = "public-keys.txt"
SOCKET_FILE = "sequencer.sock"
PERIOD = "first"
"""The period of the pseudonym key: tokens of one period can be joined, those of two cannot."""

_HEADER = "ledger.json"
_PARTS = (_HEADER, "checkpoint", "segments", "secrets", "tail", "tile", ANCHOR_FILE, JOURNAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One organisation's directory; `at` finds or founds it."""

    root: Path
    config: Config
    keys: Keys

    @classmethod
    def at(cls, root: Path) -> House:
        """Enter the house at `root`; nothing is made until something is kept there."""
        config = read_config(root)
        if (root / _HEADER).is_file() and config.store != DirectoryAt(path=root):
            raise StoreError(
                expected="a house, with the ledger in it and the keys beside that",
                found="a ledger itself",
                remedy="give the directory above it, or that of the house this is a copy of",
            )
        keys = open_keys(config, wrapped=root / KEYS_DIRECTORY, may_make=not _is_founded(config))
        return cls(root=root, config=config, keys=keys)

    @property
    def ledger_path(self) -> Path:
        """Where the ledger is, when it is in a directory; its journal always is."""
        at = self.config.store
        return at.path if isinstance(at, DirectoryAt) else self.root / "ledger"

    @property
    def sealed_path(self) -> Path:
        """Where sealed originals and quarantined rows are."""
        return self.root / "sealed"

    @property
    def inbox_path(self) -> Path:
        """Where the front door keeps what is not worked off yet."""
        return self.root / "inbox"

    @property
    def public_keys_path(self) -> Path:
        """Where the public keys are, one verifier text on each line."""
        return self.root / PUBLIC_KEYS_FILE

    @property
    def is_founded(self) -> bool:
        """Whether there is a ledger in this house."""
        return _is_founded(self.config)

    def ledger(self, *, origin: str) -> Ledger:
        """Open the ledger to append to it; begins one of `origin`, with all its keys, when there is none.

        What a sequencer left in its journal is sealed first, and an erasure that was broken off is done;
        raises StoreError while a sequencer is at work.
        Afterwards no key is made any more: one that is lost must be restored, for a new one would give
        everybody another pseudonym and leave what was sealed closed for ever.
        """
        store, anchor = open_store(self.config.store), open_anchor(self.config)
        if self.is_founded:
            if (self.ledger_path / JOURNAL).is_dir():
                self.sequencer(background=False).close()
            ledger = Ledger.open(
                store=store,
                anchor=anchor,
                keys=self.keys,
                publisher=self.publisher(store, anchor),
                clock=microseconds_now,
            )
            # What stands there without right is for the check to tell: taking in goes on.
            with suppress(VerificationError, RefusedError):
                finish_erasures(ledger, at=microseconds_now())
            return ledger
        self.keys.pseudonym_key(PERIOD)
        self.keys.sealing_key()
        Ledger.create(store=store, anchor=anchor, keys=self.keys, origin=origin)
        self.public_keys_path.write_text("\n".join(self.keys.verifier_texts(origin)) + "\n", encoding="utf-8")
        return self.ledger(origin=origin)

    def appending(self, *, origin: str) -> Ledger | DistantLedger:
        """Open the ledger to take facts in: through a sequencer when one is at work."""
        if not self.is_founded or not self.socket_path.is_socket():
            return self.ledger(origin=origin)
        try:
            return self.ledger(origin=origin)  # a socket may be left of a program that is gone
        except StoreError as busy:
            if not busy.retryable:
                raise
        reading = Ledger.open(store=open_store(self.config.store), anchor=open_anchor(self.config))
        return DistantLedger(reading, DistantSequencer(self.socket_path))

    @property
    def socket_path(self) -> Path:
        """Where a sequencer at work lets other programs of this machine append."""
        return self.root / SOCKET_FILE

    def socket(self, sequencer: Sequencer) -> SequencerSocket:
        """Let other programs append through a sequencer; raises StoreError when there is another."""
        return SequencerSocket(self.socket_path, sequencer, relations=SEARCHED_RELATIONS)

    def sequencer(self, *, background: bool = True, pace: Pace | None = None) -> Sequencer:
        """Take up the lead of the ledger: recover, then append for any number of producers until `close`.

        Raises StoreError when there is no ledger or another sequencer is at work, AlarmError when what was
        promised is not there.
        """
        store, anchor = open_store(self.config.store), open_anchor(self.config)
        place = writer.House(
            store=store, anchor=anchor, keys=self.keys, origin=read_origin(store), clock=microseconds_now
        )
        with self.alone():
            return Sequencer.start(
                place, self._disk, pace=pace, publish=self.publisher(store, anchor), background=background
            )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Say that a sequencer is at work when that is why the ledger cannot be had alone."""
        try:
            yield
        except StoreError as busy:
            if busy.expected != "one writer" or not self.socket_path.is_socket():
                raise
            raise StoreError(
                expected="nobody else at work on this ledger",
                found="another program, such as the sequencer",
                remedy="stop the sequencer, or wait until the other is done, and try again",
                retryable=True,
            ) from busy

    def publisher(self, store: Store, anchor: Anchor) -> Publisher | None:
        """Give what publishes with the witnesses of the policy; None without a policy: then at once."""
        if self.config.policy is None:
            return None
        policy = read_policy(self.config.policy)
        return Publisher(
            store=store,
            anchor=anchor,
            tree=stored_tree(store),
            witnesses=witnesses_of(policy),
            policy=policy,
            verifiers=tuple(as_verifier(each.key) for each in policy.witnesses),
            clock=right_now,
        )

    @property
    def site(self) -> Site:
        """Where the ledger of this house is, or will be when it is brought back from a copy."""
        return Site(store=open_store(self.config.store), anchor=open_anchor(self.config))

    def keep_public_keys(self, given: str) -> None:
        """Keep the public keys `given` (a file or verifier texts) in a house that has none yet."""
        if not self.public_keys_path.exists():
            self.public_keys_path.write_text(key_lines(given), encoding="utf-8")

    def stamp(self) -> str:
        """Have the latest checkpoint stamped by the authority of the configuration; gives where it is kept.

        Raises ConfigurationError without an authority, TimestampError when it does not answer.
        """
        store, latest = open_store(self.config.store), open_anchor(self.config).latest()
        if self.config.timestamps is None or latest is None:
            raise ConfigurationError(
                expected=f'a ledger, and a line timestamps = "https://…" in {CONFIG_FILE}',
                found="no such line" if latest else "no ledger",
                remedy="ask a timestamp authority for its address",
            )
        return keep_timestamp(store, latest[1], Rfc3161Authority(self.config.timestamps))

    @property
    def journal(self) -> PosixDisk | None:
        """Where a sequencer at work keeps what is not sealed yet; None when there is no journal here."""
        return self._disk if (self.ledger_path / JOURNAL).is_dir() else None

    @property
    def _disk(self) -> PosixDisk:
        return PosixDisk(self.ledger_path)

    @staticmethod
    def engine() -> Engine:
        """Give the SQL engine of this machine, in memory."""
        return DuckDbEngine()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPlace:
    """A ledger somewhere on disk, ours or a copy: its store, and its anchor if that came along."""

    path: Path
    config: Config | None = None

    @classmethod
    def of(cls, given: Path) -> LedgerPlace:
        """Take a house or a ledger directory; raises StoreError when it is neither."""
        if given.is_file():
            raise _no_ledger("a file")
        config = read_config(given)
        if (given / CONFIG_FILE).is_file() and open_store(config.store).names():
            return cls(path=given / "ledger", config=config)
        for path in (given / "ledger", given):
            if (path / _HEADER).is_file() or _holds_part(path):
                return cls(path=path)
        raise _no_ledger("a directory without ledger.json" if given.exists() else "nothing there")

    @property
    def store(self) -> Store:
        """The blobs of the ledger."""
        return open_store(DirectoryAt(path=self.path) if self.config is None else self.config.store)

    @property
    def anchor(self) -> Anchor | None:
        """The history of checkpoints, when it came along."""
        if self.config is not None:
            return open_anchor(self.config)
        place = self.path / ANCHOR_FILE
        return SqliteAnchor(place) if place.is_file() else None

    @property
    def journal(self) -> PosixDisk | None:
        """Where a sequencer keeps what is not sealed yet; None when there is no journal."""
        return PosixDisk(self._directory) if (self._directory / JOURNAL).is_dir() else None

    @property
    def beside(self) -> PosixDisk | None:
        """The directory of the store, with all that is no blob of it; None for a store elsewhere."""
        elsewhere = self.config is not None and not isinstance(self.config.store, DirectoryAt)
        return None if elsewhere else PosixDisk(self._directory)

    @property
    def _directory(self) -> Path:
        """Where the ledger and its journal are, by the configuration of the house if there is one."""
        at = self.config.store if self.config is not None else None
        return at.path if isinstance(at, DirectoryAt) else self.path

    @property
    def site(self) -> Site:
        """The ledger as something to copy from or to."""
        return Site(store=self.store, anchor=self.anchor)

    @property
    def is_at_home(self) -> bool:
        """Whether this is the ledger of a house, beside its keys; a copy somewhere else is not."""
        return (self.path.parent / KEYS_DIRECTORY).is_dir()

    def check_anchored(self) -> None:
        """Raise ForkError when this is the ledger of a house and its anchor is not there."""
        anchor = self.anchor
        if (self.is_at_home or self.config is not None) and (anchor is None or anchor.latest() is None):
            where = ANCHOR_FILE if self.config is None else f"the place that {CONFIG_FILE} names"
            raise ForkError(
                expected=f"the anchor of this house in {where}",
                found="none",
                remedy="bring it back from where you keep it; else move the ledger away as evidence, for it "
                "may have been put back, and `rekenschap restore` the copy you trust most",
            )

    def ledger(self) -> Ledger:
        """Open the ledger for reading."""
        return Ledger.open(store=self.store, anchor=self.anchor)

    def verifiers(self, given: str | None) -> tuple[Verifier, ...]:
        """Give the public keys `given` (a file or a verifier text), else those kept beside the ledger."""
        return read_verifiers(str(self.path.parent / PUBLIC_KEYS_FILE) if given is None else given)


def _no_ledger(found: str) -> StoreError:
    return StoreError(
        expected="the directory of a ledger, or the house it is in",
        found=found,
        remedy="give the path that `rekenschap intake` printed",
    )


def _holds_part(path: Path) -> bool:
    """Say whether something of a ledger is here: without its header it is for the check to judge."""
    return any((path / name).exists() or (path / name).is_symlink() for name in _PARTS)


def _is_founded(config: Config) -> bool:
    return _HEADER in open_store(config.store).names(_HEADER)


def check_house(house: House, *, progress: Callable[[int, int], None] | None = None) -> CheckReport:
    """Check the ledger of a house against the public keys kept beside it; raises AlarmError."""
    place = LedgerPlace.of(house.root)
    return check(place.store, anchor=place.anchor, verifiers=place.verifiers(None), progress=progress)


def copy_at(text: str) -> Site:
    """Open a copy of a ledger in a directory, with its anchor, or in a bucket, without one."""
    at = place_in(text)
    if isinstance(at, DirectoryAt):
        if at.path.is_file():
            raise StoreError(
                expected="a directory for a copy, or an address that begins with s3://",
                found="a file",
                remedy="name the directory of the copy",
            )
        return Site(store=open_store(at), anchor=SqliteAnchor(at.path / ANCHOR_FILE))
    return Site(store=open_store(at))


def right_now() -> datetime:
    """Say what time it is: the only clock of the house; everything below gets the time as an argument."""
    return datetime.now(UTC)  # noqa: TID251


def microseconds_now() -> int:
    """Say what time it is in microseconds UTC, as times of recording are written."""
    return int(right_now().timestamp() * 1_000_000)
