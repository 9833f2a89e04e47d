# SPDX-License-Identifier: EUPL-1.2
"""What the ledger says about its own custody, believed only as far as it is signed.

`Authority.of` reads every key event, order and hold of a ledger in the order of its entries and raises at the
first that may not stand there. What it gives is all a check needs: which keys count at which size, which
entries may be absent, and which must not have been erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from rekenschap.errors import InconsistentError, VerificationError
from rekenschap.ledger.custody.key_statements import FIRST_LINE as KEYS_LINE
from rekenschap.ledger.custody.key_statements import KeyStatement, Role
from rekenschap.ledger.custody.orders import Order, OrderAction
from rekenschap.ledger.custody.publickeys import PublicKey
from rekenschap.ledger.custody.ranges import Ranges
from rekenschap.ledger.custody.roster import Roster
from rekenschap.ledger.custody.statements import START, Head, digest_of, read_note
from rekenschap.model.custody import ERASURE, ERASURE_DONE, HOLD, KEY_EVENT, RECOVERY
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import Note

_EPOCH = date(1970, 1, 1)
_DAY = 86_400_000_000
_EVIDENCE = "keep the ledger as evidence and ask the officers what they signed"
_ROWS_OF = {
    OrderAction.ERASE: ERASURE.name,
    OrderAction.FORGET: ERASURE.name,
    OrderAction.HOLD: HOLD.name,
    OrderAction.RELEASE: HOLD.name,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyFact:
    """One entry of a relation of `rekenschap.model.custody`: where it stands and what its columns say."""

    entry: int
    relation: str
    recorded_at: int
    columns: Mapping[str, object]
    """All columns by name; only those that follow from the statement are looked at."""

    @property
    def statement(self) -> str:
        """The signed statement."""
        return str(self.columns["statement"])


@dataclass(frozen=True, slots=True, kw_only=True)
class TermLimit:
    """An erasure by term said of the entries below `end` that all were recorded before `recorded_before`.

    `recorded_at` does not run back over the entries, so a row below `end` that was recorded later (beyond
    the tolerance of clocks) shows that an entry was erased too young. `entry` is that of the erasure.
    """

    end: int
    recorded_before: int
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What stands in a ledger about its custody, up to some entry; every signature in it was checked."""

    origin: str
    roster: Roster
    number: int = 0
    """How many statements there are."""
    last: Hash = START
    """What the next statement must name as the one before it."""
    erased: Ranges = field(default_factory=Ranges)
    """Entries whose rows may be absent: ordered to be erased, which may not have been done yet."""
    last_erased: Ranges = field(default_factory=Ranges)
    """Those of the last order to erase: the only one that an honest program can have left unfinished."""
    done: Ranges = field(default_factory=Ranges)
    """Entries of which the ledger says that nothing is left: what is there again was put back."""
    recovered: tuple[tuple[int, int], ...] = ()
    """First and last of entries that were taken from a journal, unsigned, after a stop."""
    held: Ranges = field(default_factory=Ranges)
    """Entries that may not be erased now."""
    entries: Ranges = field(default_factory=Ranges)
    """The entries of the custody facts themselves, which can never be erased."""
    forgotten: tuple[Hash, ...] = ()
    """Commitments to the originals that may be absent."""
    limits: tuple[TermLimit, ...] = ()

    @classmethod
    def none(cls, origin: str) -> Authority:
        """Give the authority of a ledger without a word about custody: nobody may erase anything."""
        return cls(origin=origin, roster=Roster(origin=origin))

    @classmethod
    def of(cls, origin: str, facts: Iterable[CustodyFact]) -> Authority:
        """Read all custody facts of a ledger; raises VerificationError that names the entry.

        Give every row of `key_event`, `erasure` and `hold` below the size that is checked, each with its
        entry, in any order. The facts themselves are only as true as the tree: whoever builds this before
        the rows were hashed must see afterwards that the same rows were committed.
        """
        authority = cls.none(origin)
        for fact in sorted(facts, key=lambda each: each.entry):
            authority = authority.after(fact)
        return authority

    @property
    def officers(self) -> tuple[PublicKey, ...]:
        """Who may sign orders now."""
        return self.roster.current(Role.OFFICER)

    @property
    def needed(self) -> int:
        """How many of them an order needs; 0 when nobody may order anything."""
        return self.roster.needed

    def cover(self, absent: Ranges) -> Ranges:
        """Give those of the absent entries that no authorised erasure names: each of them is an alarm."""
        return absent - self.erased

    def pending(self, present: Ranges) -> Ranges:
        """Give those of the present entries that are ordered to be erased: ordered, not done yet."""
        return present & self.erased - self.done

    def next_head(self, *, size: int, written: date) -> Head:
        """Give the first lines of the statement that may come next."""
        return Head(
            origin=self.origin, number=self.number + 1, previous=self.last, size=size, written=written
        )

    def after(self, fact: CustodyFact) -> Authority:
        """Give what holds after one more fact; raises VerificationError when it may not stand there."""
        if fact.relation in (ERASURE_DONE.name, RECOVERY.name):
            return self._after_deed(fact)
        try:
            note = read_note(fact.statement)
            if note.text.startswith(f"{KEYS_LINE}\n"):
                return self._after_keys(fact, note, KeyStatement.from_text(note.text))
            return self._after_order(fact, note, Order.from_text(note.text))
        except VerificationError as error:
            if error.entry is not None:
                raise
            found = f"{error.found} at entry {fact.entry}"
            raise type(error)(
                expected=error.expected, found=found, remedy=error.remedy, entry=fact.entry
            ) from error

    def _after_deed(self, fact: CustodyFact) -> Authority:
        """What the program did needs no signature but that of the log: it allows nothing."""
        own = replace(self, entries=self.entries | Ranges.of([(fact.entry, fact.entry + 1)]))
        if fact.relation == RECOVERY.name:
            first, last = fact.columns.get("first"), fact.columns.get("last")
            if not (isinstance(first, int) and isinstance(last, int) and 0 <= first <= last < fact.entry):
                raise _refused("entries that stand before it to be recovered", "others", fact.entry)
            return replace(own, recovered=(*self.recovered, (first, last)))
        done = Ranges.from_text(str(fact.columns.get("entries")))
        if done is None or done - self.erased:
            raise _refused("a word about entries that were ordered to be erased", "others", fact.entry)
        return replace(own, done=self.done | done)

    def _after_keys(self, fact: CustodyFact, note: Note, statement: KeyStatement) -> Authority:
        self._check_place(fact, statement.head)
        _check_columns(fact, columns_of_keys(statement, note), KEY_EVENT.name)
        roster = self.roster.after(statement, note, entry=fact.entry)
        return replace(self._moved(fact, note), roster=roster)

    def _after_order(self, fact: CustodyFact, note: Note, order: Order) -> Authority:
        self._check_place(fact, order.head)
        _check_columns(fact, columns_of_order(order, note), _ROWS_OF[order.action])
        self.roster.check_officers(note, entry=fact.entry)
        moved = self._moved(fact, note)
        match order.action:
            case OrderAction.HOLD:
                return replace(moved, held=self.held | order.entries)
            case OrderAction.RELEASE:
                return replace(moved, held=self.held - order.entries)
            case OrderAction.FORGET:
                return replace(moved, forgotten=(*self.forgotten, *order.originals))
            case OrderAction.ERASE:
                return replace(
                    moved,
                    erased=self.erased | order.entries,
                    last_erased=order.entries,
                    limits=(*self.limits, *self._checked_erasure(fact, order)),
                )

    def _checked_erasure(self, fact: CustodyFact, order: Order) -> list[TermLimit]:
        held, own, at = order.entries & self.held, order.entries & self.entries, fact.entry
        if held:
            raise _refused("only entries to be erased that nobody holds", f"held entry {held.first}", at)
        if own:
            raise _refused("no entry about custody to be erased", f"the order for entry {own.first}", at)
        before = order.recorded_before
        if before is None:
            return []
        return [TermLimit(end=order.entries.end, recorded_before=before, entry=at)]

    def _check_place(self, fact: CustodyFact, head: Head) -> None:
        """Raise InconsistentError unless the statement is the next one, of this ledger, in its time."""
        if head.origin != self.origin:
            raise _refused("a statement about this ledger", "one about another", fact.entry)
        if (head.number, head.previous) != (self.number + 1, self.last):
            raise _refused(
                f"statement {self.number + 1} about custody, after the one before it",
                f"statement {head.number}, signed after another one",
                fact.entry,
            )
        if head.size > fact.entry:
            raise _refused(
                f"a statement about at most {fact.entry} entries", f"one about {head.size}", fact.entry
            )
        if (head.written - _EPOCH).days > fact.recorded_at // _DAY + 1:
            raise _refused("a statement signed before it came in", "one of a later day", fact.entry)

    def _moved(self, fact: CustodyFact, note: Note) -> Authority:
        return replace(
            self,
            number=self.number + 1,
            last=digest_of(note.text),
            entries=self.entries | Ranges.of([(fact.entry, fact.entry + 1)]),
        )


