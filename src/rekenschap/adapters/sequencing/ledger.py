# SPDX-License-Identifier: EUPL-1.2
"""A ledger to take facts into while a sequencer elsewhere has the lead: read here, appended there."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from rekenschap.adapters.sequencing.server import Appends
from rekenschap.errors import RefusedError
from rekenschap.ledger import Ledger
from rekenschap.ledger.facts import Facts
from rekenschap.model.columns import Relation

MOST_ROWS = 50_000
"""Facts in one request; the socket bounds its bytes."""


class DistantLedger:
    """Does what intake asks of a ledger; see `rekenschap.intake.storing.FactLedger`.

    What the sequencer has not sealed yet is not seen here. A fact among it that is offered again is left out,
    because the sequencer says so.
    """

    def __init__(self, ledger: Ledger, distant: Appends) -> None:
        self._ledger, self._distant = ledger, distant
        self._end = ledger.checkpoint.size

    @property
    def size(self) -> int:
        """How many entries there are, as far as is known here."""
        return self._end

    def known(self, relation: Relation, facts: pa.Table) -> pa.BooleanArray:
        """Say of each fact whether it is sealed in the ledger."""
        self._ledger.refresh()
        return self._ledger.known(relation, facts)

    def facts(self, relation_name: str) -> Facts:
        """Give all sealed facts of a relation."""
        return self._ledger.facts(relation_name)

    def newest(self) -> int | None:
        """Give the latest moment of recording among what is sealed."""
        return self._ledger.newest()

    def append(self, batches: Iterable[tuple[Relation, pa.Table]]) -> None:
        """Append facts that are not there yet; on return they are durable. Broken off, offer them again."""
        for relation, table in batches:
            for start in range(0, table.num_rows, MOST_ROWS):
                self._offer(relation, table.slice(start, MOST_ROWS))

    def _offer(self, relation: Relation, rows: pa.Table) -> None:
        try:
            self._end = max(self._end, self._distant.append(relation, rows).size)
        except RefusedError as refusal:
            if refusal.rule == "known":
                half = rows.num_rows // 2
                self._offer(relation, rows.slice(0, half))
                self._offer(relation, rows.slice(half))
            elif refusal.rule != "all known":
                raise
