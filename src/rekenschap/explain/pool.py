# SPDX-License-Identifier: EUPL-1.2
"""Looks as arrays of small whole numbers: equal where the tokens are equal, in an order that ignores them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]

NOT_A_PERSON = ("shared", "system")
"""Forms of employment behind which stands no one person; null counts as a person."""

TEAM_SIZES = (2, 5, 10, 20)
"""From so many people on a team belongs to the next class of team size; everybody alone is class 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The looks of one ledger, row by row; `member` says that a person looked."""

    staff: Whole
    subject: Whole
    team: Whole
    day: Whole
    member: Flags
    first: Flags
    team_class: Whole

    def __len__(self) -> int:
        return len(self.staff)


def pool_of(looks: pa.Table) -> Pool:
    """Read the relation `look` as arrays."""
    team = codes(looks.column("team"))
    staff = codes(looks.column("staff"))
    employment = looks.column("employment")
    stranger = pc.fill_null(pc.is_in(employment, value_set=pa.array(NOT_A_PERSON)), False)
    return Pool(
        staff=staff,
        subject=codes(looks.column("subject")),
        team=team,
        day=np.asarray(looks.column("happened_day"), dtype=np.int64),
        member=~np.asarray(stranger, dtype=np.bool_),
        first=np.asarray(looks.column("first_look"), dtype=np.bool_),
        team_class=_team_class(team, staff),
    )


def codes(column: pa.ChunkedArray) -> Whole:
    """Number the values of a column by their first appearance; null is a value of its own."""
    encoded = pc.dictionary_encode(pa.chunked_array(column), null_encoding="encode").combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = (
            encoded.chunk(0)
            if encoded.num_chunks
            else pa.DictionaryArray.from_arrays([], pa.array([], column.type))
        )
    return np.asarray(encoded.indices, dtype=np.int64)


def _team_class(team: Whole, staff: Whole) -> Whole:
    """Give each look the class of its team's size: how many different people of the team looked."""
    if not len(team):
        return team
    pairs = np.unique(np.column_stack([team, staff]), axis=0)
    size = np.bincount(pairs[:, 0], minlength=int(team.max()) + 1)
    return np.searchsorted(np.array(TEAM_SIZES), size[team], side="right").astype(np.int64)
