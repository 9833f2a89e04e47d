# SPDX-License-Identifier: EUPL-1.2
"""The usual run, seen at a glance: one relation, a row for each commitment, and all the same.

Says only yes or not yet: what is not plain is looked into by `survey`, entry by entry.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rekenschap.ledger.check.runs.stored import Hashes, Stored
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE
from rekenschap.ledger.segments import UNREADABLE, unreadable


def is_plainly_same(every: Sequence[Stored], pack: bytes, secret: bytes | None) -> bool:
    """Say whether the rows are those that were committed, without a copy of either; raises as `found_of`."""
    if len(every) != 1 or every[0].given_places is not None or every[0].rows * COMMITMENT_SIZE != len(pack):
        return False
    found = np.ascontiguousarray(found_of(every[0], secret)).reshape(-1).view(np.uint64)
    return bool(np.array_equal(found, np.frombuffer(pack, dtype=np.uint64)))


def found_of(each: Stored, secret: bytes | None) -> Hashes:
    """Commit to the rows of a file as they are; raises WrongLeafError when they cannot be read."""
    try:
        return each.commitments(secret)
    except UNREADABLE as error:
        raise unreadable(each.segment) from error
