# SPDX-License-Identifier: EUPL-1.2
"""The looks and visits of an engine as arrays: owners by place, days from the first look.

Runs the queries of this room and binds what they build on; knows no channel and counts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from rekenschap.detect.behind import Habits
from rekenschap.detect.channels.counted import Marks
from rekenschap.detect.scan import column
from rekenschap.detect.tail import Numbers, Places
from rekenschap.seams.engine import Engine, Parameter
from rekenschap.sql.query import load_query
from rekenschap.sql.workspace import run

_HERE = Path(__file__).parent
_BASELINES = _HERE.parent / "baselines"
_ALL_DAYS = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Those of one domain: their tokens in rising order; a place is an index in it."""

    tokens: Places

    def places(self, tokens: Places) -> Places:
        """Give the place of each token; -1 for one that is not among them."""
        at = np.searchsorted(self.tokens, tokens)
        at = np.minimum(at, max(len(self.tokens) - 1, 0))
        known = self.tokens[at] == tokens if len(self.tokens) else np.zeros(len(tokens), dtype=bool)
        return np.asarray(np.where(known, at, -1))

    def __len__(self) -> int:
        return len(self.tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Visits as places: staff, subject and household; `without` is 1 for one that had no reason."""

    staff: Places
    subject: Places
    household: Places
    day: Places
    without: Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything read once. `began` is the day number of the first look: day 0 everywhere else."""

    began: int
    staff: Owners
    subjects: Owners
    households: Owners
    household_of: Places
    group: Places
    began_work: Places
    team: Places
    visits: Visits
    look: Places
    day: Places
    score: Numbers

    @classmethod
    def of(cls, engine: Engine, settings: Mapping[str, Parameter]) -> Seen | None:
        """Read the engine and bind `visit` and `unexplained_look`; None when there is no look to judge."""
        whole = {**settings, "history_days": _ALL_DAYS}
        looks = run(engine, load_query(_HERE / "tables" / "look_days"), whole).sort_by("look")
        visits = run(engine, load_query(_BASELINES / "visits"), whole)
        engine.bind("visit", visits)
        engine.bind("unexplained_look", run(engine, load_query(_BASELINES / "unexplained_looks"), whole))
        if not len(looks) or not len(visits):
            return None
        habits = Habits.of(run(engine, load_query(_BASELINES / "habits"), whole))
        staff = Owners(tokens=np.unique(column(visits, "staff")))
        subjects = Owners(tokens=np.unique(column(visits, "subject")))
        household_of, households = _households(engine, subjects, whole)
        days = column(looks, "happened_day")
        began, last = int(days.min()), int(days[0] + column(looks, "days_ago")[0])
        began_work, team = _began_work(engine, staff, whole)
        subject = subjects.places(column(visits, "subject"))
        return cls(
            began=began,
            staff=staff,
            subjects=subjects,
            households=households,
            household_of=household_of,
            group=np.array([habits.role[habits.place[int(each)]] for each in staff.tokens], dtype=np.int64),
            began_work=began_work - began,
            team=team,
            visits=Visits(
                staff=staff.places(column(visits, "staff")),
                subject=subject,
                household=household_of[subject],
                day=last - column(visits, "days_ago") - began,
                without=column(visits, "unexplained"),
            ),
            look=column(looks, "look"),
            day=days - began,
            score=np.asarray(looks.column("score").combine_chunks()),
        )

    def marks(self, rows: pa.Table, owners: Owners) -> Marks:
        """Turn the answer of a channel's query into marks of these owners; others are left out."""
        look, owner = column(rows, "look"), owners.places(column(rows, "owner"))
        at = np.minimum(np.searchsorted(self.look, look), len(self.look) - 1)
        here = np.flatnonzero((owner >= 0) & (self.look[at] == look))
        return Marks(
            look=look[here], owner=owner[here], unit=column(rows, "unit")[here], day=self.day[at[here]],
            score=self.score[at[here]],
        )  # fmt: skip


def _began_work(engine: Engine, staff: Owners, settings: Mapping[str, Parameter]) -> tuple[Places, Places]:
    """Give the day on which each began in the work of their looks, and their team; without one alone."""
    rows = run(engine, load_query(_HERE / "tables" / "beginnings"), settings)
    began = np.zeros(len(staff), dtype=np.int64)
    place = staff.places(column(rows, "staff"))
    began[place[place >= 0]] = column(rows, "began")[place >= 0]
    told = np.array([""] * len(staff), dtype=object)
    told[place[place >= 0]] = np.array(rows.column("team").to_pylist(), dtype=object)[place >= 0]
    named = np.array([each or f"\0{i}" for i, each in enumerate(told)], dtype=np.str_)
    return began, np.unique(named, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _households(engine: Engine, subjects: Owners, settings: Mapping[str, Parameter]) -> tuple[Places, Owners]:
    """Give each subject the place of its household; who lives with nobody is a household alone.

    A household is named after the smallest token in it.
    """
    ties = run(engine, load_query(_HERE / "tables" / "home_ties"), settings)
    one, other = column(ties, "subject"), column(ties, "other_subject")
    everybody = Owners(tokens=np.unique(np.concatenate([subjects.tokens, one, other])))
    size = len(everybody)
    edges = sparse.coo_matrix(
        (np.ones(len(one), dtype=np.int8), (everybody.places(one), everybody.places(other))),
        shape=(size, size),
    )
    _, home = connected_components(edges, directed=False)
    named = np.full(int(home.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(named, home, everybody.tokens)
    of_subject = named[home[everybody.places(subjects.tokens)]]
    households = Owners(tokens=np.unique(of_subject))
    return households.places(of_subject), households
