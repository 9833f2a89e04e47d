# SPDX-License-Identifier: EUPL-1.2
"""Where the latest checkpoint of a ledger can be held fast."""

from rekenschap.adapters.anchors.memory import MemoryAnchor
from rekenschap.adapters.anchors.sqlite import SqliteAnchor

__all__ = ["MemoryAnchor", "SqliteAnchor"]
