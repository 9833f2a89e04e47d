# SPDX-License-Identifier: EUPL-1.2
"""Columns that most lists have: a number, a share, a moment or a text that also sorts. Knows no model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from rekenschap_web.design.tables import Column
from rekenschap_web.design.templatetags.desk import moment
from rekenschap_web.design.words import words_here

Row = TypeVar("Row")
ABSENT = "–"


def count_column(key: str, label: str, of: Callable[[Row], int]) -> Column[Row]:
    """Give a column of whole numbers."""
    return Column(key=key, label=label, numeric=True, sort=of, cell=lambda row: words_here().number(of(row)))


def share_column(key: str, label: str, of: Callable[[Row], float | None]) -> Column[Row]:
    """Give a column of shares between 0 and 1; what is not known sorts as none of all."""

    def cell(row: Row) -> str:
        value = of(row)
        return ABSENT if value is None else words_here().share(value)

    return Column(key=key, label=label, numeric=True, sort=lambda row: of(row) or 0.0, cell=cell)


def moment_column(key: str, label: str, of: Callable[[Row], datetime | None]) -> Column[Row]:
    """Give a column of moments; what never was sorts before all."""

    def order(row: Row) -> float:
        at = of(row)
        return at.timestamp() if at else 0.0

    return Column(key=key, label=label, sort=order, cell=lambda row: moment(of(row)) or ABSENT)


def text_column(key: str, label: str, of: Callable[[Row], str]) -> Column[Row]:
    """Give a column of texts, as they are shown and sorted."""
    return Column(key=key, label=label, sort=of, cell=lambda row: of(row) or ABSENT)
