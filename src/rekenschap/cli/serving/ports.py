# SPDX-License-Identifier: EUPL-1.2
"""Finds a port that nobody listens on."""

from __future__ import annotations

import socket


def free_port(wished: int) -> int:
    """Give the wished port when it is free, else one that is; only this machine can reach it."""
    for port in (wished, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as place:
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                place.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(place.getsockname()[1])
    return wished
