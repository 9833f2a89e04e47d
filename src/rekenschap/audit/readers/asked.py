# SPDX-License-Identifier: EUPL-1.2
"""Who asked what about whom: noted on disk before anything is given, and brought to the ledger as decisions.

What is noted holds a pseudonym and never the identifier that was asked. A note is a fact of relation
`decision`: the client is who wanted to look, the interface is the rule, and a refusal is a fact as well.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode, urlsafe_b64decode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import msgspec
import pyarrow as pa

from rekenschap.audit.desk.people import reading
from rekenschap.audit.intake import opened_door
from rekenschap.house import ORIGIN, House
from rekenschap.intake.identifiers import Pseudonyms
from rekenschap.intake.storing import FactLedger, Storing
from rekenschap.ledger import Ledger
from rekenschap.model.columns import Column
from rekenschap.model.relations import DECISION
from rekenschap.tables import arrow_type

SOURCE = "rekenschap-read"
STAFF = "rekenschap-read/"
"""what stands before the name of a client, where it stands in the place of staff"""
FOLDER = Path("desk") / "read-asked"
_WAITING, _GONE = "waiting.lines", "bringing.lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One note. `token` is the pseudonym of whom it was about, `entry` a look at them."""

    at: datetime
    client: str
    interface: str
    action: str
    is_refused: bool = False
    token: bytes = b""
    entry: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A note as it lies on disk; `number` makes two alike at one moment two facts."""

    at: datetime
    client: str
    interface: str
    action: str
    refused: bool
    token: str
    entry: int | None
    number: str


class Journal:
    """The notes of one house that are not in the ledger yet."""

    def __init__(self, home: Path) -> None:
        self._place = home / FOLDER
        self._place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._turn = Lock()

    def note(self, asked: Asked) -> None:
        """Write it down; on return it is on disk."""
        line = _Line(
            at=asked.at, client=asked.client, interface=asked.interface, action=asked.action,
            refused=asked.is_refused, token=b64encode(asked.token).decode(), entry=asked.entry,
            number=b64encode(secrets.token_bytes(8)).decode(),
        )  # fmt: skip
        with self._turn:
            descriptor = os.open(self._place / _WAITING, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                # begun on a line of its own: a note before it may have been cut off
                os.write(descriptor, b"\n" + msgspec.json.encode(line) + b"\n")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def take(self) -> Path | None:
        """Give the file with what is to be brought, the same until `forget`; None when there is nothing."""
        gone = self._place / _GONE
        with self._turn:
            if not gone.exists():
                try:
                    (self._place / _WAITING).rename(gone)
                except FileNotFoundError:
                    return None
        return gone

    def forget(self) -> None:
        """Remove what was brought."""
        (self._place / _GONE).unlink(missing_ok=True)


def bring(house: House, journal: Journal, *, now: datetime) -> int:
    """Append the notes to the ledger, each once; gives how many were new. Raises StoreError."""
    path = journal.take()
    if path is None:
        return 0
    lines = list(_whole(path))
    ledger = house.appending(origin=ORIGIN)
    with opened_door(house) as door:
        storing = Storing(ledger, recorded_at=_moment(ledger, now), before=door.pseudonyms.put_away)
        storing.add(DECISION, _content(lines, door.pseudonyms, reading(house)))
        storing.flush()
    journal.forget()
    return sum(storing.accepted.values())


def _whole(path: Path) -> Iterator[_Line]:
    """Give the notes of a file; one that was cut off was never answered, and is left out."""
    for line in path.read_bytes().splitlines():
        with suppress(msgspec.DecodeError):
            yield msgspec.json.decode(line, type=_Line)


def _content(lines: Sequence[_Line], pseudonyms: Pseudonyms, ledger: Ledger) -> pa.Table:
    staff = pseudonyms.tokens_of(pa.array([STAFF + each.client for each in lines], pa.string()), "staff")
    told: dict[str, list[object]] = {
        "source": [SOURCE] * len(lines),
        "decided_at": [each.at for each in lines],
        "subject": [_subject(each, ledger) for each in lines],
        "outcome": ["refuse" if each.refused else "permit" for each in lines],
        "rule": [each.interface for each in lines],
        "question": ["rekenschap.read"] * len(lines),
        "action": [each.action for each in lines],
        "status": ["Ok"] * len(lines),
        "operation_id": [b64decode(each.number) for each in lines],
    }
    names = [column.name for column in DECISION.content]
    arrays = [staff if c.name == "staff" else _array(c, told, len(lines)) for c in DECISION.content]
    return pa.table(arrays, names=names)


def _array(column: Column, told: dict[str, list[object]], count: int) -> pa.Array:
    return pa.array(told.get(column.name, [None] * count), arrow_type(column))


def _subject(line: _Line, ledger: Ledger) -> bytes | None:
    if line.token:
        return b64decode(line.token)
    if line.entry is None:
        return None
    value = ledger.row(line.entry).values.get("subject")
    return urlsafe_b64decode(value + "=" * (-len(value) % 4)) if isinstance(value, str) else None


def _moment(ledger: FactLedger, now: datetime) -> int:
    """Give when facts are recorded: never before those the ledger has."""
    told, newest = int(now.astimezone(UTC).timestamp() * 1_000_000), ledger.newest()
    return told if newest is None else max(told, newest)
