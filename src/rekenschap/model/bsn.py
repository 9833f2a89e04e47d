# SPDX-License-Identifier: EUPL-1.2
"""Tells a citizen service number (BSN) by its length and its eleven-test, however it is written in a text.

Read in normal form NFKC (full-width digits, no-break spaces); between two digits at most two marks may stand.
Marks that also make times, lists and codes (_ : ,) count only in the groups in which people write a BSN.
Knows single texts only; columns of them are read in `intake.fields.numbers_in_text`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
"""Of the eleven-test, from the first digit to the last."""
_MARKS = "[\\s./\u2010-\u2015\u2212-]{0,2}"  # white space, dot, slash, and the dashes that NFKC leaves apart
_ANY = "(?:[_:\\s./\u2010-\u2015\u2212-]{1,2}|,)"
_BY_THREE = rf"[0-9]{{3}}{_ANY}[0-9]{{3}}{_ANY}[0-9]{{3}}"
_IN_GROUPS = "|".join(
    (
        _BY_THREE,
        "[0-9]{4}[_:][0-9]{2}[_:][0-9]{3}",  # as in 9999.90.019
        "[0-9]{2}_[0-9]{2}_[0-9]{2}_[0-9]{3}",
        "[0-9](?:_[0-9]){8}",
    )
)
_GROUPED = re.compile(rf"(?<![0-9])(?<![0-9][,:])(?:{_IN_GROUPS})(?![0-9]|[.,:][0-9])")
"""A stretch on its own: not the end of a longer amount or time, nor the begin of one with decimals."""
MAYBE_BSN = rf"[0-9](?:{_MARKS}[0-9]){{7}}|{_IN_GROUPS}"
"""Every text with a BSN in normal form holds this; most texts without one do not."""
_RUN = re.compile(rf"[0-9](?:{_MARKS}[0-9]){{7,}}")
_WHOLE = re.compile(rf"[0-9](?:{_MARKS}[0-9]){{7,8}}")
_ZERO_DECIMALS = re.compile(r"[.,]0+$")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", re.ASCII)
_DUTCH_DATE = re.compile(r"(?:0[1-9]|[12]\d|3[01])([-./ ])(?:0[1-9]|1[0-2])\1(?:19|20)\d\d", re.ASCII)


def is_bsn(digits: str) -> bool:
    """Tell whether 8 or 9 digits pass the eleven-test (a BSN of 8 lost its leading zero); 0 is none."""
    if not 8 <= len(digits) <= 9 or not (digits.isascii() and digits.isdigit()) or not int(digits):
        return False
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits.zfill(9), strict=True)) % 11 == 0


def as_bsn(text: str) -> str | None:
    """Give the nine digits of a text that is a BSN and nothing else; marks and decimals of zero fall away."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for written in (_ZERO_DECIMALS.sub("", plain), plain):
        if (_WHOLE.fullmatch(written) or _GROUPED.fullmatch(written)) and is_bsn(digits := _digits(written)):
            return digits.zfill(9)
    return None


def bsns_in(text: str) -> set[str]:
    """Give every BSN in a text, in its nine digits; one in eleven other such numbers is among them.

    Eight digits that are a date (20111006) are none.
    """
    plain = in_normal_form(text)
    return {_digits(plain[start:end]).zfill(9) for start, end in _places(plain)}


def holds_bsn(plain: str) -> bool:
    """Tell whether a BSN stands in a text that is in normal form already."""
    return any(True for _ in _places(plain))


def without_bsn(text: str) -> str:
    """Give a text to show, such as the name of a file: every digit a 9 when a BSN stands in it."""
    return re.sub(r"\d", "9", text) if bsns_in(text) else text


def bsns_replaced(text: str, instead: str) -> str:
    """Give a text with other words where a BSN stood; what has none comes back as it was written."""
    plain = in_normal_form(text)
    told, until = "", 0
    for start, end in _apart(sorted(_places(plain))):
        told, until = told + plain[until:start] + instead, end
    return told + plain[until:] if until else text


def in_normal_form(text: str) -> str:
    """Give a text in the form in which a BSN is looked for."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join places that overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Give where each stretch begins and ends that is a BSN as written."""
    for run in _RUN.finditer(text):
        for start, end in _parts(run[0]):
            if _is_written(run[0][start:end]):
                yield run.start() + start, run.start() + end
    for group in _GROUPED.finditer(text):
        if _is_written(group[0]):
            yield group.span()


def _is_written(part: str) -> bool:
    digits = _digits(part)
    return is_bsn(digits) and not (_DATE.fullmatch(digits) or _DUTCH_DATE.fullmatch(part))


def _parts(run: str) -> list[tuple[int, int]]:
    """Give every stretch of whole groups with 8 or 9 digits together.

    One with dots in it that is cut at a dot is left out: fields of the BRP are written `01.02.10 01.03.10`.
    """
    groups = [(group.start(), group.end()) for group in re.finditer("[0-9]+", run)]
    until = [0, *accumulate(end - start for start, end in groups)]
    return [
        (groups[first][0], groups[last][1])
        for first in range(len(groups))
        for last in range(first, min(first + 9, len(groups)))
        if 8 <= until[last + 1] - until[first] <= 9 and not _is_cut(run, groups[first][0], groups[last][1])
    ]


def _is_cut(run: str, start: int, end: int) -> bool:
    return "." in run[start:end] and "." in (run[start - 1 : start] + run[end : end + 1])


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)
