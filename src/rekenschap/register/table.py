# SPDX-License-Identifier: EUPL-1.2
"""A register kept as a table: which column is which, and the entry that each row describes.

Knows rows as texts by column; where they come from (CSV, Excel) is for the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType

from rekenschap.register.activity import Version
from rekenschap.register.reading import basis_in, days_in, moment_in, parts_in, secrecy_in

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "key": ("nummer", "id", "kenmerk", "code", "verwerkingsactiviteit", "processing activity", "number"),
        "name": ("naam", "naam verwerking", "verwerking", "naam verwerkingsactiviteit", "name"),
        "purpose": ("doel", "doeleinde", "doeleinden", "verwerkingsdoel", "doel van de verwerking"),
        "legal_basis": ("grondslag", "rechtsgrond", "grondslag avg", "legal basis", "basis"),
        "law": ("wet", "wettelijke grondslag", "wet en artikel", "wetsartikel", "law"),
        "people": ("betrokkenen", "categorieën betrokkenen", "categorieen betrokkenen", "data subjects"),
        "categories": (
            "gegevens", "persoonsgegevens", "categorieën persoonsgegevens", "categorieen persoonsgegevens",
            "categorieën gegevens", "categories", "personal data",
        ),
        "recipients": ("ontvangers", "categorieën ontvangers", "categorieen ontvangers", "recipients"),
        "transfers": ("doorgifte", "doorgifte buiten eu", "derde landen", "transfers", "third countries"),
        "retention_period": ("bewaartermijn", "termijn", "retention", "retention period"),
        "retention_law": ("grondslag bewaartermijn", "selectielijst", "retention law"),
        "looks_kept": ("bewaartermijn raadplegingen", "bewaartermijn logging", "looks kept", "log retention"),
        "confidentiality": ("vertrouwelijk", "vertrouwelijkheid", "afgeschermd", "confidential"),
        "owner": ("eigenaar", "proceseigenaar", "verantwoordelijke", "owner"),
        "on_behalf": ("namens", "verwerkingsverantwoordelijke", "on behalf of", "controller"),
        "measures": ("maatregelen", "beveiliging", "beveiligingsmaatregelen", "security measures"),
        "valid_from": ("vanaf", "ingangsdatum", "geldig vanaf", "valid from"),
        "valid_until": ("tot", "einddatum", "geldig tot", "valid until"),
    }
)  # fmt: skip
"""Each field, with the names a column for it may have; capitals, marks and spaces do not matter."""

REQUIRED = ("key", "name", "purpose", "legal_basis")
_LISTS = ("people", "categories", "recipients", "transfers")
_DAYS = ("retention_period", "looks_kept")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a row cannot be taken: its line, the field, and a code. Never what stood in the cell."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it came: its line, and its cells by column name."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An entry as a row describes it; `version` has edition 0, and `valid_from` may be one we filled in."""

    line: int
    version: Version
    says_since: bool


def columns_in(names: Sequence[str]) -> dict[str, str]:
    """Find which column of a table is which field; the first that fits counts."""
    known = {_plain(alias): field for field, aliases in COLUMNS.items() for alias in (field, *aliases)}
    found: dict[str, str] = {}
    for name in names:
        field = known.get(_plain(name))
        if field is not None:
            found.setdefault(field, name)
    return found


def is_key(text: str) -> bool:
    """Say whether a text can be the key of an activity: it becomes part of an address."""
    whole = _KEY.fullmatch(text) is not None and not text.endswith("/")
    return whole and not {".", ".."} & set(text.split("/"))


def read_row(row: Row, columns: Mapping[str, str], *, zone: tzinfo, now: datetime) -> Drawn | list[Problem]:
    """Read the entry of one row, or say all that is wrong with it."""
    cells = {field: (row.cells.get(name) or "").strip() for field, name in columns.items()}
    problems: list[Problem] = []

    def read(field: str, reader: Callable[[str], object]) -> object:
        text = cells.get(field, "")
        found = reader(text) if text else None
        if text and found is None:
            problems.append(Problem(line=row.line, field=field, reason="unreadable"))
        return found

    problems += [
        Problem(line=row.line, field=field, reason="empty") for field in REQUIRED if not cells.get(field)
    ]
    if cells.get("key") and not is_key(cells["key"]):
        problems.append(Problem(line=row.line, field="key", reason="unreadable"))
    basis, since = read("legal_basis", basis_in), read("valid_from", lambda text: moment_in(text, zone))
    until = read("valid_until", lambda text: moment_in(text, zone))
    days = {field: read(field, days_in) for field in _DAYS}
    secrecy = read("confidentiality", secrecy_in)
    if problems:
        return problems
    told: dict[str, object] = {**cells, **days, "valid_until": until, "confidentiality": secrecy}
    told |= {"legal_basis": basis} | {field: parts_in(cells.get(field, "")) for field in _LISTS}
    begins = since if isinstance(since, datetime) else now
    version = Version.of(cells["key"], 0, valid_from=begins, told=told)
    return Drawn(line=row.line, version=version, says_since=since is not None)


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-zë0-9]+", " ", name.lower()).split())
