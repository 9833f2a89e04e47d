# SPDX-License-Identifier: EUPL-1.2
"""Whether the originals behind the pseudonyms of a ledger are still there, in the house that sealed them.

Opens none: it needs no key. A copy elsewhere has no originals, and is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rekenschap.errors import InconsistentError
from rekenschap.house import LedgerPlace
from rekenschap.intake.private.sealing import openable
from rekenschap.ledger import Ledger
from rekenschap.ledger.keeping import authority_of
from rekenschap.ledger.segments import SCHEMA_NAME
from rekenschap.ledger.state import read_columns, shape_of
from rekenschap.model.columns import Kind

_SEALED = ("staff", "subject", "zaak")


def check_originals(place: LedgerPlace, home: Path) -> None:
    """Raise InconsistentError when more originals are gone than officers ordered to be forgotten.

    A house without a folder of originals, such as one brought back from a copy, says nothing.
    """
    kept = openable(home / "sealed")
    if kept is None:
        return
    ledger = place.ledger()
    gone = {token for tokens in _tokens(ledger) for token in tokens} - kept
    forgotten = len(authority_of(ledger).forgotten)
    if len(gone) > forgotten:
        raise InconsistentError(
            expected=f"the sealed original of every pseudonym, but for {forgotten} ordered to be forgotten",
            found=f"{len(gone)} without one in sealed/",
            remedy="restore sealed/ from where you keep it, and see who emptied it",
        )


def _tokens(ledger: Ledger) -> Iterator[set[bytes]]:
    """Yield the pseudonyms in each segment."""
    for segment in ledger.manifest.segments:
        if segment.relation == SCHEMA_NAME:
            continue
        shape = shape_of(ledger.store.get(segment.parquet), segment, ledger.state.schemas)
        for column in shape.relation:
            if column.kind is Kind.TOKEN and column.domain in _SEALED:
                halves = [f"{column.name}_hi", f"{column.name}_lo"]
                rows = read_columns(ledger.store, segment, halves).drop_null()
                pairs = np.column_stack([np.asarray(rows.column(name)) for name in halves])
                yield {pair.tobytes() for pair in np.unique(pairs, axis=0).astype(">i8")}
