# SPDX-License-Identifier: EUPL-1.2
"""No identity twice: of 100 million facts too, in little memory, on a temporary file that has no name.

Compares the first 8 bytes of each identity. Two facts as good as never share them by chance; still the whole
identities are looked at before there is an alarm.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO

import numpy as np
import numpy.typing as npt

from rekenschap.errors import InconsistentError
from rekenschap.ledger.check.listing import Place
from rekenschap.ledger.check.runs.opened import opened_rows
from rekenschap.ledger.facts import Schemas
from rekenschap.seams.store import Store

Identities = npt.NDArray[np.uint64]
Cuts = npt.NDArray[np.int64]
_AT_ONCE = 1 << 21  # 16 MiB: identities that are sorted together, by each of a few threads
_SORTERS = 4
_SHARES = 256  # equally wide, as identities are hashes
_BORDERS = np.arange(1, _SHARES, dtype=np.uint64) << np.uint64(56)


@dataclass(slots=True)
class _Kept:
    """Sorted runs of one relation, one after another in the file: where the shares of each begin and end."""

    runs: list[Cuts] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    total: int = 0


class Once:
    """Takes the identities of each run, sorted, and tells afterwards which came more than once."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile(prefix="rekenschap-")  # noqa: SIM115 — closed by close()
        self._kept: dict[str, _Kept] = {}
        self._end = 0

    def add(self, relation: str, identities: Identities, *, place: Place) -> None:
        """Take the sorted identities of one run."""
        kept = self._kept.setdefault(relation, _Kept())
        kept.places.append(place)
        inside = np.concatenate(([0], np.searchsorted(identities, _BORDERS), [len(identities)]))
        kept.runs.append(self._end + 8 * inside)
        kept.total += len(identities)
        self._file.write(identities.tobytes())
        self._end += identities.nbytes

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()

    def places(self, relation: str) -> Sequence[Place]:
        """Give the runs that have facts of a relation."""
        return self._kept[relation].places

    def twice(self) -> dict[str, Identities]:
        """Give, for each relation, the identities that came more than once."""
        self._file.flush()
        found = {name: self._twice_in(kept) for name, kept in self._kept.items()}
        return {name: ids for name, ids in found.items() if len(ids)}

    def _twice_in(self, kept: _Kept) -> Identities:
        """Put the runs together some shares at a time."""
        step = max(1, _SHARES * _AT_ONCE // max(kept.total, 1))
        starts = range(0, _SHARES, step)

        def doubles(start: int) -> Identities:
            return _doubles(self._read(kept, start, min(start + step, _SHARES)))

        with ThreadPoolExecutor(min(_SORTERS, os.cpu_count() or 1)) as pool:
            return np.concatenate([*pool.map(doubles, starts)])

    def _read(self, kept: _Kept, start: int, end: int) -> Identities:
        number = self._file.fileno()
        parts = [os.pread(number, int(cuts[end] - cuts[start]), int(cuts[start])) for cuts in kept.runs]
        return np.frombuffer(b"".join(parts), dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Identity:
    """Where the whole identities of a relation are read again."""

    store: Store
    schemas: Schemas
    relation: str

    def among(self, places: Sequence[Place], wanted: Identities) -> Iterator[tuple[bytes, int]]:
        """Give whole identity and entry of each fact whose first 8 bytes are wanted."""
        for place in places:
            for segment in place.parquets:
                if segment.relation == self.relation:
                    stored = opened_rows(self.store, segment, self.schemas)
                    short = stored.identities()
                    rows = np.flatnonzero(np.isin(short, wanted)) if short is not None else ()
                    for row in rows:
                        whole = stored.table.column("fact_id")[int(row)].as_py()
                        yield bytes(whole), place.first + int(stored.places[row])


def first_twice(facts: Identity, places: Sequence[Place], doubles: Identities) -> None:
    """Raise InconsistentError when two facts have one whole identity, naming the first such pair."""
    seen: dict[bytes, int] = {}
    for whole, entry in facts.among(places, doubles):
        if whole in seen:
            raise InconsistentError(
                expected=f"each fact of relation {facts.relation} once",
                found=f"one identity at entries {seen[whole]} and {entry}",
                remedy="keep the ledger as evidence and ask what put the fact in a second time",
                entry=entry,
            )
        seen[whole] = entry


def _doubles(identities: Identities) -> Identities:
    ordered = np.sort(identities)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
