# SPDX-License-Identifier: EUPL-1.2
"""Columns side by side: how the tables of the town are cut, joined and drawn from.

Knows nothing of what the columns mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

Columns = TypeVar("Columns", bound="DataclassInstance")

NONE = -1
"""An empty place in a whole-number column."""


def stream(seed: int, part: str) -> np.random.Generator:
    """Give the generator of one part of the town: a switch in one part leaves the draws of others alone."""
    return np.random.default_rng([seed, *part.encode()])


def rows_of(table: DataclassInstance) -> int:
    """Count the rows of a table of equally long columns."""
    return len(getattr(table, fields(table)[0].name))


def taken(table: Columns, index: Ints | Flags | slice) -> Columns:
    """Give the rows at `index` (positions, a flag for each row, or a stretch)."""
    return type(table)(**{each.name: getattr(table, each.name)[index] for each in fields(table)})


def joined(parts: Sequence[Columns]) -> Columns:
    """Put tables of the same columns below one another."""
    kind = type(parts[0])
    return kind(**{e.name: np.concatenate([getattr(part, e.name) for part in parts]) for e in fields(kind)})


def repeated(counts: Ints) -> Ints:
    """Give each position as often as `counts` says."""
    return np.repeat(np.arange(len(counts), dtype=np.int64), counts)


def rank_within(counts: Ints) -> Ints:
    """Number the rows of `repeated(counts)` from 0 within each position."""
    starts = np.cumsum(counts) - counts
    return np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(starts, counts)


def happens(rng: np.random.Generator, rate: float, size: int) -> Flags:
    """Draw a flag for each row that is true with chance `rate`."""
    return rng.random(size) < rate


def drawn(rng: np.random.Generator, weights: Sequence[float] | Floats, size: int) -> Ints:
    """Draw positions in proportion to `weights`."""
    heights = np.cumsum(np.asarray(weights, dtype=np.float64))
    found: Ints = np.searchsorted(heights, rng.random(size) * heights[-1], side="right").astype(np.int64)
    return found


def between(rng: np.random.Generator, low: int, high: int, *, size: int) -> Ints:
    """Draw whole numbers from `low` up to and including `high`."""
    return rng.integers(low, high, size, endpoint=True, dtype=np.int64)
