# SPDX-License-Identifier: EUPL-1.2
"""Bytes of records to columns of text, a field at a time: code pages, zoned, packed and binary numbers.

An unsigned whole number keeps its leading zeros (a BSN, a number of a zaak); another is written plainly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.adapters.sources.records.layout import Field, Form

Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
_OVERPUNCHED = {
    **{ord(x): at for at, x in enumerate("{ABCDEFGHI")},
    **{ord(x): at - 100 for at, x in enumerate("}JKLMNOPQR")},
}


@dataclass(frozen=True, slots=True)
class Page:
    """A code page of one byte per character."""

    letters: npt.NDArray[np.uint32]
    is_ebcdic: bool
    space: int

    @classmethod
    def named(cls, encoding: str) -> Page:
        """Make the table of a code page; raises LookupError when it has more than one byte per character."""
        text = bytes(range(256)).decode(encoding, errors="replace")
        if len(text) != 256:
            raise LookupError(encoding)
        letters = np.array([ord(letter) for letter in text], dtype=np.uint32)
        is_ebcdic = text[0xF1] == "1"
        return cls(letters, is_ebcdic, 0x40 if is_ebcdic else 0x20)


def column_of(records: Bytes, field: Field, page: Page) -> tuple[pa.Array, Mask]:
    """Give the text of one field of all records, and which records hold no number where one must be."""
    raw = np.ascontiguousarray(records[:, field.start : field.start + field.length])
    if field.form is Form.TEXT:
        return _texts(raw, page), np.zeros(len(raw), dtype=bool)
    empty = (raw == page.space).all(axis=1) | ((raw == 0).all(axis=1) & (field.form is not Form.BINARY))
    digits, negative, valid = _READ[field.form](raw, field, page)
    values = np.zeros(len(raw), dtype=np.int64)
    for at in range(digits.shape[1]):
        values = values * 10 + digits[:, at]
    wrong = ~valid & ~empty
    texts = _written(values, negative, field)
    return pc.if_else(pa.array(wrong | empty), pa.scalar(None, pa.string()), texts), wrong


def _texts(raw: Bytes, page: Page) -> pa.Array:
    letters = np.ascontiguousarray(page.letters[raw])
    texts = letters.view(f"<U{raw.shape[1]}").ravel()
    return pc.utf8_rtrim_whitespace(pa.array(texts, pa.string()))


def _zoned(raw: Bytes, field: Field, page: Page) -> tuple[npt.NDArray[np.int64], Mask, Mask]:
    signs, raw = _apart(raw, field)
    if page.is_ebcdic:
        digits, zones = (raw & 0x0F).astype(np.int64), raw >> 4
        signed = zones[:, -1]
        valid = (digits <= 9).all(axis=1) & (zones[:, :-1] == 0xF).all(axis=1)
        valid &= (signed >= 0xA) if field.signed else np.isin(signed, (0xC, 0xF))
        negative = field.signed & np.isin(signed, (0xB, 0xD))
    else:
        table = np.full(256, -1_000, dtype=np.int64)
        table[0x30:0x3A] = range(10)
        last = table.copy()
        if field.signed:
            last[list(_OVERPUNCHED)] = list(_OVERPUNCHED.values())
            last[0x70:0x7A] = np.arange(10) - 100
        digits = table[raw]
        digits[:, -1] = last[raw[:, -1]]
        negative = (digits[:, -1] < 0) & (digits[:, -1] >= -100)
        digits[:, -1] = np.where(negative, digits[:, -1] + 100, digits[:, -1])
        valid = (digits >= 0).all(axis=1)
    if signs is not None:
        plus, minus = (0x4E, 0x60) if page.is_ebcdic else (0x2B, 0x2D)
        valid &= np.isin(signs, (plus, minus, page.space))
        negative = signs == minus
    return digits, negative, valid


def _apart(raw: Bytes, field: Field) -> tuple[Bytes | None, Bytes]:
    """Split a sign that stands in a byte of its own from the digits."""
    if not field.sign_apart:
        return None, raw
    return (raw[:, 0], raw[:, 1:]) if field.sign_apart == "LEADING" else (raw[:, -1], raw[:, :-1])


def _packed(raw: Bytes, field: Field, page: Page) -> tuple[npt.NDArray[np.int64], Mask, Mask]:
    nibbles = np.empty((len(raw), raw.shape[1] * 2), dtype=np.int64)
    nibbles[:, 0::2], nibbles[:, 1::2] = raw >> 4, raw & 0x0F
    digits, sign = nibbles[:, :-1], nibbles[:, -1]
    return digits, np.isin(sign, (0xB, 0xD)), (digits <= 9).all(axis=1) & (sign >= 0xA)


def _binary(raw: Bytes, field: Field, page: Page) -> tuple[npt.NDArray[np.int64], Mask, Mask]:
    kind = f">{'i' if field.signed else 'u'}{raw.shape[1]}"
    values = raw.view(kind).ravel()
    valid = values <= np.iinfo(np.int64).max
    wide = values.astype(np.int64)
    negative = wide < 0
    valid &= wide != np.iinfo(np.int64).min
    return np.abs(np.where(valid, wide, 0))[:, None], negative, valid


_READ = {Form.ZONED: _zoned, Form.PACKED: _packed, Form.BINARY: _binary}


def _written(values: npt.NDArray[np.int64], negative: Mask, field: Field) -> pa.Array:
    """Write numbers with their decimals and sign."""
    power = 10**field.decimals
    whole = pa.array(values // power, pa.int64()).cast(pa.string())
    if not field.signed and not field.decimals:
        return pc.utf8_lpad(whole, field.digits, "0")
    if field.decimals:
        rest = pc.utf8_lpad(pa.array(values % power, pa.int64()).cast(pa.string()), field.decimals, "0")
        whole = pc.binary_join_element_wise(whole, rest, ".")
    minus = pc.if_else(pa.array(negative & (values != 0)), "-", "")
    return pc.binary_join_element_wise(minus, whole, "")
