# SPDX-License-Identifier: EUPL-1.2
"""The doctor: looks at a house and its desk point by point; of what is wrong it says where, and what to do.

Changes nothing. Texts of the points are short and the same in both languages; what to do is a line to type.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rekenschap.audit.deriving import newest_in
from rekenschap.audit.desk.people import reading
from rekenschap.cli.speak import program, say, say_json
from rekenschap.cli.texts import Language, words_in
from rekenschap.cli.upkeep.asking_desk import ask_desk, has_desk
from rekenschap.config import FILE_NAME
from rekenschap.errors import ExitCode, RekenschapError, TroubleError
from rekenschap.house import PERIOD, House, LedgerPlace

_LEAST_FREE = 2 * 1024**3
_KEY = re.compile(r"[a-z_]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that was looked at; `where` and `change` are there when it is not well."""

    what: str
    is_well: bool
    found: str
    where: str = ""
    change: str = ""


def examine(home: Path, *, language: Language, as_json: bool) -> int:
    """Look at everything and say it; gives the exit code of trouble when a point is not well."""
    points = tuple(_points(home))
    wrong = sum(not each.is_well for each in points)
    if as_json:
        say_json({
            "well": not wrong,
            "points": [
                {"what": each.what, "well": each.is_well, "found": each.found, "where": each.where,
                 "change": each.change}
                for each in points
            ],
        })  # fmt: skip
    else:
        words = words_in(language)
        for each in points:
            say(words("doctor_line", mark="✓" if each.is_well else "✗", what=each.what, found=each.found))
            if each.where:
                say(words("doctor_where", where=each.where))
            if each.change:
                say(words("doctor_change", change=each.change))
        say(words("doctor_sum", wrong=wrong, count=len(points)) if wrong else words("doctor_fine"))
    return ExitCode.TROUBLE if wrong else ExitCode.FINE


def _points(home: Path) -> Iterator[Point]:
    opened: list[House] = []
    yield _tried("settings", home, lambda: _settings(home, opened))
    if not opened:
        return
    house = opened[0]
    yield _tried("keys", home, lambda: _keys(house))
    yield _tried("ledger", home, lambda: _ledger(house))
    yield _disk(home)
    yield _tried("derived", home, lambda: _derived(house))
    if has_desk(home):
        yield from _desk(home)


def _tried(what: str, home: Path, ask: Callable[[], Point]) -> Point:
    try:
        return ask()
    except RekenschapError as error:
        return Point(
            what=what,
            is_well=False,
            found=f"{error.found}; expected {error.expected}",
            where=_where_set(home, error.expected),
            change=error.remedy,
        )


def _settings(home: Path, opened: list[House]) -> Point:
    opened.append(House.at(home))
    file = home / FILE_NAME
    return Point(what="settings", is_well=True, found=str(file) if file.exists() else "none: all as it comes")


def _keys(house: House) -> Point:
    house.keys.pseudonym_key(PERIOD)
    house.keys.sealing_key()
    return Point(what="keys", is_well=True, found="there")


def _ledger(house: House) -> Point:
    if not house.is_founded:
        return Point(
            what="ledger", is_well=False, found="none", where=str(house.ledger_path),
            change=f"{program()} intake FILES --profile NAME --home {house.root}",
        )  # fmt: skip
    LedgerPlace.of(house.root).check_anchored()
    return Point(what="ledger", is_well=True, found=f"{reading(house).size} entries")


def _disk(home: Path) -> Point:
    free = shutil.disk_usage(home).free
    return Point(
        what="disk", is_well=free >= _LEAST_FREE, found=f"{free // 1024**2} MiB free",
        where="" if free >= _LEAST_FREE else str(home),
        change="" if free >= _LEAST_FREE else "make room: at least 2 GiB",
    )  # fmt: skip


def _derived(house: House) -> Point:
    name, size = newest_in(house.root), reading(house).checkpoint.size
    is_newest = name.partition("-")[0] == str(size)
    return Point(
        what="derived", is_well=True,
        found=f"from {name.partition('-')[0]} entries"
        + ("" if is_newest else f" of {size}: the worker comes by"),
    )  # fmt: skip


def _desk(home: Path) -> Iterator[Point]:
    try:
        told = ask_desk(home, "rekenschap_web.upkeep.report")
    except TroubleError as error:
        yield Point(
            what="desk", is_well=False, found=f"{error.found}; expected {error.expected}",
            where=_where_set(home, error.expected), change=error.remedy,
        )  # fmt: skip
        return
    points = told["points"]
    assert isinstance(points, list)  # noqa: S101 - what upkeep.report writes
    for each in points:
        is_well = bool(each["well"])
        yield Point(
            what=f"desk {each['name']}", is_well=is_well, found=str(each["found"]),
            where="" if is_well else _where_set(home, str(each["name"])),
            change="" if is_well else _CHANGES.get(str(each["name"]), ""),
        )  # fmt: skip


_CHANGES = {
    "database": "correct database = under [desk], and see that the database runs",
    "migrations": "python -m rekenschap_web.settings.prepare",
    "acts": "start the worker: python -m rekenschap_web.acts.worker",
    "derived": "rekenschap derive",
    "address": 'write public_url = "https://…" under [desk]',
    "sign-in": "write [desk.oidc] with issuer, client_id and client_secret, "
    "or local_accounts = true under [desk]",
}


def _where_set(home: Path, told: str) -> str:
    """Name the line of the settings that speaks of this; the file when there is no such line."""
    file = home / FILE_NAME
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return str(file)
    wanted = _KEY.findall(told)
    for number, line in enumerate(lines, start=1):
        key = line.partition("=")[0].strip().strip("[]").rpartition(".")[2]
        if key and key in wanted:
            return f"{file}, line {number}: {_shown(line)}"
    return str(file)


def _shown(line: str) -> str:
    """Show a line of the settings; there are no secrets in it, only where they are."""
    return line.strip()[:120]
