# SPDX-License-Identifier: EUPL-1.2
"""The text of an order to erase, to hold, to release or to forget, there and back, and who signed it.

Says nothing about what may be ordered: see `authority`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from rekenschap.ledger.custody.ranges import Ranges
from rekenschap.ledger.custody.statements import Head, Lines, malformed
from rekenschap.model.custody import OrderAction, Rule
from rekenschap.tlog.hashing import HASH_SIZE, Hash
from rekenschap.tlog.text import from_base64, to_base64

__all__ = ["FIRST_LINE", "MAX_TEXT", "Order", "OrderAction", "Rule"]

FIRST_LINE = "rekenschap-order/1"
MAX_TEXT = 500_000
"""Bytes of an order at most: two notes of this size fit in what a reader of notes takes."""
_NONE = "-"
_LONGEST_TERM = 36_525


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What officers order; `entries` for all but FORGET, which names `originals`."""

    head: Head
    action: OrderAction
    rule: Rule | None
    """Only to erase and to forget."""
    law: str
    term: int
    """Days an entry must have been kept, for the rule TERM; 0 for all others."""
    entries: Ranges
    originals: tuple[Hash, ...]
    """Commitments to the pseudonyms, see `rekenschap.ledger.custody.forgetting`."""
    reason: str
    """Reference to the file that asks for it; never a name or number of a person."""

    @property
    def recorded_before(self) -> int | None:
        """Give the moment (µs UTC) before which all its entries must have been recorded, if any."""
        if self.rule is not Rule.TERM:
            return None
        return (self.head.written.toordinal() - _EPOCH - self.term) * 86_400_000_000

    def to_text(self) -> str:
        """Write the text that is signed."""
        lines = [
            FIRST_LINE,
            *self.head.lines(),
            f"action {self.action}",
            f"rule {self.rule or _NONE}",
            f"law {self.law}",
            f"term {self.term}",
            f"entries {self.entries.to_text() or _NONE}",
            f"originals {','.join(to_base64(each.raw) for each in self.originals) or _NONE}",
            f"reason {self.reason}",
        ]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the text of an order; raises MalformedStatementError for every other spelling."""
        if len(text) > MAX_TEXT:
            raise malformed(f"an order of at most {MAX_TEXT} bytes", f"{len(text)}")
        lines = Lines(text, first=FIRST_LINE)
        try:
            found = cls(
                head=Head.read(lines),
                action=OrderAction(lines.take("action")),
                rule=_rule(lines.take("rule")),
                law=lines.take("law"),
                term=lines.number("term"),
                entries=_entries(lines.take("entries")),
                originals=_originals(lines.take("originals")),
                reason=lines.take("reason"),
            )
        except ValueError as error:
            raise malformed("an action and a rule", "another text") from error
        if found.to_text() != text:
            raise malformed("an order in its one spelling", "another spelling")
        found._check()
        return found

    def _check(self) -> None:
        """Raise MalformedStatementError when the parts do not go together."""
        erases = self.action in (OrderAction.ERASE, OrderAction.FORGET)
        if erases != (self.rule is not None):
            raise malformed("a rule to erase or forget, and none to hold or release", "another order")
        if (self.rule is Rule.TERM) != (self.term > 0) or self.term > _LONGEST_TERM:
            raise malformed(
                f"a term of 1 to {_LONGEST_TERM} days with rule term and 0 with others", "another"
            )
        forgets = self.action is OrderAction.FORGET
        if forgets != bool(self.originals) or forgets == bool(self.entries):
            raise malformed("entries, or originals to forget", "another order")
        if self.entries.end > self.head.size:
            raise malformed(f"entries below {self.head.size}, as those who sign saw", "later ones")


def _rule(text: str) -> Rule | None:
    return None if text == _NONE else Rule(text)


def _entries(text: str) -> Ranges:
    found = Ranges() if text == _NONE else Ranges.from_text(text)
    if found is None:
        raise malformed("ranges of entries in order, as in 12-40,77-77", "another text")
    return found


def _originals(text: str) -> tuple[Hash, ...]:
    raw = [] if text == _NONE else [from_base64(part) for part in text.split(",")]
    if any(each is None or len(each) != HASH_SIZE for each in raw):
        raise malformed("commitments to originals in base64", "another text")
    return tuple(Hash(each) for each in raw if each is not None)


_EPOCH = 719_163
"""The ordinal of 1970-01-01."""
