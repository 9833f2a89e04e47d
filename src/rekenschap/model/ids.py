# SPDX-License-Identifier: EUPL-1.2
"""Typed identifiers: a person is a token everywhere behind the door, and a short name on a page.

Knows no key: tokens are made at the door (`rekenschap.intake`).
"""

from __future__ import annotations

from dataclasses import dataclass

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U, so it can be read aloud
_LETTER = {"staff": "M", "subject": "P", "zaak": "Z"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonym:
    """A keyed token as SQL sees it: the signed 64-bit `hi` half, and of what it is (staff, subject, zaak)."""

    domain: str
    hi: int

    @property
    def short(self) -> str:
        """Give the name shown on a page, such as `M-7K2QF`: 25 bits, so two of 2,000 people may share one."""
        bits = (self.hi & (2**64 - 1)) >> 39
        digits = "".join(_ALPHABET[(bits >> shift) & 31] for shift in range(20, -1, -5))
        return f"{_LETTER.get(self.domain, self.domain[:1].upper())}-{digits}"
