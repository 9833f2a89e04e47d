# SPDX-License-Identifier: EUPL-1.2
"""Finds a citizen service number (BSN) that stands in a text, by its length and its eleven-test."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.parsed import Mask

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_MAYBE = r"\d{8}|\d{4}\.\d{2}\.\d{3}|\d{3}[ .]\d{3}[ .]\d{3}"
_CANDIDATE = re.compile(r"(?<!\d)(?:\d{8,9}|\d{4}\.\d{2}\.\d{3}|\d{3}[ .]\d{3}[ .]\d{3})(?!\d)", re.ASCII)
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def is_bsn(digits: str) -> bool:
    """Tell whether 8 or 9 digits pass the eleven-test (a BSN of 8 lost its leading zero); 0 is none."""
    if not 8 <= len(digits) <= 9 or not (digits.isascii() and digits.isdigit()) or not int(digits):
        return False
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits.zfill(9), strict=True)) % 11 == 0


def holds_bsn(texts: pa.Array) -> Mask:
    """Tell of each text whether a BSN stands in it; eight digits that are a date (20111006) pass."""
    coded = texts.dictionary_encode()
    maybe = pc.match_substring_regex(coded.dictionary, _MAYBE)
    if not pc.any(maybe).as_py():
        return np.zeros(len(texts), dtype=bool)
    found = [
        flag and _holds(text)
        for flag, text in zip(maybe.to_pylist(), coded.dictionary.to_pylist(), strict=True)
    ]
    return np.asarray(pa.array(found, pa.bool_()).take(coded.indices).fill_null(False))


def _holds(text: str) -> bool:
    for match in _CANDIDATE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if is_bsn(digits) and not (len(digits) == 8 and _DATE.fullmatch(digits)):
            return True
    return False
