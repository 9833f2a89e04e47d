# SPDX-License-Identifier: EUPL-1.2
"""Orders as drafts: the text that officers read and sign, in the place of the chain where it will count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rekenschap.errors import RefusedError, VerificationError
from rekenschap.ledger.custody import Authority, Ranges
from rekenschap.ledger.custody.orders import MAX_TEXT, Order, OrderAction, Rule
from rekenschap.ledger.custody.statements import Head, digest_of
from rekenschap.ledger.keeping.recorded import day_of
from rekenschap.ledger.ledger import Ledger
from rekenschap.tlog.hashing import Hash

_ROOM = 400_000
"""Bytes of ranges in one order; what does not fit waits for the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be ordered, and on what ground."""

    action: OrderAction
    law: str
    reason: str
    entries: Ranges = Ranges()  # noqa: RUF009 — frozen and empty
    originals: tuple[Hash, ...] = ()
    rule: Rule | None = None
    term: int = 0


def draft_orders(ledger: Ledger, authority: Authority, wishes: Sequence[Wish], *, at: int) -> list[str]:
    """Write one order for each wish, to be carried out in this order; raises RefusedError when one cannot be.

    An order counts only as the next statement of its ledger, so all are void once another comes between.
    """
    head = authority.next_head(size=ledger.size, written=day_of(at))
    texts: list[str] = []
    for wish in wishes:
        text = _order(head, wish).to_text()
        try:
            Order.from_text(text)
        except VerificationError as error:
            raise RefusedError(
                expected=error.expected, found=error.found, remedy="correct the order", rule="order"
            ) from error
        texts.append(text)
        head = replace(head, number=head.number + 1, previous=digest_of(text))
    return texts


def fitting(entries: Ranges) -> Ranges:
    """Give as many of the first ranges as fit in one order."""
    room, kept = min(_ROOM, MAX_TEXT), 0
    for first, end in entries:
        room -= len(f"{first}-{end - 1},")
        if room < 0:
            break
        kept += 1
    return Ranges(entries.spans[:kept])


def _order(head: Head, wish: Wish) -> Order:
    return Order(
        head=head,
        action=wish.action,
        rule=wish.rule,
        law=wish.law,
        term=wish.term,
        entries=wish.entries,
        originals=wish.originals,
        reason=wish.reason,
    )
