# SPDX-License-Identifier: EUPL-1.2
"""What parsing a column gives: values, and for each row that has none the reason why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Values of one column; `refused` gives, per reason code, the rows it holds for."""

    values: pa.Array
    refused: tuple[tuple[str, Mask], ...] = ()


def mask_of(flags: pa.Array) -> Mask:
    """Give an Arrow column of flags as numpy; null counts as false."""
    return np.asarray(flags.fill_null(False))


def null_where(values: pa.Array, mask: Mask) -> pa.Array:
    """Empty the rows of `mask`."""
    return pc.if_else(pa.array(mask), pa.scalar(None, values.type), values) if mask.any() else values
