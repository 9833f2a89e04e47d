# SPDX-License-Identifier: EUPL-1.2
"""Asks the desk of a house, which runs in a program of its own: this one knows only its names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict, cast

from rekenschap.config import FILE_NAME
from rekenschap.errors import ConfigurationError, TroubleError, VerificationError

ROOM = "desk"
_SETTINGS = "rekenschap_web.settings.desk"
_LONGEST = 3600.0


def has_desk(home: Path) -> bool:
    """Say whether a house has a desk: a database in its room, or one that its configuration names."""
    if (home / ROOM / "desk.sqlite").is_file():
        return True
    try:
        told = (home / FILE_NAME).read_text(encoding="utf-8")
    except OSError:
        return False
    return (home / ROOM).is_dir() and "database" in told


def check_desk(home: Path) -> Mapping[str, int]:
    """Have the desk hold its database against the ledger; raises VerificationError that names a row."""
    told = ask_desk(home, "rekenschap_web.acts.bringing.checking")
    return cast("Mapping[str, int]", told["fine"])


def ask_desk(home: Path, module: str, *words: str) -> Mapping[str, object]:
    """Run a module of the desk and give the line of JSON it ends with; raises what it raised."""
    if find_spec("django") is None:
        raise ConfigurationError(
            expected="the packages of the desk", found="none", remedy="install rekenschap[desk]"
        )
    environment = {**os.environ, "REKENSCHAP_HOME": str(home.resolve()), "DJANGO_SETTINGS_MODULE": _SETTINGS}
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", module, *words],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False, timeout=_LONGEST,
    )  # fmt: skip
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    try:
        told: dict[str, object] = json.loads(lines[-1])
    except (IndexError, ValueError):
        raise TroubleError(
            expected="the desk to answer", found=f"that it ended with {done.returncode}",
            remedy="ask `rekenschap doctor` what is wrong",
        ) from None  # fmt: skip
    if "alarm" in told:
        raise VerificationError(**_sentence(told["alarm"]))
    if "trouble" in told:
        raise TroubleError(**_sentence(told["trouble"]))
    return told


class _Sentence(TypedDict):
    expected: str
    found: str
    remedy: str


def _sentence(told: object) -> _Sentence:
    return cast("_Sentence", told)
