# SPDX-License-Identifier: EUPL-1.2
"""The strict text forms the log formats use: standard base64 and plain decimal numbers.

One value has exactly one accepted spelling here. A second spelling would let two different files claim to be the
same evidence. Functions answer `None` for a bad spelling, so that each format can raise its own named error.
"""

import base64
import binascii

MAX_NUMBER = 2**63 - 1
"""Largest tree size, index or timestamp accepted: the C2SP formats are read as signed 64-bit numbers elsewhere."""


def to_base64(raw: bytes) -> str:
    """Spell bytes in standard padded base64 (RFC 4648 section 4)."""
    return base64.b64encode(raw).decode("ascii")


def from_base64(text: str) -> bytes | None:
    """Read standard base64; `None` unless it is the one canonical spelling."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    # The decoder ignores spare bits in the last character; two spellings of one value are refused here.
    return raw if to_base64(raw) == text else None


def from_decimal(text: str) -> int | None:
    """Read an ASCII decimal number without sign or leading zero, at most `MAX_NUMBER`; otherwise `None`."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or (text[0] == "0" and text != "0"):
        return None
    number = int(text)
    return number if number <= MAX_NUMBER else None
