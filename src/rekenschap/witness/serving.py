# SPDX-License-Identifier: EUPL-1.2
"""Runs the service until somebody stops it. Knows the server, not what is served."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable

from rekenschap.errors import ConfigurationError
from rekenschap.witness.app import WitnessApp


def serve(app: WitnessApp, *, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve on host and port until SIGINT or SIGTERM; raises ConfigurationError when that cannot be."""
    try:
        from granian.constants import Interfaces
        from granian.server.embed import Server
    except ImportError as error:
        raise ConfigurationError(
            expected="the server that comes with rekenschap[services]",
            found="none",
            remedy="install it with: pip install 'rekenschap[services]'",
        ) from error
    _check_free(host, port)

    async def run() -> None:
        server = Server(
            app,
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            websockets=False,
            log_enabled=False,
            backlog=128,
        )
        loop = asyncio.get_running_loop()
        for stop in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(stop, server.stop)
        serving = asyncio.ensure_future(server.serve())
        await asyncio.sleep(0)
        ready()
        await serving

    asyncio.run(run())


def _check_free(host: str, port: int) -> None:
    """Find out in one sentence what the server would only tell in a traceback."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise ConfigurationError(
            expected=f"a free port {port} on this machine",
            found="one that cannot be used",
            remedy="give another --host or --port",
        ) from error
