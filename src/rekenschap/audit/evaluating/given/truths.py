# SPDX-License-Identifier: EUPL-1.2
"""A truth as somebody wrote it: CSV, Parquet or lines of JSON, with a row for each look that they know of.

Columns are staff, citizen (or subject), looked_at, and story (or scenario) or episode; `hiding`, `system`
and `noise` when known. Others names are told as a `Wording`. Everything is read as text, so that a number of
a person keeps the zeros in front of it.
"""

from __future__ import annotations

import csv as lines_of_csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from rekenschap.errors import ConfigurationError, SourceError
from rekenschap.intake.fields.times import parse_times
from rekenschap.intake.profile import DoubleHour

ZONE = "Europe/Amsterdam"
"""Where a moment without an offset was written, unless the profiles of the facts say otherwise."""

HONEST = frozenset({"", "-", "none", "null", "no", "nee", "false", "0", "honest", "legitimate"})
"""What stands in the column of the story for a look that is of none (small letters)."""

_NEEDED = ("staff", "citizen", "looked_at")
_ALSO = {"citizen": ("subject",), "story": ("scenario",)}
_YES = ("true", "1", "1.0", "yes", "ja", "y", "t")
_DELIMITERS = ",;\t|"
_UTC = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of another truth: its own name for a column of ours, and what it calls an honest look."""

    columns: Mapping[str, str] = field(default_factory=dict)
    honest: frozenset[str] = frozenset()

    @classmethod
    def of(cls, columns: Sequence[str], honest: Sequence[str]) -> Wording:
        """Read `OURS=THEIRS` and words; raises ConfigurationError."""
        ours = (*_NEEDED, "story", "episode", "hiding", "system", "noise")
        pairs = [each.partition("=") for each in columns]
        for name, sign, theirs in pairs:
            if name not in ours or not sign or not theirs:
                raise ConfigurationError(
                    expected=f"one of {', '.join(ours)}, an equals sign and the name in the truth",
                    found="another text",
                    remedy="write --truth-column citizen=klant",
                )
        return cls(
            columns={name: theirs for name, _, theirs in pairs},
            honest=frozenset(each.strip().lower() for each in honest),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A truth, read: `rows` with our names of columns, as text but for the moments; and what stands beside
    it, `episodes` and what was `sent` in them, None where that is not told.
    """

    rows: pa.Table
    episodes: pa.Table | None = None
    sent: pa.Table | None = None


def read_truth(path: Path, wording: Wording | None = None, *, zone: str | None = None) -> Truth:
    """Read a truth and what stands beside it; raises SourceError when it cannot be read or lacks a column.

    `zone` is that of moments without an offset.
    """
    told, zone = wording or Wording(), zone or ZONE
    rows = _with_our_names(_read(path), told)
    missing = [name for name in _NEEDED if name not in rows.column_names]
    if missing or not {"story", "episode"} & set(rows.column_names):
        lacks = missing[0] if missing else "story or episode"
        raise SourceError(
            expected="columns staff, citizen, looked_at and story or episode in the truth",
            found=f"no {lacks}",
            remedy=f"give it that column, or say which it is with --truth-column {lacks.split()[0]}=NAME",
        )
    rows = _with_moments(rows, ("looked_at",), zone)
    for name in {"story", "episode"} & set(rows.column_names):
        rows = _with(rows, name, _without_honest(rows.column(name), HONEST | told.honest, name))
    return Truth(
        rows=rows,
        episodes=_beside(path, "episodes", ("first_at", "last_at"), zone),
        sent=_beside(path, "sent", ("disclosed_at",), zone),
    )


def parts_of(path: Path) -> tuple[Path, ...]:
    """Name every file a truth may consist of."""
    return (path, *(_beside_path(path, what) for what in ("episodes", "sent")))


def flags(rows: pa.Table, name: str) -> pa.Array:
    """Read a column of yes and no; false where it is empty or not there."""
    if name not in rows.column_names:
        return pa.repeat(False, len(rows))
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(rows.column(name).combine_chunks()))
    return pc.fill_null(pc.is_in(lowered, value_set=pa.array(_YES)), False)


