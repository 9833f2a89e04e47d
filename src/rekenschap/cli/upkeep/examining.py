# SPDX-License-Identifier: EUPL-1.2
"""The doctor: looks at a house and its desk point by point; of what is wrong it says where, and what to do.

Changes nothing. A point names its sentences; what a refusal itself says stays as it was raised.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rekenschap.audit.deriving import newest_in
from rekenschap.audit.desk.people import reading
from rekenschap.cli.speak import program, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.cli.upkeep.asking_desk import ask_desk, has_desk
from rekenschap.config import FILE_NAME
from rekenschap.errors import ExitCode, RekenschapError, TroubleError
from rekenschap.house import PERIOD, House, LedgerPlace

_LEAST_FREE = 2 * 1024**3
_KEY = re.compile(r"[a-z_]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that was looked at; `where` and `change` are there when it is not well.

    `found` and `change` are names of sentences (`doctor_found_…`, `doctor_change_…`), `given` fills them.
    """

    what: str
    is_well: bool
    found: str
    where: str = ""
    change: str = ""
    given: Mapping[str, object] = field(default_factory=dict)


def examine(home: Path, *, language: Language, as_json: bool) -> int:
    """Look at everything and say it; gives the exit code of trouble when a point is not well."""
    points = tuple(_points(home))
    wrong = sum(not each.is_well for each in points)
    if as_json:
        plain = words_in(Language.EN)
        say_json({"well": not wrong, "points": [_told(each, plain) for each in points]})
    else:
        words = words_in(language)
        for each in points:
            say(*_lines(each, words))
        say(words("doctor_sum", wrong=wrong, count=len(points)) if wrong else words("doctor_fine"))
    return ExitCode.TROUBLE if wrong else ExitCode.FINE


def _told(point: Point, words: Words) -> Mapping[str, object]:
    return {
        "what": point.what,
        "well": point.is_well,
        "code": point.found,
        "found": words(f"doctor_found_{point.found}", **point.given),
        "where": point.where,
        "change": words(f"doctor_change_{point.change}", **point.given) if point.change else "",
    }


def _lines(point: Point, words: Words) -> Iterator[str]:
    told = _told(point, words)
    mark = "✓" if point.is_well else "✗"
    yield words("doctor_line", mark=mark, what=words(f"doctor_what_{point.what}"), found=told["found"])
    if point.where:
        yield words("doctor_where", where=point.where)
    if point.change:
        yield words("doctor_change", change=told["change"])


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
        return _trouble(what, home, error)


def _trouble(what: str, home: Path, error: RekenschapError) -> Point:
    return Point(
        what=what, is_well=False, found="trouble", where=_where_set(home, error.expected), change="remedy",
        given={"found": error.found, "expected": error.expected, "remedy": error.remedy},
    )  # fmt: skip


def _settings(home: Path, opened: list[House]) -> Point:
    opened.append(House.at(home))
    file = home / FILE_NAME
    found = "settings" if file.exists() else "no_settings"
    return Point(what="settings", is_well=True, found=found, given={"text": file})


def _keys(house: House) -> Point:
    house.keys.pseudonym_key(PERIOD)
    house.keys.sealing_key()
    return Point(what="keys", is_well=True, found="there")


def _ledger(house: House) -> Point:
    if not house.is_founded:
        return Point(
            what="ledger", is_well=False, found="none", where=str(house.ledger_path), change="no_ledger",
            given={"program": program(), "home": house.root},
        )  # fmt: skip
    LedgerPlace.of(house.root).check_anchored()
    return Point(what="ledger", is_well=True, found="entries", given={"number": reading(house).size})


def _disk(home: Path) -> Point:
    free = shutil.disk_usage(home).free
    is_well = free >= _LEAST_FREE
    return Point(
        what="disk", is_well=is_well, found="free", where="" if is_well else str(home),
        change="" if is_well else "disk", given={"number": free // 1024**2},
    )  # fmt: skip


def _derived(house: House) -> Point:
    name, size = newest_in(house.root), reading(house).checkpoint.size
    held = name.partition("-")[0]
    found = "derived_from" if held == str(size) else "derived_behind"
    return Point(what="derived", is_well=True, found=found, given={"number": held, "size": size})


def _desk(home: Path) -> Iterator[Point]:
    try:
        told = ask_desk(home, "rekenschap_web.upkeep.report")
    except TroubleError as error:
        yield _trouble("desk", home, error)
        return
    points = told["points"]
    assert isinstance(points, list)  # noqa: S101 - what upkeep.report writes
    for each in points:
        name, is_well = str(each["name"]), bool(each["well"])
        yield Point(
            what=f"desk_{name}", is_well=is_well, found=str(each["code"]),
            where="" if is_well else _where_set(home, name), change="" if is_well else f"desk_{name}",
            given={"number": each.get("number"), "text": each.get("text"), "program": program()},
        )  # fmt: skip


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
