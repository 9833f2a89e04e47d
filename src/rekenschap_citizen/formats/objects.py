# SPDX-License-Identifier: EUPL-1.2
"""An answer as JSON, for who wants to read it with a program."""

from __future__ import annotations

import json

from rekenschap.citizen.answer import Answer
from rekenschap.citizen.telling import Telling


def write_json(answer: Answer, say: Telling) -> bytes:
    """Write the answer, each look with its sentence and with what it was made of."""
    told = {
        "title": say("title"),
        "language": say.language,
        "organisation": answer.organisation,
        "as_of": answer.as_of.isoformat(),
        "since": answer.since.isoformat(),
        "looks": [_look(answer, say, at) for at in range(len(answer.items))],
        "not_shown": list(say.hidden()),
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"


def _look(answer: Answer, say: Telling, at: int) -> dict[str, object]:
    item = answer.items[at]
    return {"sentence": say.item(item, answer).heading, **item.told()}
