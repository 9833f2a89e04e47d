# SPDX-License-Identifier: EUPL-1.2
"""Records as they came in, sealed beside the ledger: a file per day, in it one sealed piece per delivery.

The ledger has a token of each record, keyed and made over all of it; so what comes out here can be checked,
and a record that was taken away here leaves only its token there. A piece that broke off half-way, because
the machine stopped, is cut away before the next is written: its facts never reached the ledger.
"""

from __future__ import annotations

import fcntl
import hmac
import os
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.errors import KeysError, StoreError
from rekenschap.seams.cipher import Cipher
from rekenschap.tables import TOKEN_WIDTH

RECORDS = "records"
_ENDING = ".sealed"
_LABEL = b"rekenschap/records/v1"
_HEAD = 12
"""Bytes before a sealed piece: its length (4), and when it was recorded in µs UTC (8), big-endian."""

_AT_ONCE = 16_384
_SCHEMA = pa.schema([pa.field("token", pa.binary(TOKEN_WIDTH)), pa.field("record", pa.large_binary())])
_SQUEEZED = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Records of one delivery: token and record of each, and when they were recorded (µs UTC)."""

    recorded_at: int
    table: pa.Table


class SealedRecords:
    """The records in `folder`/records, under a key of their own."""

    def __init__(self, folder: Path, *, cipher: Cipher, sealing_key: bytes) -> None:
        self._folder = folder / RECORDS
        self._cipher = cipher
        self._key = hmac.digest(sealing_key, _LABEL, "sha256")
        self._ends: dict[Path, int] = {}

    def put(self, tokens: pa.Array, records: pa.Array, *, recorded_at: int) -> None:
        """Seal records (binary) with their tokens; on return they are on disk."""
        path = self._folder / f"{_day_of(recorded_at)}{_ENDING}"
        table = pa.table([tokens, records.cast(pa.large_binary())], schema=_SCHEMA)
        with _written(path) as stream:
            if os.fstat(stream.fileno()).st_size != self._ends.get(path):
                stream.truncate(_sound_end(stream))
            stream.seek(0, os.SEEK_END)
            for at in range(0, table.num_rows, _AT_ONCE):
                stream.write(self._sealed(path.stem, table.slice(at, _AT_ONCE), recorded_at))
            self._ends = {path: stream.tell()}

    def pieces(self, *, since: int | None = None, until: int | None = None) -> Iterator[Piece]:
        """Give the records recorded from `since` up to `until` (µs UTC, both may be open), in that order.

        Raises KeysError when a piece does not open under the key of the house.
        """
        for path in self._files():
            if (since is None or path.stem >= _day_of(since)) and (
                until is None or path.stem <= _day_of(until)
            ):
                for recorded_at, sealed in _sealed_in(path):
                    if (since is None or recorded_at >= since) and (until is None or recorded_at < until):
                        yield self._opened(path.stem, recorded_at, sealed)

    def forget(self, tokens: Set[bytes]) -> int:
        """Write the days that hold these records anew without them; gives how many went."""
        unwanted = pa.array(sorted(tokens), pa.binary(TOKEN_WIDTH))
        return sum(
            self._left(path, lambda piece: pc.invert(_among(piece, unwanted))) for path in self._files()
        )

    def keep_only(self, tokens: pa.Array, *, before: int) -> int:
        """Do so with every record recorded before a moment (µs UTC) that is not among `tokens`."""
        return sum(
            self._left(
                path,
                lambda piece: (
                    pa.repeat(True, piece.table.num_rows)
                    if piece.recorded_at >= before
                    else _among(piece, tokens)
                ),
            )
            for path in self._files()
        )

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{_ENDING}")) if self._folder.is_dir() else []

    def _left(self, path: Path, wanted: Callable[[Piece], pa.Array]) -> int:
        gone = 0
        kept: list[bytes] = []
        with _written(path):
            for recorded_at, sealed in _sealed_in(path):
                piece = self._opened(path.stem, recorded_at, sealed)
                left = piece.table.filter(wanted(piece))
                gone += piece.table.num_rows - left.num_rows
                if left.num_rows:
                    kept.append(self._sealed(path.stem, left, recorded_at))
            if gone:
                _replace(path, b"".join(kept))
        return gone

    def _sealed(self, day: str, table: pa.Table, recorded_at: int) -> bytes:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, _SCHEMA, options=_SQUEEZED) as writer:
            writer.write_table(table)
        sealed = self._cipher.seal(self._key, sink.getvalue().to_pybytes(), bound_to=_bond(day, recorded_at))
        return len(sealed).to_bytes(4, "big") + recorded_at.to_bytes(8, "big") + sealed

    def _opened(self, day: str, recorded_at: int, sealed: bytes) -> Piece:
        plain = self._cipher.unseal(self._key, sealed, bound_to=_bond(day, recorded_at))
        try:
            return Piece(recorded_at=recorded_at, table=pa.ipc.open_stream(plain).read_all().cast(_SCHEMA))
        except (pa.ArrowInvalid, OSError):
            raise KeysError(
                expected="sealed records", found="something else", remedy="put the file back from a copy"
            ) from None


def _among(piece: Piece, tokens: pa.Array) -> pa.ChunkedArray:
    return pc.is_in(piece.table.column("token"), value_set=tokens)


def _bond(day: str, recorded_at: int) -> bytes:
    return day.encode() + recorded_at.to_bytes(8, "big")


def _day_of(recorded_at: int) -> str:
    return datetime.fromtimestamp(recorded_at / 1_000_000, UTC).strftime("%Y-%m-%d")


def _sealed_in(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as stream:
            end = _sound_end(stream)
            stream.seek(0)
            while stream.tell() < end:
                head = stream.read(_HEAD)
                yield int.from_bytes(head[4:], "big"), stream.read(int.from_bytes(head[:4], "big"))
    except OSError as error:
        raise _refusal(error) from None


def _sound_end(stream: BinaryIO) -> int:
    """Give where the last whole piece ends."""
    size = os.fstat(stream.fileno()).st_size
    at = 0
    while at + _HEAD <= size:
        stream.seek(at)
        until = at + _HEAD + int.from_bytes(stream.read(4), "big")
        if until > size:
            break
        at = until
    return at


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """Open a file for one writer at a time; what was written is on disk afterwards."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = not path.exists()
        with _locked(path) as stream:
            yield stream
            stream.flush()
            os.fdatasync(stream.fileno())
        if new:
            _sync_folder(path.parent)
    except OSError as error:
        raise _refusal(error) from None


def _locked(path: Path) -> BinaryIO:
    """Open and lock; a file that was written anew while we waited is opened again."""
    while True:
        stream = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        fcntl.flock(stream, fcntl.LOCK_EX)
        if path.exists() and os.fstat(stream.fileno()).st_ino == path.stat().st_ino:
            return stream
        stream.close()


def _replace(path: Path, content: bytes) -> None:
    anew = path.with_suffix(".new")
    with os.fdopen(os.open(anew, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    anew.replace(path)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _refusal(error: OSError) -> StoreError:
    return StoreError(
        expected="a folder of sealed records that can be read and written",
        found=f"one that refuses ({error.strerror or type(error).__name__})",
        remedy="make room or check the rights of the folder",
        retryable=True,
    )
