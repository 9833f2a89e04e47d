# SPDX-License-Identifier: EUPL-1.2
"""Files into the ledger of a house: each through the same door, one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.sources import READERS
from rekenschap.errors import RejectedRecordError, SourceError
from rekenschap.house import PERIOD, House
from rekenschap.intake import (
    Door,
    FactLedger,
    IntakeReport,
    Locks,
    Profile,
    Progress,
    open_door,
    take_in,
)
from rekenschap.model.bsn import without_bsn


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of some files: the report of each, and the sums over all.

    Of a house that is looked at as it is there are no files: `waiting` is what waits there, by reason code.
    """

    reports: tuple[tuple[Path, IntakeReport], ...]
    waiting: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(report.rows for _, report in self.reports)

    @property
    def accepted(self) -> Mapping[str, int]:
        """How many facts of each relation are new."""
        counts: Counter[str] = Counter()
        for _, report in self.reports:
            counts.update({name: count.accepted for name, count in report.facts.items()})
        return counts

    @property
    def known(self) -> int:
        """How many facts the ledger had already."""
        return sum(report.known for _, report in self.reports)

    @property
    def quarantined(self) -> Mapping[str, int]:
        """How many rows wait in quarantine, by reason code."""
        counts: Counter[str] = Counter(self.waiting)
        for _, report in self.reports:
            counts.update(report.quarantined)
        return counts

    def check_complete(self) -> None:
        """Raise what a command must end with: a file that broke off, else rows in quarantine."""
        for _, report in self.reports:
            if report.interrupted is not None:
                raise report.interrupted
        if self.quarantined:
            raise RejectedRecordError(reasons=self.quarantined, accepted=sum(self.accepted.values()))


def take_in_files(
    house: House,
    files: Sequence[Path],
    profile: Profile,
    *,
    ledger: FactLedger,
    now: datetime,
    told: Callable[[Path, Progress], None] | None = None,
) -> TakenIn:
    """Take files in one after another; a file that breaks off does not stop the next.

    Raises SourceError when a file gives nothing at all; the files before it are kept.
    """
    reports: list[tuple[Path, IntakeReport]] = []
    with opened_door(house) as door:
        for path in files:
            step = None if told is None else _told_of(path, told)
            reports.append((path, take_in(path, profile, door=door, ledger=ledger, now=now, progress=step)))
    return TakenIn(reports=tuple(reports))


def waiting_in(house: House) -> TakenIn:
    """Take nothing in, and say what waits in a house."""
    with opened_door(house) as door:
        return TakenIn(reports=(), waiting=door.quarantine.counts())


@contextmanager
def opened_door(house: House) -> Iterator[Door]:
    """Open the door of a house for a while."""
    locks = Locks(keys=house.keys, cipher=AesGcm())
    door = open_door(house.sealed_path, locks=locks, readers=READERS, period=PERIOD)
    try:
        yield door
    finally:
        door.close()


def check_files(files: Sequence[Path]) -> None:
    """Raise SourceError for the first path that cannot be a file to read, before anything is made."""
    for path in files:
        if not path.is_file():
            raise SourceError(
                expected=f"a file named {without_bsn(path.name)}",
                found=_instead_of_a_file(path),
                remedy="correct the path",
            )


def _instead_of_a_file(path: Path) -> str:
    if path.is_dir():
        return "a directory"
    return "a pipe or device" if path.exists() else "nothing"


def _told_of(path: Path, told: Callable[[Path, Progress], None]) -> Callable[[Progress], None]:
    return lambda progress: told(path, progress)
