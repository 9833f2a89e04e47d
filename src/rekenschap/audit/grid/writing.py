# SPDX-License-Identifier: EUPL-1.2
"""Writes a month of looks: a file for each bucket of staff, sorted by subject, and where each subject is.

FOLDER/<month>/00.parquet .. 63   looks by the bucket of who looked, in order of subject and time
FOLDER/<month>/subject.u32        the first half of each subject, in rising order ..
FOLDER/<month>/bucket.u8          .. and a bucket with looks at it; a subject in three buckets stands thrice
One file answers who somebody looked at that month; a few answer who looked at somebody. Retention removes a
directory. Nothing in it is a fact.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

BUCKETS = 64
_ROWS = 8_192
"""Rows that are read together: to find one subject one such group is read of each file."""

_Whole = npt.NDArray[np.int64]


def bucket_of(staff: _Whole) -> _Whole:
    """Give the bucket of each member of staff."""
    return staff & (BUCKETS - 1)


def prefix_of(subject: _Whole) -> npt.NDArray[np.uint32]:
    """Give the first half of each subject: enough to know the files, as two seldom share it."""
    return (subject.view(np.uint64) >> np.uint64(32)).astype(np.uint32)


def write_month(folder: Path, month: str, looks: pa.Table) -> None:
    """Write the looks of one month (`staff`, `subject`, `looked_at` and whatever a list shows), in its place.

    What stood there is replaced when all is written. Holds the month in memory, about twice.
    """
    staff, subject, at = (
        np.asarray(looks.column(name), dtype=np.int64) for name in ("staff", "subject", "looked_at")
    )
    bucket = bucket_of(staff)
    order = np.lexsort([at, subject, bucket])
    ends = np.searchsorted(bucket[order], np.arange(BUCKETS + 1))
    making, place = folder / f".{month}", folder / month
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    texts = [field.name for field in looks.schema if not pa.types.is_integer(field.type)]
    for each in range(BUCKETS):
        if ends[each] < ends[each + 1]:
            rows = looks.take(pa.array(order[ends[each] : ends[each + 1]]))
            pq.write_table(
                rows, making / f"{each:02}.parquet", row_group_size=_ROWS, compression="zstd",
                compression_level=1, use_dictionary=texts, store_schema=False,
            )  # fmt: skip
    _write_locator(making, prefix_of(subject), bucket)
    shutil.rmtree(place, ignore_errors=True)
    making.rename(place)


def _write_locator(place: Path, prefix: npt.NDArray[np.uint32], bucket: _Whole) -> None:
    known = np.unique((prefix.astype(np.uint64) << np.uint64(8)) | bucket.astype(np.uint64))
    (known >> np.uint64(8)).astype(np.uint32).tofile(place / "subject.u32")
    (known & np.uint64(255)).astype(np.uint8).tofile(place / "bucket.u8")
