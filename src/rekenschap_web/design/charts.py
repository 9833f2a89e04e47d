# SPDX-License-Identifier: EUPL-1.2
"""A figure on a page: one question, one sentence of answer, a drawing, and the table that says the same.

The specifications and the pen are those of the reports; what was drawn once is kept for the next reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import orjson

from rekenschap.report.charts import NARROW, WIDE, Spec
from rekenschap.report.parts import Picture, Table
from rekenschap.report.svg import draw
from rekenschap_web.people.language import page_language

_KEPT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A question, its answer in one sentence, and what shows it."""

    question: str
    answer: str
    picture: Picture
    key: str = ""


def figure(
    *, question: str, answer: str, chart: Callable[[int], Spec], table: Table, key: str = ""
) -> Figure:
    """Draw a chart for a wide and a narrow screen; the answer is also what a screen reader says of it."""
    wide, narrow = (_drawing(chart(width), answer) for width in (WIDE, NARROW))
    return Figure(
        question=question, answer=answer, picture=Picture(table=table, wide=wide, narrow=narrow), key=key
    )


def _drawing(spec: Spec, label: str) -> str | None:
    return _drawn(orjson.dumps(spec, option=orjson.OPT_NON_STR_KEYS), page_language(), label)


@lru_cache(maxsize=_KEPT)
def _drawn(spec: bytes, language: str, label: str) -> str | None:
    return draw(cast(Spec, orjson.loads(spec)), language=language, label=label)
