# SPDX-License-Identifier: EUPL-1.2
"""The clerk: tells the citizen page which drawer an identifier has, and nothing else.

A process of its own, for it needs the pseudonym key, which the page must never have. It writes nothing down.
One line in, one line out, over a Unix socket that only the account of the page may open. It answers so many
a second and no more: who takes the page over cannot go through all numbers there are.
"""

from __future__ import annotations

import argparse
import os
import socketserver
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore, Lock

from rekenschap.audit.citizens.names import Names
from rekenschap.audit.citizens.offering import PLACE
from rekenschap.audit.desk.people import pseudonyms_of
from rekenschap.errors import RekenschapError
from rekenschap.house import House

SOCKET = "clerk.sock"
_MOST = 200
"""bytes of an identifier"""
_A_SECOND, _AT_ONCE = 20.0, 200
"""Sign-ins that are answered: going through every BSN there can be would take seven weeks, and is told."""
_LINES = 64
"""open at the same time"""


class Pace:
    """Lets so many through a second, and after a quiet time so many at once."""

    def __init__(self, a_second: float, at_once: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second, self._at_once, self._clock = a_second, at_once, clock
        self._left, self._since, self._lock = float(at_once), clock(), Lock()

    def lets_through(self) -> bool:
        """Say whether one more may pass now."""
        with self._lock:
            now = self._clock()
            self._left = min(self._at_once, self._left + (now - self._since) * self._a_second)
            self._since = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


class _Asks(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        """Answer one line; an identifier that is none, or one too many, gets an empty line."""
        server = self.server
        assert isinstance(server, _Clerk)  # noqa: S101 - ours
        if not server.lines.acquire(blocking=False):
            return
        try:
            asked = self.rfile.readline(_MOST).decode("utf-8", errors="replace").strip()
            self.wfile.write(f"{server.drawer_of(asked)}\n".encode("ascii"))
        finally:
            server.lines.release()


class _Clerk(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, house: House, path: str, pace: Pace) -> None:
        self._house, self._names = house, Names.of(house.root)
        self._pace, self._said = pace, False
        self.lines = BoundedSemaphore(_LINES)
        super().__init__(path, _Asks)

    def drawer_of(self, identifier: str) -> str:
        """Name a drawer; empty for what is no identifier, and for one too many."""
        passes = self._pace.lets_through()
        if not passes and not self._said:
            sys.stderr.write(
                "clerk: more was asked than is answered in a second; look at what the page does\n"
            )
        self._said = not passes
        if not identifier or not passes:
            return ""
        try:
            return self._names.drawer(pseudonyms_of(self._house, [identifier], "subject")[0].hi)
        except RekenschapError:
            return ""


def serve_clerk(home: Path, pace: Pace) -> None:
    """Answer until the process is asked to end."""
    place = home / PLACE
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chdir(place)  # the path of a socket may be 108 bytes long; where it is may be deeper
    Path(SOCKET).unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        clerk = _Clerk(House.at(home), SOCKET, pace)
    finally:
        os.umask(before)
    with clerk:
        clerk.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m rekenschap.audit.citizens.clerk", description=__doc__)
    parser.add_argument("house", type=Path)
    parser.add_argument("--a-second", type=float, default=_A_SECOND, help="identifiers answered in a second")
    given = parser.parse_args()
    serve_clerk(given.house.resolve(), Pace(given.a_second, _AT_ONCE))
