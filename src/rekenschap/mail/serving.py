# SPDX-License-Identifier: EUPL-1.2
"""Runs the filter until it is told to stop; a message that is under way is brought to its end first."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime

from rekenschap.errors import ConfigurationError
from rekenschap.mail.filter import Counter, PassingOn
from rekenschap.mail.settings import FilterSettings


def serve(
    settings: FilterSettings,
    *,
    clock: Callable[[], datetime],
    ready: Callable[[str, int, int], None],
    trouble: Callable[[str], None],
) -> int:
    """Serve until SIGINT or SIGTERM; gives how many messages could not be noted.

    `ready` is told the address, and how many notes a stop had left; `trouble` each time the spool fails.

    Raises StoreError or ConfigurationError when it cannot begin.
    """
    counter = Counter(settings, clock=clock, trouble=trouble)
    try:
        asyncio.run(_serve(counter, ready))
    finally:
        counter.close()
    return counter.unnoted


async def _serve(counter: Counter, ready: Callable[[str, int, int], None]) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    host, port = counter.settings.listen
    try:
        server = await loop.create_server(lambda: PassingOn(counter), host, port)
    except OSError as error:
        raise ConfigurationError(
            expected="an address to listen on that is free",
            found=error.strerror or "an error",
            remedy="choose another, or stop what is listening there",
        ) from None
    async with server:
        ready(host, server.sockets[0].getsockname()[1], counter.recovered)
        await stop.wait()
        server.close()
