# SPDX-License-Identifier: EUPL-1.2
"""The four formats a list can leave in. Each takes the same sheet and the same origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rekenschap_web.exports.formats.origin import Origin
from rekenschap_web.exports.lists import Sheet

Writer = Callable[[Sheet, Origin], bytes]


class Format(StrEnum):
    """What a list can leave as."""

    EXCEL = "xlsx"
    CSV = "csv"
    JSON = "json"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A format as a browser is told of it."""

    label: str
    media_type: str


KINDS = {
    Format.EXCEL: Kind(
        label="Excel", media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    Format.CSV: Kind(label="CSV", media_type="text/csv; charset=utf-8"),
    Format.JSON: Kind(label="JSON", media_type="application/json"),
    Format.PDF: Kind(label="PDF", media_type="application/pdf"),
}


def write(form: Format, sheet: Sheet, origin: Origin) -> bytes:
    """Write a sheet in a format; each writer is brought when it is asked for."""
    match form:
        case Format.EXCEL:
            from rekenschap_web.exports.formats.excel import write_excel as writer
        case Format.CSV:
            from rekenschap_web.exports.formats.separated import write_csv as writer
        case Format.JSON:
            from rekenschap_web.exports.formats.objects import write_json as writer
        case Format.PDF:
            from rekenschap_web.exports.formats.paper import write_pdf as writer
    return writer(sheet, origin)


__all__ = ["KINDS", "Format", "Kind", "Origin", "write"]
