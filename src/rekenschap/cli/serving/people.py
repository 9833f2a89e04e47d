# SPDX-License-Identifier: EUPL-1.2
"""Adds an account at the desk itself, in a program of its own: this one knows no Django."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rekenschap.casework.roles import Role
from rekenschap.errors import ConfigurationError, ExitCode
from rekenschap.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the operator says of somebody."""

    email: str
    name: str
    roles: tuple[Role, ...]
    team: str
    staff_id: str


def add(home: Path, told: Told) -> int:
    """Add the account, or give the one with this address these roles and a new link."""
    if "@" not in told.email:
        raise ConfigurationError(
            expected="a mail address", found="a text without @", remedy="give the address of this person"
        )
    if not House.at(home).is_founded:
        raise ConfigurationError(expected="a house", found="none", remedy="name yours with --home")
    words = [told.email, told.name, ",".join(told.roles), told.team, told.staff_id]
    done = subprocess.run(  # noqa: S603 - a list of words, no shell
        [sys.executable, "-m", "rekenschap_web.signin.adding", *words],
        env={**os.environ, "REKENSCHAP_HOME": str(home.resolve())},
        check=False,
    )
    return ExitCode.FINE if done.returncode == 0 else ExitCode.TROUBLE
