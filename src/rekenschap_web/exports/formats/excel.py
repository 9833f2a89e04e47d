# SPDX-License-Identifier: EUPL-1.2
"""A list as an Excel workbook: rows on one sheet, their origin on the next. Text is never a formula."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from rekenschap_web.exports.formats.origin import Origin
from rekenschap_web.exports.formats.plain import number_of
from rekenschap_web.exports.lists import Sheet

_PLAIN = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_WIDEST = 60


def write_excel(sheet: Sheet, origin: Origin) -> bytes:
    """Write a workbook with heads that stay in sight and can be filtered by."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, _PLAIN)
    book.set_properties(
        {"title": sheet.title, "author": origin.organisation, "created": origin.at.replace(tzinfo=None)}
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    page = book.add_worksheet(_("Lijst"))
    page.freeze_panes(1, 0)
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, head, bold)
        widest = max((len(row[column]) for row in sheet.rows), default=0)
        page.set_column(column, column, min(max(widest, len(head)) + 2, _WIDEST))
    for place, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            number = number_of(cell) if column in sheet.numeric else None
            if number is None:
                page.write_string(place, column, cell)
            else:
                page.write_number(place, column, number)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.heads) - 1)
    _write_origin(book, origin, bold)
    book.close()
    return out.getvalue()


def _write_origin(book: xlsxwriter.Workbook, origin: Origin, bold: object) -> None:
    page = book.add_worksheet(_("Herkomst"))
    page.set_column(0, 0, 24)
    page.set_column(1, 1, _WIDEST)
    for place, (name, value) in enumerate(origin.lines()):
        page.write_string(place, 0, name, bold)
        page.write_string(place, 1, value)
