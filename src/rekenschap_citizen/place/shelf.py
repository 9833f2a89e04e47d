# SPDX-License-Identifier: EUPL-1.2
"""Finds what one citizen may see: one line, by bisection, in one file; never a file as a whole."""

from __future__ import annotations

import json
import mmap
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from rekenschap.citizen import Answer, Item, Published, published_in
from rekenschap.citizen.letters import NAME
from rekenschap.errors import StoreError

OFFERED, LATEST, ABOUT, REGISTER = "offered", "latest", "about.json", "register.json"


def answer_in(place: Path, drawer: str, *, organisation: str) -> Answer:
    """Give the answer for a drawer; one that is empty and one that never was are the same."""
    if not NAME.fullmatch(drawer):
        raise StoreError(expected="the name of a drawer", found="another text", remedy="sign in again")
    try:
        newest = _newest(place)
        about = json.loads((newest / ABOUT).read_text(encoding="utf-8"))
        line = _line(newest / f"{drawer[:2]}.lines", drawer.encode("ascii"))
    except (OSError, ValueError):
        raise _nothing() from None
    return Answer(
        organisation=organisation,
        as_of=datetime.fromisoformat(about["as_of"]),
        since=date.fromisoformat(about["since"]),
        items=tuple(Item.of(each) for each in json.loads(line)),
    )


def register_in(place: Path) -> Published:
    """Give the register of processing activities as anybody may read it."""
    try:
        return _register(_newest(place))
    except (OSError, ValueError):
        raise _nothing() from None


@lru_cache(maxsize=2)
def _register(newest: Path) -> Published:
    """Read it once: what is offered under one name does not change."""
    told = json.loads((newest / REGISTER).read_text(encoding="utf-8"))
    return published_in(told)


def _newest(place: Path) -> Path:
    return place / OFFERED / (place / OFFERED / LATEST).read_text(encoding="ascii").strip()


def _nothing() -> StoreError:
    return StoreError(
        expected="what the desk offers to citizens",
        found="none, or a part of it",
        remedy="start the worker of the desk",
        retryable=True,
    )


def _line(path: Path, drawer: bytes) -> bytes:
    """Give what stands behind the name of the drawer; an empty list when it does not stand there."""
    if path.stat().st_size == 0:
        return b"[]"
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        low, high = 0, len(lines)
        while low < high:
            begin = lines.rfind(b"\n", 0, (low + high) // 2) + 1
            end = lines.find(b"\n", begin)
            name, _, told = lines[begin:end].partition(b"\t")
            if name == drawer:
                return told
            low, high = (end + 1, high) if name < drawer else (low, begin)
    return b"[]"
