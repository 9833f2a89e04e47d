# SPDX-License-Identifier: EUPL-1.2
"""Brings what the desk did to the ledger: acts, and the looks and work that follow from them.

Offered twice it is there once: a fact is known by its content, and every act has a number of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.desk.people import reading, unsealed_token, whole_token
from rekenschap.audit.intake import opened_door
from rekenschap.house import PERIOD, House
from rekenschap.intake.identifiers import Pseudonyms
from rekenschap.intake.storing import FactLedger, Storing
from rekenschap.ledger import Ledger
from rekenschap.ledger.identity import with_identity
from rekenschap.model.columns import Kind, Relation
from rekenschap.model.ids import Pseudonym
from rekenschap.model.relations import ACT, RELATIONS
from rekenschap.tables import arrow_type

SOURCE = "rekenschap-desk"
"""How the desk is called among the sources, and the register in which its staff look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A person of whom only the pseudonym is known; a citizen also needs an entry where they stand."""

    person: Pseudonym
    entry: int | None = None


Value = str | int | bytes | bool | datetime | Who | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFact:
    """One fact in plain values by column; a token is given as the identifier it is made of, or as `Who`."""

    relation: str
    values: Mapping[str, Value]


def append_desk_facts(
    house: House, facts: Sequence[DeskFact], *, ledger: FactLedger, now: datetime, source: str = SOURCE
) -> int:
    """Append facts of the desk, each once; gives how many are new. On return they are durable.

    Raises StoreError when the ledger cannot be had now: offer them again later.
    """
    with opened_door(house) as door:
        storing = Storing(ledger, recorded_at=_moment(ledger, now), before=door.pseudonyms.put_away)
        where = _Where(house)
        for name, some in _by_relation(facts):
            relation = RELATIONS[name]
            storing.add(relation, _content(relation, some, door.pseudonyms, where, source=source))
        storing.flush()
    return sum(storing.accepted.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ActsInLedger:
    """What the ledger holds of the acts of the desk: the number of each act, and its entry."""

    entry_of: Mapping[bytes, int]


def acts_in_ledger(house: House) -> ActsInLedger:
    """Read which acts of the desk the ledger holds."""
    facts = reading(house).facts(ACT.name)
    table = facts.table.append_column("entry", facts.entries)
    if "act" not in table.column_names:  # a ledger with acts of the first version only
        return ActsInLedger(entry_of={})
    ours = table.filter(pc.and_(pc.equal(table.column("source"), SOURCE), pc.is_valid(table.column("act"))))
    return ActsInLedger(
        entry_of=dict(zip(ours.column("act").to_pylist(), ours.column("entry").to_pylist(), strict=True))
    )


def not_in_ledger(house: House, facts: Sequence[DeskFact]) -> list[int]:
    """Give the places of those facts (of one relation) that the ledger does not hold as told here."""
    if not facts:
        return []
    relation, key = RELATIONS[facts[0].relation], house.keys.pseudonym_key(PERIOD)
    content = _content(relation, facts, Pseudonyms(key, None), _Where(house))
    known = reading(house).known(relation, with_identity(content, relation, recorded_at=0))
    return [at for at, is_known in enumerate(known.to_pylist()) if not is_known]


class _Where:
    """Opens the ledger when the first whole token is asked for."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._ledger: Ledger | None = None

    def token(self, who: Who) -> bytes:
        """Give the whole token of a person whose pseudonym is known."""
        if self._ledger is None:
            self._ledger = reading(self._house)
        assert who.entry is not None  # noqa: S101 - a member of staff is named otherwise
        if who.entry >= self._ledger.size:
            return unsealed_token(self._house, who.entry, who.person)
        return whole_token(self._ledger, who.entry, who.person)


def _by_relation(facts: Iterable[DeskFact]) -> Iterator[tuple[str, list[DeskFact]]]:
    found: dict[str, list[DeskFact]] = {}
    for each in facts:
        found.setdefault(each.relation, []).append(each)
    return iter(found.items())


def _content(
    relation: Relation, facts: Sequence[DeskFact], pseudonyms: Pseudonyms, where: _Where, *,
    source: str = SOURCE,
) -> pa.Table:  # fmt: skip
    arrays, names = [], []
    for column in relation.content:
        told = [source if column.name == "source" else each.values.get(column.name) for each in facts]
        if column.kind is Kind.TOKEN:
            arrays.append(_tokens(told, column.domain, pseudonyms, where))
        else:
            arrays.append(pa.array(told, arrow_type(column)))
        names.append(column.name)
    return pa.table(arrays, names=names)


def _tokens(told: Sequence[Value], domain: str, pseudonyms: Pseudonyms, where: _Where) -> pa.Array:
    """Make tokens of identifiers, and take those of people known by pseudonym from where they stand."""
    made = pseudonyms.tokens_of(
        pa.array([_identifier(each) for each in told], pa.string()), domain
    ).to_pylist()
    return pa.array(
        [
            where.token(each) if isinstance(each, Who) and each.person.domain == domain else token
            for each, token in zip(told, made, strict=True)
        ],
        pa.binary(16),
    )


def _identifier(value: Value) -> str | None:
    """Give the identifier to make a token of.

    A member of staff whose data is seen is a subject of its own: the same in every fact of the desk.
    """
    if isinstance(value, Who):
        return (
            f"desk/{value.person.domain}/{value.person.hi & (2**64 - 1):016x}"
            if value.entry is None
            else None
        )
    return None if value is None or value == "" else str(value)


def _moment(ledger: FactLedger, now: datetime) -> int:
    """Give when facts are recorded: never before those the ledger has."""
    told, newest = int(now.timestamp() * 1_000_000), ledger.newest()
    return told if newest is None else max(told, newest)
