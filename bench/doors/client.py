# SPDX-License-Identifier: EUPL-1.2
"""Sends requests to a service, a few at once, and notes when each was acknowledged: a program of its own.

Usage: client.py PORT RECORDS REQUESTS LINES SEED [made]. The bodies are made beforehand (with `made`, one
after another while it sends: for more than fits in memory). It says `ready`, waits for a line, and works.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from time import perf_counter, process_time

import numpy as np
import uvloop
from bodies import Bodies

_HEAD = (
    b"POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\n"
    b"content-length: %d\r\n\r\n"
)
_PAUSE = 0.05


class Line(asyncio.Protocol):
    """One connection: the next request goes when the one before was answered; 503 means once more."""

    def __init__(self, bodies: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._bodies, self._done = bodies, done
        self._heard, self._began = b"", 0.0
        self._body = b""
        self.waits: list[float] = []
        self.refused = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._next()

    def data_received(self, part: bytes) -> None:
        self._heard += part
        head, found, body = self._heard.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._heard = b""
        if head.startswith(b"HTTP/1.1 503"):
            self.refused += 1
            asyncio.get_running_loop().call_later(_PAUSE, self._send)
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self._done.set_exception(RuntimeError(head.decode("latin-1")))
            return
        self.waits.append(perf_counter() - self._began)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the service hung up"))

    def _next(self) -> None:
        body = next(self._bodies, None)
        if body is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._body = body
        self._began = perf_counter()
        self._send()

    def _send(self) -> None:
        self._transport.writelines([_HEAD % len(self._body), self._body])


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def _send_all(port: int, bodies: Iterator[bytes], lines: int) -> list[Line]:
    loop = asyncio.get_running_loop()
    done: list[asyncio.Future[None]] = [loop.create_future() for _ in range(lines)]
    made = [Line(bodies, each) for each in done]
    for line in made:
        await loop.create_connection(lambda line=line: line, "127.0.0.1", port)
    await asyncio.gather(*done)
    return made


def main(port: int, records: int, requests: int, lines: int, seed: int, *, on_the_way: bool) -> None:
    """Send, and print what came of it as one line of JSON."""
    maker = Bodies(records, seed=seed)
    made = (maker.make() for _ in range(requests))
    bodies = made if on_the_way else iter([*made])
    print("ready", flush=True)
    sys.stdin.readline()
    began, busy = perf_counter(), process_time()
    found = uvloop.run(_send_all(port, bodies, lines))
    waits = np.concatenate([each.waits for each in found]) * 1_000
    told = {
        "seconds": perf_counter() - began,
        "busy": process_time() - busy,
        "p50": float(np.percentile(waits, 50)),
        "p99": float(np.percentile(waits, 99)),
        "refused": sum(each.refused for each in found),
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:6]), on_the_way=sys.argv[6:] == ["made"])
