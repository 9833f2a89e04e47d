# SPDX-License-Identifier: EUPL-1.2
"""A PostgreSQL server of our own in a temporary directory, behind a unix socket: for suites and benchmark.

    with running() as server:
        connect(server.address)

Durability is as PostgreSQL ships it; a benchmark that wants other settings gives them.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

_ROLE, _BASE = "rekenschap", "postgres"
_WAIT, _PAUSE = 30.0, 0.02  # seconds
_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server that runs; `directory` holds everything it has."""

    directory: Path

    @property
    def address(self) -> str:
        """Where to connect, as libpq wants it."""
        return f"postgresql://{_ROLE}@/{_BASE}?host={quote(str(self.directory), safe='')}"

    @property
    def disk_bytes(self) -> int:
        """How much its data directory takes."""
        return sum(path.stat().st_size for path in (self.directory / "data").rglob("*") if path.is_file())


def why_not() -> str:
    """Say why no server can be started here, or nothing when one can."""
    return "" if _programs() else "no PostgreSQL: apt install postgresql-15"


def _programs() -> Path | None:
    """Find the newest server of this machine; Debian keeps it off the search path."""
    held = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if held:
        return max(held, key=lambda path: (len(path.parts[-2]), path.parts[-2]))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def running(
    settings: Mapping[str, str] | None = None, *, under: Path | None = None
) -> Iterator[PostgresServer]:
    """Start a server and stop it at the end; raises RuntimeError with its own words if it cannot.

    `under` is where its directory is made (a disk to be measured); root hands it to another account.
    """
    programs = _programs()
    if programs is None:
        raise RuntimeError(why_not())
    directory = Path(tempfile.mkdtemp(prefix="pg-", dir=under or "/tmp"))  # noqa: S108 - a socket's path is short
    try:
        account = _give_away(directory)
        _begin(programs, directory, account)
        with (directory / "server.txt").open("wb") as words:
            server = _start(programs, directory, (account, words, settings or {}))
            try:
                _await(server, directory)
                yield PostgresServer(directory=directory)
            finally:
                server.send_signal(signal.SIGINT)  # disconnects everybody, writes what is left
                server.wait(_WAIT)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _give_away(directory: Path) -> int | None:
    """PostgreSQL refuses to run as root: hand its directory to somebody else."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = next(known[name] for name in _ACCOUNTS if name in known)
    os.chown(directory, account.pw_uid, account.pw_gid)
    return account.pw_uid


def _begin(programs: Path, directory: Path, account: int | None) -> None:
    made = subprocess.run(
        [
            str(programs / "initdb"),
            *("--pgdata", str(directory / "data"), "--username", _ROLE),
            *("--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"),
        ],
        **_as(account, directory),
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(made.stderr)


def _start(
    programs: Path, directory: Path, rest: tuple[int | None, IO[bytes], Mapping[str, str]]
) -> subprocess.Popen[bytes]:
    account, words, settings = rest
    wanted = {"listen_addresses": "", "unix_socket_directories": str(directory), **settings}
    options = [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(programs / "postgres"), "-D", str(directory / "data"), *options],
        **_as(account, directory),
        stdout=words,
        stderr=words,
    )


def _as(account: int | None, directory: Path) -> dict[str, object]:
    there: dict[str, object] = {"cwd": directory, "stdin": subprocess.DEVNULL}
    if account is not None:
        there |= {"user": account, "group": pwd.getpwuid(account).pw_gid, "extra_groups": []}
    return there


def _await(server: subprocess.Popen[bytes], directory: Path) -> None:
    """Wait until the server says in its own pid file that it is ready."""
    until, state = time.monotonic() + _WAIT, directory / "data/postmaster.pid"
    while time.monotonic() < until and server.poll() is None:
        if state.exists() and state.read_text(encoding="utf-8").rstrip().endswith("ready"):
            return
        time.sleep(_PAUSE)
    raise RuntimeError((directory / "server.txt").read_text(encoding="utf-8", errors="replace"))
