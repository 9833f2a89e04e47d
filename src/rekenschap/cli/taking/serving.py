# SPDX-License-Identifier: EUPL-1.2
"""What `intake serve` says while it serves, and the process that works behind it."""

from __future__ import annotations

import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from rekenschap.cli.speak import say, tell
from rekenschap.cli.texts import Language, words_in
from rekenschap.errors import ConfigurationError, ExitCode
from rekenschap.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked on the command line; `waiting` is in MiB."""

    home: Path
    origin: str
    host: str
    port: int
    grpc_port: int
    waiting: int


def serve(asked: Asked, *, language: Language) -> int:
    """Serve until SIGINT or SIGTERM; then what was taken in is worked off and sealed."""
    try:
        from rekenschap.audit.frontdoor import serve_house
        from rekenschap.frontdoor.inbox import Limits
        from rekenschap.frontdoor.serving import Settings
    except ImportError as error:
        raise ConfigurationError(
            expected="the servers that come with rekenschap[services]",
            found="none",
            remedy="install them with: pip install 'rekenschap[services]'",
        ) from error
    words, house = words_in(language), House.at(asked.home)
    if not house.is_founded:
        house.ledger(origin=asked.origin)
    settings = Settings(
        home=asked.home,
        host=asked.host,
        port=asked.port,
        grpc_port=asked.grpc_port,
        limits=Limits(waiting=asked.waiting << 20),
    )

    def ready(port: int, grpc_port: int) -> None:
        say(words("frontdoor_serves", host=asked.host, port=port, grpc_port=grpc_port))
        sys.stdout.flush()

    code = serve_house(house, settings, ready=ready, said=_noted, fault=_fault)
    if code == ExitCode.FINE:
        say(words("frontdoor_stopped"))
    return code


def work(home: Path) -> int:
    """Work off the inbox until the one who takes in says it is over."""
    from rekenschap.audit.frontdoor import work_for

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # who takes in hears them, and says when
    work_for(House.at(home), sys.stdin.buffer, sys.stdout.buffer)
    return ExitCode.FINE


def _noted(text: str) -> None:
    tell(f"rekenschap intake: {text}")


def _fault(error: BaseException) -> None:
    """Say where our own fault was, never what it was about: the message may repeat a personal value."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    _noted(
        f"found {type(error).__name__} in {Path(place.filename).name} line {place.lineno}; report that line"
    )
