# SPDX-License-Identifier: EUPL-1.2
"""Looks of years, by month and who looked, and within that by whose data was looked at."""

from rekenschap.audit.grid.reading import Grid
from rekenschap.audit.grid.writing import write_month

__all__ = ["Grid", "write_month"]
