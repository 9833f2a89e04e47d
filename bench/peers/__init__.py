# SPDX-License-Identifier: EUPL-1.2
"""The ways others keep a record that shows tampering, each set up as who uses it for speed would.

All take the same bytes, and all have them on disk (write-ahead log, fsync) before `append` returns.
"""

from peers.merkle import PymerkleTree
from peers.peer import Peer
from peers.postgres import PostgresqlCarriedChain, PostgresqlChain, PostgresqlLastRowChain, why_not
from peers.sqlite import SqliteChain, SqliteGroupChain

__all__ = [
    "Peer",
    "PostgresqlCarriedChain",
    "PostgresqlChain",
    "PostgresqlLastRowChain",
    "PymerkleTree",
    "SqliteChain",
    "SqliteGroupChain",
    "why_not",
]
