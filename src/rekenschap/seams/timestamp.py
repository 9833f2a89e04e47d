# SPDX-License-Identifier: EUPL-1.2
"""A third party that says when a checkpoint was there (RFC 3161). Knows bytes, not what they mean."""

from __future__ import annotations

from typing import Protocol


class TimestampAuthority(Protocol):
    """Somebody outside with a clock of their own."""

    @property
    def name(self) -> str:
        """What we call this authority when it does not answer."""
        ...

    def stamp(self, message: bytes) -> bytes:
        """Give a time-stamp reply (DER) over the SHA-256 of `message`, asked just now.

        Raises TimestampError when the authority does not answer in time (retryable), refuses, or answers over
        something else. Who signed it is not checked here: that takes the roots a reader trusts.
        """
