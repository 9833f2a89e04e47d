# SPDX-License-Identifier: EUPL-1.2
"""Adds a client to `read.toml`: its token is made here, told once, and kept nowhere; its digest is."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from rekenschap.audit.readers.offering import PLACE
from rekenschap.errors import ConfigurationError

FILE_NAME = "read.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")


def add_client(
    home: Path, name: str, *, reads: Sequence[str], rights: Sequence[str], a_minute: int | None = None
) -> str:
    """Add the client and give its token; raises ConfigurationError for a name that is none or is there."""
    if not _NAME.fullmatch(name):
        raise _wrong("a name in small letters, digits, dots and dashes", "another", "choose one")
    path = home / PLACE / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        told = tomllib.loads(text).get("client", [])
    except tomllib.TOMLDecodeError:
        raise _wrong(f"a file in TOML as {FILE_NAME}", "something else", "correct it") from None
    if any(each.get("name") == name for each in told):
        raise _wrong("another name for each client", "one that is there", "take its block out first")
    token = secrets.token_urlsafe(32)
    digest = urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()
    block = [
        "[[client]]", f'name = "{name}"', f'digest = "{digest}"', f"reads = {_listed(reads)}",
        *([f"rights = {_listed(rights)}"] if rights else []),
        *([f"a_minute = {a_minute}"] if a_minute is not None else []),
    ]  # fmt: skip
    fresh = path.with_name(f".{FILE_NAME}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{text.rstrip()}\n\n" if text.strip() else "")
        file.write("\n".join(block) + "\n")
    fresh.replace(path)
    return token


def offers_anything(home: Path) -> bool:
    """Say whether the settings open any interface to anybody; what is wrong in them the service says."""
    path = home / PLACE / FILE_NAME
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
    return bool(told.get("client")) and any(isinstance(each, dict) for each in told.values())


def _listed(words: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{each}"' for each in words) + "]"


def _wrong(expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=expected, found=found, remedy=remedy)
