# SPDX-License-Identifier: EUPL-1.2
"""W3C Trace Context level 1: which processing a look belongs to, across systems and organisations.

The `sampled` flag is passed on as it came and never decides whether something is written down.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, replace

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_MEMBER = re.compile(
    r"[a-z0-9][a-z0-9_\-*/]{0,240}(@[a-z][a-z0-9_\-*/]{0,13})?=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}"
)
_MOST_MEMBERS = 32
_SAMPLED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceContext:
    """One step of a trace: trace id (32 lower-case hex), span id (16), flags, tracestate.

    Without a span id it is a trace in which nothing was written down yet.
    """

    trace_id: str
    span_id: str
    flags: int = _SAMPLED
    state: str = ""

    @classmethod
    def begin(cls) -> TraceContext:
        """Begin a trace of our own, at its first step."""
        return cls.opened().step()

    @classmethod
    def opened(cls) -> TraceContext:
        """Open a trace for what comes; its first steps have no parent."""
        return cls(trace_id=_random_hex(16), span_id="")

    def step(self) -> TraceContext:
        """Give the next step in the same trace."""
        return replace(self, span_id=_random_hex(8))

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers for a call to another system that does part of this step."""
        parent = {"traceparent": f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"}
        return {**parent, "tracestate": self.state} if self.state else parent


current: ContextVar[TraceContext | None] = ContextVar("rekenschap_trace", default=None)
"""The step this thread or task is in, as its caller named it; None when nobody did."""


def trace_in(traceparent: str | None, tracestate: str | None = None) -> TraceContext | None:
    """Read the headers of a caller; None when there is no trace in them that the standard lets us take over.

    A tracestate that is not well formed is left out, the trace stays (W3C Trace Context 3.3.1.4).
    """
    found = _TRACEPARENT.fullmatch((traceparent or "").strip())
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    if version == "ff" or (version == "00" and more) or not trace_id.strip("0") or not span_id.strip("0"):
        return None
    return TraceContext(
        trace_id=trace_id,
        span_id=span_id,
        flags=int(flags, 16) & _SAMPLED,
        state=_well_formed(tracestate or ""),
    )


def _well_formed(tracestate: str) -> str:
    members = [each.strip(" \t") for each in tracestate.split(",")]
    filled = [each for each in members if each]
    keys = [each.partition("=")[0] for each in filled]
    good = (
        len(filled) <= _MOST_MEMBERS and len(set(keys)) == len(keys) and all(map(_MEMBER.fullmatch, filled))
    )
    return ",".join(filled) if good else ""


def _random_hex(size: int) -> str:
    found = secrets.token_hex(size)
    return found if found.strip("0") else _random_hex(size)
