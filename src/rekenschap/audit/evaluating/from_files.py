# SPDX-License-Identifier: EUPL-1.2
"""Material from anybody's files: through the front door of a house that is gone afterwards, truth beside it.

The truth is a CSV or Parquet file with a row per look: staff, citizen, looked_at (ISO 8601 with an offset),
and story or episode, empty for an honest look; `hiding` and `system` (true or false) and `noise` when known.
A file `NAME-episodes` beside the truth `NAME` may say of each episode: scenario, hiding, staff, account,
first_at and last_at; `NAME-sent` which disclosures (staff, disclosed_at) are of an episode. Without them an
episode is what one member of staff did of one story, or is numbered so.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from rekenschap.audit.evaluating.material import (
    Material,
    Told,
    episodes_of,
    episodes_told,
    noise_of,
    with_destinations,
)
from rekenschap.audit.evaluating.measuring.matching import Episodes
from rekenschap.audit.evaluating.measuring.measures import Flags, Whole
from rekenschap.audit.intake import take_in_files
from rekenschap.errors import SourceError
from rekenschap.house import ORIGIN, PERIOD, House
from rekenschap.intake import Profile, Progress, Pseudonyms, load_profile
from rekenschap.ledger import Ledger
from rekenschap.model.relations import DOOR_RELATIONS, RELATIONS, SEARCHED_RELATIONS
from rekenschap.tables import halves, in_shape_of, to_work_form

PROFILES = {".jsonl": "native-jsonl"}
"""Which profile reads the files of a folder, by how their names end."""

_NEEDED = ("staff", "citizen", "looked_at")


def facts_of_files(
    files: Sequence[tuple[Path, Profile]],
    *,
    now: datetime,
    told: Callable[[Path, Progress], None] | None = None,
) -> tuple[dict[str, pa.Table], bytes]:
    """Take files in and give the facts in work form, with the key of their pseudonyms; nothing is kept."""
    with tempfile.TemporaryDirectory(prefix="rekenschap-") as passing:
        house = House.at(Path(passing))
        ledger = house.ledger(origin=ORIGIN)
        for path, profile in files:
            take_in_files(house, [path], profile, ledger=ledger, now=now, told=told)
        return _facts(ledger), house.keys.pseudonym_key(PERIOD)


def files_in(folder: Path) -> list[tuple[Path, Profile]]:
    """Give the files of a folder that a profile reads, by name; raises SourceError when there are none."""
    found = [
        (path, load_profile(PROFILES[path.suffix]))
        for path in sorted(folder.iterdir() if folder.is_dir() else ())
        if path.suffix in PROFILES
    ]
    if not found:
        raise SourceError(
            expected=f"a folder with files that end in {' or '.join(PROFILES)}",
            found="none" if folder.is_dir() else "no folder",
            remedy="name the folder that holds the facts with --facts",
        )
    return found


def material_of_files(
    folder: Path,
    truth: Path,
    *,
    now: datetime,
    told: Callable[[Path, Progress], None] | None = None,
) -> Material:
    """Take in a folder and put a truth beside it; rows of it for which there is no look are counted."""
    rows, episodes = read_truth(truth), _beside(truth, "episodes", ("first_at", "last_at"))
    sent = _beside(truth, "sent", ("disclosed_at",))
    facts, key = facts_of_files(files_in(folder), now=now, told=told)
    return material_of_facts(folder.name, facts, rows, key=key, episodes=episodes, sent=sent)


def material_of_facts(
    name: str,
    facts: dict[str, pa.Table],
    rows: pa.Table,
    *,
    key: bytes,
    episodes: pa.Table | None = None,
    sent: pa.Table | None = None,
) -> Material:
    """Put the truth beside facts by who looked at whom and when."""
    looks = facts["consultation"]
    staff, subject = (
        _tokens(rows, column, domain, key) for column, domain in (("staff", "staff"), ("citizen", "subject"))
    )
    at = np.asarray(rows.column("looked_at").cast(pa.int64()).combine_chunks())
    look = _entries(looks, staff, subject, at)
    found = look >= 0
    number, hiding, scenario = _episodes(rows, staff) if episodes is None else (_numbers(rows), {}, {})
    place = {int(each): k for k, each in enumerate(looks.column("entry").to_pylist())}
    row = np.array([place[int(each)] for each in look[found]], dtype=np.int64)
    episode = np.full(len(looks), -1, dtype=np.int64)
    episode[row] = number[found]
    honest = np.zeros(len(looks), dtype=np.bool_)
    honest[row] = (number[found] < 0) & ~_flags(rows, "system")[found]
    beside = Told(
        look=np.asarray(looks.column("entry"), dtype=np.int64),
        day=np.asarray(looks.column("happened_day"), dtype=np.int64),
        staff=np.asarray(looks.column("staff"), dtype=np.int64),
        episode=episode,
        honest=honest,
    )
    return Material(
        name=name,
        facts=facts,
        honest=honest,
        noise=_noise(rows, row, found, len(looks)),
        episodes=_of_looks(beside, hiding=hiding, scenario=scenario)
        if episodes is None
        else with_destinations(
            episodes_told(beside, episodes, Pseudonyms(key, None)),
            facts["disclosure"],
            sent=sent,
            names=Pseudonyms(key, None),
        ),
        strayed=int((~found).sum()),
    )


def _noise(rows: pa.Table, row: Whole, found: Flags, looks: int) -> tuple[str, ...]:
    told = np.full(looks, "", dtype=object)
    told[row] = np.asarray(noise_of(rows), dtype=object)[found]
    return tuple(told.tolist())


def read_truth(path: Path) -> pa.Table:
    """Read a truth; raises SourceError when it cannot be read or lacks a column."""
    rows = _read(path)
    missing = [name for name in _NEEDED if name not in rows.column_names]
    if missing or not {"story", "episode"} & set(rows.column_names):
        raise SourceError(
            expected="columns staff, citizen, looked_at and story or episode in the truth",
            found=f"no {missing[0] if missing else 'story or episode'}",
            remedy="give the truth that column",
        )
    return rows.set_column(
        rows.column_names.index("looked_at"), "looked_at", _moments(rows.column("looked_at"))
    )


def _beside(truth: Path, what: str, times: Sequence[str]) -> pa.Table | None:
    """Read what is told of the episodes, or of what left, beside a truth; None when nothing is."""
    path = truth.with_name(f"{truth.stem}-{what}{truth.suffix}")
    if not path.is_file():
        return None
    rows = _read(path)
    if missing := [name for name in times if name not in rows.column_names]:
        raise SourceError(
            expected=f"columns {' and '.join(times)} in what stands beside the truth",
            found=f"no {missing[0]}",
            remedy="write it as `rekenschap town --truth` does",
        )
    for name in times:
        rows = rows.set_column(rows.column_names.index(name), name, _moments(rows.column(name)))
    return rows


def _read(path: Path) -> pa.Table:
    try:
        return parquet.read_table(path) if path.suffix == ".parquet" else csv.read_csv(path)
    except FileNotFoundError:
        found = "no file"
    except (OSError, pa.ArrowInvalid):
        found = "another file, or a part of one"
    raise SourceError(
        expected="a truth in CSV or Parquet, with its names of columns",
        found=found,
        remedy="name it with --truth",
    )


def _numbers(rows: pa.Table) -> Whole:
    return np.asarray(rows.column("episode").cast(pa.int64()).fill_null(-1), dtype=np.int64)


def _moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give moments in microseconds UTC: written ones have an offset, whole numbers are that already."""
    kind = pa.timestamp("us", tz="UTC")
    if pa.types.is_string(column.type):
        try:
            read = [each and datetime.fromisoformat(each) for each in column.to_pylist()]
            return pa.chunked_array([pa.array(read, kind)])
        except ValueError:
            raise _no_moments() from None
    try:
        return column.cast(kind)
    except pa.ArrowException:
        raise _no_moments() from None


