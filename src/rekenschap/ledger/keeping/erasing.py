# SPDX-License-Identifier: EUPL-1.2
"""Erases rows by order of officers: first the ledger says so, for ever; then the rows and their salts go.

| Broken off | What a check says | What happens next |
| --- | --- | --- |
| before the order is in the ledger | nothing: it was never promised | give the order again |
| after it, before it is published | nothing: the rows are there | the next append publishes, then as below |
| after that, before the rows are gone | ordered, not done yet | `finish_erasures` goes on |
| after that, before the ledger says that they are | gone, nobody says so yet | `finish_erasures` says so |

Once the ledger says that nothing is left, what is there again was put back by somebody, and is an alarm.

Commitments, tree and proofs of what stays do not change; of what went, nobody can open the commitment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.errors import NotAuthorisedError, RefusedError
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.custody.orders import Order, OrderAction
from rekenschap.ledger.keeping.drafting import fitting
from rekenschap.ledger.keeping.recorded import authority_of, deed_row, published_size, put_statement
from rekenschap.ledger.keeping.rewriting import (
    entries_in,
    erase_rows,
    is_done,
    ranges_of,
    recorded_since,
)
from rekenschap.ledger.ledger import Ledger, Receipt
from rekenschap.ledger.manifest import read_version
from rekenschap.ledger.segments import SCHEMA_NAME, Segment
from rekenschap.model.columns import Kind
from rekenschap.model.custody import CUSTODY_RELATIONS, ERASURE_DONE
from rekenschap.tables import TOKEN_WIDTH
from rekenschap.tlog.note import Note

_ERASABLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What an erasure did: runs of entries that were rewritten, and rows that went."""

    runs: int
    rows: int


def erase(ledger: Ledger, note: Note, *, at: int) -> tuple[Receipt, Erasure]:
    """Erase the rows a signed order names; `at` is the moment in µs UTC.

    Raises NotAuthorisedError when too few officers signed, an entry is held, the order is not the next
    one, or an entry is younger than the term it names; RefusedError for entries nobody may erase.
    Then nothing has changed.
    """
    order = Order.from_text(note.text)
    if order.action is not OrderAction.ERASE:
        raise RefusedError(
            expected="an order to erase",
            found=f"one to {order.action}",
            remedy="give that order",
            rule="order",
        )
    check_erasable(ledger, order)
    finish_erasures(ledger)
    receipt = put_statement(ledger, note, at=at)
    return receipt, finish_erasures(ledger, at=at)


def finish_erasures(
    ledger: Ledger, *, at: int | None = None, every: bool = False, again: bool = False
) -> Erasure:
    """Do what the last published order to erase says and is not done yet, or `every` one; nothing is fine.

    With `at` (µs UTC) the ledger, which must be open to append, then says of what is gone that it is. What
    was there `again` after that is evidence, and goes only when it is asked for.

    An order under a checkpoint that is not published yet waits: outsiders would see a hole and no order.
    Raises VerificationError, and erases nothing, when the ledger holds a statement that may not be there.
    """
    authority, runs, rows = authority_of(ledger, size=published_size(ledger)), 0, 0
    erased = authority.erased if every or again else authority.last_erased
    erased = erased if again else erased - authority.done
    waiting = [run for run, here in _touched(ledger, erased) if not is_done(ledger, run, here)]
    if waiting:
        with ledger.store.writing():
            for run in waiting:
                gone = erase_rows(ledger, run, authority.erased)
                runs, rows = runs + bool(gone), rows + gone
        ledger.refresh()
    if at is not None:
        _say_done(ledger, authority.erased - authority.done, at)
    return Erasure(runs=runs, rows=rows)


def _say_done(ledger: Ledger, erased: Ranges, at: int) -> None:
    """Put in the ledger of which of these entries nothing is left."""
    spans = [here for run, here in _touched(ledger, erased) if is_done(ledger, run, here)]
    gone = fitting(Ranges.of(span for here in spans for span in here))
    if gone:
        ledger.append([deed_row(ERASURE_DONE, {"entries": gone.to_text()}, at=at)])


def _touched(ledger: Ledger, entries: Ranges) -> Iterator[tuple[Segment, Ranges]]:
    """Yield each run that holds some of the entries, and which."""
    for run in ledger.manifest.runs:
        here = entries.within(run.first, run.end)
        if here:
            yield run, here


def check_erasable(ledger: Ledger, order: Order) -> None:
    """Raise unless every entry of an order to erase is sealed, may ever be erased and is old enough."""
    _check_within_reach(ledger, order)
    for run, here in _touched(ledger, order.entries):
        for segment in ledger.manifest.sharing(run):
            touched = here & entries_in(ledger, segment)
            if touched and segment.relation in (SCHEMA_NAME, *CUSTODY_RELATIONS):
                raise RefusedError(
                    expected="only entries of facts to be erased",
                    found=f"entry {touched.first} of {segment.relation}",
                    remedy="leave it out of the order: without it the rest cannot be read or trusted",
                    rule="erasure",
                )
            if touched and order.recorded_before is not None:
                _check_old_enough(order, touched & recorded_since(ledger, segment, order.recorded_before))


def _check_within_reach(ledger: Ledger, order: Order) -> None:
    version = read_version(ledger.store)
    if version < _ERASABLE:
        raise RefusedError(
            expected=f"a ledger of version {_ERASABLE} or later, whose files can tell what was taken out",
            found=f"version {version}",
            remedy="keep it as it is, and begin a new ledger for what comes",
            rule="erasure",
        )
    if order.entries.end > ledger.size:
        raise RefusedError(
            expected=f"entries below {ledger.size}, which are sealed",
            found=f"entries up to {order.entries.end - 1}",
            remedy="wait until they are sealed and have the order signed then",
            rule="erasure",
        )


def check_forgettable(ledger: Ledger, tokens: Sequence[bytes]) -> None:
    """Raise NotAuthorisedError when a held entry names one of these pseudonyms: who it is must stay known.

    An outsider cannot see this afterwards: an order to forget names nobody.
    """
    wanted = pa.array(tokens, pa.binary(TOKEN_WIDTH))
    for run, here in _touched(ledger, authority_of(ledger).held):
        for segment in ledger.manifest.sharing(run):
            part = ledger.part(segment)
            named = [
                np.asarray(pc.is_in(part.rows.column(c.name), value_set=wanted))
                for c in part.shape.relation
                if c.kind is Kind.TOKEN
            ]
            entries = segment.first + part.places_in().astype(np.int64)
            held = here & ranges_of(entries[np.logical_or.reduce(named)]) if named else Ranges()
            if held:
                raise NotAuthorisedError(
                    expected="a pseudonym that no held entry names",
                    found=f"entry {held.first}, held, which names it",
                    remedy="wait until the entry is released",
                    rule="hold",
                )


def _check_old_enough(order: Order, young: Ranges) -> None:
    if young:
        raise NotAuthorisedError(
            expected=f"only entries recorded at least {order.term} days before {order.head.written}",
            found=f"entry {young.first}, recorded later",
            remedy="leave it out of the order until its term has ended",
            rule="term",
        )
