# SPDX-License-Identifier: EUPL-1.2
"""In which pack each token is: in runs of tokens in order, a row of the file of keys each, joined when many.

A tree with a row for each token, as version 2 of the file had, is the dearest part of taking many in: tokens
come in no order, so that nearly every page of it changes each time. What it holds is still found.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from rekenschap.intake.private.remembered import Mask, Tokens, halves
from rekenschap.tables import TOKEN_WIDTH

RUNS = """CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY AUTOINCREMENT, level INTEGER NOT NULL,
    many INTEGER NOT NULL, tokens BLOB NOT NULL, packs BLOB NOT NULL)"""
TREE = """CREATE TABLE IF NOT EXISTS places
    (token BLOB PRIMARY KEY, pack INTEGER NOT NULL) WITHOUT ROWID"""
GONE = 0
"""The pack of a token that was forgotten."""

_FAN, _MOST = 4, 2_000_000
"""So many runs of a level are joined to one, unless it would hold more tokens than this."""
_AT_ONCE = 5_000
_PIECE = 1 << 20
_FEW = 64
"""Up to so many tokens are sought one by one in a run."""
_SIEVE = 1 << 24
"""Places in each of two lists of marks: what has none of both is surely new."""
_MIXED = np.uint64(0x9E37_79B9_7F4A_7C15)
Packs = npt.NDArray[np.uint32]


class Places:
    """Reads and writes them over a connection; who writes has begun a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._base = connection
        self._sieve: list[npt.NDArray[np.bool_]] = []
        self._run, self._row = 0, 0
        self._trees: tuple[str, ...] = ()

    def known(self, tokens: Tokens) -> Mask:
        """Tell which tokens have a place, a key of their own, or were forgotten."""
        self._catch_up()
        found = self._maybe(tokens)
        at = np.flatnonzero(found)
        if at.size:
            some = tokens[at]
            found[at] = self._in_runs(some) | self._in_tables(some)
        return found

    def add(self, tokens: Tokens, packs: Packs) -> None:
        """Note in which packs tokens are that had no place."""
        self._catch_up()
        order = _order(tokens)
        self._put(0, tokens[order], packs[order])
        self._mark(tokens)
        self._join(0)

    def packs(self, token: bytes) -> list[int]:
        """Give the packs that hold a token."""
        row = self._base.execute("SELECT pack FROM places WHERE token = ?", (token,)).fetchone()
        found = [] if row is None else [int(row[0])]
        for number, at in self._spots(token):
            with self._base.blobopen("runs", "packs", number, readonly=True) as packs:
                packs.seek(4 * at)
                found.append(int.from_bytes(packs.read(4), "little"))
        return [pack for pack in found if pack != GONE]

    def forget(self, token: bytes) -> None:
        """Forget in which packs a token is; that it was there stays."""
        self._base.execute("DELETE FROM places WHERE token = ?", (token,))
        for number, at in self._spots(token):
            with self._base.blobopen("runs", "packs", number) as packs:
                packs.seek(4 * at)
                packs.write(GONE.to_bytes(4, "little"))

    def _put(self, level: int, tokens: Tokens, packs: Packs) -> None:
        row = (level, len(tokens), tokens.tobytes(), packs.tobytes())
        added = self._base.execute("INSERT INTO runs (level, many, tokens, packs) VALUES (?, ?, ?, ?)", row)
        if self._run == (added.lastrowid or 0) - 1:  # of others we have not seen yet what they added
            self._run += 1

    def _join(self, level: int) -> None:
        query = "SELECT number, many FROM runs WHERE level = ?"
        sizes = dict(self._base.execute(query, (level,)).fetchall())
        if len(sizes) < _FAN or sum(sizes.values()) > _MOST:
            return
        query = "SELECT tokens, packs FROM runs WHERE level = ? ORDER BY number"
        rows = self._base.execute(query, (level,)).fetchall()
        tokens = np.concatenate([halves(row[0]) for row in rows])
        packs = np.concatenate([np.frombuffer(row[1], dtype=np.uint32) for row in rows])
        order = _order(tokens)
        self._base.execute("DELETE FROM runs WHERE level = ?", (level,))
        self._put(level + 1, tokens[order], packs[order])
        self._join(level + 1)

    def _catch_up(self) -> None:
        """Mark what was added since, by whomever."""
        if not self._sieve:
            self._sieve = [np.zeros(_SIEVE, dtype=bool) for _ in range(2)]
            for (token,) in self._base.execute("SELECT token FROM places"):
                self._mark(halves(token))
        self._trees = tuple(
            table
            for table in ("keys", "places")
            if self._base.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608
        )
        query = "SELECT rowid, token FROM keys WHERE rowid > ? ORDER BY rowid"
        while rows := self._base.execute(f"{query} LIMIT {_AT_ONCE}", (self._row,)).fetchall():
            self._row = rows[-1][0]
            self._mark(halves(b"".join(token for _, token in rows)))
        query = "SELECT number, many FROM runs WHERE number > ? ORDER BY number"
        for number, many in self._base.execute(query, (self._run,)).fetchall():
            for tokens in self._read(number, many):
                self._mark(tokens)
            self._run = number

    def _mark(self, tokens: Tokens) -> None:
        for half, marks in enumerate(self._sieve):
            marks[tokens[:, half] & np.uint64(_SIEVE - 1)] = True

    def _maybe(self, tokens: Tokens) -> Mask:
        one, other = (
            marks[tokens[:, half] & np.uint64(_SIEVE - 1)] for half, marks in enumerate(self._sieve)
        )
        found: Mask = one & other
        return found

    def _in_runs(self, tokens: Tokens) -> Mask:
        found = np.zeros(len(tokens), dtype=bool)
        for number, many in self._base.execute("SELECT number, many FROM runs").fetchall():
            if len(tokens) <= _FEW:
                found |= [self._spot(number, many, each.tobytes()) is not None for each in tokens]
                continue
            for piece in self._read(number, many):
                found |= _among(piece, tokens)
        return found

    def _in_tables(self, tokens: Tokens) -> Mask:
        raw = tokens.tobytes()
        names = [raw[at : at + TOKEN_WIDTH] for at in range(0, len(raw), TOKEN_WIDTH)]
        found: set[bytes] = set()
        for some in _batches(sorted(names) if self._trees else ()):
            places = ",".join("?" * len(some))
            for table in self._trees:
                query = f"SELECT token FROM {table} WHERE token IN ({places})"  # noqa: S608
                found.update(token for (token,) in self._base.execute(query, some))
        return np.array([name in found for name in names], dtype=bool)

    def _read(self, number: int, many: int) -> Iterator[Tokens]:
        """Read a run in stretches."""
        with self._base.blobopen("runs", "tokens", number, readonly=True) as tokens:
            for _ in range(0, many, _PIECE):
                yield halves(tokens.read(_PIECE * TOKEN_WIDTH))

    def _spots(self, token: bytes) -> list[tuple[int, int]]:
        """Give in which runs a token is, and where."""
        runs = self._base.execute("SELECT number, many FROM runs").fetchall()
        spots = [(number, self._spot(number, many, token)) for number, many in runs]
        return [(number, at) for number, at in spots if at is not None]

    def _spot(self, number: int, many: int, token: bytes) -> int | None:
        sought = _place(token)
        low, high = 0, many
        with self._base.blobopen("runs", "tokens", number, readonly=True) as tokens:
            while low < high:
                middle = (low + high) // 2
                tokens.seek(TOKEN_WIDTH * middle)
                found = _place(tokens.read(TOKEN_WIDTH))
                if found == sought:
                    return middle
                low, high = (middle + 1, high) if found < sought else (low, middle)
        return None


