# SPDX-License-Identifier: EUPL-1.2
"""An answer as a file to take along: each is made of the answer alone, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from rekenschap.citizen.answer import Answer
from rekenschap.citizen.telling import Telling
from rekenschap_citizen.formats.excel import write_excel
from rekenschap_citizen.formats.objects import write_json
from rekenschap_citizen.formats.paper import write_pdf

Writes = Callable[[Answer, Telling], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file."""

    ending: str
    media_type: str
    write: Writes


FORMATS: Mapping[str, Format] = {
    "pdf": Format(ending="pdf", media_type="application/pdf", write=write_pdf),
    "excel": Format(
        ending="xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write=write_excel,
    ),
    "json": Format(ending="json", media_type="application/json", write=write_json),
}


def offered() -> Mapping[str, Format]:
    """Give the formats that can be made here: for PDF something must be installed."""
    has_typst = find_spec("typst") is not None
    return {name: each for name, each in FORMATS.items() if name != "pdf" or has_typst}
