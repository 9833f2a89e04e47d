# SPDX-License-Identifier: EUPL-1.2
"""Founds what is not there, starts every program of the desk, and says where it is.

Everything that needs Django runs in a program of its own: this one knows only their names.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

from rekenschap.cli.serving.group import Group, Program
from rekenschap.cli.serving.ports import free_port
from rekenschap.cli.serving.town import house_in, offer_to_citizens
from rekenschap.cli.speak import say
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.config import DESK, FILE_NAME
from rekenschap.errors import ConfigurationError, ExitCode, StoreError

_WEB = ("django", "granian", "allauth", "cedarpy", "csp", "whitenoise")
_PATIENCE = 300.0
"""seconds; a machine that is busy with other work can need minutes"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where everything of this time is."""

    home: Path
    desk_port: int
    tryout_port: int | None
    desk: str
    """the address people know"""
    citizen_port: int | None = None
    """None: this house has no citizen page"""

    @property
    def citizen(self) -> str:
        """The address of the citizen page in the try-out; elsewhere its own settings say it."""
        return f"http://localhost:{self.citizen_port}"

    @property
    def citizen_environment(self) -> dict[str, str]:
        """What the citizen page must know: where its own place is, and nothing of the house."""
        return {
            "REKENSCHAP_CITIZEN": str(self.home / "citizen"),
            "REKENSCHAP_CITIZEN_ADDRESS": self.environment.get("REKENSCHAP_CITIZEN_ADDRESS", ""),
            "REKENSCHAP_TRYOUT": self.environment.get("REKENSCHAP_TRYOUT", ""),
            "REKENSCHAP_HOME": "",
            "REKENSCHAP_DESK": "",
            "DJANGO_SETTINGS_MODULE": "rekenschap_citizen.settings",
        }

    @property
    def environment(self) -> dict[str, str]:
        """What every program must know."""
        told = {"REKENSCHAP_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "rekenschap_web.settings.desk"}
        if self.tryout_port is not None:
            told |= {
                "REKENSCHAP_DESK": self.desk,
                "REKENSCHAP_TRYOUT": f"http://localhost:{self.tryout_port}",
                "REKENSCHAP_CITIZEN_ADDRESS": self.citizen,
            }
        return told


def serve(place: Path, *, port: int, language: Language) -> int:
    """Serve until SIGINT, SIGTERM or the end of one of the programs; then everything ends."""
    _check_installed()
    words = words_in(language)
    founded = house_in(place, words=words)
    places = _places(founded.home, port, is_tryout=founded.is_demo)
    if places.citizen_port is not None:
        offer_to_citizens(places.home, words=words, is_tryout=places.tryout_port is not None)
    _prepare(places, words)
    with Group(said_in=_said_in(places)) as group:
        for program in _programs(places):
            group.start(program)
        _wait_for(group, f"http://127.0.0.1:{places.desk_port}", places)
        _tell(places, words)
        if group.said_in is not None:
            say(words("serve_said_in", path=group.said_in))
        ended = None if group.asked_to_stop else group.wait()
    if ended is not None:
        raise StoreError(
            expected="every program of the desk to go on",
            found=f"that {ended} ended with {group.running[ended].returncode}",
            remedy=f"see what it said {_where_said(group)}, and start again",
        )
    say(words("serve_stopped"))
    return ExitCode.FINE


def _said_in(places: Places) -> Path | None:
    """Keep a terminal free for who reads it: what programs say then goes to a file of the house."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        return None
    path = places.home / "desk" / "programs.log"
    path.touch(mode=0o600)
    return path


def _where_said(group: Group) -> str:
    return "above" if group.said_in is None else f"in {group.said_in}"


def _check_installed() -> None:
    missing = [name for name in _WEB if find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            expected="what comes with rekenschap[desk,services,reports]",
            found=f"no {missing[0]}",
            remedy="install it with: pip install 'rekenschap[desk,services,reports]'",
        )


def _places(home: Path, port: int, *, is_tryout: bool) -> Places:
    told = _told(home)
    own_way_in = "oidc" in told or told.get("local_accounts") is True
    if not own_way_in and not is_tryout:
        raise ConfigurationError(
            expected=f"[desk.oidc], or local_accounts = true under [desk], in {FILE_NAME} of the house",
            found="neither",
            remedy="say who signs people in; the try-out's own log-ins are for the demo town only",
        )
    desk = str(told.get("public_url") or f"http://localhost:{port}")
    tryout_port = None if own_way_in else free_port(port + 1)
    has_page = tryout_port is not None or (home / "citizen" / "citizen.toml").is_file()
    return Places(
        home=home,
        desk_port=port,
        tryout_port=tryout_port,
        desk=desk,
        citizen_port=free_port(port + 2) if has_page else None,
    )


def _told(home: Path) -> dict[str, object]:
    try:
        told = tomllib.loads((home / FILE_NAME).read_text(encoding="utf-8")).get(DESK, {})
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _prepare(places: Places, words: Words) -> None:
    """Bring the databases up to date, and the try-out's people into theirs."""
    say(words("serve_prepares"))
    told = {"rekenschap_web.settings.prepare": places.environment}
    if places.tryout_port is not None:
        told["rekenschap_web.tryout.prepare"] = places.environment
    if places.citizen_port is not None:
        told["rekenschap_citizen.prepare"] = places.citizen_environment
    begun = [
        subprocess.Popen([sys.executable, "-m", module], env={**os.environ, **more})  # noqa: S603 - our own
        for module, more in told.items()
    ]
    if ended := [code for each in begun if (code := each.wait())]:
        raise StoreError(
            expected="the databases of the desk to be brought up to date",
            found=f"that it ended with {ended[0]}",
            remedy="see what it said above",
        )


def _programs(places: Places) -> Iterator[Program]:
    here, python = places.environment, sys.executable
    if places.tryout_port is not None:
        tryout = {**here, "DJANGO_SETTINGS_MODULE": "rekenschap_web.settings.tryout"}
        yield Program(
            name="the try-out's log-ins",
            words=_granian("rekenschap_web.tryout.wsgi:application", places.tryout_port, threads=2),
            environment=tryout,
        )
    home = str(places.home)
    intake = [python, "-m", "rekenschap", "intake", "serve", "--home", home]
    ports = ["--port", str(free_port(4318)), "--grpc-port", str(free_port(4317))]
    yield Program(name="the intake", words=[*intake, *ports], environment=here, is_quiet=True)
    if places.citizen_port is not None:
        clerk = [python, "-m", "rekenschap.audit.citizens.clerk", home]
        yield Program(name="the clerk", words=clerk, environment=here)
        yield Program(
            name="the citizen page",
            words=_granian("rekenschap_citizen.wsgi:application", places.citizen_port, threads=2),
            environment=places.citizen_environment,
        )
    yield Program(name="the worker", words=[python, "-m", "rekenschap_web.acts.worker"], environment=here)
    yield Program(
        name="the desk",
        words=_granian("rekenschap_web.wsgi:application", places.desk_port, threads=4),
        environment=here,
    )


def _granian(target: str, port: int, *, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", str(threads), "--no-ws", "--http", "1",
        "--log-level", "warning", "--workers-kill-timeout", "10s", target,
    ]  # fmt: skip


def _wait_for(group: Group, address: str, places: Places) -> None:
    """Wait until the desk answers; raises StoreError when a program ends or it takes too long."""
    host = places.desk.partition("://")[2].partition("/")[0]
    asked = urllib.request.Request(f"{address}/inloggen/", headers={"Host": host})  # noqa: S310 - http, ours
    until = monotonic() + _PATIENCE
    while not group.asked_to_stop:
        group.check()
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
                if answer.status == HTTPStatus.OK:
                    return
        except urllib.error.HTTPError as error:
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                return
        except OSError:
            pass
        if monotonic() > until:
            raise StoreError(
                expected="the desk to answer within five minutes",
                found="silence",
                remedy=f"see what was said {_where_said(group)}",
            )
        sleep(0.2)


def _tell(places: Places, words: Words) -> None:
    say("", words("serve_ready", address=places.desk))
    if places.tryout_port is not None:
        say("", *_log_ins(places, words))
        say("", words("serve_citizen", address=places.citizen), *_citizen_log_ins(places))
    say("", words("serve_stop"))
    sys.stdout.flush()


def _citizen_log_ins(places: Places) -> list[str]:
    path = places.home / "desk" / "tryout-citizen-log-ins.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _log_ins(places: Places, words: Words) -> list[str]:
    """Give the lines that `prepare` wrote down: who can sign in, and the password."""
    path = places.home / "desk" / "tryout-log-ins.txt"
    return [words("serve_log_ins"), *path.read_text(encoding="utf-8").splitlines()]
