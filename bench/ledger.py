# SPDX-License-Identifier: EUPL-1.2
"""How many looks a second a ledger takes in, checks and gives back. Usage: ./run bench ledger [ROWS]"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa

from rekenschap.adapters.anchors import SqliteAnchor
from rekenschap.adapters.keys import MemoryKeys, verifier_of
from rekenschap.adapters.stores import DirectoryStore
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.identity import with_identity
from rekenschap.ledger.prove import prove, verify
from rekenschap.model.relations import CONSULTATION
from rekenschap.tables import arrow_type

START = 1_790_000_000_000_000
QUARTER = 90 * 86_400 * 1_000_000


def looks(rows: int) -> pa.Table:
    """Make the content of looks by 200 staff at 30,000 citizens in a quarter of a year."""
    random = np.random.default_rng(1)

    def tokens(different: int, width: int = 16) -> pa.Array:
        pool = pa.array([random.bytes(width) for _ in range(different)], pa.binary(width))
        return pool.take(pa.array(random.integers(0, different, rows)))

    def words(*choice: str) -> pa.Array:
        return pa.array(choice).take(pa.array(random.integers(0, len(choice), rows)))

    columns = {
        "source": words("zaaksysteem"),
        "looked_at": pa.array(np.sort(random.integers(START, START + QUARTER, rows))),
        "staff": tokens(200),
        "subject": tokens(30_000),
        "zaak": tokens(40_000),
        "register": words("BRP", "zaken", "inkomen"),
        "fields": words("naam,adres", "naam,adres,gezin", "inkomen"),
        "search_key": words("bsn", "name", "zaak"),
        "processing_activity": words(*(f"burgerzaken-{number}" for number in range(20))),
        "device": tokens(150),
        "trace_id": tokens(rows),
        "operation_id": tokens(rows, 8),
    }
    return pa.table({c.name: columns[c.name].cast(arrow_type(c)) for c in CONSULTATION.content})


def timed(what: str, rows: int, work: Callable[[], object]) -> None:
    """Do the work once and say the rate."""
    began = perf_counter()
    work()
    seconds = perf_counter() - began
    print(f"{what:10} {seconds:8.3f} s {rows / seconds:12,.0f} rows a second")


def main(rows: int) -> None:
    """Measure on a real directory, with every sync to disk."""
    content = looks(rows)
    keys, origin = MemoryKeys(b"bench"), "example.org/bench"
    facts = with_identity(content, CONSULTATION, recorded_at=START)
    timed("identity", rows, lambda: with_identity(content, CONSULTATION, recorded_at=START))
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as place:
        store, anchor = DirectoryStore(Path(place) / "ledger"), SqliteAnchor(Path(place) / "anchor.db")
        ledger = Ledger.create(store=store, anchor=anchor, keys=keys, origin=origin)
        verifiers = [verifier_of(text) for text in keys.verifier_texts(origin)]
        timed("append", rows, lambda: ledger.append([(CONSULTATION, facts)]))
        timed("check", rows, lambda: check(store, anchor=anchor, verifiers=verifiers))
        timed("facts", rows, lambda: ledger.facts("consultation"))
        timed("prove", 1, lambda: prove(ledger, rows // 2))
        proof = prove(ledger, rows // 2)
        timed("verify", 1, lambda: verify(proof, verifiers))
        files = [path.stat().st_size for path in Path(place).rglob("*") if path.is_file()]
        print(f"{sum(files) / rows:.1f} bytes a row in {len(files)} files")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
