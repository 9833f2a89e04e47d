# SPDX-License-Identifier: EUPL-1.2
"""Reads the numbers that a source gave its own rows, and to which of its countings each belongs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.errors import SourceError
from rekenschap.intake.fields.choosing import Texts, text_for
from rekenschap.intake.fields.numbers_in_text import are_bsns, holds_bsn
from rekenschap.intake.fields.parsed import Mask, mask_of, null_where
from rekenschap.intake.profile import ColumnRule, SequenceRule

_NUMBER = r"^\d{1,18}$"
_TOO_MANY_ALIKE = 3
BETWEEN = "\x1f"
"""Stands between source and stream; no text that passes the door holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Of each row of a block its number (null: none that can be read) and its counting.

    `absent` and `unreadable` say which rows have no number, and why.
    """

    number: pa.Array
    counting: pa.Array
    absent: Mask
    unreadable: Mask


def numbers_of(texts: Texts, rule: SequenceRule, source: ColumnRule) -> Numbers:
    """Read the numbers of a block; raises SourceError when they could well be identifiers of people."""
    told = texts.column(rule.column)
    fits = mask_of(pc.match_substring_regex(told, _NUMBER))
    number = null_where(told, ~fits).cast(pa.int64())
    _check_no_identifiers(number)
    system = text_for(texts, source).fill_null("")
    stream = (
        pa.repeat(pa.scalar("", pa.string()), len(texts))
        if rule.stream is None
        else texts.column(rule.stream).fill_null("")
    )
    unclean = holds_bsn(system) | holds_bsn(stream)
    return Numbers(
        number=null_where(number, unclean),
        counting=pc.binary_join_element_wise(system, stream, BETWEEN),
        absent=mask_of(told.is_null()),
        unreadable=mask_of(told.is_valid()) & ~fits,
    )


def _check_no_identifiers(number: pa.Array) -> None:
    """A counter passes the eleven-test once in eleven; a column of BSNs always does, and would be kept."""
    values = np.asarray(number.drop_null())
    alike = are_bsns(values).sum()
    if alike >= _TOO_MANY_ALIKE and 2 * alike > len(values):
        raise SourceError(
            expected="a column that counts rows by one, for sequence",
            found="numbers that may well be of people",
            remedy="name the column with the number of the row in the profile",
        )
