# SPDX-License-Identifier: EUPL-1.2
"""Cells a spreadsheet program must read as text: what begins with = must never become a formula."""

from __future__ import annotations

import re

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


def neutral(text: str) -> str:
    """Put an apostrophe before what a program could take for a formula (OWASP: CSV injection)."""
    bare = text.lstrip(" \u00a0\ufeff\u200b")
    return f"'{text}" if bare.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def number_of(text: str) -> float | int | None:
    """Read a number as a Dutch or English page writes it; None when it is none."""
    bare = text.strip().replace("\u00a0", "").replace("\u202f", "")
    if re.fullmatch(r"-?\d{1,3}(?:[.,]\d{3})+", bare) or re.fullmatch(r"-?\d{1,15}", bare):
        return int(re.sub(r"[.,]", "", bare))
    return float(bare.replace(",", ".")) if re.fullmatch(r"-?\d{1,15}[.,]\d+", bare) else None
