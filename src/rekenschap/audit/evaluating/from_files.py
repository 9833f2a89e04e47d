# SPDX-License-Identifier: EUPL-1.2
"""Material from anybody's files: through the front door of a house that is gone afterwards, truth beside it.

The truth has a row for each look that is known of (see `given.truths`). A file `NAME-episodes` beside the
truth `NAME` may say of each episode: scenario, hiding, staff, account, first_at and last_at; `NAME-sent`
which disclosures (staff, disclosed_at) are of an episode. Without them an episode is what one member of staff
did of one story, or is numbered so. A truth that names no honest look at all says: every other look is.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import nan
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.evaluating.given import Choosing, Chosen, Truth, Wording, choose, read_truth
from rekenschap.audit.evaluating.given.truths import flags, parts_of
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
from rekenschap.audit.intake import TakenIn, take_in_files
from rekenschap.errors import SourceError
from rekenschap.house import ORIGIN, PERIOD, House
from rekenschap.intake import Profile, Progress, Pseudonyms
from rekenschap.ledger import Ledger
from rekenschap.model.bsn import without_bsn
from rekenschap.model.relations import DOOR_RELATIONS, RELATIONS, SEARCHED_RELATIONS
from rekenschap.tables import halves, in_shape_of, to_work_form

_SECOND = 1_000_000  # microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody has: a folder of facts and a truth, with what they say of profiles and words."""

    facts: Path
    truth: Path
    choosing: Choosing = field(default_factory=Choosing)
    wording: Wording = field(default_factory=Wording)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The facts of some files in work form, the key of their pseudonyms, and how many rows wait and why."""

    facts: dict[str, pa.Table]
    key: bytes
    waiting: Mapping[str, int]


def facts_of_files(
    files: Sequence[tuple[Path, Profile]],
    *,
    now: datetime,
    told: Callable[[Path, Progress], None] | None = None,
) -> Read:
    """Take files in; nothing is kept. Raises SourceError, also for a file that breaks off."""
    waiting: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="rekenschap-") as passing:
        house = House.at(Path(passing))
        ledger = house.ledger(origin=ORIGIN)
        for path, profile in files:
            with _named(path):
                taken = take_in_files(house, [path], profile, ledger=ledger, now=now, told=told)
                _check_whole(taken)
            waiting.update(taken.quarantined)
        return Read(facts=_facts(ledger), key=house.keys.pseudonym_key(PERIOD), waiting=waiting)


def material_of_files(
    given: Given, *, now: datetime, told: Callable[[Path, Progress], None] | None = None
) -> Material:
    """Take in a folder and put a truth beside it; rows of it for which there is no look are counted.

    Raises SourceError when there is no look at all, or none of the truth is there.
    """
    chosen = choose(given.facts, given.choosing, beside=parts_of(given.truth))
    truth = read_truth(given.truth, given.wording, zone=chosen.zone)
    read = facts_of_files(chosen.files, now=now, told=told)
    _check_looks(read, chosen)
    material = material_of_facts(given.facts.name, read.facts, truth, key=read.key)
    if len(truth.rows) and material.strayed == len(truth.rows):
        raise SourceError(
            expected="rows in the truth that belong to looks, by staff, citizen and looked_at",
            found=f"{len(truth.rows)} rows and no look that belongs to one",
            remedy="write people and moments in the truth as the facts have them",
        )
    return replace(material, waiting=read.waiting, unread=chosen.unread)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say of which file among many a complaint is."""
    try:
        yield
    except SourceError as error:
        raise SourceError(
            expected=f"in {without_bsn(path.name)} {error.expected}", found=error.found, remedy=error.remedy
        ) from None


def _check_whole(taken: TakenIn) -> None:
    for _, report in taken.reports:
        if report.interrupted is not None:
            raise report.interrupted


def _check_looks(read: Read, chosen: Chosen) -> None:
    """Refuse facts without a look, and say what became of them."""
    if len(read.facts["consultation"]):
        return
    waits = ", ".join(f"{count} rows that wait for {reason}" for reason, count in read.waiting.items())
    unread = f"{len(chosen.unread)} files without a profile" if chosen.unread else ""
    others = "facts of other kinds only" if any(map(len, read.facts.values())) else "no facts at all"
    raise SourceError(
        expected="consultations in the facts",
        found=" and ".join(filter(None, [waits, unread])) or others,
        remedy="name with --profile what reads the looks, and try it with `rekenschap intake` first",
    )


