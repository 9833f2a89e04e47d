# SPDX-License-Identifier: EUPL-1.2
"""The text of each reference page, taken from the declarations; knows no file."""

from __future__ import annotations

from collections.abc import Iterable

from rekenschap.errors import ExitCode
from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.model.relations import RELATIONS

_NOTE = "<!-- Written by `./run docs`; change the code, not this page. -->\n"


def pages() -> dict[str, str]:
    """Give every reference page by file name."""
    return {"relations.md": _relations(), "exit-codes.md": _exit_codes()}


def _relations() -> str:
    head = (
        "# Relations: every kind of fact\n\n"
        f"{_NOTE}\n"
        "A fact is one row of one relation. A **token** is a keyed pseudonym of 16 bytes;\n"
        "the identifier behind it is sealed apart. Times are microseconds UTC.\n"
        "The door fills `fact_id` and `recorded_at`.\n"
    )
    return head + "".join(_one_relation(each) for each in RELATIONS.values())


def _one_relation(relation: Relation) -> str:
    law = f" Law: {relation.law}." if relation.law else ""
    lines = [
        f"\n## {relation.name}\n\n{relation.meaning[0].upper()}{relation.meaning[1:]}.\n",
        f"Version {relation.version}; it happened at `{relation.happened}`.{law}\n\n",
        "| column | type | unit or codes | required | sensitivity | meaning |\n|---|---|---|---|---|---|\n",
    ]
    return "".join(lines) + "".join(_one_column(column) for column in relation)


def _one_column(column: Column) -> str:
    required = "yes" if column.required else ""
    cells = (
        f"`{column.name}`",
        column.kind.value,
        _unit(column),
        required,
        column.sensitivity.value,
        column.meaning,
    )
    return _row(cells)


def _unit(column: Column) -> str:
    if column.kind is Kind.TOKEN:
        return f"of {column.domain}"
    if column.kind is Kind.BYTES:
        return f"{column.width} bytes"
    return ", ".join(f"`{code}`" for code in column.codes) or column.unit


def _exit_codes() -> str:
    meaning = {
        ExitCode.FINE: "done",
        ExitCode.USAGE: "the command line is not understood",
        ExitCode.REFUSED: "a rule says no",
        ExitCode.TROUBLE: "the world misbehaves: a file, a setting, a disk, an engine",
        ExitCode.ALARM: "evidence may be damaged: stop and look",
        ExitCode.QUARANTINED: "done, but some rows went to quarantine",
    }
    head = f"# Exit codes\n\n{_NOTE}\n| code | family | meaning |\n|---|---|---|\n"
    return head + "".join(_row((str(int(code)), code.name.lower(), meaning[code])) for code in ExitCode)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"
