# SPDX-License-Identifier: EUPL-1.2
"""Debian's rsyslog, writing each line to a table of PostgreSQL: the usual way to keep lines of systems.

A line counts when it is committed. The server commits as it is shipped (fsync, synchronous_commit on);
rsyslog takes as many lines as it likes under one commit, up to 1,024.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

sys.path.append(str(Path(__file__).parents[2]))  # the server is the one the suites use

from tests.servers.postgres import running, why_not

_PROGRAM = Path("/usr/sbin/rsyslogd")
_WAIT, _PAUSE = 120.0, 0.03
_TABLE = "CREATE TABLE lines (received timestamptz, host text, tag text, message text)"
_SETTINGS = """
global(workDirectory="{place}" maxMessageSize="64k")
module(load="imptcp")
module(load="ompgsql")
main_queue(queue.size="200000" queue.dequeueBatchSize="1024")
template(name="row" type="string" option.stdsql="on"
  string="insert into lines values ('%timereported:::date-rfc3339%', '%hostname%', '%syslogtag%', '%msg%')")
input(type="imptcp" port="{port}" address="127.0.0.1")
action(type="ompgsql" conninfo="{address}" template="row")
"""


def why_no_rsyslog() -> str:
    """Say why it cannot be measured here, or nothing when it can."""
    if not _PROGRAM.exists() or not list(Path("/usr/lib").glob("*/rsyslog/ompgsql.so")):
        return "no rsyslog with its module for PostgreSQL: apt install rsyslog rsyslog-pgsql"
    return why_not()


class RsyslogToPostgres:
    """A server of each, and a line between them."""

    def __init__(self, address: str, port: int) -> None:
        self._base = psycopg.connect(address, autocommit=True)
        self._base.execute(_TABLE)
        self._port = port

    def send(self, lines: Sequence[bytes]) -> None:
        """Send lines (RFC 5424) and return when every one is committed."""
        wanted = self._kept() + len(lines)
        with socket.create_connection(("127.0.0.1", self._port), timeout=_WAIT) as stream:
            stream.sendall(b"".join(b"%d %s" % (len(line), line) for line in lines))
        until = time.monotonic() + _WAIT
        while self._kept() < wanted:
            if time.monotonic() > until:
                raise RuntimeError("not every line came to the table")
            time.sleep(_PAUSE)

    def close(self) -> None:
        self._base.close()

    def _kept(self) -> int:
        (kept,) = self._base.execute("SELECT count(*) FROM lines").fetchone() or (0,)
        return int(kept)


@contextmanager
def rsyslog_to_postgres(place: Path, *, under: Path) -> Iterator[RsyslogToPostgres]:
    """Run both; `under` is where the server keeps its files."""
    place.mkdir(parents=True, exist_ok=True)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with running(under=under) as server:
        system = RsyslogToPostgres(server.address, port)
        settings = place / "rsyslog.conf"
        settings.write_text(_SETTINGS.format(place=place, port=port, address=server.address))
        with (place / "words.txt").open("wb") as words:
            child = subprocess.Popen(  # noqa: S603
                [_PROGRAM, "-n", "-f", settings, "-i", place / "pid"], stdout=words, stderr=words
            )
            try:
                _await(child, port, place)
                yield system
            finally:
                child.terminate()
                child.wait(_WAIT)
                system.close()


def _await(child: subprocess.Popen[bytes], port: int, place: Path) -> None:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(_PAUSE)
    raise RuntimeError((place / "words.txt").read_text(encoding="utf-8", errors="replace"))
