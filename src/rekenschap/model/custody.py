# SPDX-License-Identifier: EUPL-1.2
"""Facts a ledger keeps about itself: which keys count, what was erased, what may not be erased.

Declared like every other relation, but no source can report them. A row of the first three is one signed
statement, and its columns say nothing that the statement does not say; the others say what the program itself
did. What one means stands in `rekenschap.ledger.custody`.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from rekenschap.model.columns import Relation, code, count, relation, text, time
from rekenschap.model.relations import SEARCHED_RELATIONS


class KeyAction(StrEnum):
    """What a statement does with keys."""

    BEGIN = "begin"
    ADD = "add"
    RETIRE = "retire"


class Role(StrEnum):
    """What a key is for."""

    LEDGER = "ledger"
    OFFICER = "officer"
    WITNESS = "witness"


class OrderAction(StrEnum):
    """What officers order: of entries, or to forget the originals behind pseudonyms."""

    ERASE = "erase"
    FORGET = "forget"
    HOLD = "hold"
    RELEASE = "release"


class Rule(StrEnum):
    """Why something may be erased."""

    TERM = "term"
    COURT = "court"
    REQUEST = "request"


KEY_EVENT = relation(
    "key_event",
    "changed_at",
    "keys of the log, of officers or of witnesses begin, are added, or are retired",
    time("changed_at", "when it was put in the ledger", required=True),
    count("number", "place in the chain of statements about custody", unit="statements", required=True),
    code("action", "what happens to the keys", "begin add retire", required=True),
    code("role", "what the keys are for", "ledger officer witness", required=True),
    text("keys", "the keys as C2SP verifier texts, one on each line", required=True),
    text("statement", "the statement as a C2SP signed note", required=True),
)

ERASURE = relation(
    "erasure",
    "erased_at",
    "rows or sealed originals were erased by order of officers; commitments and proofs stay (vernietiging)",
    time("erased_at", "when it was put in the ledger; the rows go after that", required=True),
    count("number", "place in the chain of statements about custody", unit="statements", required=True),
    code("action", "rows of entries, or originals behind pseudonyms", "erase forget", required=True),
    code("rule", "why it may be erased", "term court request", required=True),
    text("law", "law and article", required=True),
    text("entries", "first and last of each range of entries, as in 12-40,77-77", required=True),
    text("statement", "the order as a C2SP signed note", required=True),
    law="GDPR art. 5(1)(e) and 17",
)

HOLD = relation(
    "hold",
    "held_at",
    "entries may not be erased, or may be again (bewaring)",
    time("held_at", "when it was put in the ledger", required=True),
    count("number", "place in the chain of statements about custody", unit="statements", required=True),
    code("action", "whether the hold begins or ends", "hold release", required=True),
    text("entries", "first and last of each range of entries, as in 12-40,77-77", required=True),
    text("reason", "reference to the file that asks for it; no name or number of a person", required=True),
    text("statement", "the order as a C2SP signed note", required=True),
    law="GDPR art. 17(3)(e) and 18",
)

ERASURE_DONE = relation(
    "erasure_done",
    "done_at",
    "of rows that were ordered to be erased nothing is left: no row, no older file, no secret",
    time("done_at", "when the last of it was gone", required=True),
    text("entries", "first and last of each range of entries, as in 12-40,77-77", required=True),
    law="GDPR art. 5(2)",
)

RECOVERY = relation(
    "recovery",
    "recovered_at",
    "after a stop, entries were taken from the journal that no signed checkpoint covered",
    time("recovered_at", "when the program went on", required=True),
    count("first", "the first of those entries", unit="entry", required=True),
    count("last", "the last of them", unit="entry", required=True),
    law="GDPR art. 5(2)",
)

CUSTODY_RELATIONS: MappingProxyType[str, Relation] = MappingProxyType(
    {each.name: each for each in (KEY_EVENT, ERASURE, HOLD, ERASURE_DONE, RECOVERY)}
)
"""The relations the ledger keeps about itself, by name; none of their entries can ever be erased."""

EVERY_RELATION: MappingProxyType[str, Relation] = MappingProxyType(
    {**SEARCHED_RELATIONS, **CUSTODY_RELATIONS}
)
"""What sources report, what the door adds and what the ledger keeps about itself, by name."""
