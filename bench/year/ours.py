# SPDX-License-Identifier: EUPL-1.2
"""Our own ways over a drawn year, in buckets and in one piece, and the bare scan that bounds them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from rekenschap.audit.bulk import sift_year
from rekenschap.explain import grounds_of_the_house
from year.apart import Work

MEMORY = "1GB"


def in_buckets(folder: Path) -> Work:
    """Every full ground of the house over the whole year, two million looks at a time."""
    grounds = grounds_of_the_house()

    def work() -> float:
        with TemporaryDirectory(dir=folder) as spill:
            return float(len(sift_year(folder, grounds, memory_limit=MEMORY, spill=Path(spill)).left))

    return work


def in_one_piece(folder: Path) -> Work:
    """The same without buckets: all looks at once."""
    grounds = grounds_of_the_house()

    def work() -> float:
        with TemporaryDirectory(dir=folder) as spill:
            sifted = sift_year(folder, grounds, memory_limit="12GB", spill=Path(spill), at_once=2**62)
            return float(len(sifted.left))

    return work


def scan(folder: Path) -> Work:
    """DuckDB reading the join columns of every look once; its answer is how many looks there are."""
    session = duckdb.connect()
    looks = f"read_parquet('{folder}/consultation/*.parquet')"

    def work() -> float:
        told = session.execute(
            f"SELECT count(*), min(staff), max(subject), min(zaak), max(looked_at) FROM {looks}"  # noqa: S608
        ).fetchone()
        return float(told[0]) if told else 0.0

    return work
