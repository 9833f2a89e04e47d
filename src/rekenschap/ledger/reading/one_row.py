# SPDX-License-Identifier: EUPL-1.2
"""One row of a Parquet file in a store, without reading the others: the footer and one row group.

Believes nothing it reads; whoever asked hashes the row.
"""

from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from rekenschap.ledger.segments import PLACE, UNREADABLE, Segment, unreadable
from rekenschap.seams.store import Store

_FOOTER = 65_536  # the last bytes, read at once: the footer of a whole segment is in them


class BlobFile(io.RawIOBase):
    """A blob as a file that is read piece by piece; its end is kept, as Parquet begins there."""

    def __init__(self, store: Store, name: str) -> None:
        super().__init__()
        self._store, self._name, self._at = store, name, 0
        self._size = store.size(name)
        self._kept_from = max(self._size - _FOOTER, 0)
        self._kept = store.read(name, start=self._kept_from, length=self._size - self._kept_from)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from any place."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a byte."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def tell(self) -> int:
        """Say at which byte it is."""
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes, or all that are left."""
        left = max(self._size - self._at, 0)
        length = left if size < 0 else min(size, left)
        start, self._at = self._at, self._at + length
        if not length:
            return b""
        if start >= self._kept_from:
            return self._kept[start - self._kept_from : start - self._kept_from + length]
        return self._store.read(self._name, start=start, length=length)


def opened(store: Store, segment: Segment) -> pq.ParquetFile:
    """Open the Parquet file of a segment to read parts of it; raises WrongLeafError when it is not one."""
    source = BlobFile(store, segment.parquet)
    try:
        return pq.ParquetFile(
            pa.PythonFile(source, mode="r"), pre_buffer=True, page_checksum_verification=True
        )
    except UNREADABLE as error:
        raise unreadable(segment) from error


def stored_row(file: pq.ParquetFile, segment: Segment, place: int) -> pa.Table | None:
    """Read the row at a place of its segment, as on disk; None when no row stands there."""
    try:
        row = _row_of(file, place)
        for group in range(file.metadata.num_row_groups):
            height = file.metadata.row_group(group).num_rows
            if row is not None and row < height:
                return file.read_row_group(group, use_threads=False).slice(row, 1)
            row = None if row is None else row - height
    except UNREADABLE as error:
        raise unreadable(segment) from error
    return None


def _row_of(file: pq.ParquetFile, place: int) -> int | None:
    """Give the number of the row that stands at a place."""
    if PLACE not in file.schema_arrow.names:
        return place
    places = np.asarray(file.read(columns=[PLACE], use_threads=False).column(PLACE).combine_chunks())
    row = int(np.searchsorted(places, place))
    return row if row < len(places) and places[row] == place else None
