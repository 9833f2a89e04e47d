# SPDX-License-Identifier: EUPL-1.2
"""How the files in vectors/ledger came about.

`ael1.json` is made again by the tests and must come out the same. A folder such as `v1` is kept as it is for
ever and never made again; for a new version of the format: python -m tests.unit.ledger.ledger_vectors v2
"""

import base64
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from rekenschap.adapters.stores import MemoryStore
from rekenschap.errors import RekenschapError, VerificationError
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.prove import prove
from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.commitments import salts_of
from rekenschap.ledger.rows.decoding import Value
from rekenschap.ledger.rows.encoding import field
from rekenschap.ledger.segments import Segment
from rekenschap.model.columns import text
from rekenschap.model.relations import CONSULTATION, RELATIONS, ZAAK
from rekenschap.tlog.hashing import leaf_hashes
from rekenschap.tlog.note import sign_note
from tests.ael1 import reference
from tests.ledgers import KEYS, ORIGIN, STRANGER, Place, facts, verifiers

VECTORS = Path(__file__).parents[3] / "vectors" / "ledger"
Change = dict[str, str | None]


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def write(path: Path, content: object) -> None:
    path.write_text(
        json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def make_valid(place: Place) -> None:
    ledger = Ledger.create(store=place.store, anchor=place.anchor, keys=KEYS, origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(CONSULTATION, 12))])
    ledger.append([(relation, facts(relation, 3)) for relation in RELATIONS.values()])
    newer = replace(CONSULTATION, version=2, columns=(*CONSULTATION.columns, text("channel", "by which way")))
    looks, zaken = facts(count=2, seed=7), facts(ZAAK, 260, 2)
    ledger.append([(newer, facts(newer, 5)), (ZAAK, zaken), (CONSULTATION, looks)])


def expected(place: Place) -> dict[str, object]:
    report, ledger = place.check(), place.ledger(keys=None)
    entries = sorted({0, 1, 12, *range(13, ledger.size, 9), ledger.size - 1})
    return {
        "origin": ORIGIN,
        "size": report.size,
        "root": report.root.to_base64(),
        "entries": dict(report.entries),
        "sizes": [size for size, _ in place.anchor.history()],
        "rows": [
            {"entry": row.entry, "relation": row.relation.name, "values": row.values}
            for row in map(ledger.row, entries)
        ],
    }


def changed_row(place: Place, segment: Segment, change: Callable[[pa.Table], pa.Table]) -> bytes:
    kept = place.store.get(segment.parquet)
    place.overwrite(segment, change(place.rows(segment)))
    blob = place.store.get(segment.parquet)
    place.write(segment.parquet, kept)
    return blob


def other_source(rows: pa.Table) -> pa.Table:
    column = ["elsewhere", *rows.column("source").to_pylist()[1:]]
    return rows.set_column(rows.schema.get_field_index("source"), "source", pa.array(column))


def backdated(rows: pa.Table) -> pa.Table:
    times = rows.column("recorded_at")
    column = pa.array([*times.cast(pa.int64()).to_pylist()[:-1], 5]).cast(times.type)
    return rows.set_column(rows.schema.get_field_index("recorded_at"), "recorded_at", column)


def attacks(place: Place) -> dict[str, Change]:
    store = place.store
    segment = next(each for each in place.segments() if each.rows == 260)
    rows = {
        "a changed row": other_source,
        "a backdated row": backdated,
        "a dropped row": lambda table: table.slice(1),
        "an added row": lambda table: pa.concat_tables([table.slice(0, 1), table]),
        "reordered rows": lambda table: table.take([3, 0, 1, 2, *range(4, table.num_rows)]),
    }
    made: dict[str, Change] = {
        name: {segment.parquet: base64_of(changed_row(place, segment, change))}
        for name, change in rows.items()
    }
    tile = bytearray(store.get(store.names("tile/1/")[0]))
    tile[5] ^= 1
    note = store.get("checkpoint").decode()
    size = place.ledger().size
    forged = sign_note("\n".join(note.split("\n")[:3]) + "\n", STRANGER.signers(ORIGIN)).to_bytes()
    files: dict[str, dict[str, bytes | None]] = {
        "a dropped segment": {segment.parquet: None, segment.pack: None, segment.secret: None},
        "a lost secret": {segment.secret: None},
        "another secret": {segment.secret: bytes(32)},
        "a short pack": {segment.pack: store.get(segment.pack)[:-32]},
        "a changed commitment": {segment.pack: bytes(32) + store.get(segment.pack)[32:]},
        "a tile that lies": {store.names("tile/1/")[0]: bytes(tile)},
        "an older checkpoint": {"checkpoint": place.anchor.history()[1][1]},
        "a checkpoint of another size": {"checkpoint": note.replace(f"\n{size}\n", "\n7\n").encode()},
        "a checkpoint by a stranger": {"checkpoint": forged},
        "a newer version": {
            "ledger.json": store.get("ledger.json").replace(b'"version": 1', b'"version": 3')
        },
        "another origin": {"ledger.json": store.get("ledger.json").replace(b"example.org", b"example.net")},
        "a file that is no Parquet": {segment.parquet: b"no"},
    }
    for name, change in files.items():
        made[name] = {file: None if blob is None else base64_of(blob) for file, blob in change.items()}
    return made