def columns_of_keys(statement: KeyStatement, note: Note) -> dict[str, object]:
    """Give what the columns of a key event must say."""
    return {
        "number": statement.head.number,
        "action": statement.action.value,
        "role": statement.role.value,
        "keys": "\n".join(key.key.to_text() for key in statement.keys),
        "statement": note.to_bytes().decode(),
    }


def columns_of_order(order: Order, note: Note) -> dict[str, object]:
    """Give what the columns of an erasure or a hold must say."""
    same: dict[str, object] = {
        "number": order.head.number,
        "action": order.action.value,
        "entries": order.entries.to_text(),
        "statement": note.to_bytes().decode(),
    }
    if order.rule is None:
        return same | {"reason": order.reason}
    return same | {"rule": order.rule.value, "law": order.law}


def relation_of_order(order: Order) -> str:
    """Name the relation an order is kept in."""
    return _ROWS_OF[order.action]


def _check_columns(fact: CustodyFact, wanted: Mapping[str, object], relation: str) -> None:
    if fact.relation != relation or any(fact.columns.get(name) != value for name, value in wanted.items()):
        raise _refused(f"a row of {relation} that says what its statement says", "another row", fact.entry)


def _refused(expected: str, found: str, entry: int) -> VerificationError:
    return InconsistentError(
        expected=expected, found=f"{found} at entry {entry}", remedy=_EVIDENCE, entry=entry
    )
