# SPDX-License-Identifier: EUPL-1.2
"""Why something that was offered is not taken in, and how HTTP and gRPC say so (OTLP 1.x, "Failures")."""

from __future__ import annotations

from enum import Enum

from rekenschap.errors import RefusedError

SOON = 1
"""Seconds after which to try again; exporters give up when it is long."""


class Outcome(Enum):
    """A reason, with its status in HTTP and its number in gRPC (google.rpc.Code)."""

    MALFORMED = (400, 3)
    UNKNOWN_CALLER = (401, 16)
    FORBIDDEN = (403, 7)
    TOO_LARGE = (413, 11)
    UNSUPPORTED = (415, 3)
    TOO_OFTEN = (429, 8)
    FAULT = (500, 13)
    NO_ROOM = (503, 8)
    UNAVAILABLE = (503, 14)

    @property
    def status(self) -> int:
        """The status in HTTP."""
        return int(self.value[0])

    @property
    def code(self) -> int:
        """The number in gRPC."""
        return int(self.value[1])


class NotTakenError(RefusedError):
    """What was offered is not taken in; with `retry_after` (seconds) it may be offered again, unchanged."""

    def __init__(
        self,
        outcome: Outcome,
        *,
        expected: str,
        found: str,
        remedy: str,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(expected=expected, found=found, remedy=remedy, rule="front door")
        self.outcome, self.retry_after = outcome, retry_after


def unavailable(expected: str, found: str) -> NotTakenError:
    """Make the answer to what may be offered again soon."""
    return NotTakenError(
        Outcome.UNAVAILABLE, expected=expected, found=found, remedy="send it again", retry_after=SOON
    )


def no_room() -> NotTakenError:
    """Make the answer to what finds no room in memory, for which it need not be read."""
    return NotTakenError(
        Outcome.NO_ROOM,
        expected="room for one more request",
        found="as many as can be held",
        remedy="send it again",
        retry_after=SOON,
    )
