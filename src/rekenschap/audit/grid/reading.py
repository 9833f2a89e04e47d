# SPDX-License-Identifier: EUPL-1.2
"""Reads the grid: who looked at somebody in years, or whom somebody looked at in a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.adapters.engines.parquet import Given, ParquetFiles
from rekenschap.audit.grid.writing import bucket_of, prefix_of

_HERE = Path(__file__).parent

MOST = 10_000
"""Looks that are given at most: somebody whom everybody looks at is read in pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Month:
    """Where the subjects of a month are."""

    name: str
    subject: npt.NDArray[np.uint32]
    bucket: npt.NDArray[np.uint8]

    def files(self, prefix: np.uint32) -> list[str]:
        first, last = (int(np.searchsorted(self.subject, prefix, side=side)) for side in ("left", "right"))
        return [f"{self.name}/{each:02}.parquet" for each in self.bucket[first:last]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The looks of all months that are there, opened; may be asked by several threads."""

    folder: Path
    months: tuple[_Month, ...]
    _files: ParquetFiles = field(repr=False)

    @classmethod
    def open(cls, folder: Path, *, threads: int = 1) -> Grid:
        """Open the grid below `folder`; raises EngineError."""
        names = sorted(each.parent.name for each in folder.glob("[!.]*/subject.u32"))
        return cls(
            folder=folder,
            months=tuple(_month(folder, each) for each in names),
            _files=ParquetFiles(folder, threads=threads),
        )

    def at_subject(
        self, subject: int, *, first: str = "", last: str = "~", most: int = MOST
    ) -> pa.Table | None:
        """Give the newest looks at one subject in the months `first` up to and with `last`; None for none.

        A month is named as it was written; names are compared as text.
        """
        prefix = prefix_of(np.array([subject], dtype=np.int64))[0]
        months = [each for each in self.months if first <= each.name <= last]
        files = [file for each in months for file in each.files(prefix)]
        return self._answer("at_subject", files, subject, most)

    def of_staff(self, staff: int, month: str, *, most: int = MOST) -> pa.Table | None:
        """Give the newest looks of one member of staff in a month; None when nobody of that bucket looked."""
        file = f"{month}/{int(bucket_of(np.array([staff], dtype=np.int64))[0]):02}.parquet"
        return self._answer("of_staff", [file] if (self.folder / file).exists() else [], staff, most)

    def close(self) -> None:
        """Let go of the files."""
        self._files.close()

    def _answer(self, name: str, files: Sequence[str], who: int, most: int) -> pa.Table | None:
        if not files:
            return None
        given: dict[str, Given] = {"files": list(files), "who": who, "most": most}
        return self._files.answer(_sql(name), given, query_id=name)


def _month(folder: Path, name: str) -> _Month:
    place = folder / name
    return _Month(
        name=name,
        subject=np.memmap(place / "subject.u32", dtype=np.uint32, mode="r"),
        bucket=np.memmap(place / "bucket.u8", dtype=np.uint8, mode="r"),
    )


@cache
def _sql(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
