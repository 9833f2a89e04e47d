# SPDX-License-Identifier: EUPL-1.2
"""A list as a PDF that can be read aloud (PDF/UA-1): typst sets it from our own template, nothing remote."""

from __future__ import annotations

import json
from pathlib import Path

import typst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rekenschap_web.exports.formats.origin import Origin
from rekenschap_web.exports.lists import Sheet
from rekenschap_web.people.language import page_language

_TEMPLATE = Path(__file__).with_name("list.typ")


def write_pdf(sheet: Sheet, origin: Origin) -> bytes:
    """Set the list on A4, sideways when it is wide; the account of where it came from stands below it."""
    many = len(sheet.rows)
    told = {
        "title": sheet.title,
        "language": page_language(),
        "organisation": origin.organisation,
        "count": ngettext("%(many)s regel", "%(many)s regels", many) % {"many": many},
        "heads": sheet.heads,
        "numeric": sorted(sheet.numeric),
        "rows": sheet.rows,
        "origin_title": _("Herkomst"),
        "origin": origin.lines(),
        "nothing": _("Er staat niets op deze lijst."),
        "page": _("bladzijde"),
    }
    made = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        timestamp=int(origin.at.timestamp()),
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)  # noqa: S101 - one document in one format
    return made
