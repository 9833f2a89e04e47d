# SPDX-License-Identifier: EUPL-1.2
"""What is evaluated: facts as queries see them, and beside them the truth, which no query sees.

From a drawn town, or from anybody's files with a truth of their own; everything after this is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import nan

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.evaluating.measuring.matching import Episodes
from rekenschap.audit.evaluating.measuring.measures import Flags, Whole
from rekenschap.explain.pool import NOT_A_PERSON
from rekenschap.intake import Pseudonyms
from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.tables import arrow_type, fact_schema, halves, local_day_and_minute, to_work_form, work_schema

_KEY = b"a town of nobody needs no secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Facts in work form by relation, and the truth: `honest` says per look whether a person looked for work,
    `noise` what honest thing went differently (empty when nothing); `strayed` counts rows of the truth for
    which there is no look, `waiting` rows that were not taken in (by reason), and `unread` names files that
    nobody reads. `written` is the share of the honest looks whose work stands in the records: more
    than that no work of the looker explains. It is nan where the truth does not say.
    """

    name: str
    facts: Mapping[str, pa.Table]
    honest: Flags
    noise: tuple[str, ...]
    episodes: Episodes
    strayed: int = 0
    written: float = nan
    waiting: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    @property
    def looks(self) -> pa.Table:
        """Give the consultations."""
        return self.facts["consultation"]

    @property
    def staff(self) -> int:
        """Count the people who could look: those with a row of staff, and whoever looked without one."""
        rows = self.facts["staff"]
        stranger = pc.fill_null(
            pc.is_in(rows.column("employment"), value_set=pa.array(NOT_A_PERSON, pa.string())), False
        )
        told = pc.unique(rows.column("staff"))
        people = pc.unique(rows.filter(pc.invert(stranger)).column("staff"))
        looked = pc.unique(self.looks.column("staff"))
        return len(people) + int(pc.sum(pc.invert(pc.is_in(looked, value_set=told))).as_py() or 0)

    @property
    def weeks(self) -> tuple[int, int]:
        """Give the Mondays of the first and the last week in which there are looks (day numbers)."""
        day = np.asarray(self.looks.column("happened_day"), dtype=np.int64)
        return (monday_of(int(day.min())), monday_of(int(day.max()))) if len(day) else (0, -7)

    def with_facts(self, facts: Mapping[str, pa.Table]) -> Material:
        """Give the same truth beside other facts; the looks must be the same."""
        return replace(self, facts=facts)


def monday_of(day: int) -> int:
    """Give the Monday of the week of a day (1970-01-01, day 0, was a Thursday)."""
    return day - (day + 3) % 7


def material_of_tables(
    name: str,
    tables: Mapping[str, pa.Table],
    *,
    truth: pa.Table,
    episodes: pa.Table,
    sent: pa.Table | None = None,
) -> Material:
    """Make material of tables with readable identifiers, as a drawn town has them.

    `truth` stands row by row beside the consultations, with columns story, episode and system; `episodes` has
    episode, scenario, hiding, staff, account, first_at and last_at; `sent` has episode, staff and
    disclosed_at of what left in an episode.
    """
    names = Pseudonyms(_KEY, None)
    facts, after = {}, 0
    for relation in SEARCHED_RELATIONS.values():
        rows = tables.get(relation.name)
        size = 0 if rows is None else len(rows)
        entries = pa.array(np.arange(after, after + size, dtype=np.int64))
        facts[relation.name] = (
            work_schema(relation).empty_table()
            if rows is None
            else to_work_form(_fact_form(rows, relation, names), relation, entries=entries)
        )
        after += size
    looks = facts["consultation"]
    told = Told.of_columns(looks, truth)
    return Material(
        name=name,
        facts=facts,
        honest=told.honest,
        noise=noise_of(truth),
        written=written_share(truth, told.honest),
        episodes=with_destinations(
            episodes_told(told, episodes, names), facts["disclosure"], sent=sent, names=names
        ),
    )


def written_share(truth: pa.Table, honest: Flags) -> float:
    """Give the share of honest looks whose work stands in the records; nan where the truth does not say."""
    if "written" not in truth.column_names or not honest.any():
        return nan
    return float(np.asarray(truth.column("written").fill_null(False), dtype=np.bool_)[honest].mean())


def with_destinations(
    episodes: Episodes, disclosures: pa.Table, *, sent: pa.Table | None, names: Pseudonyms
) -> Episodes:
    """Say where the data of each episode went, by who sent it and when."""
    if sent is None or not len(sent):
        return episodes
    told = pa.table(
        {
            "staff": halves(names.tokens_of(_text(sent.column("staff")), "staff"))[0],
            "disclosed_at": _one(sent.column("disclosed_at")).cast(pa.int64()),
            "episode": _one(sent.column("episode")).cast(pa.int64()),
        }
    )
    rows = disclosures.select(["staff", "disclosed_at", "destination"])
    met = rows.join(told, ["staff", "disclosed_at"], join_type="inner").drop_null()
    row = {int(number): at for at, number in enumerate(episodes.number)}
    pairs = {
        (destination, row[number])
        for destination, number in zip(
            met.column("destination").to_pylist(), met.column("episode").to_pylist(), strict=True
        )
        if number in row
    }
    both = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return replace(episodes, destination=both[:, 0], destination_episode=both[:, 1])


