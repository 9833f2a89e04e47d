# SPDX-License-Identifier: EUPL-1.2
"""What was not received, or told otherwise later: gaps in a source's own counting, looks without a number,
a source that is silent longer than ever, shifts with other hours.

Reads `delivery`, `presence` and the three logs of what was done on an engine. Says what is so, never why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from rekenschap.detect.amounts import in_dutch as _nl
from rekenschap.detect.two_logs import conflicts, lost_steps, unjoined
from rekenschap.model.completeness import Missed, NotReceived
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import load_query
from rekenschap.sql.workspace import run

_HERE = Path(__file__).parent / "completeness"
_TOLD = 8
"""So many runs of numbers are told in a sentence; all of them are in `ranges`."""
_EPOCH = date(1970, 1, 1)
_ORDER = list(Missed)

Ranges = tuple[tuple[int, int], ...]


def not_received(engine: Engine) -> tuple[NotReceived, ...]:
    """Give one line per source, counting and way in which something did not come in; raises EngineError."""
    numbers = run(engine, load_query(_HERE / "not_received"))
    silences = run(engine, load_query(_HERE / "silent_sources"))
    edits = run(engine, load_query(_HERE / "edited_shifts"))
    uncounted = run(engine, load_query(_HERE / "uncounted_looks"))
    twice = run(engine, load_query(_HERE / "conflicting_records"))
    lost = run(engine, load_query(_HERE / "lost_steps"))
    apart = run(engine, load_query(_HERE / "unjoined_records"))
    found = [
        *_by_counting(numbers),
        *map(_uncounted, uncounted.to_pylist()),
        *map(_silence, silences.to_pylist()),
        *conflicts(twice),
        *map(unjoined, apart.to_pylist()),
        *map(lost_steps, lost.to_pylist()),
        *_edited(edits),
    ]
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.missed), each.source, each.stream)))


def _by_counting(numbers: pa.Table) -> Iterator[NotReceived]:
    keys = ["kind", "source", "stream"]
    ordered = numbers.sort_by([(name, "ascending") for name in (*keys, "first_number", "last_number")])
    columns = [ordered.column(name).to_pylist() for name in (*keys, "first_number", "last_number")]
    for (kind, source, stream), rows in groupby(
        zip(*columns, strict=True), key=lambda row: (row[0], row[1], row[2])
    ):
        ranges = tuple((row[3], row[4]) for row in rows)
        yield _gap(Missed(kind), source, stream or "", ranges)


def _gap(missed: Missed, source: str, stream: str, ranges: Ranges) -> NotReceived:
    count = sum(last - first + 1 for first, last in ranges)
    name = f"{source} ({stream})" if stream else source
    few_nl, many_nl, few_en, many_en = _SAID[missed]
    one = count == 1
    return NotReceived(
        missed=missed,
        source=source,
        stream=stream,
        nl=(few_nl if one else many_nl).format(name=name, count=_nl(count), which=_which_nl(ranges)),
        en=(few_en if one else many_en).format(name=name, count=f"{count:,}", which=_which_en(ranges)),
        ranges=ranges,
    )


_SAID = {
    Missed.MISSING: (
        "Uit {name} ontbreekt 1 nummer: {which}.",
        "Uit {name} ontbreken {count} nummers: {which}.",
        "From {name} 1 number is missing: {which}.",
        "From {name} {count} numbers are missing: {which}.",
    ),
    Missed.TOLD_AGAIN: (
        "{name} leverde 1 nummer nog eens, met andere inhoud: {which}.",
        "{name} leverde {count} nummers nog eens, met andere inhoud: {which}.",
        "{name} delivered 1 number again, with other content: {which}.",
        "{name} delivered {count} numbers again, with other content: {which}.",
    ),
    Missed.COUNTED_BACK: (
        "{name} leverde 1 nummer pas na hogere nummers: {which}.",
        "{name} leverde {count} nummers pas na hogere nummers: {which}.",
        "{name} delivered 1 number only after higher ones: {which}.",
        "{name} delivered {count} numbers only after higher ones: {which}.",
    ),
}


def _uncounted(row: dict[str, str | int]) -> NotReceived:
    source, looks, numbers = str(row["source"]), int(row["looks"]), int(row["numbers"])
    return NotReceived(
        missed=Missed.UNCOUNTED,
        source=source,
        stream="",
        nl=f"{source} telde {_nl(numbers)} regels; er staan {_nl(looks)} raadplegingen op die naam.",
        en=f"{source} counted {numbers:,} rows; {looks:,} looks stand under that name.",
        more=looks - numbers,
    )


def _silence(row: dict[str, str | int]) -> NotReceived:
    source, stream = str(row["source"]), str(row["stream"] or "")
    days, usual = int(row["days"]), int(row["usual_days"])
    last = _EPOCH + timedelta(days=int(row["last_day"]))
    name = f"{source} ({stream})" if stream else source
    what_nl, what_en = ("raadplegingen", "looks") if row["kind"] == "looks" else ("leveringen", "deliveries")
    return NotReceived(
        missed=Missed.SILENT,
        source=source,
        stream=stream,
        nl=f"{name} gaf na {last.isoformat()} {days} dagen lang geen {what_nl}; anders hooguit {usual}.",
        en=f"{name} gave no {what_en} for {days} days after {last.isoformat()}; otherwise {usual} at most.",
        silent_since=last,
        days=days,
        usual_days=usual,
    )


def _edited(edits: pa.Table) -> Iterator[NotReceived]:
    ordered = edits.sort_by(
        [("source", "ascending"), ("first_entry", "ascending"), ("later_entry", "ascending")]
    )
    for source, rows in groupby(ordered.to_pylist(), key=lambda row: str(row["source"])):
        pairs = tuple((row["first_entry"], row["later_entry"]) for row in rows)
        one = len(pairs) == 1
        what_nl = "1 dienst of verlof is" if one else f"{_nl(len(pairs))} diensten of verloven zijn"
        what_en = "1 shift or leave was" if one else f"{len(pairs):,} shifts or leaves were"
        told_nl = [f"regel {_nl(first)} en {_nl(later)}" for first, later in pairs[:_TOLD]]
        told_en = [f"entries {first:,} and {later:,}" for first, later in pairs[:_TOLD]]
        yield NotReceived(
            missed=Missed.EDITED,
            source=source,
            stream="",
            nl=f"Uit {source}: {what_nl} later anders gemeld ({'; '.join(told_nl)}). Beide blijven staan.",
            en=f"From {source}: {what_en} told otherwise later ({'; '.join(told_en)}). Both stay.",
            entries=pairs,
        )


def _which_nl(ranges: Ranges) -> str:
    told = [_nl(a) if a == b else f"{_nl(a)} tot en met {_nl(b)}" for a, b in ranges[:_TOLD]]
    return _listed(told, len(ranges), "en", "en nog {more} reeksen")


def _which_en(ranges: Ranges) -> str:
    told = [f"{a:,}" if a == b else f"{a:,} to {b:,}" for a, b in ranges[:_TOLD]]
    return _listed(told, len(ranges), "and", "and {more} more ranges")


def _listed(told: Sequence[str], count: int, last: str, rest: str) -> str:
    if count > len(told):
        return f"{'; '.join(told)}; {rest.format(more=count - len(told))}"
    return f" {last} ".join(filter(None, ("; ".join(told[:-1]), told[-1])))
