# SPDX-License-Identifier: EUPL-1.2
"""A list as JSON: one object per row under the heads of the page, and where it came from."""

from __future__ import annotations

import json

from rekenschap_web.exports.formats.origin import Origin
from rekenschap_web.exports.lists import Sheet


def write_json(sheet: Sheet, origin: Origin) -> bytes:
    """Write it so that people can read it too."""
    told = {
        "list": sheet.title,
        "export": {
            "organisation": origin.organisation,
            "number": origin.number,
            "person": origin.person,
            "at": origin.at.isoformat(),
            "because": origin.because,
            "filters": origin.filters,
            "approved_by": origin.approved_by,
        },
        "columns": list(sheet.heads),
        "rows": [dict(zip(sheet.heads, row, strict=True)) for row in sheet.rows],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