def noise_of(truth: pa.Table) -> tuple[str, ...]:
    """Name the noise of each row of a truth; an empty text where there is none, or none is told."""
    if "noise" not in truth.column_names:
        return ("",) * len(truth)
    return tuple(truth.column("noise").cast(pa.string()).fill_null("").to_pylist())


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The truth beside looks: the number of the episode of each (-1 for none), and which are honest."""

    look: Whole
    day: Whole
    staff: Whole
    episode: Whole
    honest: Flags

    @classmethod
    def of_columns(cls, looks: pa.Table, truth: pa.Table) -> Told:
        """Read a truth that stands row by row beside the looks."""
        episode = np.asarray(truth.column("episode").cast(pa.int64()).fill_null(-1), dtype=np.int64)
        story = (
            np.asarray(truth.column("story").is_valid()) if "story" in truth.column_names else episode >= 0
        )
        system = (
            np.asarray(truth.column("system").fill_null(False), dtype=np.bool_)
            if "system" in truth.column_names
            else np.zeros(len(truth), dtype=np.bool_)
        )
        return cls(
            look=np.asarray(looks.column("entry"), dtype=np.int64),
            day=np.asarray(looks.column("happened_day"), dtype=np.int64),
            staff=np.asarray(looks.column("staff"), dtype=np.int64),
            episode=episode,
            honest=~story & ~system & (episode < 0),
        )


def episodes_told(told: Told, episodes: pa.Table, names: Pseudonyms) -> Episodes:
    """Read a table of episodes: episode, scenario, hiding, staff, account, first_at and last_at."""
    staff, account = (
        np.asarray(halves(names.tokens_of(_text(episodes.column(name)), "staff"))[0].fill_null(0))
        for name in ("staff", "account")
    )
    first, last = (
        np.asarray(local_day_and_minute(_one(episodes.column(name)).cast(pa.int64()))[0]).astype(np.int64)
        for name in ("first_at", "last_at")
    )
    number = np.asarray(episodes.column("episode"), dtype=np.int64)
    return episodes_of(
        told,
        number=number,
        scenario=tuple(episodes.column("scenario").to_pylist()),
        hiding=np.asarray(episodes.column("hiding"), dtype=np.bool_),
        people=(staff, account),
        days=(first, last),
    )


def episodes_of(
    told: Told,
    *,
    number: Whole,
    scenario: tuple[str, ...],
    hiding: Flags,
    people: tuple[Whole, Whole],
    days: tuple[Whole, Whole],
) -> Episodes:
    """Put the looks of each episode beside it, rising by look."""
    order = np.argsort(number)
    at = np.minimum(np.searchsorted(number[order], told.episode), max(len(number) - 1, 0))
    known = (told.episode >= 0) & (number[order][at] == told.episode) if len(number) else told.episode < -1
    row = order[at[known]] if len(number) else np.zeros(0, dtype=np.int64)
    rising = np.argsort(told.look[known])
    return Episodes(
        number=number,
        scenario=scenario,
        hiding=hiding,
        staff=people[0],
        account=people[1],
        first_day=days[0],
        last_day=days[1],
        look=told.look[known][rising],
        look_episode=row[rising].astype(np.int64),
        look_day=told.day[known][rising],
        look_staff=told.staff[known][rising],
    )


def _fact_form(rows: pa.Table, relation: Relation, names: Pseudonyms) -> pa.Table:
    """Make tokens of identifiers and give every column there is; a fact is recorded when it happens."""
    happened = rows.column(relation.happened)
    arrays = []
    for column in relation:
        if column.name == "fact_id":
            arrays.append(pa.repeat(pa.scalar(bytes(16), arrow_type(column)), len(rows)))
        elif column.name == "recorded_at" and "recorded_at" not in rows.column_names:
            arrays.append(_one(happened).cast(arrow_type(column)))
        elif column.name in rows.column_names:
            arrays.append(_in_fact_form(rows.column(column.name), column, names))
        else:
            arrays.append(pa.nulls(len(rows), arrow_type(column)))
    return pa.Table.from_arrays(
        arrays, schema=pa.schema([f.with_nullable(True) for f in fact_schema(relation)])
    )


def _in_fact_form(values: pa.ChunkedArray, column: Column, names: Pseudonyms) -> pa.Array:
    if column.kind is Kind.TOKEN:
        return names.tokens_of(_text(values), column.domain)
    if column.kind is Kind.BYTES:
        return pa.nulls(len(values), arrow_type(column))  # trace ids join logs, which towns are too small for
    return _one(values).cast(arrow_type(column))


def _text(values: pa.ChunkedArray) -> pa.Array:
    return _one(values).cast(pa.string())


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
