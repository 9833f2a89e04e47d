# SPDX-License-Identifier: EUPL-1.2
"""Remembers tokens that came by, in a fixed amount of memory; now and then one is forgotten for another.

Two tables, in each of which a token has one place: one that is taken in the first leaves the second, where a
newer token takes the place of an older. Tokens are keyed hashes, so nobody outside chooses their places.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.tables import TOKEN_WIDTH

Tokens = npt.NDArray[np.uint64]
"""Two numbers for each token."""

Mask = npt.NDArray[np.bool_]
_WHOLE = np.complex128
"""Sixteen bytes that numpy moves in one go; they are no number here."""

_PLACES = 1 << 19
"""In each table: together some million tokens in 16 MiB."""


class Remembered:
    """Tokens that came by."""

    def __init__(self, places: int = _PLACES) -> None:
        self._last = np.uint64(places - 1)
        self._first, self._second = (np.zeros(places, dtype=_WHOLE) for _ in range(2))

    def meet(self, tokens: Tokens) -> Mask:
        """Tell which tokens are not remembered, and remember these."""
        wholes = np.ascontiguousarray(tokens).view(_WHOLE)[:, 0]
        at, otherwise = ((tokens[:, half] & self._last).astype(np.intp) for half in (0, 1))
        there = _halved(self._first[at])
        new: Mask = ~_same(there, tokens)
        left = np.flatnonzero(new)  # those the first table does not have
        new[left] = ~_same(_halved(self._second[otherwise[left]]), tokens[left])
        free = new & (there[:, 0] == 0)
        self._first[at[free]] = wholes[free]
        taken = new & ~free
        self._second[otherwise[taken]] = wholes[taken]
        return new


def halves(raw: bytes | memoryview) -> Tokens:
    """Give tokens that stand behind one another as two numbers each."""
    return np.frombuffer(raw, dtype=np.uint64).reshape(-1, TOKEN_WIDTH // 8)


def raw_tokens(tokens: pa.FixedSizeBinaryArray) -> memoryview:
    """Give the bytes of tokens one behind another; none is null."""
    begin = tokens.offset * TOKEN_WIDTH
    stored = tokens.buffers()[1]
    return memoryview(b"" if stored is None else stored)[begin : begin + len(tokens) * TOKEN_WIDTH]


def _halved(wholes: npt.NDArray[np.complex128]) -> Tokens:
    return wholes.view(np.uint64).reshape(-1, 2)


def _same(these: Tokens, those: Tokens) -> Mask:
    found: Mask = (these[:, 0] == those[:, 0]) & (these[:, 1] == those[:, 1])
    return found
