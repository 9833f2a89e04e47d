# SPDX-License-Identifier: EUPL-1.2
"""Texts to the values of one column, and what no column may hold. Identifiers stay text here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.choosing import as_texts
from rekenschap.intake.fields.coded import is_coded, spread
from rekenschap.intake.fields.numbers_in_text import are_bsns, holds_bsn
from rekenschap.intake.fields.octets import has_no_control, has_none_of, is_shorter
from rekenschap.intake.fields.parsed import Mask, Parsed, mask_of, null_where
from rekenschap.intake.fields.times import parse_times
from rekenschap.intake.profile import ColumnRule, DoubleHour
from rekenschap.model.columns import Column, Kind

LONGEST_TEXT = 2_000
"""Characters; a longer text is a document and no column of a fact."""

LONGEST_IDENTIFIER = 256
DAY = 86_400_000_000
HAPPENED_FROM = 631_152_000_000_000
"""1990-01-01 in µs UTC: what happened before is not in any log of today."""

AGREED_FROM = -2_208_988_800_000_000
"""1900-01-01 in µs UTC: a validity or an appointment may be older (a contract, a family tie)."""

AGREED_AHEAD = 100 * 365 * DAY
AGREED = frozenset({"valid_from", "valid_until", "started_at", "ended_at"})
"""Columns that say from when or until when something holds; they may lie ahead. The others have happened."""

_TRUE = ["true", "1", "yes", "y", "ja", "j", "waar"]
_FALSE = ["false", "0", "no", "n", "nee", "onwaar"]
_E_NOTATION = r"^[+-]?\d+([.,]\d+[eE][+-]?|[eE][+-])\d+$"
_E_NOTATION_OR_CODE = r"^[+-]?\d+([.,]\d+)?[eE][+-]?\d+$"
_UUID = r"^([0-9a-fA-F]{8})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{12})$"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What a time is read by: the zone of the source, its double hour, and the present (µs UTC)."""

    zone: str
    double_hour: DoubleHour
    now: int


def parse(texts: pa.Array, rule: ColumnRule, clock: Clock) -> Parsed:
    """Parse texts as the kind of column `rule` fills; null stays null, without a reason.

    A column that has the type of its kind already is only held to what no column may hold.
    """
    if is_coded(texts):
        return spread(texts, parse(texts.dictionary, rule, clock))
    if not pa.types.is_string(texts.type):
        typed = _typed(texts, rule.target, clock)
        if typed is not None:
            return typed
        texts = as_texts(texts)
    match rule.target.kind:
        case Kind.TIME:
            return _times(texts, rule, clock)
        case Kind.DAY:
            return _days(texts, rule, clock)
        case Kind.TEXT:
            return _texts(texts)
        case Kind.CODE:
            return _codes(texts, rule.target)
        case Kind.TOKEN:
            return _identifiers(texts, rule.target)
        case Kind.COUNT:
            return _counts(texts, rule.target)
        case Kind.FLAG:
            return _flags(texts)
        case Kind.BYTES:
            return _bytes(texts, rule.target)


def _typed(values: pa.Array, column: Column, clock: Clock) -> Parsed | None:
    """Take values that came typed; None when they are of another type than the column holds."""
    if column.kind is Kind.TIME and pa.types.is_timestamp(values.type) and values.type.tz:
        return _in_range(Parsed(values=values.cast(pa.timestamp("us", tz="UTC"))), column, clock)
    if column.kind is Kind.BYTES and values.type == pa.binary(column.width):
        return Parsed(values=values)
    if column.kind is Kind.FLAG and pa.types.is_boolean(values.type):
        return Parsed(values=values)
    return None


def _times(texts: pa.Array, rule: ColumnRule, clock: Clock) -> Parsed:
    parsed = parse_times(texts, formats=rule.formats, zone=clock.zone, double_hour=clock.double_hour)
    return _in_range(parsed, rule.target, clock)


def _in_range(parsed: Parsed, column: Column, clock: Clock) -> Parsed:
    """Refuse what cannot have happened, or cannot have been agreed."""
    lowest, highest = (
        (AGREED_FROM, clock.now + AGREED_AHEAD) if column.name in AGREED else (HAPPENED_FROM, clock.now + DAY)
    )
    number = parsed.values.cast(pa.int64())
    outside = mask_of(pc.or_(pc.less(number, lowest), pc.greater(number, highest)))
    return Parsed(
        values=null_where(parsed.values, outside), refused=(*parsed.refused, ("time-out-of-range", outside))
    )


