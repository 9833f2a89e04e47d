# SPDX-License-Identifier: EUPL-1.2
"""What stands in the cells of a register kept as a table: Dutch and English, as people write it.

Each function gives None for a text it cannot read: guessing a basis in law would be worse than asking.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from math import ceil

from rekenschap.register.activity import BASES, OPEN, SHIELDED

_BASIS_WORDS = {
    "toestemming": "a", "consent": "a",
    "overeenkomst": "b", "contract": "b",
    "wettelijke verplichting": "c", "wettelijke plicht": "c", "legal obligation": "c",
    "vitaal belang": "d", "vitale belangen": "d", "vital interest": "d", "vital interests": "d",
    "taak van algemeen belang": "e", "algemeen belang": "e", "openbaar gezag": "e", "publieke taak": "e",
    "publiekrechtelijke taak": "e", "public task": "e", "public interest": "e",
    "gerechtvaardigd belang": "f", "gerechtvaardigde belangen": "f", "legitimate interest": "f",
}  # fmt: skip
_AROUND = frozenset(
    {"avg", "gdpr", "art", "artikel", "article", "lid", "sub", "onder", "letter", "paragraph", "point",
     "eerste", "6", "1"}
)  # fmt: skip
"""What may stand around the letter without saying anything else."""
_UNITS = {
    "d": 1.0, "dag": 1.0, "dagen": 1.0, "day": 1.0, "days": 1.0,
    "w": 7.0, "week": 7.0, "weken": 7.0, "weeks": 7.0,
    "m": 30.4375, "maand": 30.4375, "maanden": 30.4375, "month": 30.4375, "months": 30.4375,
    "y": 365.25, "jaar": 365.25, "jaren": 365.25, "year": 365.25, "years": 365.25,
}  # fmt: skip
_OPEN = ("", "nee", "no", "open", "openbaar", "normaal", "false", "onwaar", "0")
_SHIELDED = ("ja", "yes", "shielded", "vertrouwelijk", "afgeschermd", "confidential", "true", "waar", "1")
_SPELL = re.compile(r"(\d+)\s*([a-z]+)")
_DAYS = ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
LONGEST = 36_525
"""Days; a hundred years."""


def basis_in(text: str) -> str | None:
    """Read a letter of GDPR art. 6(1): from `e`, `6.1.e`, `artikel 6 lid 1 sub e AVG` or the words for it."""
    plain = " ".join(text.lower().split())
    letters = {each for each in re.findall(r"\w+", plain) if each not in _AROUND and len(each) == 1}
    named = {letter for word, letter in _BASIS_WORDS.items() if re.search(rf"\b{word}\b", plain)}
    found = letters | named
    return found.pop() if len(found) == 1 and found <= set(BASES) else None


def days_in(text: str) -> int | None:
    """Read a length of time in days, rounded up so that nothing goes too early: `7 jaar`, `P7Y`, `90`."""
    plain = text.strip().lower()
    if plain.isdecimal():
        return _bounded(int(plain))
    if plain.startswith("p"):
        plain = plain[1:]
    parts = _SPELL.findall(plain)
    if not parts or _SPELL.sub("", plain).strip(" ,en") or any(unit not in _UNITS for _, unit in parts):
        return None
    return _bounded(ceil(sum(int(many) * _UNITS[unit] for many, unit in parts)))


def moment_in(text: str, zone: tzinfo) -> datetime | None:
    """Read a day (its first moment in `zone`) or a moment: `01-02-2026`, `2026-02-01`, ISO 8601."""
    plain = text.strip()
    for form in _DAYS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        read = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def parts_in(text: str) -> tuple[str, ...]:
    """Read a list: parts divided by commas, semicolons or lines; each once."""
    parts = (" ".join(each.split()).strip("-•* ") for each in re.split(r"[,;\n\r]+", text))
    return tuple(dict.fromkeys(each for each in parts if each))


def secrecy_in(text: str) -> str | None:
    """Read whether looks for it are shown to the citizen: empty or `nee` is open, `ja` is shielded."""
    plain = text.strip().lower()
    if plain in _OPEN:
        return OPEN
    return SHIELDED if plain in _SHIELDED else None


def _bounded(days: int) -> int | None:
    return days if 1 <= days <= LONGEST else None
