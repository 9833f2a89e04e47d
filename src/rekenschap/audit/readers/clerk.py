# SPDX-License-Identifier: EUPL-1.2
"""The clerk of readers: notes who asks about whom, and says where the answer lies. python -m ….clerk HOME

A process of its own, for it needs the pseudonym key, which the service must never have. Between questions it
brings what was noted to the ledger and offers anew what may be seen.
"""

from __future__ import annotations

import os
import signal
import socketserver
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import monotonic

import msgspec

from rekenschap.audit.citizens.names import Names
from rekenschap.audit.readers.asked import Asked, Journal, bring
from rekenschap.audit.readers.offering import PLACE, offer_when_due
from rekenschap.errors import RekenschapError
from rekenschap.house import PERIOD, House, right_now
from rekenschap.intake import token_of
from rekenschap.intake.identifiers import normal_form

SOCKET = "clerk.sock"
_MOST = 8_192
_BEAT = 1.0
_BRING_EVERY = 10.0
"""seconds: each time makes a checkpoint of the ledger, when anybody asked anything"""


class _Asks(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        """Answer one line; what cannot be noted gets no answer."""
        server = self.server
        assert isinstance(server, Clerk)  # noqa: S101 - ours
        try:
            told = msgspec.json.decode(self.rfile.readline(_MOST), type=dict[str, str | bool])
            self.wfile.write(msgspec.json.encode(server.noted(told)) + b"\n")
        except (msgspec.DecodeError, KeyError, ValueError, OSError):
            return


class Clerk(socketserver.ThreadingUnixStreamServer):
    """Answers the service of one house."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, house: House, path: str, journal: Journal) -> None:
        self._names, self._journal = Names.of(house.root), journal
        self._key = house.keys.pseudonym_key(PERIOD)
        super().__init__(path, _Asks)

    def noted(self, told: Mapping[str, str | bool]) -> Mapping[str, str]:
        """Note who asks; give the drawer and the pseudonym of whom it is about, if anybody."""
        identifier, given = str(told["identifier"]), b64decode(str(told["token"]), validate=True)
        token = self._token(identifier) if identifier else given
        reference = str(told["reference"])
        self._journal.note(
            Asked(
                at=right_now(), client=str(told["client"])[:100], interface=str(told["interface"])[:100],
                action=str(told["action"])[:100], is_refused=told["refused"] is True, token=token,
                entry=self._names.entry(reference) if reference else None,
            )
        )  # fmt: skip
        hi = int.from_bytes(token[:8], "big", signed=True)
        return {
            "drawer": self._names.drawer(hi) if token else "",
            "token": b64encode(token).decode("ascii"),
        }

    def _token(self, identifier: str) -> bytes:
        normal = normal_form(identifier, "subject")
        return token_of(self._key, "subject", normal) if normal else b""


def serve_clerk(home: Path) -> None:
    """Answer, bring and offer until the process is asked to end."""
    house, journal, stop = House.at(home), Journal(home), threading.Event()
    place = home / PLACE
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chdir(place)  # the path of a socket may be 108 bytes long; where it is may be deeper
    Path(SOCKET).unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        clerk = Clerk(house, SOCKET, journal)
    finally:
        os.umask(before)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with clerk:
        threading.Thread(target=clerk.serve_forever, daemon=True).start()
        ends, brought = False, monotonic()
        offering, bringing = _Step(), _Step()
        while not ends:
            ends = stop.wait(_BEAT)
            offering.take(partial(offer_when_due, house, now=right_now()))
            if ends or monotonic() - brought > _BRING_EVERY:
                bringing.take(partial(bring, house, journal, now=right_now()))
                brought = monotonic()
        clerk.shutdown()


class _Step:
    """Does what time asks for; trouble is tried again the next time, and said when it is new."""

    def __init__(self) -> None:
        self._said = ""

    def take(self, step: Callable[[], object]) -> None:
        try:
            step()
        except RekenschapError as trouble:
            if self._said != str(trouble):
                sys.stderr.write(f"rekenschap read: {trouble}\n")
            self._said = str(trouble)
        else:
            self._said = ""


if __name__ == "__main__":
    serve_clerk(Path(sys.argv[1]).resolve())
