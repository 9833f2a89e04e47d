# SPDX-License-Identifier: EUPL-1.2
"""Flip bytes of every kind of file of a ledger and see that the check tells, and where.

`python -m tests.attack.every_byte --flips 1000` for random flips of each kind, `--all` for every byte of all.
What may go unseen is told by `meaning`: a flip that leaves what every reader reads exactly as it was.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rekenschap.adapters.anchors import SqliteAnchor
from rekenschap.adapters.disks import PosixDisk
from rekenschap.adapters.stores import DirectoryStore
from rekenschap.errors import ForkError, RekenschapError, StoreError, VerificationError
from rekenschap.ledger.check import CheckReport, check
from rekenschap.ledger.check.beforehand import beforehand
from rekenschap.ledger.check.runs.opened import check_form, opened_rows
from rekenschap.ledger.journal import read_journal
from rekenschap.model.relations import CONSULTATION, ZAAK
from rekenschap.tlog.note import Note
from tests.ledgers import facts, verifiers
from tests.sequencers import BESIDE, SMALL, begun, on_disk, started

KINDS = {
    "rows": re.compile(r"segments/.*\.parquet"),
    "commitments": re.compile(r"segments/.*\.pack"),
    "secrets": re.compile(r"secrets/.*"),
    "tails": re.compile(r"tail/.*"),
    "tiles": re.compile(r"tile/.*"),
    "checkpoint": re.compile(r"checkpoint"),
    "header": re.compile(r"ledger\.json"),
    "journal": re.compile(r"journal/.*\.wal"),
    "anchor": re.compile(r"anchor\.db"),
}
PLACED = ("rows", "commitments", "secrets", "tails", "tiles", "journal")
"""Kinds of file that speak of entries: the alarm must name one of those the file speaks of."""
_FIRST = re.compile(r".*/([0-9]{20})[-.]")


@dataclass(frozen=True, slots=True)
class Target:
    """A ledger that may be damaged: sealed runs of one relation and mixed ones, tails, and a journal."""

    path: Path

    @property
    def store(self) -> DirectoryStore:
        return DirectoryStore(self.path, beside=BESIDE)

    @property
    def anchor(self) -> SqliteAnchor:
        return SqliteAnchor(self.path / "anchor.db")

    def check(self) -> CheckReport:
        journal = PosixDisk(self.path)
        return check(
            self.store, anchor=self.anchor, verifiers=verifiers(), journal=journal, beside=journal, workers=1
        )

    def files(self, kind: str) -> list[str]:
        names = (path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if path.is_file())
        return sorted(name for name in names if KINDS[kind].fullmatch(name))

    def write(self, name: str, blob: bytes) -> None:
        (self.path / name).write_bytes(blob)

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()


def make_target(path: Path) -> Target:
    """Make a ledger as a power cut leaves it: some runs are sealed, the rest is signed and in the journal."""
    live = path.with_name("live")
    house, disk = on_disk(live)
    begun(house)
    with started(house, disk, pace=SMALL) as sequencer:
        for seed in range(9):
            sequencer.append(CONSULTATION, facts(CONSULTATION, 30, seed))
            if seed % 2:
                sequencer.append(ZAAK, facts(ZAAK, 9, seed))
            sequencer.tick()
        sequencer.seal()
        sequencer.append(CONSULTATION, facts(CONSULTATION, 7, 50))
        sequencer.append(ZAAK, facts(ZAAK, 4, 51))
        sequencer.tick()
        shutil.copytree(live, path)
    return Target(path)


def meaning(target: Target, name: str) -> object:
    """Give all that any reader takes from a file; two files with one meaning cannot mislead anybody."""
    if name == "anchor.db":
        return [(size, Note.from_bytes(note).text) for size, note in target.anchor.history()]
    ledger = beforehand(target.store, target.anchor, verifiers(), journal=PosixDisk(target.path))
    if name.startswith("journal/"):
        # Behind the last frame lie zeros, or a write of which nobody was told; a check never reads further.
        found = read_journal(PosixDisk(target.path), sealed=ledger.listing.sealed, signed=ledger.size)
        return [(each.first, each.kind, each.schema_no, each.lengths, each.blob) for each in found.frames]
    if name.endswith(".parquet"):
        # Compressed pages have bytes that lead to the same values, and the footer says who wrote it.
        segment = next(s for place in ledger.listing.places for s in place.parquets if s.parquet == name)
        stored = opened_rows(target.store, segment, ledger.rules.schemas)
        check_form(stored)
        return stored.table.to_pydict(), stored.places.tolist(), stored.salts, stored.shape
    if name.startswith("secrets/"):
        # The secret of a run that has begun and holds no entry yet.
        first = int(name.removeprefix("secrets/").partition(".")[0])
        return "unused" if first >= ledger.size else target.read(name)
    return target.read(name)


def span_of(target: Target, name: str) -> tuple[int, int]:
    """Give the entries a file speaks of: the first, and the one after the last."""
    if name.startswith("tile/"):
        return 0, sys.maxsize
    found = _FIRST.match(name)
    first = int(found.group(1)) if found else 0
    starts = sorted({int(m.group(1)) for n in target.store.names("secrets/") if (m := _FIRST.match(n))})
    return first, next((each for each in starts if each > first), sys.maxsize)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one damage: `seen`, `harmless`, or a sentence that says what is wrong."""

    what: str
    why: str = ""


