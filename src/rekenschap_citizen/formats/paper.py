# SPDX-License-Identifier: EUPL-1.2
"""An answer as a PDF that can be read aloud (PDF/UA-1), set by typst from our own template."""

from __future__ import annotations

import json
from pathlib import Path

from rekenschap.citizen.answer import Answer
from rekenschap.citizen.telling import Telling

_TEMPLATE = Path(__file__).with_name("overview.typ")


def write_pdf(answer: Answer, say: Telling) -> bytes:
    """Set the overview on A4."""
    import typst  # an optional part: without it the letter on the page is the way to paper

    made = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        sys_inputs={"told": json.dumps(_told(answer, say), ensure_ascii=False)},
        timestamp=int(answer.as_of.timestamp()),
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)  # noqa: S101 - one document in one format
    return made


def _told(answer: Answer, say: Telling) -> dict[str, object]:
    items = [(item, say.item(item, answer)) for item in answer.items]
    return {
        "title": say("letter_title"),
        "language": say.language,
        "organisation": answer.organisation,
        "as_of": say("up_to", moment=say.moment(answer.as_of)),
        "summary": list(say.summary(answer)),
        "list": say("list"),
        "items": [
            {
                "heading": told.heading,
                "promise": told.promise,
                "moment": told.moment,
                "rows": [list(row) for row in told.rows(say)],
            }
            for _, told in items
        ],
        "nothing": say("nothing"),
        "hidden_title": say("hidden"),
        "hidden": list(say.hidden()),
        "page": say("page"),
    }
