# SPDX-License-Identifier: EUPL-1.2
"""The parts a section is made of: tables, and pictures with a table beside them. Knows no section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rekenschap.report.charts import NARROW, WIDE, Spec
from rekenschap.report.svg import draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table ready to print; the columns in `numeric` are set to the right, `total` is a last row."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart drawn twice, for a wide and for a narrow screen, and the table that says the same.

    Without drawings the table stands open in their place. `key` says in one line how to read the chart.
    """

    table: Table
    wide: str | None = None
    narrow: str | None = None
    key: str = ""


def picture(
    chart: Callable[[int], Spec], *, language: str, label: str, table: Table, key: str = ""
) -> Picture:
    """Draw a chart at both widths beside its table."""
    wide, narrow = (draw(chart(width), language=language, label=label) for width in (WIDE, NARROW))
    return Picture(table=table, wide=wide, narrow=narrow, key=key)
