# SPDX-License-Identifier: EUPL-1.2
"""A query is a folder: `query.toml` says what it asks and why, `query.sql` is one SELECT, `cases/` tests it.

Loads and checks the folder; does not read the SQL (see `subset`) and runs nothing (see `workspace`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rekenschap.errors import ConfigurationError
from rekenschap.seams.engine import Parameter


class Holds(StrEnum):
    """What a column of a derived relation holds, as drawn tables and engines need to know it."""

    ENTRY = "entry"  # index in the ledger; a row's label in a drawn table
    TOKEN = "token"  # noqa: S105 - the BIGINT half of a pseudonym
    TIME = "time"  # BIGINT microseconds UTC
    DAY = "day"  # INTEGER days since 1970-01-01, local
    COUNT = "count"  # a whole number
    NUMBER = "number"  # DOUBLE
    TEXT = "text"
    FLAG = "flag"


Columns = Mapping[str, Holds]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A parameter of a query: bound, never formatted in; `why` defends the default."""

    name: str
    type: str
    unit: str
    default: Parameter
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InTwo:
    """The same text for people in Dutch and in English."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One query folder, read. `weight` is of grounds only, `severity` of rules; both empty otherwise.

    `short` is how a ground is called in a list inside a sentence: the title, unless it says so itself.
    `work_of` is of grounds too: `looker` when the work that is found names the one who looked.
    """

    id: str
    folder: Path
    title: InTwo
    short: InTwo
    sentence: InTwo
    question: str
    reads: tuple[str, ...]
    writes: str
    columns: Columns
    settings: tuple[Setting, ...]
    weight: str
    work_of: str
    severity: str
    law: str
    blind_spots: tuple[str, ...]
    owner: str
    since: str
    version: int
    sql: str

    @property
    def defaults(self) -> dict[str, Parameter]:
        """Give the parameters as they are when nobody sets them."""
        return {setting.name: setting.default for setting in self.settings}

    @property
    def drawings(self) -> tuple[Path, ...]:
        """Give the files of drawn cases, by name."""
        return tuple(sorted((self.folder / "cases").glob("*.txt")))


_REQUIRED = (
    "id", "title", "question", "reads", "writes", "columns", "blind_spots", "owner", "since", "version",
)  # fmt: skip
_OPTIONAL = ("parameters", "weight", "work_of", "severity", "law", "sentence", "short")
_WEIGHTS = ("", "full", "weak", "stated", "trace")
_WORK_OF = ("", "looker")
_TYPES: dict[str, type] = {"count": int, "number": float, "text": str, "flag": bool}


def load_query(folder: Path) -> Query:
    """Read one query folder; raises ConfigurationError naming the file and what it lacks."""
    settings_file = folder / "query.toml"
    told = _toml(settings_file)
    _check_keys(told, settings_file)
    if told["id"] != folder.name:
        raise _wrong(settings_file, f"id = '{folder.name}', as the folder is named", f"'{told['id']}'")
    return Query(
        id=folder.name,
        folder=folder,
        title=_in_two(told["title"], settings_file),
        short=_in_two(told.get("short", told["title"]), settings_file),
        sentence=_in_two(told.get("sentence", {"nl": "", "en": ""}), settings_file),
        question=_text(told, "question", settings_file),
        reads=_texts(told, "reads", settings_file),
        writes=_text(told, "writes", settings_file),
        columns=_columns(told["columns"], settings_file),
        settings=_settings(told.get("parameters", {}), settings_file),
        weight=_one_of(told.get("weight", ""), _WEIGHTS, settings_file),
        work_of=_one_of(told.get("work_of", ""), _WORK_OF, settings_file),
        severity=_text(told, "severity", settings_file),
        law=_text(told, "law", settings_file),
        blind_spots=_texts(told, "blind_spots", settings_file),
        owner=_text(told, "owner", settings_file),
        since=_text(told, "since", settings_file),
        version=_version(told["version"], settings_file),
        sql=_read(folder / "query.sql"),
    )


def load_queries(folder: Path) -> tuple[Query, ...]:
    """Read every query folder directly or deeper under `folder`, ordered by id."""
    found = sorted(folder.rglob("query.toml"), key=lambda each: each.parent.name)
    return tuple(load_query(each.parent) for each in found)


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, "valid TOML", f"a fault ({error})") from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, "a file in UTF-8", type(error).__name__) from None


def _check_keys(told: Mapping[str, object], path: Path) -> None:
    missing = [key for key in _REQUIRED if key not in told]
    unknown = [key for key in told if key not in (*_REQUIRED, *_OPTIONAL)]
    if missing or unknown:
        found = ", ".join([*(f"no {key}" for key in missing), *(f"unknown {key}" for key in unknown)])
        raise _wrong(path, f"the keys {', '.join(_REQUIRED)} and perhaps {', '.join(_OPTIONAL)}", found)


def _in_two(told: object, path: Path) -> InTwo:
    if not isinstance(told, dict) or set(told) != {"nl", "en"}:
        raise _wrong(path, "title and sentence in nl and en", "something else")
    return InTwo(nl=str(told["nl"]), en=str(told["en"]))


def _text(told: Mapping[str, object], key: str, path: Path) -> str:
    value = told.get(key, "")
    if not isinstance(value, str):
        raise _wrong(path, f"{key} as text", type(value).__name__)
    return value


def _texts(told: Mapping[str, object], key: str, path: Path) -> tuple[str, ...]:
    value = told[key]
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _wrong(path, f"{key} as a list of texts", type(value).__name__)
    return tuple(value)


def _columns(told: object, path: Path) -> Columns:
    if not isinstance(told, dict) or not told or not set(told.values()) <= {*Holds}:
        raise _wrong(path, f"columns as name = one of {', '.join(Holds)}", "something else")
    return {name: Holds(holds) for name, holds in told.items()}


def _settings(told: object, path: Path) -> tuple[Setting, ...]:
    if not isinstance(told, dict):
        raise _wrong(path, "parameters as tables", type(told).__name__)
    return tuple(_setting(name, each, path) for name, each in told.items())


def _setting(name: str, told: object, path: Path) -> Setting:
    if not isinstance(told, dict) or set(told) != {"type", "unit", "default", "why"}:
        raise _wrong(path, f"parameter {name} with type, unit, default and why", "something else")
    kind, default = _TYPES.get(str(told["type"])), told["default"]
    if not isinstance(default, int | float | str | bool) or type(default) is not kind:
        raise _wrong(
            path, f"parameter {name} with a default of its type ({', '.join(_TYPES)})", "another type"
        )
    return Setting(
        name=name,
        type=str(told["type"]),
        unit=str(told["unit"]),
        default=default,
        why=str(told["why"]),
    )


def _one_of(value: object, allowed: tuple[str, ...], path: Path) -> str:
    if value not in allowed:
        raise _wrong(path, f"one of {', '.join(filter(None, allowed))}", "another word")
    return str(value)


def _version(value: object, path: Path) -> int:
    if type(value) is not int:
        raise _wrong(path, "version as a whole number", type(value).__name__)
    return value


def _wrong(path: Path, expected: str, found: str) -> ConfigurationError:
    place = "/".join(path.parts[-3:])
    return ConfigurationError(
        expected=f"{expected} in {place}", found=found, remedy="correct the query folder"
    )
