# SPDX-License-Identifier: EUPL-1.2
"""Asks an engine who met the leaked list, and ranks them: the whole question from tokens to an answer.

`look` and `verdict` must be bound, with `relation`, `authorisation` and `staff`; binds `leak_pair` and
`leak_asked`. Keeps nothing of the list.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from rekenschap.detect.leak.answer import LeakAnswer
from rekenschap.detect.leak.asked import Leaked, LeakParameters, Window
from rekenschap.detect.leak.background import Background
from rekenschap.detect.leak.chance import Met
from rekenschap.detect.leak.counting import Places
from rekenschap.detect.leak.likeness import draw
from rekenschap.detect.leak.ranking import Lines, rank_sources
from rekenschap.seams.engine import Engine
from rekenschap.sql.derived import LEAK_ASKED, derived_schema
from rekenschap.sql.query import load_query
from rekenschap.sql.workspace import run

_HERE = Path(__file__).parent


def prepare(engine: Engine, window: Window) -> Background:
    """Count who looked at whom in the window, and bind it as `leak_pair`; serves any number of lists."""
    engine.bind("leak_pair", run(engine, load_query(_HERE / "leak_pair"), window.settings))
    staff, subjects, crowd = (
        run(engine, load_query(_HERE / name)) for name in ("leak_staff", "leak_subject", "leak_crowd")
    )
    able = run(engine, load_query(_HERE / "leak_right"), window.settings)
    return Background.of(staff, subjects, crowd, with_right=len(able))


def find_source(
    engine: Engine, leaked: Leaked, *, window: Window, parameters: LeakParameters | None = None,
    background: Background | None = None,
) -> LeakAnswer:  # fmt: skip
    """Rank the staff who met the leaked list in the window; raises EngineError.

    `background` is what `prepare` gave for the same window, when more than one list is asked about.
    """
    asked = parameters or LeakParameters()
    known = background or prepare(engine, window)
    _bind_asked(engine, leaked.subjects)
    lines = Lines.of(leaked, _homes(engine, leaked))
    lots = draw(known, lines.subjects, rounds=asked.rounds, seed=asked.seed) if asked.rounds else None
    drawn = lots.tokens[:, lots.known == 1].ravel() if lots is not None else np.zeros(0, dtype=np.int64)
    subjects = np.unique(np.concatenate((lines.subjects, drawn)))
    _bind_asked(engine, subjects)
    met = Met.of(run(engine, load_query(_HERE / "leak_hit")), known, subjects)
    return rank_sources(known, met, lines, parameters=asked, lots=lots)


def _bind_asked(engine: Engine, subjects: Places | tuple[int, ...]) -> None:
    rows = pa.table([pa.array(np.asarray(subjects, dtype=np.int64))], schema=derived_schema(LEAK_ASKED))
    engine.bind("leak_asked", rows)


def _homes(engine: Engine, leaked: Leaked) -> list[int]:
    """Number the homes: lines with a person in common, or people of one home or family, have one number."""
    together = run(engine, load_query(_HERE / "leak_home"))
    pairs = [(line, subject) for line, subjects in enumerate(leaked.lines) for subject in subjects]
    one = np.array([subject for _, subject in pairs], dtype=np.int64)
    ends = [np.asarray(together.column(name), dtype=np.int64) for name in ("subject", "other_subject")]
    people, place = np.unique(np.concatenate((one, *ends)), return_inverse=True)
    size, lines = len(leaked.lines) + len(people), np.array([line for line, _ in pairs], dtype=np.int64)
    left = np.concatenate((lines, len(leaked.lines) + place[len(one) : len(one) + len(together)]))
    right = len(leaked.lines) + np.concatenate((place[: len(one)], place[len(one) + len(together) :]))
    joined = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    found = connected_components(joined, directed=False)[1]
    return [int(each) for each in np.unique(found[: len(leaked.lines)], return_inverse=True)[1]]