def _days(texts: pa.Array, rule: ColumnRule, clock: Clock) -> Parsed:
    parsed = _times(texts, rule, clock)
    local = pc.local_timestamp(parsed.values.cast(pa.timestamp("us", tz=clock.zone)))
    return Parsed(values=pc.floor_temporal(local, unit="day").cast(pa.date32()), refused=parsed.refused)


def _texts(texts: pa.Array) -> Parsed:
    long = _longer(texts, LONGEST_TEXT)
    strange = _nowhere(texts) if has_no_control(texts) else mask_of(pc.match_substring_regex(texts, _CONTROL))
    return Parsed(
        values=texts,
        refused=(
            ("text-too-long", long),
            ("text-unreadable", strange),
            ("identifier-in-text", holds_bsn(null_where(texts, long))),
        ),
    )


def _longer(texts: pa.Array, most: int) -> Mask:
    return _nowhere(texts) if is_shorter(texts, most) else mask_of(pc.greater(pc.utf8_length(texts), most))


def _nowhere(texts: pa.Array) -> Mask:
    return np.zeros(len(texts), dtype=bool)


def _codes(texts: pa.Array, column: Column) -> Parsed:
    known = pc.is_in(texts, value_set=pa.array(column.codes, pa.string()))
    unknown = mask_of(pc.and_(texts.is_valid(), pc.invert(known)))
    return Parsed(values=texts, refused=(("code-unknown", unknown),))


def _identifiers(texts: pa.Array, column: Column) -> Parsed:
    long = _longer(texts, LONGEST_IDENTIFIER)
    return Parsed(
        values=texts,
        refused=(
            ("identifier-too-long", long),
            ("identifier-unreadable", _no_names(null_where(texts, long), column.domain)),
        ),
    )


def _no_names(texts: pa.Array, domain: str) -> Mask:
    """Tell what names nobody: an object, array or boolean of JSON, and a number that lost its last digits.

    `12E5` may be a code of a zaak or a room, so without mark or sign it is a number for a subject only.
    """
    if has_none_of(texts, "eE{["):
        return _nowhere(texts)
    shortened = _E_NOTATION_OR_CODE if domain == "subject" else _E_NOTATION
    plain = pc.or_(
        pc.is_in(texts, value_set=pa.array(["true", "false"])), pc.match_substring_regex(texts, shortened)
    )
    nested = mask_of(pc.match_substring_regex(texts, r"(?s)^(\{.*\}|\[.*\])$"))
    at = np.flatnonzero(nested)
    nested = nested.copy()
    nested[at] = [_is_json(text) for text in texts.take(pa.array(at)).to_pylist()]
    return mask_of(plain) | nested


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _counts(texts: pa.Array, column: Column) -> Parsed:
    fits = mask_of(pc.match_substring_regex(texts, r"^\+?\d{1,18}$"))
    values = pc.replace_substring_regex(null_where(texts, ~fits), r"^\+", "").cast(pa.int64())
    unreadable = mask_of(texts.is_valid()) & ~fits
    # a size in bytes has eight or nine digits by nature; nothing else that is counted here has
    hidden = are_bsns(np.asarray(values.fill_null(0))) & (column.unit != "bytes")
    return Parsed(values=values, refused=(("count-unreadable", unreadable), ("identifier-in-text", hidden)))


def _flags(texts: pa.Array) -> Parsed:
    lower = pc.utf8_lower(texts)
    true, false = (pc.is_in(lower, value_set=pa.array(words)) for words in (_TRUE, _FALSE))
    values = null_where(true, ~mask_of(pc.or_(true, false)))
    return Parsed(
        values=values, refused=(("flag-unreadable", mask_of(texts.is_valid()) & mask_of(values.is_null())),)
    )


def _bytes(texts: pa.Array, column: Column) -> Parsed:
    texts = pc.replace_substring_regex(texts, _UUID, r"\1\2\3\4\5") if column.width == 16 else texts
    pattern = rf"^[0-9a-fA-F]{{{2 * column.width}}}$"
    fits = mask_of(pc.match_substring_regex(texts, pattern))
    chosen = null_where(texts, ~fits).fill_null("00" * column.width)
    raw = np.frombuffer(bytes.fromhex("".join(chosen.to_pylist())), dtype=np.uint8)
    filled = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(column.width), len(texts), [None, pa.py_buffer(raw.tobytes())]
    )
    refused = (("bytes-unreadable", mask_of(texts.is_valid()) & ~fits),)
    return Parsed(values=null_where(filled, ~fits), refused=refused)