def material_of_facts(name: str, facts: dict[str, pa.Table], truth: Truth, *, key: bytes) -> Material:
    """Put the truth beside facts by who looked at whom and when."""
    looks, rows = facts["consultation"], truth.rows
    staff, subject = (
        _tokens(rows, column, domain, key) for column, domain in (("staff", "staff"), ("citizen", "subject"))
    )
    at = np.asarray(rows.column("looked_at").cast(pa.int64()).combine_chunks())
    look = _entries(looks, staff, subject, at)
    found = look >= 0
    number, hiding, scenario = _episodes(rows, staff)
    told = None if truth.episodes is None else _numbered(truth.episodes)
    if told is not None:
        number = _numbers_in(rows.column("episode"), told)
    place = {int(each): k for k, each in enumerate(looks.column("entry").to_pylist())}
    row = np.array([place[int(each)] for each in look[found]], dtype=np.int64)
    episode = np.full(len(looks), -1, dtype=np.int64)
    episode[row] = number[found]
    honest = np.zeros(len(looks), dtype=np.bool_)
    of_nobody = np.asarray(flags(rows, "system"))
    honest[row] = (number[found] < 0) & ~of_nobody[found]
    if not (number < 0).any():
        honest = episode < 0
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
        if told is None
        else with_destinations(
            episodes_told(beside, told, Pseudonyms(key, None)),
            facts["disclosure"],
            sent=None if truth.sent is None else _sent(truth.sent, told),
            names=Pseudonyms(key, None),
        ),
        strayed=int((~found).sum()),
        written=_written(rows, (number < 0) & ~of_nobody),
    )


def _written(rows: pa.Table, honest: Flags) -> float:
    """Give the share of honest looks whose work stands in the records; nan where the truth does not say."""
    if "written" not in rows.column_names or not honest.any():
        return nan
    return float(np.asarray(flags(rows, "written"))[honest].mean())


def _noise(rows: pa.Table, row: Whole, found: Flags, looks: int) -> tuple[str, ...]:
    told = np.full(looks, "", dtype=object)
    told[row] = np.asarray(noise_of(rows), dtype=object)[found]
    return tuple(told.tolist())


def _numbered(episodes: pa.Table) -> pa.Table:
    """Give episodes in the types of the town; what stood in `episode` is kept as `named`."""
    numbers = pa.array(np.arange(len(episodes), dtype=np.int64))
    scenario = pc.fill_null(episodes.column("scenario"), "unnamed")
    return pa.table(
        {
            "named": episodes.column("episode"),
            "episode": numbers,
            "scenario": scenario,
            "hiding": flags(episodes, "hiding"),
        }
        | {name: episodes.column(name) for name in ("staff", "account", "first_at", "last_at")}
    )


def _numbers_in(named: pa.ChunkedArray, told: pa.Table) -> Whole:
    """Give the number of the episode each row names; -1 where it names none, or one that is not told."""
    at = pc.index_in(named, value_set=told.column("named").combine_chunks(), skip_nulls=True)
    return np.asarray(pc.fill_null(at, -1), dtype=np.int64)


def _sent(sent: pa.Table, told: pa.Table) -> pa.Table:
    number = pa.array(_numbers_in(sent.column("episode"), told))
    return sent.set_column(sent.column_names.index("episode"), "episode", number)


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
    """Give the entry of the look of each row of the truth, -1 when there is none.

    A truth may be written in whole seconds where the facts are not: what finds no look of its very moment
    finds one of that second.
    """
    exact = _met(looks, staff, subject, at, unit=1)
    lost = np.flatnonzero(exact < 0)
    if len(lost):
        exact[lost] = _met(looks, staff[lost], subject[lost], at[lost], unit=_SECOND)
    return exact


def _met(looks: pa.Table, staff: Whole, subject: Whole, at: Whole, *, unit: int) -> Whole:
    names = ["staff", "subject", "moment"]
    moment = np.asarray(looks.column("looked_at"), dtype=np.int64) // unit
    asked = pa.table({"staff": staff, "subject": subject, "moment": at // unit, "row": np.arange(len(at))})
    known = looks.select(["staff", "subject", "entry"]).append_column("moment", pa.array(moment))
    first = known.group_by(names).aggregate([("entry", "min")])
    met = asked.join(first, names, join_type="left outer").sort_by("row")
    return np.asarray(met.column("entry_min").fill_null(-1), dtype=np.int64).copy()


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
    hides = np.asarray(flags(rows, "hiding"))
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
