# SPDX-License-Identifier: EUPL-1.2
"""No identity twice: of 100 million facts too, in little memory, on a temporary file that has no name.

Compares the first 8 bytes of each identity. Two facts as good as never share them by chance; still the whole
identities are looked at before there is an alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
_AT_ONCE = 1 << 22  # 32 MiB: identities that are sorted together


@dataclass(slots=True)
class _Kept:
    """Sorted runs of one relation, after each other in the file: where each begins, and its length."""

    runs: list[tuple[int, int]] = field(default_factory=list)
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
        kept.runs.append((self._end, len(identities)))
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
        if not self._end:
            return {}
        every = np.memmap(self._file, dtype=np.uint64, mode="r")
        found = {name: _twice_in(every, kept) for name, kept in self._kept.items()}
        return {name: ids for name, ids in found.items() if len(ids)}


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


def _twice_in(every: np.memmap[tuple[int, ...], np.dtype[np.uint64]], kept: _Kept) -> Identities:
    """Merge the runs part by part; the parts are equally wide, as identities are hashes."""
    runs = [every[at // 8 : at // 8 + count] for at, count in kept.runs]
    parts = max(1, -(-kept.total // _AT_ONCE))
    borders = [(1 << 64) * part // parts for part in range(1, parts)]
    cuts = [
        np.concatenate(([0], np.searchsorted(run, np.array(borders, dtype=np.uint64)), [len(run)]))
        for run in runs
    ]
    found = [
        _doubles(
            np.concatenate([run[cut[part] : cut[part + 1]] for run, cut in zip(runs, cuts, strict=True)])
        )
        for part in range(parts)
    ]
    return np.concatenate(found)


def _doubles(identities: Identities) -> Identities:
    ordered = np.sort(identities)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
