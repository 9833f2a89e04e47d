# SPDX-License-Identifier: EUPL-1.2
"""The same joins in other engines, written as one would write them first; what is not installed is left out.

They do the joins of the four grounds for which the drawn year has work; ours are all full grounds.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import duckdb
from invented import HOME

from rekenschap.explain import grounds_of_the_house
from year.apart import Way, Work

sys.path.append(str(Path(__file__).parents[2]))  # the server is the one the suites use

_HERE = Path(__file__).parent
_MINUTE, _HOUR, _DAY = 60_000_000, 3_600_000_000, 86_400_000_000
_ADDRESS = "postgres.txt"


def windows() -> dict[str, int]:
    """The windows of our grounds in microseconds, as they are when nobody sets them."""
    told = {each.id: each.defaults for each in grounds_of_the_house()}
    return {
        "handler_before": int(told["registered_handler"]["days_before"]) * _DAY,
        "handler_after": int(told["registered_handler"]["days_after"]) * _DAY,
        "assigned_before": int(told["assignment"]["minutes_early"]) * _MINUTE,
        "assigned_after": int(told["assignment"]["hours_late"]) * _HOUR,
        "task_open": int(told["task"]["days_open"]) * _DAY,
        "task_after": int(told["task"]["days_after"]) * _DAY,
        "call_before": int(told["contact"]["minutes_before"]) * _MINUTE,
        "call_after": int(told["contact"]["minutes_after"]) * _MINUTE,
    }


def plain_sql() -> str:
    return (_HERE / "plain.sql").read_text(encoding="utf-8").format(**windows())


def duckdb_plain(folder: Path) -> Work:
    """Our own engine with the SQL one would write first."""
    session = duckdb.connect()
    session.execute("SET enable_progress_bar = false")
    session.execute("SET preserve_insertion_order = false")
    for name in ("consultation", "zaak", "assignment", "task", "contact"):
        files = f"read_parquet('{folder}/{name}/*.parquet')"
        session.execute(f"CREATE VIEW {name} AS SELECT * FROM {files}")  # noqa: S608
    sql = plain_sql()

    def work() -> float:
        told = session.execute(sql).fetchone()
        return float(told[0]) if told else 0.0

    return work


def polars_plain(folder: Path) -> Work:
    """Polars, streaming: join on the keys, filter by time, and go on with what is left."""
    import polars as pl

    def rows(name: str, *columns: str) -> pl.LazyFrame:
        return pl.scan_parquet(f"{folder}/{name}/*.parquet").select(columns)

    apart = windows()
    looked = pl.col("looked_at")
    zaak = rows("zaak", "zaak", "subject", "handler", "registered_at", "closed_at")
    assigned = rows("assignment", "zaak", "kind", "staff", "valid_from", "valid_until").filter(
        pl.col("kind").is_in(["handler", "intake", "cover", "oversight"])
    )
    parts = (
        (zaak.rename({"handler": "staff"}), (looked >= pl.col("registered_at") - apart["handler_before"])
            & (pl.col("closed_at").is_null() | (looked <= pl.col("closed_at") + apart["handler_after"]))),
        (zaak.select("zaak", "subject").join(assigned, on="zaak"),
            (pl.col("valid_from") <= looked + apart["assigned_before"])
            & (pl.col("valid_until").is_null() | (pl.col("valid_until") > looked - apart["assigned_after"]))),
        (rows("task", "subject", "staff", "created_at", "done_at"), (pl.col("created_at") <= looked)
            & ((looked <= pl.col("created_at") + apart["task_open"])
               | (looked <= pl.col("done_at") + apart["task_after"]))),
        (rows("contact", "subject", "staff", "kind", "started_at", "ended_at")
            .filter(pl.col("kind").is_in(["call", "counter"])),
            (looked >= pl.col("started_at") - apart["call_before"])
            & (looked <= pl.col("ended_at") + apart["call_after"])),
    )  # fmt: skip

    def work() -> float:
        left = rows("consultation", "entry", "staff", "subject", "looked_at")
        for part, holds in parts:
            found = left.join(part, on=["subject", "staff"]).filter(holds).select("entry").unique()
            left = left.join(found, on="entry", how="anti").collect(engine="streaming").lazy()
        return float(left.select(pl.len()).collect().item())

    return work


def chdb_plain(folder: Path) -> Work:
    """ClickHouse in process: anti joins one after another."""
    from chdb import session as sessions

    session = sessions.Session()
    sql = (_HERE / "chdb.sql").read_text(encoding="utf-8").format(folder=folder, **windows())

    def work() -> float:
        return float(str(session.query(sql, "CSV")).strip())

    return work


def postgres_plain(folder: Path) -> Work:
    """PostgreSQL with the year loaded and analysed, two workers, the SQL one would write first."""
    import psycopg

    base = psycopg.connect((folder / _ADDRESS).read_text(encoding="utf-8"), autocommit=True)
    sql = plain_sql()

    def work() -> float:
        told = base.execute(sql).fetchone()
        return float(told[0]) if told else 0.0

    return work


def start_postgres(folder: Path, *, until: ExitStack) -> None:
    """Start a server that has the year in the columns of the joins, and leave its address in the folder."""
    import psycopg

    from tests.servers.postgres import running

    settings = {
        "shared_buffers": "2GB", "work_mem": "1GB", "hash_mem_multiplier": "2", "fsync": "off",
        "max_wal_size": "8GB", "wal_level": "minimal", "max_wal_senders": "0",
        "max_parallel_workers_per_gather": "2", "max_parallel_workers": "2", "jit": "off",
    }  # fmt: skip
    address = until.enter_context(running(settings, under=HOME)).address
    (folder / _ADDRESS).write_text(address, encoding="utf-8")
    with psycopg.connect(address, autocommit=True) as base:
        for name, columns in _COLUMNS.items():
            typed = ", ".join(f"{each} {'text' if each == 'kind' else 'bigint'}" for each in columns)
            base.execute(f"CREATE UNLOGGED TABLE {name} ({typed})")
            _load(base, folder, name, columns)
        base.execute("VACUUM ANALYZE")


_COLUMNS = {
    "consultation": ("staff", "subject", "zaak", "looked_at"),
    "zaak": ("zaak", "subject", "handler", "registered_at", "closed_at"),
    "assignment": ("zaak", "kind", "staff", "valid_from", "valid_until"),
    "task": ("subject", "staff", "created_at", "done_at"),
    "contact": ("subject", "staff", "kind", "started_at", "ended_at"),
}


def _load(base: object, folder: Path, name: str, columns: tuple[str, ...]) -> None:
    import pyarrow.csv as csv
    import pyarrow.parquet as pq
    from pyarrow import BufferOutputStream

    for path in sorted((folder / name).glob("*.parquet")):
        text = BufferOutputStream()
        csv.write_csv(
            pq.read_table(path, columns=list(columns)), text, csv.WriteOptions(include_header=False)
        )
        with base.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:  # type: ignore[attr-defined]
            copy.write(text.getvalue().to_pybytes())


def peers(folder: Path, *, until: ExitStack, with_postgres: bool) -> dict[str, Way]:
    """The peers that are here, ready to be asked; says which are not."""
    found: dict[str, Way] = {"duckdb_plain": duckdb_plain}
    for name, way in (("polars", polars_plain), ("chdb", chdb_plain)):
        if find_spec(name) is not None:
            found[name] = way
        else:
            print(f"{name} is not installed and left out")
    if with_postgres:
        from tests.servers.postgres import why_not

        if why_not():
            print(f"postgresql is left out: {why_not()}")
        else:
            start_postgres(folder, until=until)
            found["postgresql"] = postgres_plain
    return found
