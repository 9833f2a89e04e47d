# SPDX-License-Identifier: EUPL-1.2
"""What surrounds one request of a web program: the trace of its caller, and what must be durable first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rekenschap.emit.emitter import Waiting, in_request
from rekenschap.emit.trace import TraceContext, current, trace_in

NOT_SHOWN = (
    "Deze gegevens kunnen nu niet worden getoond: het lukt niet om vast te leggen dat u ze bekijkt. "
    "Probeer het later opnieuw.\n"
    "This cannot be shown now: it cannot be written down that you look at it. Try again later.\n"
)
"""What stands in the answer that is given instead."""
RETRY_AFTER = "30"


@contextmanager
def request(traceparents: Sequence[str], tracestate: str) -> Iterator[Waiting]:
    """Enter a request with the trace headers of its caller; two parents are none (Trace Context 3.2.1)."""
    waiting = Waiting()
    caller = trace_in(traceparents[0], tracestate) if len(traceparents) == 1 else None
    step, inside = current.set(caller or TraceContext.opened()), in_request.set(waiting)
    try:
        yield waiting
    finally:
        in_request.reset(inside)
        current.reset(step)
