# SPDX-License-Identifier: EUPL-1.2
"""From a program of somebody else to the ledger: what it showed is there once, whoever was killed."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rekenschap.emit import Emitter
from rekenschap.house import LedgerPlace
from tests.journeys.commands import rekenschap

LOOKER = Path(__file__).parents[1] / "unit" / "emit" / "looker.py"


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def front_door(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    places = ["--home", str(home), "--port", str(port), "--grpc-port", "0"]
    command = [sys.executable, "-m", "rekenschap", "intake", "serve", *places]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        assert "De voordeur is open" in server.stdout.readline()
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=120)


@contextmanager
def looker(port: int, folder: Path, shown: list[str]) -> Iterator[None]:
    program = subprocess.Popen(
        [sys.executable, LOOKER, f"http://127.0.0.1:{port}", folder], stdout=subprocess.PIPE, text=True
    )
    yield
    program.kill()
    shown += program.communicate()[0].splitlines()


def test_each_look_that_was_shown_is_in_the_ledger_once(tmp_path: Path):
    home, port, shown = tmp_path / "house", free_port(), list[str]()
    with front_door(home, port) as server, looker(port, tmp_path / "looks", shown):
        time.sleep(2)
        server.kill()
        server.wait()
        time.sleep(1)
    with looker(port, tmp_path / "looks", shown):  # nobody answers: they wait on disk
        time.sleep(1)
    with front_door(home, port):
        with looker(port, tmp_path / "looks", shown):
            time.sleep(1)
        rest = Emitter(f"http://127.0.0.1:{port}", spool=tmp_path / "looks", system="balie")
        assert rest.drain(120)
        rest.close()
    ledger = LedgerPlace.of(home).ledger()
    looks = ledger.facts("consultation").table
    assert len(shown) > 100
    # A look that was written down just before the kill may not have been shown: at most one for each program.
    assert len(shown) <= looks.num_rows <= len(shown) + 3
    assert len(looks.column("subject").unique()) == looks.num_rows
    assert len(looks.column("operation_id").unique()) == looks.num_rows
    assert rekenschap("check", home).code == 0
