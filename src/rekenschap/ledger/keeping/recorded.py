# SPDX-License-Identifier: EUPL-1.2
"""Statements about custody as entries of a ledger: read out of it, and put into it when they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.errors import NotAuthorisedError, RefusedError, VerificationError
from rekenschap.ledger.custody import Authority, CustodyFact
from rekenschap.ledger.custody.authority import columns_of_keys, columns_of_order, relation_of_order
from rekenschap.ledger.custody.key_statements import FIRST_LINE as KEYS_LINE
from rekenschap.ledger.custody.key_statements import KeyStatement
from rekenschap.ledger.custody.orders import Order
from rekenschap.ledger.custody.statements import read_note
from rekenschap.ledger.identity import with_identity
from rekenschap.ledger.ledger import Ledger, Receipt
from rekenschap.ledger.state import checkpoint_in, published_note
from rekenschap.model.columns import Relation
from rekenschap.model.custody import CUSTODY_RELATIONS, KEY_EVENT
from rekenschap.tables import arrow_type
from rekenschap.tlog.note import Note

SOURCE = "rekenschap"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_of(at: int) -> date:
    """Give the day of a moment in µs UTC."""
    return (_EPOCH + timedelta(microseconds=at)).date()


def custody_facts(ledger: Ledger, *, size: int | None = None) -> list[CustodyFact]:
    """Give every fact about custody in the first `size` entries, as it reads, not believed yet."""
    return [fact for name in CUSTODY_RELATIONS for fact in _facts(ledger, name, size)]


def authority_of(ledger: Ledger, *, size: int | None = None) -> Authority:
    """Give who may do what to this ledger, now or as of its first `size` entries.

    Raises VerificationError when a fact may not be there.
    """
    return Authority.of(ledger.origin, custody_facts(ledger, size=size))


def published_size(ledger: Ledger) -> int:
    """Give how many entries everybody can know of that can be read: under the published checkpoint."""
    note = published_note(ledger.store)
    return 0 if note is None else min(checkpoint_in(note, ledger.origin).size, ledger.size)


def statement_in(note: Note) -> KeyStatement | Order:
    """Read what a note states; raises MalformedStatementError when it is neither keys nor an order."""
    is_keys = note.text.startswith(f"{KEYS_LINE}\n")
    return KeyStatement.from_text(note.text) if is_keys else Order.from_text(note.text)


def joined_notes(raw: Sequence[bytes]) -> Note:
    """Put the signatures of several copies of one statement under one text; raises RefusedError."""
    notes = [read_note(each) for each in raw]
    if len({note.text for note in notes}) != 1:
        raise RefusedError(
            expected="copies of one statement",
            found="different texts",
            remedy="give the files that were signed for one statement",
            rule="four eyes",
        )
    lines = dict.fromkeys(line for note in notes for line in note.signatures)
    return Note(text=notes[0].text, signatures=tuple(lines))


def check_may(authority: Authority, note: Note, *, entry: int, at: int) -> Authority:
    """Give what holds once the statement is put at `entry`; raises NotAuthorisedError when it may not be."""
    relation, columns = _row(note)
    fact = CustodyFact(entry=entry, relation=relation, recorded_at=at, columns=columns)
    try:
        return authority.after(fact)
    except VerificationError as error:
        raise NotAuthorisedError(
            expected=error.expected,
            found=error.found,
            remedy="have it made and signed anew by those who must",
            rule="custody",
        ) from error


def put_statement(ledger: Ledger, note: Note, *, at: int) -> Receipt:
    """Put a signed statement in the ledger, recorded at `at` (µs UTC); durable and published on return.

    Raises NotAuthorisedError, and adds nothing, when those who must have not signed or a rule forbids it.
    """
    check_may(authority_of(ledger), note, entry=ledger.size, at=at)
    return ledger.append([statement_row(note, at=at)])


def statement_row(note: Note, *, at: int) -> tuple[Relation, pa.Table]:
    """Give the one row that a statement is in its relation, in fact form; says nothing about who signed."""
    name, columns = _row(note)
    return deed_row(CUSTODY_RELATIONS[name], columns, at=at)


def deed_row(relation: Relation, columns: Mapping[str, object], *, at: int) -> tuple[Relation, pa.Table]:
    """Give one row of a relation the ledger keeps about itself, recorded at `at` (µs UTC), in fact form."""
    filled = {**columns, "source": SOURCE, relation.happened: at}
    content = pa.table(
        {
            c.name: pa.array([filled[c.name]], _storable(arrow_type(c))).cast(arrow_type(c))
            for c in relation.content
        }
    )
    return relation, with_identity(content, relation, recorded_at=at)


def _storable(kind: pa.DataType) -> pa.DataType:
    return pa.int64() if pa.types.is_timestamp(kind) else kind


def _row(note: Note) -> tuple[str, dict[str, object]]:
    statement = statement_in(note)
    if isinstance(statement, KeyStatement):
        return KEY_EVENT.name, columns_of_keys(statement, note)
    return relation_of_order(statement), columns_of_order(statement, note)


def _facts(ledger: Ledger, name: str, size: int | None) -> list[CustodyFact]:
    found = ledger.facts(name, size=size)
    recorded = pc.cast(found.table.column("recorded_at"), pa.int64()).to_pylist()
    columns = found.table.select([c.name for c in found.relation.content]).to_pylist()
    return [
        CustodyFact(entry=entry, relation=name, recorded_at=at, columns=row)
        for entry, at, row in zip(found.entries.to_pylist(), recorded, columns, strict=True)
    ]
