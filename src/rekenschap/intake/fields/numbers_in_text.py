# SPDX-License-Identifier: EUPL-1.2
"""Finds citizen service numbers (BSN) in columns of texts and numbers; what a BSN is says `model.bsn`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.parsed import Mask
from rekenschap.model import bsn


def holds_bsn(texts: pa.Array) -> Mask:
    """Tell of each text whether a BSN stands in it; eight digits that are a date (20111006) pass."""
    coded = texts.dictionary_encode()
    plain = coded.dictionary
    if not pc.all(pc.string_is_ascii(plain)).as_py():
        plain = pc.utf8_normalize(plain, form="NFKC")
    maybe = pc.match_substring_regex(plain, bsn.MAYBE_BSN)
    if not pc.any(maybe).as_py():
        return np.zeros(len(texts), dtype=bool)
    at = np.flatnonzero(np.asarray(maybe))
    found = np.zeros(len(plain), dtype=bool)
    found[at] = [bsn.holds_bsn(text) for text in plain.take(pa.array(at)).to_pylist()]
    return np.asarray(pa.array(found).take(coded.indices).fill_null(False))


def are_bsns(numbers: npt.NDArray[np.int64]) -> Mask:
    """Tell of each number of 8 or 9 digits whether it passes the eleven-test."""
    total = np.zeros(len(numbers), dtype=np.int64)
    for place, weight in enumerate(reversed(bsn.WEIGHTS)):
        total += weight * (numbers // 10**place % 10)
    found: Mask = (numbers >= 10**7) & (numbers < 10**9) & (total % 11 == 0)
    return found
