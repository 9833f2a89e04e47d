# SPDX-License-Identifier: EUPL-1.2
"""Three invented officers, a ledger's keys by generation, and the statements they sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from rekenschap.adapters.keys.signatures import KeyPair
from rekenschap.ledger.custody import Authority, CustodyFact, Ranges
from rekenschap.ledger.custody.authority import columns_of_keys, columns_of_order, relation_of_order
from rekenschap.ledger.custody.key_statements import KeyAction, KeyStatement, Role
from rekenschap.ledger.custody.orders import Order, OrderAction, Rule
from rekenschap.ledger.custody.publickeys import PublicKey, verifier_of
from rekenschap.ledger.custody.statements import Head, sign_statement
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import Note
from rekenschap.tlog.vkey import SignatureKind

ORIGIN = "example.org/ledger"
TODAY = date(2026, 11, 22)
NOW = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()) * 1_000_000
DAY = 86_400_000_000


def pair(name: str, seed: str, kind: SignatureKind = SignatureKind.ED25519) -> KeyPair:
    return KeyPair.from_seed(name, kind, seed.encode().ljust(32, b"."))


def generation(number: int) -> tuple[KeyPair, KeyPair]:
    """The keys of the log of one generation: Ed25519 and ML-DSA-44."""
    return (
        pair(ORIGIN, f"log {number}"),
        pair(ORIGIN, f"log {number} pq", SignatureKind.ML_DSA_44),
    )


FIRST, SECOND = generation(1), generation(2)
ANNA, BRAM, CEES = (pair(f"example.org/officer-{n}", f"officer {n}") for n in "abc")
STRANGER = pair("example.org/officer-x", "officer x")


def public(*pairs: KeyPair) -> tuple[PublicKey, ...]:
    return tuple(verifier_of(each.key.to_text()) for each in pairs)


def signed(text: str, signers: Sequence[KeyPair]) -> Note:
    return Note(text=text, signatures=tuple(sign_statement(text, each) for each in signers))


def key_statement(
    head: Head, action: KeyAction, role: Role, keys: Sequence[KeyPair], needed: int = 0
) -> KeyStatement:
    return KeyStatement(head=head, action=action, role=role, needed=needed, keys=public(*keys))


def order(
    head: Head,
    action: OrderAction = OrderAction.ERASE,
    entries: Ranges | None = None,
    *,
    rule: Rule | None = Rule.COURT,
    term: int = 0,
    originals: tuple[Hash, ...] = (),
) -> Order:
    return Order(
        head=head,
        action=action,
        rule=rule if action in (OrderAction.ERASE, OrderAction.FORGET) else None,
        law="AVG art. 17",
        term=term,
        entries=Ranges() if entries is None else entries,
        originals=originals,
        reason="zaak 2026-17",
    )


@dataclass
class Course:
    """A ledger's custody as it grows, one fact to ten entries, without the ledger."""

    facts: list[CustodyFact] = field(default_factory=list)
    authority: Authority = field(default_factory=lambda: Authority.none(ORIGIN))

    @property
    def entry(self) -> int:
        return 10 * (len(self.facts) + 1)

    def head(self, written: date = TODAY) -> Head:
        return self.authority.next_head(size=self.entry, written=written)

    def keys(
        self,
        action: KeyAction,
        role: Role,
        keys: Sequence[KeyPair],
        signers: Sequence[KeyPair],
        needed: int = 0,
    ) -> Authority:
        statement = key_statement(self.head(), action, role, keys, needed)
        note = signed(statement.to_text(), signers)
        return self.put("key_event", columns_of_keys(statement, note))

    def order(self, given: Order, signers: Sequence[KeyPair] = (ANNA, BRAM)) -> Authority:
        note = signed(given.to_text(), signers)
        return self.put(relation_of_order(given), columns_of_order(given, note))

    def put(self, relation: str, columns: dict[str, object]) -> Authority:
        fact = CustodyFact(entry=self.entry, relation=relation, recorded_at=NOW, columns=columns)
        self.authority = self.authority.after(fact)
        self.facts.append(fact)
        return self.authority


def founded() -> Course:
    """A ledger with its first keys and three officers, two of whom sign an order."""
    course = Course()
    course.keys(KeyAction.BEGIN, Role.LEDGER, FIRST, FIRST)
    course.keys(KeyAction.BEGIN, Role.OFFICER, (ANNA, BRAM, CEES), (ANNA, BRAM, CEES), needed=2)
    return course


def days_ago(days: int) -> int:
    return int((datetime(2026, 11, 22, tzinfo=UTC) - timedelta(days=days)).timestamp()) * 1_000_000
