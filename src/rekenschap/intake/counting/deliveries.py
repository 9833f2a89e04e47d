# SPDX-License-Identifier: EUPL-1.2
"""Gathers the numbers of one file and turns them into `delivery` facts: ranges, told first or told again.

A number is told again when the ledger had it and its row is new. The same file twice tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rekenschap.intake.counting.numbers import BETWEEN, Numbers
from rekenschap.intake.counting.runs import NOTHING, Runs, Whole
from rekenschap.intake.fields.parsed import Mask
from rekenschap.model.relations import DELIVERY
from rekenschap.tables import arrow_type

NUMBER, COUNTING = "_number", "_counting"
"""Columns beside the content of a fact while it waits; the ledger never sees them."""


class Deliveries:
    """The numbers of one file: those received, and those of rows that turned out to be new."""

    def __init__(self) -> None:
        self._received: dict[str, list[Runs]] = {}
        self._fresh: dict[str, list[Whole]] = {}
        self._block: Numbers | None = None
        self._unclaimed: Mask = np.zeros(0, dtype=np.bool_)

    @property
    def any(self) -> bool:
        """Whether the file gave any number at all."""
        return bool(self._received)

    def begin(self, numbers: Numbers | None) -> None:
        """Begin a block; None when its source does not count."""
        self._block = numbers
        if numbers is not None:
            self._unclaimed = np.ones(len(numbers.number), dtype=np.bool_)
            for counting, told in _by_counting(numbers.number, numbers.counting):
                self._received.setdefault(counting, []).append(Runs.of(told))

    def marked(self, content: pa.Table, rows: NDArray[np.intp]) -> pa.Table:
        """Give the content of facts with the number of the row (of the block) that each came from.

        Of a row that gives several facts the first one stands for the row.
        """
        if self._block is None:
            return content
        claimed = self._unclaimed[rows]
        self._unclaimed[rows] = False
        places = pa.array(rows, mask=~claimed)
        return content.append_column(NUMBER, self._block.number.take(places)).append_column(
            COUNTING, self._block.counting.take(places)
        )

    def add_fresh(self, content: pa.Table) -> None:
        """Take note of the facts (marked content) that the ledger did not have."""
        if NUMBER in content.column_names:
            number, counting = (content.column(name).combine_chunks() for name in (NUMBER, COUNTING))
            for name, told in _by_counting(number, counting):
                self._fresh.setdefault(name, []).append(told)

    def content(self, earlier: pa.Table, *, delivered_at: int) -> pa.Table:
        """Give what this file delivered, beside the deliveries the ledger has (fact form); µs UTC."""
        held = _held(earlier)
        parts = []
        for counting, received in sorted(self._received.items()):
            known, told = held.get(counting, NOTHING), Runs.union(received)
            again = _told_again(self._fresh.get(counting, []), known)
            parts += [(counting, "first", told.without(known)), (counting, "again", again)]
        return _content(parts, delivered_at)


def _told_again(fresh: Iterable[Whole], known: Runs) -> Runs:
    """Give the numbers of new rows that were told before, or twice in this file."""
    numbers, often = np.unique(np.concatenate([NOTHING.first, *fresh]), return_counts=True)
    return Runs.of(numbers[(often > 1) | known.holds(numbers)])


def _by_counting(number: pa.Array, counting: pa.Array) -> list[tuple[str, Whole]]:
    """Take numbers apart by counting; a null is in none."""
    there = number.is_valid()
    values = np.asarray(number.filter(there), dtype=np.int64)
    encoded = counting.filter(there).dictionary_encode()
    names, place = encoded.dictionary.to_pylist(), np.asarray(encoded.indices)
    order = np.argsort(place, kind="stable")
    cuts = np.searchsorted(place[order], np.arange(1, len(names)))
    return list(zip(names, np.split(values[order], cuts), strict=True)) if names else []


def _held(earlier: pa.Table) -> Mapping[str, Runs]:
    columns = [earlier.column(name).to_pylist() for name in ("source", "stream")]
    first, last = (
        np.asarray(earlier.column(name).combine_chunks(), dtype=np.int64)
        for name in ("first_number", "last_number")
    )
    found: dict[str, list[Runs]] = {}
    for at, (source, stream) in enumerate(zip(*columns, strict=True)):
        found.setdefault(f"{source}{BETWEEN}{stream}", []).append(Runs(first[at : at + 1], last[at : at + 1]))
    return {counting: Runs.union(runs) for counting, runs in found.items()}


def _content(parts: Iterable[tuple[str, str, Runs]], delivered_at: int) -> pa.Table:
    told = [(counting.split(BETWEEN, 1), kind, runs) for counting, kind, runs in parts if len(runs)]
    often = [len(runs) for _, _, runs in told]
    columns = {
        "source": np.repeat(np.array([names[0] for names, _, _ in told], dtype=object), often),
        "stream": np.repeat(np.array([names[1] for names, _, _ in told], dtype=object), often),
        "kind": np.repeat(np.array([kind for _, kind, _ in told], dtype=object), often),
        "first_number": np.concatenate([NOTHING.first, *(runs.first for _, _, runs in told)]),
        "last_number": np.concatenate([NOTHING.last, *(runs.last for _, _, runs in told)]),
        "delivered_at": np.full(sum(often), delivered_at, dtype=np.int64),
    }
    return pa.table({c.name: pa.array(columns[c.name]).cast(arrow_type(c)) for c in DELIVERY.content})
