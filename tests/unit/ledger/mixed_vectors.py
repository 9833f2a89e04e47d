# SPDX-License-Identifier: EUPL-1.2
"""How vectors/ledger/v2 came about: python -m tests.unit.ledger.mixed_vectors DIRECTORY

A sequencer in which relations alternate, a schema that changes, officers, an erasure, a hold; and the same
ledger as it was before its last run was sealed. Keys and secrets follow from fixed seeds; ML-DSA-44 signs at
random, so the folder is kept as it was first made and never made again.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path

import pyarrow as pa

from rekenschap.adapters.anchors import SqliteAnchor
from rekenschap.adapters.disks.posix import PosixDisk
from rekenschap.adapters.stores import DirectoryStore, MemoryStore
from rekenschap.errors import RekenschapError, VerificationError
from rekenschap.ledger import Ledger, sealing
from rekenschap.ledger.check import check
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.custody.orders import OrderAction
from rekenschap.ledger.identity import with_identity
from rekenschap.ledger.journal.journal import Limits
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers
from rekenschap.ledger.keeping.erasing import erase
from rekenschap.ledger.prove import prove
from rekenschap.ledger.sequencer import Pace, Sequencer
from rekenschap.ledger.writer import House
from rekenschap.model.columns import Relation, text
from rekenschap.model.relations import ASSIGNMENT, CONSULTATION, ZAAK
from rekenschap.tlog.note import Note
from tests.custody import ANNA, BRAM, CEES, NOW, TODAY, order, public, signed
from tests.ledgers import KEYS, ORIGIN, content, verifiers
from tests.unit.ledger.ledger_vectors import base64_of, write

BESIDE = frozenset({"anchor.db*", "journal"})
NEWER = replace(CONSULTATION, version=2, columns=(*CONSULTATION.columns, text("channel", "by which way")))
PACE = Pace(limits=Limits(rows=120, file=1 << 16, begin=1 << 14))
MINUTE = 60_000_000


@dataclass(frozen=True)
class Home:
    """A ledger of format 2 in a directory, with its anchor and the journal of its sequencer."""

    path: Path

    @property
    def store(self) -> DirectoryStore:
        return DirectoryStore(self.path, beside=BESIDE)

    @property
    def anchor(self) -> SqliteAnchor:
        return SqliteAnchor(self.path / "anchor.db")

    def ledger(self) -> Ledger:
        return Ledger.open(store=self.store, anchor=self.anchor, keys=KEYS)

    def sequencer(self) -> Sequencer:
        house = House(store=self.store, anchor=self.anchor, keys=KEYS, origin=ORIGIN)
        return Sequencer.start(house, PosixDisk(self.path), pace=PACE, background=False)


def facts(relation: Relation, rows: int, seed: int) -> pa.Table:
    """Make facts recorded in the minute of their seed: a ledger of format 2 does not go back in time."""
    return with_identity(content(relation, rows, seed), relation, recorded_at=NOW + seed * MINUTE)


@contextmanager
def fixed_secrets() -> Iterator[None]:
    """Let secrets follow from a count; only here, so that the same ledger comes out again."""
    numbers, kept = count(), sealing.secrets
    sealing.secrets = FixedSecrets(numbers)  # type: ignore[assignment, attr-defined]
    try:
        yield
    finally:
        sealing.secrets = kept  # type: ignore[attr-defined]


@dataclass(frozen=True)
class FixedSecrets:
    """Secrets that are none: the hash of their number."""

    numbers: Iterator[int]

    def token_bytes(self, size: int) -> bytes:
        return sha256(f"no secret {next(self.numbers)}".encode()).digest()[:size]


def make(path: Path) -> tuple[Home, Home]:
    """Make the whole ledger; gives it, and a copy from before its last run was sealed."""
    home, before = Home(path / "ledger"), Home(path / "before")
    ledger = Ledger.create(store=home.store, anchor=home.anchor, keys=KEYS, origin=ORIGIN)
    # 1. Plain runs, and who may order an erasure.
    ledger.append([(CONSULTATION, facts(CONSULTATION, 12, 1)), (ZAAK, facts(ZAAK, 5, 2))])
    begin_log_keys(ledger, KEYS, at=NOW + 3 * MINUTE)
    draft = draft_officers(ledger, public(ANNA, BRAM, CEES), needed=2, at=NOW + 4 * MINUTE)
    put_statement(ledger, signed(draft, (ANNA, BRAM, CEES)), at=NOW + 4 * MINUTE)
    # 2. Mixed runs, with checkpoints that fall inside them; then a schema that changes.
    with home.sequencer() as sequencer:
        _alternate(sequencer)
    # 3. Rows of a plain run, of a mixed run, and of the mixed run again.
    for minute, spans in ((30, [(3, 6), (60, 75)]), (31, [(80, 81)])):
        ledger = home.ledger()
        erase(ledger, _ordered(ledger, OrderAction.ERASE, spans), at=NOW + minute * MINUTE)
    ledger = home.ledger()
    put_statement(ledger, _ordered(ledger, OrderAction.HOLD, [(100, 120)]), at=NOW + 32 * MINUTE)
    # 4. A last run: signed, then sealed.
    with home.sequencer() as sequencer:
        sequencer.append(NEWER, facts(NEWER, 5, 33))
        sequencer.append(ZAAK, facts(ZAAK, 2, 33))
        sequencer.tick()
        shutil.copytree(home.path, before.path, ignore=shutil.ignore_patterns("*.spare"))
    shutil.rmtree(home.path / "journal")
    return home, before


def _alternate(sequencer: Sequencer) -> None:
    for seed in range(5, 25):
        sequencer.append(CONSULTATION, facts(CONSULTATION, 9, seed))
        sequencer.append(ZAAK, facts(ZAAK, 2, seed))
        if seed % 2:
            sequencer.append(ASSIGNMENT, facts(ASSIGNMENT, 1, seed))
        if seed % 5 == 0:
            sequencer.tick()
    sequencer.append(NEWER, facts(NEWER, 4, 25))
    sequencer.append(ZAAK, facts(ZAAK, 3, 25))


def _ordered(ledger: Ledger, action: OrderAction, spans: list[tuple[int, int]]) -> Note:
    head = authority_of(ledger).next_head(size=ledger.size, written=TODAY)
    return signed(order(head, action, Ranges.of(spans)).to_text(), (ANNA, BRAM))


def expected(home: Home) -> dict[str, object]:
    report = check(home.store, anchor=home.anchor, verifiers=verifiers(), workers=1)
    ledger = home.ledger()
    rows = [
        {"entry": row.entry, "relation": row.relation.name, "values": row.values}
        for row in map(ledger.row, [0, 1, 2, 6, 12, 20, 21, 59, 75, 79, 81, 82, 150, 265, ledger.size - 1])
    ]
    files = {str(file.relative_to(home.path)): file for file in home.path.rglob("*") if file.is_file()}
    return {
        "origin": ORIGIN,
        "size": report.size,
        "root": report.root.to_base64(),
        "entries": dict(report.entries),
        "erased": [[3, 6], [60, 75], [80, 81]],
        "sizes": [size for size, _ in home.anchor.history()],
        "rows": rows,
        "files": {name: base64_of(sha256(files[name].read_bytes()).digest()) for name in sorted(files)},
    }


def spoiled(home: Home) -> dict[str, dict[str, bytes | None]]:
    """Give files to change or take away, by what was done; `None` takes away."""
    store = home.store
    mixed = next(name for name in store.names("segments/") if name.count("-") == 1)
    first = mixed[9:29]
    parts = [name for name in store.names(f"segments/{first}-") if name.endswith(".parquet")]
    zaken = next(name for name in parts if "-zaak-" in name)
    other = next(name for name in parts if name != zaken)
    erased = next(name for name in store.names("segments/") if name.endswith("-12.1.parquet"))
    top = store.get("ledger.json")
    return {
        "rows of one relation in a mixed run taken away": {zaken: None},
        "all rows of a mixed run taken away": dict.fromkeys(parts),
        "a commitment of a mixed run changed": {mixed: bytes(32) + store.get(mixed)[32:]},
        "the rows of another relation under this name": {zaken: store.get(other)},
        "the rows an erasure left taken away": {erased: None},
        "the name of a tail with a zero in front": {"tail/00000000000000000000-01.pack": bytes(32)},
        "a name that is none": {"segments/extra.txt": b"x"},
        "version 3": {"ledger.json": top.replace(b'"version": 2', b'"version": 3')},
        "an older checkpoint": {"checkpoint": home.anchor.history()[-2][1]},
    }


def make_invalid(home: Home) -> list[dict[str, object]]:
    blobs = {name: home.store.get(name) for name in home.store.names()}
    made = []
    for name, change in spoiled(home).items():
        left = {file: blob for file, blob in (blobs | change).items() if blob is not None}
        try:
            check(MemoryStore(left), verifiers=verifiers(), workers=1)
        except RekenschapError as error:
            entry = error.entry if isinstance(error, VerificationError) else None
            found = (type(error).__name__, entry)
        else:
            raise AssertionError(name)
        files = {file: None if blob is None else base64_of(blob) for file, blob in change.items()}
        made.append({"name": name, "files": files, "error": found[0], "entry": found[1]})
    return made


def unsealed(home: Home, before: Home) -> dict[str, object]:
    """Give what differed before the last run was sealed: blobs, `None` for absent, and the journal."""
    now, then = ({name: each.store.get(name) for name in each.store.names()} for each in (home, before))
    names = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    files = {name: then.get(name) for name in names}
    journal = {path.name: path.read_bytes() for path in (before.path / "journal").glob("*.wal")}
    return {
        "files": {name: None if blob is None else base64_of(blob) for name, blob in files.items()},
        "journal": {name: base64_of(blob.rstrip(bytes(1))) for name, blob in journal.items()},
        "journal_bytes": {name: len(blob) for name, blob in journal.items()},
        "sealed": before.ledger().size,
        "size": before.ledger().checkpoint.size,
    }


def main(path: Path) -> None:
    path.mkdir()
    with fixed_secrets():
        home, before = make(path)
    write(path / "unsealed.json", unsealed(home, before))
    shutil.rmtree(before.path)
    (path / "public-keys.txt").write_text("\n".join(KEYS.verifier_texts(ORIGIN)) + "\n")
    write(path / "expected.json", expected(home))
    write(path / "invalid.json", make_invalid(home))
    ledger = home.ledger()
    for entry in (5 + 1, 82, ledger.size - 1):
        (path / f"proof-{entry}.json").write_text(prove(ledger, entry))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
