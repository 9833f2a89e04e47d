# SPDX-License-Identifier: EUPL-1.2
"""The strict text forms the log formats use: standard base64 and plain decimal numbers.

One value has exactly one accepted spelling here. A second spelling would let two different files
claim to be the same evidence. A bad spelling gives `None`, so that each format raises its own error.
"""

import base64
import binascii

MAX_NUMBER = 2**63 - 1
"""Largest tree size, index or timestamp accepted; other readers hold them as signed 64-bit numbers."""


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


def is_plain(text: str) -> bool:
    """Say whether a text is not empty and holds no control character below U+0020 nor half a character."""
    return bool(text) and not any(char < " " or "\ud800" <= char <= "\udfff" for char in text)


def is_key_name(name: str) -> bool:
    """Say whether a text can name a key (C2SP signed-note): plain, without spaces and plus signs."""
    return is_plain(name) and not any(char.isspace() or char == "+" for char in name)