def make_invalid(place: Place) -> list[dict[str, object]]:
    blobs = {name: place.store.get(name) for name in place.store.names() if name != "anchor.db"}
    made = []
    for name, change in attacks(place).items():
        left = {file: blob for file, blob in blobs.items() if file not in change}
        left |= {file: base64.b64decode(blob) for file, blob in change.items() if blob is not None}
        try:
            check(MemoryStore(left), verifiers=verifiers())
        except RekenschapError as error:
            entry = error.entry if isinstance(error, VerificationError) else None
            made.append({"name": name, "files": change, "error": type(error).__name__, "entry": entry})
        else:
            raise AssertionError(name)
    return made


SECRET = bytes(range(32))
FIELDS = [
    ("bytes", 16),
    ("var", 0),
    ("i64", 0),
    ("day", 0),
    ("flag", 0),
    ("u32", 0),
    ("u64", 0),
    ("var", 0),
    ("i64", 0),
]
LAYOUT = tuple(field(Form(form), width) for form, width in FIELDS)
ROWS: dict[str, tuple[Value, ...]] = {
    "plain": (b"\x01" * 16, b"BRP", 1_790_000_000_000_000, 20_000, True, 7, 9, b"x", -1),
    "only NULL": (None,) * 9,
    "zero and empty, which are not NULL": (bytes(16), b"", 0, 0, False, 0, 0, b"", 0),
    "extremes": (b"\xff" * 16, b"", -(2**63), -(2**31), True, 2**32 - 1, 2**64 - 1, b"", 2**63 - 1),
    "text beyond ASCII": (bytes(16), "Zoë ☕ 🏛".encode(), 1, 1, False, 1, 1, "é".encode(), 1),
    "the same text as a letter and an accent": (
        bytes(16),
        "Zoë ☕ 🏛".encode(),
        1,
        1,
        False,
        1,
        1,
        b"e\xcc\x81",
        1,
    ),
    "a boundary between texts": (bytes(16), b"ab", 1, 1, False, 1, 1, b"c", 1),
    "the same boundary shifted": (bytes(16), b"a", 1, 1, False, 1, 1, b"bc", 1),
}
_BITMAP, _FLAG = 9, 9 + 2 + 16 + 4 + 8 + 4
BREAKS: dict[str, Callable[[bytearray], bytes]] = {
    "another magic": lambda row: b"AEL2" + row[4:],
    "no head": lambda row: row[:8],
    "half a fixed part": lambda row: row[:30],
    "a spare bit in the bitmap": lambda row: (
        row[: _BITMAP + 1] + bytes([row[_BITMAP + 1] | 2]) + row[_BITMAP + 2 :]
    ),
    "NULL over a value": lambda row: row[:_BITMAP] + bytes([row[_BITMAP] | 1]) + row[_BITMAP + 1 :],
    "a flag of 02": lambda row: row[:_FLAG] + b"\x02" + row[_FLAG + 1 :],
    "a byte too many": lambda row: row + b"x",
    "a byte too few": lambda row: row[:-1],
    "nothing": lambda row: b"",
}


def told(value: Value) -> object:
    """A value as the file tells it: bytes in base64, numbers too large for JSON readers as text."""
    if isinstance(value, bytes):
        return base64_of(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def ael1() -> dict[str, object]:
    """Rows with their bytes, salts and commitments, and rows that no reader may accept."""
    encoded = {name: reference(row, LAYOUT) for name, row in ROWS.items()}
    salts = salts_of(SECRET, len(ROWS))
    valid = []
    for at, (name, row) in enumerate(ROWS.items()):
        salt = salts[16 * at : 16 * at + 16]
        commitment = sha256(salt + encoded[name]).digest()
        valid.append(
            {
                "name": name,
                "values": [told(value) for value in row],
                "row": base64_of(encoded[name]),
                "salt": base64_of(salt),
                "commitment": base64_of(commitment),
                "leaf": base64_of(leaf_hashes(commitment)),
            }
        )
    invalid = [
        {"name": name, "row": base64_of(broken(bytearray(encoded["plain"]))), "error": "MalformedProofError"}
        for name, broken in BREAKS.items()
    ]
    head = {"kind": 1, "schema_no": 7, "secret": base64_of(SECRET), "fields": [list(each) for each in FIELDS]}
    return {**head, "valid": valid, "invalid": invalid}


def main(version: str) -> None:
    top = VECTORS / version
    top.mkdir()
    place = Place(top / "ledger")
    make_valid(place)
    (top / "public-keys.txt").write_text("\n".join(KEYS.verifier_texts(ORIGIN)) + "\n")
    write(top / "expected.json", expected(place))
    write(top / "invalid.json", make_invalid(place))
    ledger = place.ledger(keys=None)
    for entry in (5, ledger.size - 1):
        (top / f"proof-{entry}.json").write_text(prove(ledger, entry))


if __name__ == "__main__":
    write(VECTORS / "ael1.json", ael1())
    for version in sys.argv[1:]:
        main(version)