def _no_moments() -> SourceError:
    return SourceError(
        expected="moments such as 2026-03-01T09:00:00+01:00 in the truth",
        found="another text",
        remedy="write them so, or as microseconds UTC",
    )


def _facts(ledger: Ledger) -> dict[str, pa.Table]:
    bound = {}
    for name in (*RELATIONS, *DOOR_RELATIONS):
        facts = ledger.facts(name)
        rows = to_work_form(facts.table, facts.relation, entries=facts.entries)
        bound[name] = in_shape_of(rows, SEARCHED_RELATIONS[name])
    return bound


def _tokens(rows: pa.Table, column: str, domain: str, key: bytes) -> Whole:
    told = rows.column(column).combine_chunks().cast(pa.string())
    return np.asarray(halves(Pseudonyms(key, None).tokens_of(told, domain))[0].fill_null(0))


def _entries(looks: pa.Table, staff: Whole, subject: Whole, at: Whole) -> Whole:
    """Give the entry of the look of each row of the truth, -1 when there is none."""
    names = ("staff", "subject", "looked_at")
    asked = pa.table({"staff": staff, "subject": subject, "looked_at": at, "row": np.arange(len(at))})
    first = looks.select([*names, "entry"]).group_by(names).aggregate([("entry", "min")])
    met = asked.join(first, list(names), join_type="left outer").sort_by("row")
    return np.asarray(met.column("entry_min").fill_null(-1), dtype=np.int64)


