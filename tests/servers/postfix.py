# SPDX-License-Identifier: EUPL-1.2
"""A postfix of our own in a temporary directory, on ports anybody may use; it needs root, as postfix does.

with running(main, master) as server:
    send to server.port; read server.log
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_WAIT = 30.0
_SERVICES = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostfixServer:
    """A mail server that runs and takes mail at `port`."""

    directory: Path
    port: int

    @property
    def log(self) -> Path:
        """Its mail.log."""
        return self.directory / "mail.log"

    def queued(self) -> int:
        """Say how many messages wait."""
        asked = _postfix(self.directory, "postqueue", "-j")
        return len(asked.stdout.splitlines())

    def flush(self) -> None:
        """Let it try at once what waits."""
        _postfix(self.directory, "postqueue", "-f")


def why_not() -> str:
    """Say why no postfix can be started here, or nothing when one can."""
    if not Path("/usr/sbin/postfix").exists():
        return "no postfix: apt install postfix"
    return "" if os.geteuid() == 0 else "postfix can be started by root only"


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running(main: Sequence[str], master: str, *, relay: int) -> Iterator[PostfixServer]:
    """Start a server with these lines of main.cf and master.cf; what it sends goes to port `relay`."""
    directory = Path(tempfile.mkdtemp(prefix="px-", dir="/tmp"))
    directory.chmod(0o755)
    port = free_port()
    try:
        _write(directory, main, f"127.0.0.1:{port} inet n - n - - smtpd\n{master}{_SERVICES}", relay)
        started = _postfix(directory, "postfix", "start")
        if started.returncode:
            raise RuntimeError(started.stderr + (directory / "mail.log").read_text(errors="replace"))
        try:
            _await(port)
            yield PostfixServer(directory=directory, port=port)
        finally:
            _postfix(directory, "postfix", "stop")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _write(directory: Path, main: Sequence[str], master: str, relay: int) -> None:
    for name, owner in (("queue", "root"), ("data", "postfix")):
        (directory / name).mkdir()
        shutil.chown(directory / name, owner)
    (directory / "etc").mkdir()
    (directory / "mail.log").touch()
    lines = [
        "compatibility_level = 3.6",
        f"queue_directory = {directory}/queue",
        f"data_directory = {directory}/data",
        f"maillog_file = {directory}/mail.log",
        f"maillog_file_prefixes = {directory}",
        "command_directory = /usr/sbin",
        "daemon_directory = /usr/lib/postfix/sbin",
        "meta_directory = /etc/postfix",
        "shlib_directory = /usr/lib/postfix",
        "mail_owner = postfix",
        "setgid_group = postdrop",
        "inet_interfaces = 127.0.0.1",
        "inet_protocols = ipv4",
        "mynetworks = 127.0.0.0/8",
        "myhostname = post.gemeente.example",
        "mydestination =",
        "smtpd_relay_restrictions = permit_mynetworks, reject",
        "alias_maps =",
        "alias_database =",
        "smtputf8_enable = yes",
        "smtp_tls_security_level = none",
        "smtpd_tls_security_level = none",
        "disable_dns_lookups = yes",
        "smtp_host_lookup = native",
        f"relayhost = [127.0.0.1]:{relay}",
        *main,
    ]
    (directory / "etc/main.cf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (directory / "etc/master.cf").write_text(master, encoding="utf-8")


def _postfix(directory: Path, program: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [f"/usr/sbin/{program}", "-c", str(directory / "etc"), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _await(port: int) -> None:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("postfix does not listen")
