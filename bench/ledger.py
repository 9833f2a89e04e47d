# SPDX-License-Identifier: EUPL-1.2
"""How many looks a second a ledger takes in, checks and gives back. Usage: ./run bench ledger [--quick]"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
from invented import START, fresh, look_content, somewhere
from measure import Sheet, Way, asked, bytes_under, in_turn, ready

from rekenschap.adapters.anchors import SqliteAnchor
from rekenschap.adapters.keys import MemoryKeys, verifier_of
from rekenschap.adapters.stores import DirectoryStore
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.identity import with_identity
from rekenschap.ledger.prove import prove, verify
from rekenschap.ledger.rows.encoding import encode, head_of, layout_of
from rekenschap.ledger.segments import KIND_FACT, columns_of
from rekenschap.model.relations import CONSULTATION
from rekenschap.tlog.note import Verifier

BATCH = 1_000
PIECE = 16_384
ORIGIN = "example.org/bench"


@dataclass(slots=True, kw_only=True)
class Ours:
    """A ledger on disk, every sync done; `append` makes a new one each time."""

    place: Path
    facts: pa.Table
    keys: MemoryKeys = field(default_factory=lambda: MemoryKeys(b"bench"))
    ledger: Ledger | None = None

    def new(self) -> Ledger:
        home = fresh(self.place)
        anchor = SqliteAnchor(home / "anchor.db")
        store = DirectoryStore(home / "ledger")
        self.ledger = Ledger.create(store=store, anchor=anchor, keys=self.keys, origin=ORIGIN)
        return self.ledger

    @property
    def verifiers(self) -> list[Verifier]:
        return [verifier_of(text) for text in self.keys.verifier_texts(ORIGIN)]

    def check(self) -> None:
        store = DirectoryStore(self.place / "ledger")
        check(store, anchor=SqliteAnchor(self.place / "anchor.db"), verifiers=self.verifiers)

    def prove(self) -> str:
        assert self.ledger is not None  # noqa: S101
        return prove(self.ledger, len(self.facts) // 2)


@dataclass(slots=True, kw_only=True)
class Chain:
    """What many systems do: a table of rows, each with a hash over itself and the hash before it."""

    place: Path
    rows: list[bytes]

    def new(self) -> sqlite3.Connection:
        connection = sqlite3.connect(fresh(self.place) / "chain.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE chain (entry INTEGER PRIMARY KEY, row BLOB, hash BLOB)")
        return connection

    def append(self, connection: sqlite3.Connection) -> None:
        last = bytes(32)
        for start in range(0, len(self.rows), BATCH):
            some = []
            for entry, row in enumerate(self.rows[start : start + BATCH], start):
                last = sha256(last + row).digest()
                some.append((entry, row, last))
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO chain VALUES (?, ?, ?)", some)
            connection.execute("COMMIT")
        connection.close()

    def check(self) -> None:
        last = bytes(32)
        connection = sqlite3.connect(self.place / "chain.db")
        for row, kept in connection.execute("SELECT row, hash FROM chain ORDER BY entry"):
            last = sha256(last + row).digest()
            if last != kept:
                raise SystemExit("the chain of the peer is broken")
        connection.close()


def encoded(facts: pa.Table) -> list[bytes]:
    """Give each row as the bytes that are hashed, with room for its salt."""
    layout, head = layout_of(CONSULTATION.columns), bytes(16) + head_of(KIND_FACT, 1)
    parts = (facts.slice(start, PIECE) for start in range(0, len(facts), PIECE))
    pieces = [encode(columns_of(part, CONSULTATION), layout, head=head) for part in parts]
    return [piece[row] for piece in pieces for row in range(len(piece))]


def hashes(messages: list[bytes]) -> None:
    """Hash messages one by one and do nothing else."""
    b"".join([sha256(message).digest() for message in messages])


def ways(ours: Ours, chain: Chain, content: pa.Table) -> dict[str, Way]:
    """Put us and our peers in turn; what follows an append reads what that append left."""

    def append() -> Callable[[], object]:
        ledger = ours.new()
        return lambda: ledger.append([(CONSULTATION, ours.facts)])

    def chain_append() -> Callable[[], object]:
        connection = chain.new()
        return lambda: chain.append(connection)

    def verify_one() -> Callable[[], object]:
        proof, verifiers = ours.prove(), ours.verifiers
        return lambda: verify(proof, verifiers)

    return {
        "append": append,
        "chain_append": chain_append,
        "bare_sha256": ready(lambda: hashes(chain.rows)),
        "check": ready(ours.check),
        "chain_check": ready(chain.check),
        "identity": ready(lambda: with_identity(content, CONSULTATION, recorded_at=START)),
        "facts": ready(lambda: ours.ledger and ours.ledger.facts("consultation")),
        "prove": ready(ours.prove),
        "verify": verify_one,
    }


def main(*, quick: bool) -> None:
    """Compare with a hash chain in SQLite and with only hashing the same bytes."""
    rows = 20_000 if quick else 250_000
    content = look_content(rows)
    facts = with_identity(content, CONSULTATION, recorded_at=START)
    sheet = Sheet(name="ledger", quick=quick)
    with somewhere() as place:
        ours = Ours(place=place / "ours", facts=facts)
        chain = Chain(place=place / "chain", rows=encoded(facts))
        seconds = in_turn(ways(ours, chain, content), times=3 if quick else 5)
        bytes_ours, bytes_chain = bytes_under(ours.place), bytes_under(chain.place)
    for what, found in seconds.items():
        amount, unit = (1, "proofs") if what in ("prove", "verify") else (rows, "rows")
        sheet.measured({what: found}, amount=amount, unit=unit)
    sheet.compare("append", "chain_append", "bare_sha256")
    sheet.compare("check", "chain_check", "bare_sha256")
    sheet.compare("identity", "bare_sha256")
    sheet.compare("prove", "chain_check")
    sheet.compare("verify", "chain_check")
    sheet.ratios["bytes_to_chain"] = bytes_chain / bytes_ours
    sheet.figures |= {
        "rows": rows,
        "bytes_per_row": bytes_ours / rows,
        "chain_bytes_per_row": bytes_chain / rows,
    }
    sheet.end()


if __name__ == "__main__":
    main(quick=asked(__doc__ or ""))