def _flags(rows: pa.Table, name: str) -> Flags:
    if name not in rows.column_names:
        return np.zeros(len(rows), dtype=np.bool_)
    return np.asarray(pc.fill_null(rows.column(name).cast(pa.bool_()), False), dtype=np.bool_)


def _episodes(rows: pa.Table, staff: Whole) -> tuple[Whole, dict[int, bool], dict[int, str]]:
    """Number the episodes: as told, else what one member of staff did of one story."""
    story = (
        rows.column("story").cast(pa.string())
        if "story" in rows.column_names
        else pa.chunked_array([pa.nulls(len(rows), pa.string())])
    )
    told = rows.column("episode").cast(pa.string()) if "episode" in rows.column_names else story
    named = [None if each in (None, "") else each for each in told.to_pylist()]
    keys = [
        None if each is None else (each if "episode" in rows.column_names else (each, int(who)))
        for each, who in zip(named, staff, strict=True)
    ]
    numbers = {key: at for at, key in enumerate(dict.fromkeys(key for key in keys if key is not None))}
    number = np.array([-1 if key is None else numbers[key] for key in keys], dtype=np.int64)
    hides = _flags(rows, "hiding")
    hiding = {int(each): bool(hides[number == each].any()) for each in set(number[number >= 0].tolist())}
    scenario = {
        int(at): (text or "unnamed") for at, text in zip(number, story.to_pylist(), strict=True) if at >= 0
    }
    return number, hiding, scenario


def _of_looks(told: Told, *, hiding: dict[int, bool], scenario: dict[int, str]) -> Episodes:
    """Make episodes whose staff is whoever looked most, and whose days are those of their looks."""
    numbers = sorted(set(told.episode[told.episode >= 0].tolist()))
    mine = [np.flatnonzero(told.episode == each) for each in numbers]
    staff = np.array([_most(told.staff[rows]) for rows in mine], dtype=np.int64)
    return episodes_of(
        told,
        number=np.array(numbers, dtype=np.int64),
        scenario=tuple(scenario[each] for each in numbers),
        hiding=np.array([hiding[each] for each in numbers], dtype=np.bool_),
        people=(staff, staff),
        days=(
            np.array([told.day[rows].min() for rows in mine], dtype=np.int64),
            np.array([told.day[rows].max() for rows in mine], dtype=np.int64),
        ),
    )


def _most(who: Whole) -> int:
    names, counts = np.unique(who, return_counts=True)
    return int(names[counts.argmax()])