def tokens_in_runs(rows: Iterable[tuple[bytes, ...]]) -> Iterator[tuple[bytes, int]]:
    """Give every token that was not forgotten, with its pack, of rows with tokens and packs."""
    for tokens, packs in rows:
        if TOKEN_WIDTH * len(packs) != 4 * len(tokens):
            continue
        for at, pack in enumerate(np.frombuffer(packs, dtype=np.uint32).tolist()):
            if pack != GONE:
                yield tokens[TOKEN_WIDTH * at : TOKEN_WIDTH * (at + 1)], pack


def first_of(tokens: Tokens) -> Mask:
    """Tell where each token stands for the first time."""
    found = np.ones(len(tokens), dtype=bool)
    order = _order(tokens)
    ranked = tokens[order]
    found[order[1:]] = (ranked[1:] != ranked[:-1]).any(axis=1)
    return found


def _ranks(tokens: Tokens) -> npt.NDArray[np.uint64]:
    """Give the number by which tokens are in order: of both halves, so that few have the same."""
    found: npt.NDArray[np.uint64] = tokens[:, 0] + tokens[:, 1] * _MIXED
    return found


def _order(tokens: Tokens) -> npt.NDArray[np.intp]:
    """Give the places of tokens in order; of a token that stands twice the first place first."""
    ranks = _ranks(tokens)
    order = np.argsort(ranks)
    ranked = ranks[order]
    if (ranked[1:] != ranked[:-1]).all():  # a sort that keeps no order among equals is far quicker
        return order
    return np.lexsort((tokens[:, 0], ranks))


def _place(token: bytes) -> tuple[int, int]:
    """Give by what a token is in order."""
    one = halves(token)
    return int(_ranks(one)[0]), int(one[0, 0])


def _among(run: Tokens, tokens: Tokens) -> Mask:
    """Tell which tokens are in a run."""
    in_order, sought = _ranks(run), _ranks(tokens)
    at = np.searchsorted(in_order, sought)
    found = np.zeros(len(tokens), dtype=bool)
    left = np.arange(len(tokens))
    while left.size:  # nearly always once: others of the same rank stand beside it
        left = left[at[left] < len(run)]
        left = left[in_order[at[left]] == sought[left]]
        found[left] |= (run[at[left]] == tokens[left]).all(axis=1)
        left = left[~found[left]]
        at[left] += 1
    return found


def _batches(tokens: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (tokens[at : at + _AT_ONCE] for at in range(0, len(tokens), _AT_ONCE))
