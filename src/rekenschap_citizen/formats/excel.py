# SPDX-License-Identifier: EUPL-1.2
"""An answer as an Excel workbook: looks on one sheet, the explanation on the next; text is no formula."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter

from rekenschap.citizen.answer import Answer
from rekenschap.citizen.telling import Telling, Told

_PLAIN = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_HEADS = (
    "when", "head_why", "head_who", "head_behalf", "head_what", "head_where", "head_goal", "head_law",
    "head_state",
)  # fmt: skip
_WIDTHS = (26, 44, 28, 28, 40, 28, 40, 40, 44)


def write_excel(answer: Answer, say: Telling) -> bytes:
    """Write a workbook with heads that stay in sight and can be filtered by."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, _PLAIN)
    book.set_properties(
        {"title": say("title"), "author": answer.organisation, "created": answer.as_of.replace(tzinfo=None)}
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(say("sheet"))
    page.freeze_panes(1, 0)
    for column, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        page.write_string(0, column, say(head), bold)
        page.set_column(column, column, width)
    for place, item in enumerate(answer.items, start=1):
        for column, cell in enumerate(_cells(say.item(item, answer))):
            page.write_string(place, column, cell, wrap)
    if answer.items:
        page.autofilter(0, 0, len(answer.items), len(_HEADS) - 1)
    about = book.add_worksheet(say("sheet_about"))
    about.set_column(0, 0, 110)
    lines = (answer.organisation, say("up_to", moment=say.moment(answer.as_of)), *say.summary(answer),
             say("hidden"), *say.hidden())  # fmt: skip
    for place, line in enumerate(lines):
        about.write_string(place, 0, line, wrap)
    book.close()
    return out.getvalue()


def _cells(told: Told) -> tuple[str, ...]:
    return (
        told.moment, told.heading, told.who, told.behalf, told.fields, told.register, told.purpose, told.law,
        told.promise,
    )  # fmt: skip
