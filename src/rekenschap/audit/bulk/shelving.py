# SPDX-License-Identifier: EUPL-1.2
"""Facts in work form into Parquet, so that a look and the work around its subject lie in files of one number.

FOLDER/<relation>/00.parquet ..   rows by the bucket of their subject, or of the subject of their zaak
FOLDER/<relation>/loose.parquet   rows that name no subject we know: found from every bucket
FOLDER/<relation>/all.parquet     relations that are searched whole
Nothing in it is a fact; all can be made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.model.relations import SEARCHED_RELATIONS

BUCKETS = 64
LOOSE, ALL = "loose", "all"

BY_SUBJECT = ("consultation", "zaak", "assignment", "task", "contact")
"""The relations that lie in buckets; the others are small, or say nothing of one subject, and lie whole."""

_ROWS = 131_072
_Whole = npt.NDArray[np.int64]


def bucket_of(subject: _Whole) -> _Whole:
    """Give the bucket of each subject: the last bits of a token, which is as good as drawn by lot."""
    return subject & (BUCKETS - 1)


def file_of(relation: str, which: int | str) -> str:
    """Name the file of a relation and a bucket."""
    return f"{relation}/{which:02}.parquet" if isinstance(which, int) else f"{relation}/{which}.parquet"


def shelve(facts: Mapping[str, pa.Table], folder: Path) -> None:
    """Write all relations of facts (work form) below an empty `folder`."""
    subjects = _Subjects.of(facts["zaak"]) if "zaak" in facts else _Subjects.none()
    for name, rows in facts.items():
        if name not in SEARCHED_RELATIONS:
            continue
        (folder / name).mkdir(parents=True, exist_ok=True)
        if name in BY_SUBJECT:
            _spread(rows, folder, name, subjects)
        elif len(rows):
            write_part(rows, folder / file_of(name, ALL))


def write_part(rows: pa.Table, path: Path) -> None:
    """Write rows as they stand, in groups large enough to be read at once."""
    texts = [field.name for field in rows.schema if pa.types.is_string(field.type)]
    pq.write_table(
        rows, path, row_group_size=_ROWS, compression="zstd", compression_level=1, use_dictionary=texts,
        write_statistics=True, store_schema=False,
    )  # fmt: skip


class _Subjects:
    """The subject of each zaak; a zaak may have several."""

    def __init__(self, zaak: _Whole, subject: _Whole) -> None:
        order = np.argsort(zaak, kind="stable")
        self._zaak, self._subject = zaak[order], subject[order]

    @classmethod
    def none(cls) -> _Subjects:
        nothing: _Whole = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing)

    @classmethod
    def of(cls, zaken: pa.Table) -> _Subjects:
        known = zaken.filter(pc.is_valid(zaken.column("subject")))
        return cls(*(np.asarray(known.column(name), dtype=np.int64) for name in ("zaak", "subject")))

    def buckets(self, zaak: pa.ChunkedArray) -> tuple[_Whole, _Whole]:
        """Give rows and buckets: a row for each subject of its zaak."""
        asked = np.asarray(pc.fill_null(zaak, 0), dtype=np.int64)
        first, last = (np.searchsorted(self._zaak, asked, side=side) for side in ("left", "right"))
        times = np.where(np.asarray(pc.is_valid(zaak)), last - first, 0)
        rows = np.repeat(np.arange(len(asked)), times)
        place = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
        return rows, bucket_of(self._subject[first[rows] + place])


def _spread(rows: pa.Table, folder: Path, name: str, subjects: _Subjects) -> None:
    """Put each row where a look at its subject finds it, and where a look at the subject of its zaak does."""
    places: list[tuple[_Whole, _Whole]] = []
    if "subject" in rows.column_names:
        about = rows.column("subject")
        some = np.flatnonzero(np.asarray(pc.is_valid(about)))
        places.append((some, bucket_of(np.asarray(about.take(pa.array(some)), dtype=np.int64))))
    if name not in ("consultation", "zaak"):  # any look may name a zaak of nobody: that one lies loose
        places.append(subjects.buckets(rows.column("zaak")))
    pairs = np.unique(np.hstack([each[0] * BUCKETS + each[1] for each in places]))
    row, bucket = np.divmod(pairs, BUCKETS)
    for each, some in _by_bucket(row, bucket):
        write_part(rows.take(pa.array(some)), folder / file_of(name, each))
    loose = np.setdiff1d(np.arange(len(rows)), row)
    if len(loose):
        write_part(rows.take(pa.array(loose)), folder / file_of(name, LOOSE))


def _by_bucket(row: _Whole, bucket: _Whole) -> Iterable[tuple[int, _Whole]]:
    order = np.argsort(bucket, kind="stable")
    ends = np.searchsorted(bucket[order], np.arange(BUCKETS + 1))
    for each in range(BUCKETS):
        if ends[each] < ends[each + 1]:
            yield each, row[order[ends[each] : ends[each + 1]]]
