# SPDX-License-Identifier: EUPL-1.2
"""Spark in place of the engine of this machine: the same answer, from segments that the workers read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pyarrow as pa

from rekenschap.audit.spread.pieces import SpreadEngine, bound_where_they_lie
from rekenschap.config import BucketAt, DirectoryAt
from rekenschap.errors import ConfigurationError
from rekenschap.house import House
from rekenschap.ledger import Ledger
from rekenschap.places import open_store
from rekenschap.seams.engine import Engine

Binds = Callable[[Ledger, Engine], dict[str, pa.Table]]
"""Binds the facts of a ledger on an engine, and gives what is told of them."""


def spark_at(master: str, house: House) -> tuple[Engine, Binds]:
    """Begin a run on Spark (`spark://host:7077`, or `local[2]`) over the ledger of a house.

    Raises ConfigurationError without PySpark, EngineError when Spark does not answer.
    """
    try:
        from rekenschap.adapters.engines.spark import SparkEngine
    except ImportError:
        raise ConfigurationError(
            expected="rekenschap with the extra spark",
            found="one without",
            remedy="install rekenschap[spark]",
        ) from None
    engine: SpreadEngine = SparkEngine(master=master)
    opened = partial(open_store, _anywhere(house.config.store))
    return engine, lambda ledger, _: bound_where_they_lie(ledger, engine, opened)


def _anywhere(at: DirectoryAt | BucketAt) -> DirectoryAt | BucketAt:
    """Give a place as a worker finds it, which runs in another directory."""
    return DirectoryAt(path=at.path.absolute()) if isinstance(at, DirectoryAt) else at
