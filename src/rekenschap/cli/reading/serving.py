# SPDX-License-Identifier: EUPL-1.2
"""Starts the two programs by which others read: the clerk with the keys, and the service that has none."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

from rekenschap.audit.readers import PLACE, add_client, offers_anything
from rekenschap.cli.serving.group import Group, Program
from rekenschap.cli.serving.ports import free_port
from rekenschap.cli.speak import say
from rekenschap.cli.texts import Language, words_in
from rekenschap.errors import ConfigurationError, ExitCode, StoreError
from rekenschap.house import House

_PATIENCE = 120.0
_SERVICE, _CLERK = "the service", "the clerk of readers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked on the command line."""

    home: Path
    host: str
    port: int
    certificate: Path | None
    key: Path | None


def serve(asked: Asked, *, language: Language) -> int:
    """Serve until SIGINT or SIGTERM, or until one of the two programs ends."""
    words, house = words_in(language), House.at(asked.home)
    _check(asked, house)
    port = asked.port or free_port(0)
    with Group() as group:
        for program in _programs(asked, port):
            group.start(program)
        _wait_for(group, asked.host, port)
        if not group.asked_to_stop:
            say(words("read_serves", host=asked.host, port=port))
            if not offers_anything(asked.home):
                say(words("read_offers_nothing"))
            sys.stdout.flush()
        ended = None if group.asked_to_stop else group.wait()
    if ended is not None:
        raise StoreError(
            expected="both programs to go on",
            found=f"that {ended} ended with {group.running[ended].returncode}",
            remedy="see what it said above, and start again",
        )
    say(words("read_stopped"))
    return ExitCode.FINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A client to be added: by which interfaces it reads, what it may do, and how often."""

    name: str
    reads: Sequence[str]
    rights: Sequence[str]
    a_minute: int | None


def add(asked: Added, *, home: Path, language: Language) -> int:
    """Add a client and tell its token, once."""
    words = words_in(language)
    reads, rights = ([str(each) for each in some] for some in (asked.reads, asked.rights))
    token = add_client(home, asked.name, reads=reads, rights=rights, a_minute=asked.a_minute)
    say(words("read_token", name=asked.name), token)
    return ExitCode.FINE


def _check(asked: Asked, house: House) -> None:
    if not house.is_founded:
        raise ConfigurationError(expected="a house", found="none", remedy="name yours with --home")
    if find_spec("uvicorn") is None:
        raise ConfigurationError(
            expected="the server that comes with rekenschap[services]", found="none",
            remedy="install it with: pip install 'rekenschap[services]'",
        )  # fmt: skip
    if (asked.certificate is None) != (asked.key is None):
        raise ConfigurationError(
            expected="--certificate and --key together", found="one of the two", remedy="give both"
        )
    is_here = asked.host in ("localhost", "::1") or asked.host.startswith("127.")
    if asked.certificate is None and not is_here:
        raise ConfigurationError(
            expected="--certificate and --key, to listen for other machines", found="neither",
            remedy="give them, or listen on 127.0.0.1 behind something that does TLS",
        )  # fmt: skip


def _programs(asked: Asked, port: int) -> Iterator[Program]:
    home = asked.home.resolve()
    clerk = [sys.executable, "-m", "rekenschap.audit.readers.clerk", str(home)]
    yield Program(name=_CLERK, words=clerk, environment={})
    place = home / PLACE
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    tls = [str(each) for each in (asked.certificate, asked.key) if each is not None]
    service = [sys.executable, "-m", "rekenschap_read.door.serving"]
    given = [str(place), str(home / "citizen"), asked.host, str(port), *tls]
    # it is told where its own place is, and nothing of the house
    yield Program(name=_SERVICE, words=[*service, *given], environment={"REKENSCHAP_HOME": ""})


def _wait_for(group: Group, host: str, port: int) -> None:
    until = monotonic() + _PATIENCE
    while not group.asked_to_stop:
        group.check()
        try:
            socket.create_connection((host, port), timeout=2).close()
            return
        except OSError:
            if monotonic() > until:
                raise StoreError(
                    expected="the service to answer", found="silence", remedy="see what was said above"
                ) from None
        sleep(0.1)
