# SPDX-License-Identifier: EUPL-1.2
"""The house: where everything of one organisation is kept, and the only place where adapters are chosen.

HOME/
  ledger/         what may be copied and given away for checking, with its anchor
  keys/           signing, pseudonyms, sealing: never leaves the house
  sealed/         originals behind the pseudonyms, and rows in quarantine, both encrypted
  public-keys.txt what an outsider needs to check the ledger
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rekenschap.adapters.anchors.sqlite import SqliteAnchor
from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.adapters.keys.file import FileKeys
from rekenschap.adapters.keys.signatures import verifier_of
from rekenschap.adapters.stores.directory import DirectoryStore
from rekenschap.errors import KeysError, StoreError
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import CheckReport, check
from rekenschap.seams.engine import Engine
from rekenschap.seams.keys import Keys
from rekenschap.tlog.note import Verifier

ORIGIN = "rekenschap.example/ledger"
"""The name of a new ledger when nobody gives another."""

ANCHOR_FILE = "anchor.db"
KEYS_DIRECTORY = "keys"
PUBLIC_KEYS_FILE = "public-keys.txt"
PERIOD = "first"
"""The period of the pseudonym key: tokens of one period can be joined, those of two cannot."""

_HEADER = "ledger.json"
_MOST_KEY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One organisation's directory; `at` finds or founds it."""

    root: Path
    keys: Keys

    @classmethod
    def at(cls, root: Path) -> House:
        """Enter the house at `root`; nothing is made until something is kept there."""
        founded = (root / "ledger" / _HEADER).exists()
        return cls(root=root, keys=FileKeys(root / KEYS_DIRECTORY, may_make=not founded))

    @property
    def ledger_path(self) -> Path:
        """Where the ledger is."""
        return self.root / "ledger"

    @property
    def sealed_path(self) -> Path:
        """Where sealed originals and quarantined rows are."""
        return self.root / "sealed"

    @property
    def public_keys_path(self) -> Path:
        """Where the public keys are, one verifier text on each line."""
        return self.root / PUBLIC_KEYS_FILE

    def ledger(self, *, origin: str) -> Ledger:
        """Open the ledger to append to it; begins one of `origin`, with all its keys, when there is none.

        Afterwards no key is made any more: one that is lost must be restored, for a new one would give
        everybody another pseudonym and leave what was sealed closed for ever.
        """
        store, anchor = DirectoryStore(self.ledger_path), SqliteAnchor(self.ledger_path / ANCHOR_FILE)
        if (self.ledger_path / _HEADER).exists():
            return Ledger.open(store=store, anchor=anchor, keys=self.keys)
        self.keys.pseudonym_key(PERIOD)
        self.keys.sealing_key()
        ledger = Ledger.create(store=store, anchor=anchor, keys=self.keys, origin=origin)
        self.public_keys_path.write_text("\n".join(self.keys.verifier_texts(origin)) + "\n", encoding="utf-8")
        return ledger

    @staticmethod
    def engine() -> Engine:
        """Give the SQL engine of this machine, in memory."""
        return DuckDbEngine()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPlace:
    """A ledger somewhere on disk, ours or a copy: its store, and its anchor if that came along."""

    path: Path

    @classmethod
    def of(cls, given: Path) -> LedgerPlace:
        """Take a house or a ledger directory; raises StoreError when it is neither."""
        for path in (given / "ledger", given):
            if (path / _HEADER).is_file():
                return cls(path=path)
        if not given.exists():
            found = "nothing there"
        else:
            found = "a file" if given.is_file() else "a directory without ledger.json"
        raise StoreError(
            expected="the directory of a ledger, or the house it is in",
            found=found,
            remedy="give the path that `rekenschap intake` printed",
        )

    @property
    def store(self) -> DirectoryStore:
        """The blobs of the ledger."""
        return DirectoryStore(self.path)

    @property
    def anchor(self) -> SqliteAnchor | None:
        """The history of checkpoints, when it came along."""
        place = self.path / ANCHOR_FILE
        return SqliteAnchor(place) if place.is_file() else None

    @property
    def is_at_home(self) -> bool:
        """Whether this is the ledger of a house, beside its keys; a copy somewhere else is not."""
        return (self.path.parent / KEYS_DIRECTORY).is_dir()

    def ledger(self) -> Ledger:
        """Open the ledger for reading."""
        return Ledger.open(store=self.store, anchor=self.anchor)

    def verifiers(self, given: str | None) -> tuple[Verifier, ...]:
        """Give the public keys `given` (a file or a verifier text), else those kept beside the ledger."""
        return read_verifiers(str(self.path.parent / PUBLIC_KEYS_FILE) if given is None else given)


def check_house(house: House, *, progress: Callable[[int, int], None] | None = None) -> CheckReport:
    """Check the ledger of a house against the public keys kept beside it; raises AlarmError."""
    place = LedgerPlace.of(house.root)
    return check(place.store, anchor=place.anchor, verifiers=place.verifiers(None), progress=progress)


def read_verifiers(given: str) -> tuple[Verifier, ...]:
    """Read public keys from a file with one verifier text on each line, or from such a text itself."""
    path = Path(given)
    text = given if "+" in given and not path.is_file() else _text_of(path)
    verifiers = tuple(verifier_of(line.strip()) for line in text.splitlines() if line.strip())
    if not verifiers:
        raise KeysError(
            expected="at least one public key",
            found="an empty file",
            remedy="give the public-keys.txt of the ledger with --public-key",
        )
    return verifiers


def _text_of(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > _MOST_KEY_BYTES:
            raise OSError
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeysError(
            expected="a file with public keys",
            found="none that can be read",
            remedy="give the public-keys.txt of the ledger with --public-key",
        ) from error


def right_now() -> datetime:
    """Say what time it is: the only clock of the house; everything below gets the time as an argument."""
    return datetime.now(UTC)  # noqa: TID251
