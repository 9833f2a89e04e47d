# SPDX-License-Identifier: EUPL-1.2
"""A real `rekenschap intake serve` in processes of its own, and what its house holds afterwards."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.house import House, LedgerPlace, check_house
from rekenschap.intake import Quarantine

_PORTS = re.compile(r":(\d+) \(OTLP")
_PATIENCE = 120.0


class Service:
    """The front door of the house at `home`; a context that never leaves a process behind."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home, self._options = home, options
        self.port = self.grpc_port = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._said = home.with_suffix(".stderr")

    def __enter__(self) -> Service:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def web(self) -> str:
        """The address of HTTP."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def rpc(self) -> str:
        """The address of gRPC."""
        return f"127.0.0.1:{self.grpc_port}"

    @property
    def said(self) -> str:
        """All it wrote to standard error."""
        return self._said.read_text() if self._said.exists() else ""

    def start(self) -> Service:
        """Start, on the ports of before when it served before, and wait until both doors are open."""
        ports = ("--port", str(self.port), "--grpc-port", str(self.grpc_port))
        command = [sys.executable, "-m", "rekenschap", "intake", "serve", "--home", str(self.home)]
        with self._said.open("ab") as told:
            self._child = subprocess.Popen(
                [*command, *ports, "--language", "en", *self._options], stdout=subprocess.PIPE, stderr=told
            )
        assert self._child.stdout is not None
        line = self._child.stdout.readline().decode()
        found = _PORTS.findall(line.replace(" and ", " "))
        assert len(found) == 2, f"it did not open: {line} {self.said}"
        self.port, self.grpc_port = map(int, found)
        return self

    def kill(self) -> None:
        """End it at once, as a crash would; the worker behind it ends by itself."""
        if self._child is not None:
            self._child.send_signal(signal.SIGKILL)
            self._child.communicate()
            self._child = None

    @property
    def process(self) -> int:
        """The id of the process that takes in."""
        assert self._child is not None
        return self._child.pid

    def worker(self) -> int | None:
        """Give the id of the process that works."""
        assert self._child is not None
        children = Path(f"/proc/{self._child.pid}/task/{self._child.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def stop(self) -> int:
        """Stop it as its owner would, and give its exit code."""
        assert self._child is not None
        self._child.terminate()
        self._child.communicate(timeout=_PATIENCE)
        code, self._child = self._child.returncode, None
        return code

    def wait_until(self, fits, patience: float = _PATIENCE) -> None:
        """Wait for something to come true."""
        until = time.monotonic() + patience
        while not fits():
            assert time.monotonic() < until, f"it did not happen; {self.said}"
            time.sleep(0.1)

    def facts(self, relation: str = "consultation") -> list[dict[str, object]]:
        """Give the facts in the ledger, after a stop; everything about it is checked."""
        place = LedgerPlace.of(self.home)
        check_house(House.at(self.home))
        return place.ledger().facts(relation).table.to_pylist()

    def originals(self, relation: str = "consultation", column: str = "subject") -> Counter[str]:
        """Give how often each subject is in the ledger, by its name in clear."""
        from rekenschap.audit.intake import opened_door

        with opened_door(House.at(self.home)) as door:
            return Counter(door.originals.unseal(fact[column]) for fact in self.facts(relation))

    def quarantine(self) -> dict[str, int]:
        """Count the rows in quarantine, by reason."""
        key = House.at(self.home).keys.sealing_key()
        held = Quarantine(House.at(self.home).sealed_path, cipher=AesGcm(), sealing_key=key)
        try:
            return held.counts()
        finally:
            held.close()


def alive(process: int) -> bool:
    """Say whether a process is there and no zombie."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (OSError, IndexError):
        return False
