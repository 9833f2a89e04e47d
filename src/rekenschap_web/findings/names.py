# SPDX-License-Identifier: EUPL-1.2
"""A pseudonym as text in a table, and back. Knows no name of anybody."""

from __future__ import annotations

from rekenschap.model.ids import Pseudonym


def text_of(pseudonym: Pseudonym) -> str:
    """Write a pseudonym whole, as `staff:-42`."""
    return f"{pseudonym.domain}:{pseudonym.hi}"


def pseudonym_of(text: str) -> Pseudonym:
    """Read a pseudonym that `text_of` wrote."""
    domain, _, hi = text.partition(":")
    return Pseudonym(domain=domain, hi=int(hi))
