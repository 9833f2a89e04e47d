# SPDX-License-Identifier: EUPL-1.2
"""Debian's rsyslogd under the configuration we ship, in a directory and on ports of our own."""

from __future__ import annotations

import re
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "deploy" / "rsyslog" / "rekenschap.conf"
_PROGRAM = "/usr/sbin/rsyslogd"
_WAIT, _PAUSE = 30.0, 0.05  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class RsyslogServer:
    """A server that runs: where its lines come, and its two ports."""

    directory: Path
    tls_port: int
    plain_port: int

    def send(self, *messages: bytes, tls: bool = True) -> None:
        """Send messages, each with its length in front (RFC 6587 and 5425)."""
        framed = b"".join(b"%d %s" % (len(message), message) for message in messages)
        if not tls:
            with socket.create_connection(("127.0.0.1", self.plain_port), timeout=_WAIT) as stream:
                stream.sendall(framed)
            return
        trust = ssl.create_default_context(cafile=str(self.directory / "ca.pem"))
        trust.load_cert_chain(self.directory / "server.pem", self.directory / "server-key.pem")
        with connected(self.tls_port, trust) as stream:
            stream.sendall(framed)

    def lines(self, count: int) -> Path:
        """Wait until `count` lines have been written; gives their file."""
        until = time.monotonic() + _WAIT
        while time.monotonic() < until:
            for path in self.directory.glob("*.jsonl"):
                if path.read_bytes().count(b"\n") >= count:
                    return path
            time.sleep(_PAUSE)
        raise RuntimeError((self.directory / "words.txt").read_text(encoding="utf-8", errors="replace"))


@contextmanager
def connected(port: int, trust: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    """Speak TLS with a port of this machine."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=_WAIT) as plain,
        trust.wrap_socket(plain, server_hostname="localhost") as stream,
    ):
        yield stream


def why_not() -> str:
    """Say why no server can be started here, or nothing when one can."""
    gtls = list(Path("/usr/lib").glob("*/rsyslog/lmnsd_gtls.so"))
    return "" if Path(_PROGRAM).exists() and gtls else "no rsyslog: apt install rsyslog rsyslog-gnutls"


@contextmanager
def running(directory: Path) -> Iterator[RsyslogServer]:
    """Start the server and stop it at the end."""
    directory.mkdir(parents=True, exist_ok=True)
    if not (directory / "ca.pem").exists():
        _make_certificates(directory)
    server = RsyslogServer(directory=directory, tls_port=_free_port(), plain_port=_free_port())
    settings = directory / "rsyslog.conf"
    settings.write_text(_settings(server), encoding="utf-8")
    with (directory / "words.txt").open("ab") as words:
        started = subprocess.Popen(
            [_PROGRAM, "-n", "-f", settings, "-i", directory / "pid"], stdout=words, stderr=words
        )
        try:
            _await(started, server)
            yield server
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(_WAIT)


def _settings(server: RsyslogServer) -> str:
    """Give the shipped configuration with our paths and ports."""
    text = SHIPPED.read_text(encoding="utf-8")
    text = re.sub(r"/var/lib/rekenschap/syslog|/etc/rekenschap/syslog", str(server.directory), text)
    return text.replace('"6514"', f'"{server.tls_port}"').replace('"10514"', f'"{server.plain_port}"')


def _make_certificates(directory: Path) -> None:
    """Make one certificate that is its own authority, for the server and for who sends."""
    pair = ["-keyout", "server-key.pem", "-out", "server.pem"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *pair, *names]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)
    (directory / "ca.pem").write_bytes((directory / "server.pem").read_bytes())


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(started: subprocess.Popen[bytes], server: RsyslogServer) -> None:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until and started.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", server.plain_port), timeout=1).close()
            socket.create_connection(("127.0.0.1", server.tls_port), timeout=1).close()
            return
        except OSError:
            time.sleep(_PAUSE)
    raise RuntimeError((server.directory / "words.txt").read_text(encoding="utf-8", errors="replace"))
