# SPDX-License-Identifier: EUPL-1.2
"""The register of erasures: what was ordered to go, to stay or to be forgotten, signed by whom, done or not.

Every line is a signed statement in the ledger; nothing of what went is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rekenschap.ledger import Ledger
from rekenschap.ledger.custody.orders import Order, OrderAction
from rekenschap.ledger.custody.ranges import Ranges
from rekenschap.ledger.custody.statements import read_note
from rekenschap.ledger.keeping import authority_of, custody_facts
from rekenschap.model.custody import ERASURE, ERASURE_DONE, HOLD
from rekenschap.tlog.text import is_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTold:
    """One order. `count` is how many entries, or how many pseudonyms to forget.

    `left` counts what an order to erase has still to take away, or what an order to hold still holds.
    """

    entry: int
    at: datetime
    action: str
    rule: str
    law: str
    term: int
    reason: str
    first: int | None
    last: int | None
    count: int
    left: int
    signed_by: tuple[str, ...]


def erasures_in(ledger: Ledger) -> tuple[OrderTold, ...]:
    """Read every order, newest first; raises VerificationError when one may not stand there.

    An order to hold counts what of it is still held.
    """
    authority = authority_of(ledger)
    facts = custody_facts(ledger)
    done = Ranges()
    for each in facts:
        if each.relation == ERASURE_DONE.name:
            done |= Ranges.from_text(str(each.columns["entries"])) or Ranges()
    told = [
        _told(each.entry, each.recorded_at, each.statement, done=done, held=authority.held)
        for each in facts
        if each.relation in (ERASURE.name, HOLD.name)
    ]
    return tuple(sorted(told, key=lambda one: one.entry, reverse=True))


def _told(entry: int, at: int, statement: str, *, done: Ranges, held: Ranges) -> OrderTold:
    note = read_note(statement.encode())
    order = Order.from_text(note.text)
    entries = order.entries
    left = {
        OrderAction.ERASE: len(entries - done),
        OrderAction.HOLD: len(entries & held),
    }.get(order.action, 0)
    return OrderTold(
        entry=entry, at=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at),
        action=str(order.action), rule=str(order.rule or ""), law=order.law if is_plain(order.law) else "",
        term=order.term, reason=order.reason, first=entries.first if entries else None,
        last=entries.end - 1 if entries else None, count=len(entries) or len(order.originals), left=left,
        signed_by=tuple(dict.fromkeys(line.name for line in note.signatures)),
    )  # fmt: skip
