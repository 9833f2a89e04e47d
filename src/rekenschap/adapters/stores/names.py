# SPDX-License-Identifier: EUPL-1.2
"""What a blob may be called, and the sentences every store says alike. Knows no place."""

from __future__ import annotations

import re

from rekenschap.errors import StoreError

_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*", re.ASCII)


def is_blob_name(name: str) -> bool:
    """Say whether a blob may be called so."""
    return _NAME.fullmatch(name) is not None


def checked(name: str) -> str:
    """Give the name back, or raise StoreError when no blob may be called so."""
    if not is_blob_name(name):
        raise StoreError(
            expected="a name of small letters, digits and . _ -", found="another", remedy="rename it"
        )
    return name


def not_there(name: str) -> StoreError:
    """Say that there is no such blob."""
    return StoreError(expected=f"{name} in the store", found="nothing", remedy="restore it from a copy")


def written_twice(name: str) -> StoreError:
    """Say that other bytes are under the name already."""
    return StoreError(
        expected=f"{name} to be written once", found="other bytes there", remedy="name a new blob"
    )


def another_writer() -> StoreError:
    """Say that somebody else writes at this moment."""
    return StoreError(
        expected="one writer", found="another at work", remedy="try again later", retryable=True
    )


def exactly(name: str, blob: bytes, *, start: int, length: int) -> bytes:
    """Give the part back when it is whole, else raise StoreError."""
    if start < 0 or length < 0 or len(blob) != length:
        raise StoreError(
            expected=f"{length} bytes of {name} from byte {start} on",
            found=f"{len(blob)} bytes",
            remedy="restore it from a copy",
        )
    return blob
