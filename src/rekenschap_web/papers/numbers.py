# SPDX-License-Identifier: EUPL-1.2
"""Numbers that people can say aloud: the year, and which one of that year."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.timezone import localtime


def next_number(model: type[models.Model], now: datetime) -> str:
    """Give the next number of a table with a column `number`; two at once end in a refused second one."""
    year = localtime(now).year
    last = model._base_manager.filter(number__startswith=f"{year}-").order_by("-number").first()
    count = int(str(last.number).partition("-")[2]) if last is not None else 0  # type: ignore[attr-defined]
    return f"{year}-{count + 1:04d}"