def _with_our_names(rows: pa.Table, told: Wording) -> pa.Table:
    there = rows.column_names
    asked = dict(told.columns)
    for name, others in _ALSO.items():
        if name not in asked and name not in there:
            asked.update((name, other) for other in others if other in there)
    for name, theirs in asked.items():
        if theirs not in there:
            raise SourceError(
                expected=f"the column that --truth-column names for {name} in the truth",
                found="none of that name",
                remedy="see the first line of the truth",
            )
    free = [name for name in there if name not in asked]
    chosen = {name: rows.column(name) for name in free} | {n: rows.column(of) for n, of in asked.items()}
    return pa.table(chosen)


def _without_honest(column: pa.ChunkedArray, honest: frozenset[str], name: str) -> pa.ChunkedArray:
    """Leave empty what says that a look is of no story; an episode may well have the number 0."""
    words = honest - {"0"} if name == "episode" else honest
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    nothing = pc.fill_null(pc.is_in(lowered, value_set=pa.array(sorted(words))), True)
    return pc.if_else(nothing, pa.scalar(None, pa.string()), column)


def _beside_path(truth: Path, what: str) -> Path:
    return truth.with_name(f"{truth.stem}-{what}{truth.suffix}")


def _beside(truth: Path, what: str, times: Sequence[str], zone: str) -> pa.Table | None:
    """Read what is told of the episodes, or of what left, beside a truth; None when nothing is."""
    path = _beside_path(truth, what)
    if not path.is_file():
        return None
    rows = _read(path)
    needed = ("episode", *times, *(("scenario", "staff", "account") if what == "episodes" else ("staff",)))
    if missing := [name for name in needed if name not in rows.column_names]:
        named = " and ".join(times)
        raise SourceError(
            expected=f"columns {named} in what stands beside the truth"
            if missing[0] in times
            else f"columns {', '.join(needed)} in what stands beside the truth",
            found=f"no {missing[0]}",
            remedy="write it as `rekenschap town --truth` does",
        )
    return _with_moments(rows, times, zone)


def _read(path: Path) -> pa.Table:
    """Read a table with every column as text, but for moments that are moments already."""
    try:
        if path.suffix == ".parquet":
            rows = parquet.read_table(path)
        elif path.suffix in (".jsonl", ".ndjson"):
            rows = _read_lines(path)
        else:
            rows = _read_csv(path)
        return pa.table({name: _as_text(rows.column(name)) for name in rows.column_names})
    except FileNotFoundError:
        found = "no file"
    except (OSError, ValueError, lines_of_csv.Error, pa.ArrowException):
        found = "another file, or a part of one"
    raise SourceError(
        expected="a truth in CSV, Parquet or lines of JSON, with its names of columns",
        found=found,
        remedy="name it with --truth",
    )


def _read_csv(path: Path) -> pa.Table:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        head = opened.readline()
    delimiter = max(_DELIMITERS, key=head.count)
    names = next(lines_of_csv.reader([head], delimiter=delimiter), [])
    return csv.read_csv(
        path,
        parse_options=csv.ParseOptions(delimiter=delimiter),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )


def _read_lines(path: Path) -> pa.Table:
    """Read lines of JSON; Arrow's own reader would drop the offset of a moment."""
    with path.open("rb") as opened:
        told = [orjson.loads(line) for line in opened if line.strip()]
    if not told or not all(isinstance(each, dict) for each in told):
        raise pa.ArrowInvalid("no object on each line")
    names = dict.fromkeys(name for each in told for name in each)
    return pa.table(
        {name: pa.array([_plain(each.get(name)) for each in told], pa.string()) for name in names}
    )


def _plain(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        return column
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.cast(pa.string())


def _with_moments(rows: pa.Table, names: Sequence[str], zone: str) -> pa.Table:
    for name in names:
        rows = _with(rows, name, _moments(rows.column(name), zone))
    return rows


def _moments(column: pa.ChunkedArray, zone: str) -> pa.ChunkedArray:
    """Give moments in microseconds UTC; text is ISO 8601, or a whole number that is that already."""
    if pa.types.is_timestamp(column.type):
        if column.type.tz:
            return column.cast(_UTC, safe=False)
        column = column.cast(pa.timestamp("us"), safe=False).cast(pa.string())
    text = column.combine_chunks()
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    parsed = parse_times(text, formats=("iso", "epoch-us"), zone=zone, double_hour=DoubleHour.FIRST)
    if any(mask.any() for _, mask in parsed.refused):
        raise SourceError(
            expected="moments such as 2026-03-01T09:00:00+01:00 in the truth",
            found="another text",
            remedy="write them so, or as microseconds UTC",
        )
    return pa.chunked_array([parsed.values])


def _with(rows: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)