def verdict(target: Target, kind: str, name: str, *, damage: Callable[[], None]) -> Verdict:
    """Damage a file, check, and put it back."""
    blob, span = target.read(name), span_of(target, name)
    before = meaning(target, name)
    damage()
    try:
        return _judged(target, kind, name, before=before, span=span)
    finally:
        target.write(name, blob)
        for left in target.path.glob("anchor.db-*"):
            left.unlink()


def _judged(target: Target, kind: str, name: str, *, before: object, span: tuple[int, int]) -> Verdict:
    try:
        target.check()
    except VerificationError as alarm:
        if kind in PLACED and (alarm.entry is None or not span[0] <= alarm.entry < span[1]):
            return Verdict("misplaced", f"{name}: named entry {alarm.entry}, not one of {span}")
        return Verdict("seen")
    except (ForkError, StoreError) as alarm:
        return Verdict("misplaced", f"{name}: {alarm}") if kind in PLACED else Verdict("seen")
    except RekenschapError:
        return Verdict("seen")
    try:
        same = meaning(target, name) == before
    except RekenschapError:
        same = False
    return Verdict("harmless") if same else Verdict("unseen", f"{name}: another meaning, and no alarm")


def flip(target: Target, kind: str, name: str, *, at: int, bit: int) -> Verdict:
    """Flip one bit of one file."""

    def damage() -> None:
        blob = bytearray(target.read(name))
        blob[at] ^= 1 << bit
        target.write(name, bytes(blob))

    found = verdict(target, kind, name, damage=damage)
    return Verdict(found.what, f"{found.why} (byte {at}, bit {bit})" if found.why else "")


def random_flips(target: Target, kind: str, *, count: int, seed: int) -> Iterator[Verdict]:
    """Flip random bits in files of one kind."""
    random, files = Random(f"{seed}/{kind}"), target.files(kind)  # noqa: S311 — which bits
    for _ in range(count):
        name = random.choice(files)
        at = random.randrange(len(target.read(name)))
        yield flip(target, kind, name, at=at, bit=random.randrange(8))


def every_flip(target: Target, kind: str) -> Iterator[Verdict]:
    """Flip one bit, another each time, of every byte of all files of one kind."""
    for name in target.files(kind):
        size = len(target.read(name).rstrip(b"\0")) if kind == "journal" else len(target.read(name))
        for at in range(size):
            yield flip(target, kind, name, at=at, bit=at % 8)


def main() -> int:
    """Run the long version and print what became of all flips."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="every byte of every file")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    given = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as place:
        target = make_target(Path(place) / "ledger")
        for kind in given.kinds:
            how = every_flip(target, kind) if given.all else None
            verdicts = list(how or random_flips(target, kind, count=given.flips, seed=given.seed))
            wrong = [each.why for each in verdicts if each.why]
            bad += len(wrong)
            print(kind, dict(Counter(each.what for each in verdicts)), *wrong[:5], sep="\n  ", flush=True)  # noqa: T201 — its answer
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
