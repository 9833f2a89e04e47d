# SPDX-License-Identifier: EUPL-1.2
"""One row of a Parquet file in a store, without reading the others: the footer and one row group.

Believes nothing it reads; whoever asked hashes the row.
"""

from __future__ import annotations

import io
from threading import Lock

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from rekenschap.ledger.reading.kept import Kept
from rekenschap.ledger.segments import PLACE, UNREADABLE, Segment, unreadable
from rekenschap.seams.store import Store
from rekenschap.tables import check_dictionaries

_FOOTER = 65_536  # the last bytes, read at once: the footer of a whole segment is in them
_FILES = 64  # some hundreds of kilobytes each
_GROUPS = 8  # some megabytes each


class BlobFile(io.RawIOBase):
    """A blob as a file that is read piece by piece; its end is kept, as Parquet begins there."""

    def __init__(self, store: Store, name: str) -> None:
        super().__init__()
        self._store, self._name, self._at = store, name, 0
        self._size = store.size(name)
        self._kept_from, self._kept = 0, b""
        self.keep(max(self._size - _FOOTER, 0), self._size)

    def keep(self, start: int, end: int) -> None:
        """Read a part at once, as far as it is there, to give smaller ones from until another is kept."""
        start = min(max(start, 0), self._size)
        length = max(min(end, self._size) - start, 0)
        self._kept_from = start
        self._kept = self._store.read(self._name, start=start, length=length) if length else b""

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
        if self._kept_from <= start and self._at <= self._kept_from + len(self._kept):
            return self._kept[start - self._kept_from : start - self._kept_from + length]
        return self._store.read(self._name, start=start, length=length)


class RowReader:
    """Reads single rows of the segments in a store; keeps a few footers, places and groups of rows."""

    __slots__ = ("_files", "_groups", "_store")

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files: Kept[Segment, _File] = Kept(_FILES)
        self._groups: Kept[tuple[Segment, int], pa.Table] = Kept(_GROUPS)

    def file(self, segment: Segment) -> pq.ParquetFile:
        """Give the Parquet file of a segment, open; raises WrongLeafError when it is not one."""
        return self._opened(segment).parquet

    def row(self, segment: Segment, place: int) -> pa.Table | None:
        """Read the row at a place of its segment, as on disk; None when no row stands there."""
        file = self._opened(segment)
        try:
            found = file.group_of(place)
            if found is None:
                return None
            group, row = found
            return self._groups.get((segment, group), lambda: file.read(group)).slice(row, 1)
        except UNREADABLE as error:
            raise unreadable(segment) from error

    def _opened(self, segment: Segment) -> _File:
        try:
            return self._files.get(segment, lambda: _File(self._store, segment))
        except UNREADABLE as error:
            raise unreadable(segment) from error


class _File:
    """One Parquet file; which place each row has is read when it is asked for."""

    __slots__ = ("_blob", "_ends", "_lock", "_places", "parquet")

    def __init__(self, store: Store, segment: Segment) -> None:
        self._blob = BlobFile(store, segment.parquet)
        source = pa.PythonFile(self._blob, mode="r")
        footer = pq.read_metadata(source)
        self.parquet = pq.ParquetFile(
            source,
            metadata=footer,
            read_dictionary=_few_texts(footer),
            pre_buffer=False,
            page_checksum_verification=True,
        )
        groups = range(self.parquet.metadata.num_row_groups)
        self._ends = np.cumsum([self.parquet.metadata.row_group(group).num_rows for group in groups])
        self._places: npt.NDArray[np.int32] | None = None
        self._lock = Lock()  # a Parquet file is read by one thread at a time

    def read(self, group: int) -> pa.Table:
        """Read a group of rows; its bytes lie together and are read at once."""
        described = self.parquet.metadata.row_group(group)
        columns = [described.column(number) for number in range(described.num_columns)]
        starts = [_start_of(column) for column in columns]
        with self._lock:
            self._blob.keep(
                min(starts),
                max(at + column.total_compressed_size for at, column in zip(starts, columns, strict=True)),
            )
            found = check_dictionaries(self.parquet.read_row_group(group, use_threads=False))
            self._blob.keep(0, 0)
        return found

    def group_of(self, place: int) -> tuple[int, int] | None:
        """Give the group of the row at a place of its run, and its number there; None when it has no row."""
        row = self._row_of(place)
        group = int(np.searchsorted(self._ends, row, side="right")) if row is not None else len(self._ends)
        if row is None or group == len(self._ends):
            return None
        return group, row - (int(self._ends[group - 1]) if group else 0)

    def _row_of(self, place: int) -> int | None:
        if PLACE not in self.parquet.schema_arrow.names:
            return place
        if self._places is None:
            with self._lock:
                column = self.parquet.read(columns=[PLACE], use_threads=False).column(PLACE)
            self._places = np.asarray(column.combine_chunks())
        row = int(np.searchsorted(self._places, place))
        return row if row < len(self._places) and self._places[row] == place else None


def _few_texts(footer: pq.FileMetaData) -> list[str]:
    """Name the texts that are written as dictionaries: thousands of rows are read for one of them."""
    first = footer.row_group(0) if footer.num_row_groups else None
    columns = [first.column(number) for number in range(first.num_columns)] if first else []
    return [
        each.path_in_schema
        for each in columns
        if each.physical_type == "BYTE_ARRAY" and "RLE_DICTIONARY" in each.encodings
    ]


def _start_of(column: pq.ColumnChunkMetaData) -> int:
    first = column.dictionary_page_offset
    return int(column.data_page_offset if first is None else min(first, column.data_page_offset))
