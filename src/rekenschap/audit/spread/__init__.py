# SPDX-License-Identifier: EUPL-1.2
"""A run over many machines: each reads some segments of the ledger where they lie."""

from rekenschap.audit.spread.pieces import Opened, SegmentPiece, SpreadEngine, bound_where_they_lie, pieces_of
from rekenschap.audit.spread.running import Binds, spark_at

__all__ = [
    "Binds",
    "Opened",
    "SegmentPiece",
    "SpreadEngine",
    "bound_where_they_lie",
    "pieces_of",
    "spark_at",
]
