# SPDX-License-Identifier: EUPL-1.2
"""Finds a citizen of an invented town at whom somebody looked without known work: for the try-out only."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.audit.deriving.buckets import BUCKETS
from rekenschap.audit.deriving.for_citizens import FOLDER
from rekenschap.audit.deriving.reading import DERIVED, newest_in
from rekenschap.audit.desk.people import original_of
from rekenschap.errors import RekenschapError
from rekenschap.house import House
from rekenschap.model.ids import Pseudonym

_FEW, _MANY = 4, 12
"""looks at this citizen: enough to read, few enough to see at once"""


def somebody_wondering(home: Path) -> str | None:
    """Give the identifier of a citizen with one or two unexplained looks among others; None: nobody."""
    house, folder = House.at(home), home / DERIVED / newest_in(home) / FOLDER
    for bucket in range(BUCKETS):
        rows = pq.read_table(folder / f"{bucket:02}.parquet", columns=["subject", "look", "explained"])
        rows = rows.append_column("known", pc.cast(rows.column("explained"), "int64"))
        counted = rows.group_by("subject").aggregate([("look", "count"), ("look", "max"), ("known", "sum")])
        for row in counted.sort_by("look_max").to_pylist():
            left = row["look_count"] - row["known_sum"]
            if not (_FEW <= row["look_count"] <= _MANY and 1 <= left <= 2):
                continue
            try:
                return original_of(house, row["look_max"], Pseudonym(domain="subject", hi=row["subject"]))
            except RekenschapError:
                continue
    return None
