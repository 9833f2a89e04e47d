# SPDX-License-Identifier: EUPL-1.2
"""The same looks as a file of each kind, a profile that reads them all, and the plainest way to read each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

import duckdb
import lxml.etree
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from rekenschap.intake import Profile, parse_profile

KINDS = ("csv", "jsonl", "parquet", "xes")
_PER_TRACE = 100
_COLUMNS = (
    "looked_at",
    "staff",
    "subject",
    "zaak",
    "register",
    "fields",
    "search_key",
    "processing_activity",
    "device",
)
_PROFILE = f"""
id: bench
title: {{nl: Meting, en: Measurement}}
source: balie
readers:
  csv: {{delimiter: ",", encoding: utf-8}}
  jsonl: {{}}
  parquet: {{}}
  xes: {{}}
facts:
  - relation: consultation
    columns: {{{", ".join(f"{name}: {name}" for name in _COLUMNS)}}}
example: |
  {{"looked_at": "2026-03-02T08:15:00Z", "staff": "m.devries", "subject": "999990019", "register": "BRP"}}
expect:
  consultation:
    - {{looked_at: "2026-03-02T08:15:00Z", staff: m.devries, subject: "999990019", register: BRP}}
"""


def looks(rows: int, *, seed: int) -> pa.Table:
    """Make looks as text, as a system of a municipality would write them down."""
    random = np.random.default_rng(seed)

    def numbered(form: str, most: int) -> pa.Array:
        pool = pa.array([form.format(number) for number in range(most)])
        return pool.take(pa.array(random.integers(0, most, rows)))

    def one_of(*words: str) -> pa.Array:
        return pa.array(words).take(pa.array(random.integers(0, len(words), rows)))

    moments = np.sort(random.integers(1_788_000_000_000_000, 1_795_000_000_000_000, rows))
    times = pa.array(moments).cast(pa.timestamp("us")).cast(pa.string())
    columns = {
        "looked_at": pa.array([f"{each[:10]}T{each[11:]}Z" for each in times.to_pylist()]),
        "staff": numbered("m.{:06d}", 2_000),
        "subject": numbered("9999{:05d}", 100_000),
        "zaak": numbered("Z-2026-{:08d}", 100_000),
        "register": one_of("BRP", "zaken", "inkomen"),
        "fields": one_of("naam,adres", "naam,adres,gezin", "inkomen"),
        "search_key": one_of("bsn", "name", "zaak"),
        "processing_activity": numbered("https://register.example/verwerking/{}", 20),
        "device": numbered("WS-{:04d}", 1_500),
    }
    return pa.table({name: columns[name] for name in _COLUMNS})


def written(place: Path, table: pa.Table) -> dict[str, Path]:
    """Write a file of each kind."""
    paths = {kind: place / f"looks.{kind}" for kind in KINDS}
    pcsv.write_csv(table, paths["csv"])
    pq.write_table(table, paths["parquet"], compression="zstd")
    rows = table.to_pylist()
    paths["jsonl"].write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    with paths["xes"].open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n')
        for at in range(0, len(rows), _PER_TRACE):
            file.write(f'<trace><string key="concept:name" value="T{at}"/>\n')
            file.writelines(map(_event, rows[at : at + _PER_TRACE]))
            file.write("</trace>\n")
        file.write("</log>\n")
    return paths


def profile() -> Profile:
    """Give the profile of these files."""
    return parse_profile(_PROFILE)


def plainly(path: Path, kind: str) -> Callable[[], None]:
    """Give what reads a file into Parquet and does nothing else."""
    to = path.with_suffix(f".{kind}.plain")
    if kind == "xes":
        return lambda: _read_xes(path, to)
    read: Mapping[str, str] = {
        "csv": "read_csv($1, all_varchar = true)",
        "jsonl": "read_json($1, format = 'newline_delimited')",
        "parquet": "read_parquet($1)",
    }

    def through_duckdb() -> None:
        with duckdb.connect() as base:
            source = read[kind].replace("$1", f"'{path}'")
            base.execute(f"COPY (SELECT * FROM {source}) TO '{to}' (FORMAT parquet, COMPRESSION zstd)")  # noqa: S608

    return through_duckdb


def _event(row: Mapping[str, str]) -> str:
    texts = "".join(
        f"<string key={quoteattr(name)} value={quoteattr(value)}/>"
        for name, value in row.items()
        if name != "looked_at"
    )
    return f'<event><date key="looked_at" value="{row["looked_at"]}"/>{texts}</event>\n'


def _read_xes(path: Path, to: Path) -> None:
    """DuckDB reads no XES: this is lxml over all of it, each event a row."""
    rows = []
    for _, event in lxml.etree.iterparse(path, tag="event"):
        rows.append({each.get("key"): each.get("value") for each in event})
        event.clear()
    pq.write_table(pa.Table.from_pylist(rows), to, compression="zstd")
