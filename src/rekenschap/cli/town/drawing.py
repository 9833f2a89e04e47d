# SPDX-License-Identifier: EUPL-1.2
"""What `town` does: reads what is wished, draws the town, writes its files, and the truth apart from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from time import perf_counter

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from rekenschap.cli.speak import check_can_write, progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.demo import SCENARIOS, START, Drawn, Noise, draw_town, write_drawn
from rekenschap.errors import ConfigurationError, ExitCode, RefusedError

_EVERY, _NONE = "ALL", "NONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants of a town, as they said it."""

    staff: int
    days: int
    seed: int
    start: date | None
    scenarios: Sequence[str]
    rates: Sequence[str]
    without: Sequence[str]
    truth: Path | None
    requests: bool


def draw(directory: Path, wish: Wish, *, language: Language, as_json: bool) -> int:
    """Draw, write, and end with a count."""
    began, words = perf_counter(), words_in(language)
    scenarios, noise = scenarios_in(wish.scenarios), noise_in(wish.rates, wish.without)
    _check_empty(directory)
    if wish.truth is not None:
        _check_apart(wish.truth, directory)
    with progress(words("town_drawing"), quiet=as_json) as step:
        drawn = draw_town(
            seed=wish.seed,
            staff=wish.staff,
            days=wish.days,
            start=wish.start or START,
            noise=noise,
            scenarios=scenarios,
        )
        step(0, 1, words("town_writing"))
        paths = write_drawn(directory, drawn, requests=wish.requests)
        written = _write_truth(drawn, wish.truth) if wish.truth is not None else []
    told = _told(directory, drawn, len(paths), written) | {"seconds": round(perf_counter() - began, 1)}
    if as_json:
        say_json(told)
    else:
        say(*_lines(drawn, told, words, truth=written))
        if wish.requests:
            say(words("town_requests"))
    return ExitCode.FINE


def scenarios_in(asked: Sequence[str]) -> dict[str, float | int] | None:
    """Read KEY=NUMBER; None when nothing was asked. A number with a point is a rate, one without a count."""
    if not asked:
        return None
    wished: dict[str, float | int] = {}
    for each in asked:
        key, sign, number = each.partition("=")
        if not sign and key == _NONE:
            continue
        often = _count_or_rate(number, each)
        wished |= {one.key: often for one in SCENARIOS} if key == _EVERY else {key: often}
    return wished


def noise_in(rates: Sequence[str], without: Sequence[str]) -> Noise:
    """Read NAME=RATE and the names of what is left out."""
    names = [each.name for each in fields(Noise)]
    noise = Noise.none() if _EVERY in without else Noise()
    left_out = {each: 0.0 for each in without if each != _EVERY}
    given = {name: _rate(number, f"{name}={number}") for name, _, number in (e.partition("=") for e in rates)}
    for name in (*left_out, *given):
        if name not in names:
            raise ConfigurationError(
                expected=f"honest noise out of {' '.join(names)}",
                found=repr(name),
                remedy="name one of these",
            )
    return replace(noise, **{**given, **left_out})


def _count_or_rate(number: str, said: str) -> float | int:
    return int(number) if number.isdecimal() else _rate(number, said)


def _rate(number: str, said: str) -> float:
    try:
        rate = float(number)
    except ValueError:
        rate = math.nan
    if not 0 <= rate < math.inf:
        raise ConfigurationError(
            expected="a name, an equals sign and a number of 0 or more",
            found=repr(said),
            remedy="write S01=3",
        )
    return rate


def _check_empty(directory: Path) -> None:
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise RefusedError(
            expected="a new or empty directory",
            found="a directory with other files" if directory.is_dir() else "a file",
            remedy="name another one",
            rule="never overwrite",
        )


def _check_apart(truth: Path, directory: Path) -> None:
    """Refuse a truth beside the sources: whoever takes the folder in must not find it there."""
    check_can_write(truth, "--truth")
    if truth.suffix not in (".parquet", ".csv"):
        raise ConfigurationError(
            expected="a file that ends in .parquet or .csv for --truth",
            found=f"one that ends in {truth.suffix!r}",
            remedy="give it one of these endings",
        )
    if truth.resolve().is_relative_to(directory.resolve()):
        raise RefusedError(
            expected="a file outside the directory of the sources for --truth",
            found="one inside it",
            remedy="name another place",
            rule="the truth stays apart",
        )


def _write_truth(drawn: Drawn, path: Path) -> list[Path]:
    """Write the truth of every look, and beside it the episodes and what left in them."""
    tables = {"": drawn.truth, "-episodes": drawn.episodes, "-sent": drawn.sent}
    paths = {name: path.with_name(f"{path.stem}{name}{path.suffix}") for name in tables}
    for name, table in tables.items():
        if path.suffix == ".csv":
            csv.write_csv(_plain(table), paths[name])
        else:
            pq.write_table(table, paths[name])
    return list(paths.values())


def _plain(table: pa.Table) -> pa.Table:
    """Write moments as ISO 8601 with a T and a Z, which every reader takes."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            text = pa.compute.strftime(table.column(place), format="%Y-%m-%dT%H:%M:%SZ")
            table = table.set_column(place, field.name, text)
    return table


def _told(directory: Path, drawn: Drawn, files: int, truth: Sequence[Path]) -> dict[str, object]:
    scenarios = drawn.episodes["scenario"].to_pylist()
    return {
        "directory": str(directory),
        "files": files,
        "facts": {name: table.num_rows for name, table in drawn.tables.items()},
        "looks": drawn.truth.num_rows,
        "staff": drawn.staff,
        "citizens": drawn.citizens,
        "days": drawn.days,
        "first_day": drawn.first_day.isoformat(),
        "seed": drawn.seed,
        "written_share": drawn.written_share,
        "episodes": {key: scenarios.count(key) for key in dict.fromkeys(scenarios)},
        "truth": [str(each) for each in truth],
    }


def _lines(drawn: Drawn, told: dict[str, object], words: Words, *, truth: Sequence[Path]) -> list[str]:
    lines = [
        words(
            "town_drawn",
            staff=words.number(drawn.staff),
            citizens=words.number(drawn.citizens),
            looks=words.number(drawn.truth.num_rows),
            files=told["files"],
            path=told["directory"],
        ),
        words("town_written_share", share=words.share(drawn.written_share)),
        words("town_episodes", count=drawn.episodes.num_rows, kinds=len(drawn.episodes["scenario"].unique())),
    ]
    if truth:
        return [*lines, words("town_truth", paths=", ".join(str(each) for each in truth))]
    return [*lines, words("town_no_truth")]
