# SPDX-License-Identifier: EUPL-1.2
"""Where the blobs of a ledger can live."""

from rekenschap.adapters.stores.directory import DirectoryStore
from rekenschap.adapters.stores.memory import MemoryStore

__all__ = ["DirectoryStore", "MemoryStore"]
