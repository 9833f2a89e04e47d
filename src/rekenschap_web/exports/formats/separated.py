# SPDX-License-Identifier: EUPL-1.2
"""A list as CSV (RFC 4180) with semicolons and a byte order mark, as spreadsheet programs here expect it."""

from __future__ import annotations

import csv
from io import StringIO

from rekenschap_web.exports.formats.origin import Origin
from rekenschap_web.exports.formats.plain import neutral
from rekenschap_web.exports.lists import Sheet


def write_csv(sheet: Sheet, origin: Origin) -> bytes:
    """Write heads and rows; where it came from stands in the last lines, after an empty one."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutral(head) for head in sheet.heads])
    writer.writerows([neutral(cell) for cell in row] for row in sheet.rows)
    writer.writerow([])
    writer.writerows([[neutral(name), neutral(value)] for name, value in origin.lines()])
    return out.getvalue().encode("utf-8-sig")
