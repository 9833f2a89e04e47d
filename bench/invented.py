# SPDX-License-Identifier: EUPL-1.2
"""What is measured on: looks of the invented town, as its files and as facts on an engine."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.adapters.keys import MemoryKeys
from rekenschap.adapters.sources import READERS
from rekenschap.demo import write_town
from rekenschap.intake import Locks, load_profile, open_door, take_in
from rekenschap.model.columns import Relation
from rekenschap.model.relations import CONSULTATION
from rekenschap.seams.engine import Engine
from rekenschap.sql.workspace import bind_all
from rekenschap.tables import arrow_type, to_work_form

HOME = Path(__file__).parents[1] / ".rekenschap"
"""Where everything that is measured on is made: on the disk of the checkout."""

SEED = 1
NOW = datetime(2027, 1, 1, tzinfo=UTC)
START = 1_790_000_000_000_000
QUARTER = 90 * 86_400 * 1_000_000


@contextmanager
def somewhere() -> Iterator[Path]:
    """Give an empty directory on the disk of the checkout, and remove it afterwards."""
    HOME.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="bench-", dir=HOME) as place:
        yield Path(place)


def fresh(place: Path) -> Path:
    """Give an empty directory at `place`, whatever stood there."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place


def look_lines(place: Path, *, days: int) -> tuple[Path, int]:
    """Write the looks of a town of 200 staff as one file of native JSON lines; gives it and its lines."""
    paths = write_town(place / "town", seed=SEED, days=days).paths.values()
    mark = b'"relation":"consultation"'
    lines = [line for path in sorted(paths) for line in path.open("rb") if mark in line.replace(b" ", b"")]
    file = place / "looks.jsonl"
    file.write_bytes(b"".join(lines))
    return file, len(lines)


def look_content(rows: int, *, seed: int = SEED) -> pa.Table:
    """Make the content of looks by 200 staff at 30,000 citizens in a quarter of a year."""
    random = np.random.default_rng(seed)

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
        "record": tokens(rows),
    }
    return pa.table({c.name: columns[c.name].cast(arrow_type(c)) for c in CONSULTATION.content})


def town_facts(*, days: int) -> dict[str, pa.Table]:
    """Take a town of 200 staff through the door and give its facts in work form, in no ledger."""
    return _town(days).work_form()


def town_looks(*, days: int) -> pa.Table:
    """Take a town of 200 staff through the door and give its looks in fact form, as they came in."""
    return _town(days).facts_of(CONSULTATION)


def _town(days: int) -> _Kept:
    kept = _Kept()
    with somewhere() as place:
        locks = Locks(keys=MemoryKeys(b"bench"), cipher=AesGcm())
        door = open_door(place / "sealed", locks=locks, readers=READERS, period="bench")
        profile = load_profile("native-jsonl")
        for path in sorted(write_town(place / "town", seed=SEED, days=days).paths.values()):
            take_in(path, profile, door=door, ledger=kept, now=NOW)
        door.close()
    return kept


def engine_with(facts: dict[str, pa.Table]) -> Engine:
    """Bind facts on a new engine in memory."""
    engine = DuckDbEngine()
    bind_all(engine, facts)
    return engine


class _Kept:
    """Stands where a ledger does and keeps the facts in memory."""

    def __init__(self) -> None:
        self._facts: dict[str, tuple[Relation, list[pa.Table]]] = {}

    def newest(self) -> int | None:
        return None

    def known(self, relation: Relation, facts: pa.Table) -> pa.BooleanArray:
        return pa.repeat(pa.scalar(False), len(facts))

    def append(self, batches: Iterable[tuple[Relation, pa.Table]]) -> None:
        for relation, facts in batches:
            self._facts.setdefault(relation.name, (relation, []))[1].append(facts)

    def facts_of(self, relation: Relation) -> pa.Table:
        return pa.concat_tables(self._facts[relation.name][1])

    def work_form(self) -> dict[str, pa.Table]:
        found: dict[str, pa.Table] = {}
        entry = 0
        for name, (relation, parts) in self._facts.items():
            whole = pa.concat_tables(parts)
            entries = pa.array(np.arange(entry, entry + len(whole)))
            found[name], entry = to_work_form(whole, relation, entries=entries), entry + len(whole)
        return found
