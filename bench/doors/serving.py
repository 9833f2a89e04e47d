# SPDX-License-Identifier: EUPL-1.2
"""A real `rekenschap intake serve` to be measured: how fast it answers, and when facts are in the ledger."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

from rekenschap.house import House
from rekenschap.places import open_anchor

CLIENT = Path(__file__).with_name("client.py")
_PORT = re.compile(r":(\d+) \(OTLP")
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LONGEST = 7_200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """So many requests of so many records each, over so many connections at once."""

    records: int
    requests: int
    lines: int
    on_the_way: bool = False
    """make the bodies while they are sent"""

    @property
    def facts(self) -> int:
        return self.records * self.requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of one load: seconds until all was acknowledged, and until all was in the ledger; p50 and p99
    of an acknowledgement in ms; processor seconds of the service, and of the client.

    `memory` has twice a second: seconds, facts in the ledger, MiB of each process of the service.
    """

    facts: int
    acknowledged: float
    kept: float
    p50: float
    p99: float
    busy: float
    client: float
    refused: int
    memory: list[tuple[float, int, list[float]]]

    @property
    def most_memory(self) -> float:
        return max((sum(each) for _, _, each in self.memory), default=0.0)


class Service:
    """A service over a new house at `home`."""

    def __init__(self, home: Path) -> None:
        house = House.at(home)
        house.ledger(origin="example.org/bench")
        self._anchor = open_anchor(house.config)
        command = [sys.executable, "-m", "rekenschap", "intake", "serve", "--home", str(home)]
        self._child = subprocess.Popen(  # noqa: S603
            [*command, "--port", "0", "--grpc-port", "0", "--language", "en"],
            stdout=subprocess.PIPE,
            text=True,
        )
        found = _PORT.search("" if self._child.stdout is None else self._child.stdout.readline())
        if found is None:
            raise RuntimeError("the service did not open")
        self.port = int(found[1])
        self._seed = 0

    def bear(self, load: Load) -> Told:
        """Have a load sent, and wait until all of it is in the ledger."""
        before, busy = self._entries(), self.busy()
        self._seed += 1
        with sending(self.port, load, seed=self._seed) as go:
            began = perf_counter()
            client = go()
            memory: list[tuple[float, int, list[float]]] = []
            looked = 0.0
            while (there := self._entries()) < before + load.facts:
                if (passed := perf_counter() - began) > _LONGEST:
                    raise RuntimeError(f"only {there - before} of {load.facts} facts came to the ledger")
                if passed - looked >= 0.5:
                    looked = passed
                    memory.append((passed, there - before, self.memory()))
                sleep(0.02)
            kept = perf_counter() - began
            told = client()
        return Told(
            facts=load.facts,
            acknowledged=told["seconds"],
            kept=kept,
            p50=told["p50"],
            p99=told["p99"],
            busy=self.busy() - busy,
            client=told["busy"],
            refused=int(told["refused"]),
            memory=memory,
        )

    def busy(self) -> float:
        """Give the processor seconds of acceptor and worker so far."""
        return sum(_busy(each) for each in self._processes())

    def memory(self) -> list[float]:
        """Give the MiB that acceptor and worker hold."""
        return [_held(each) for each in self._processes()]

    def stop(self) -> None:
        """End it as its owner would."""
        self._child.terminate()
        self._child.communicate(timeout=120)

    def _processes(self) -> list[int]:
        return [self._child.pid, *_children(self._child.pid)]

    def _entries(self) -> int:
        """Count the entries under the latest checkpoint; there is one each second while facts come in."""
        latest = self._anchor.latest()
        return 0 if latest is None else latest[0]


@contextmanager
def sending(port: int, load: Load, *, seed: int) -> Iterator[Callable[[], Callable[[], dict[str, float]]]]:
    """Have a client ready; gives what starts it, which gives what waits for what it tells."""
    numbers = (port, load.records, load.requests, load.lines, seed)
    client = subprocess.Popen(  # noqa: S603
        [sys.executable, str(CLIENT), *map(str, numbers), *["made"] * load.on_the_way],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if client.stdout is None or client.stdout.readline() != "ready\n":
        raise RuntimeError("the client did not begin")

    def told() -> dict[str, float]:
        heard, _ = client.communicate()
        if client.returncode:
            raise RuntimeError("the client broke off")
        found: dict[str, float] = json.loads(heard)
        return found

    def go() -> Callable[[], dict[str, float]]:
        if client.stdin is not None:
            client.stdin.write("\n")
            client.stdin.flush()
        return told

    try:
        yield go
    finally:
        client.kill()
        client.wait()


def _children(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(each) for each in text.split()]


def _busy(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _held(process: int) -> float:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE / (1 << 20)
