# SPDX-License-Identifier: EUPL-1.2
"""Rotel, an OpenTelemetry collector in Rust. The wheel has no exporter to a file, so what it takes in goes
nowhere: it decodes and answers, and keeps nothing. It is what a door costs that promises nothing."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

_WAIT, _PAUSE = 30.0, 0.05


def why_no_rotel() -> str:
    """Say why it cannot be measured here, or nothing when it can."""
    return "" if _program() else "no rotel: it has wheels for Python 3.11 and 3.12 on Linux"


@contextmanager
def rotel(place: Path) -> Iterator[int]:
    """Run it; gives its port for HTTP."""
    program = _program()
    if program is None:
        raise RuntimeError(why_no_rotel())
    ports = [_free_port() for _ in range(2)]
    places = {
        "--otlp-http-endpoint": f"127.0.0.1:{ports[0]}",
        "--otlp-grpc-endpoint": f"127.0.0.1:{ports[1]}",
        "--pid-file": str(place / "rotel.pid"),
        "--log-file": str(place / "rotel.txt"),
    }
    settings = [each for pair in places.items() for each in pair]
    with (place / "rotel.txt").open("wb") as said:
        child = subprocess.Popen(  # noqa: S603
            [str(program), "start", *settings, "--exporter", "blackhole"], stdout=said, stderr=said
        )
        try:
            _await(child, ports[0])
            yield ports[0]
        finally:
            child.terminate()
            child.wait(_WAIT)


def _program() -> Path | None:
    found = find_spec("rotel")
    path = None if found is None or found.origin is None else Path(found.origin).with_name("rotel-agent")
    return path if path is not None and path.exists() else None


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(child: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(_PAUSE)
    raise RuntimeError("rotel did not open")
