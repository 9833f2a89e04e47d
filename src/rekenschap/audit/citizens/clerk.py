# SPDX-License-Identifier: EUPL-1.2
"""The clerk: tells the citizen page which drawer an identifier has, and nothing else.

A process of its own, for it needs the pseudonym key, which the page must never have. It writes nothing down.
One line in, one line out, over a Unix socket that only the account of the page may open.
"""

from __future__ import annotations

import os
import socketserver
import sys
from pathlib import Path

from rekenschap.audit.citizens.names import Names
from rekenschap.audit.citizens.offering import PLACE
from rekenschap.audit.desk.people import pseudonyms_of
from rekenschap.errors import RekenschapError
from rekenschap.house import House

SOCKET = "clerk.sock"
_MOST = 200
"""bytes of an identifier"""


class _Asks(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        """Answer one line; an identifier that is none gets an empty line."""
        server = self.server
        assert isinstance(server, _Clerk)  # noqa: S101 - ours
        asked = self.rfile.readline(_MOST).decode("utf-8", errors="replace").strip()
        self.wfile.write(f"{server.drawer_of(asked)}\n".encode("ascii"))


class _Clerk(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, house: House, path: str) -> None:
        self._house, self._names = house, Names.of(house.root)
        super().__init__(path, _Asks)

    def drawer_of(self, identifier: str) -> str:
        """Name a drawer; empty for what is no identifier."""
        if not identifier:
            return ""
        try:
            return self._names.drawer(pseudonyms_of(self._house, [identifier], "subject")[0].hi)
        except RekenschapError:
            return ""


def serve_clerk(home: Path) -> None:
    """Answer until the process is asked to end."""
    place = home / PLACE
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chdir(place)  # the path of a socket may be 108 bytes long; where it is may be deeper
    Path(SOCKET).unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        clerk = _Clerk(House.at(home), SOCKET)
    finally:
        os.umask(before)
    with clerk:
        clerk.serve_forever()


if __name__ == "__main__":
    serve_clerk(Path(sys.argv[1]).resolve())
