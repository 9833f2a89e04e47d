# SPDX-License-Identifier: EUPL-1.2
"""A story that was planted counts as found only when one of its looks is behind a finding."""

from dataclasses import replace

import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.audit.answer import Answer
from rekenschap.audit.truth import stories_found
from rekenschap.demo import Town
from rekenschap.explain import explain
from rekenschap.intake import token_of
from rekenschap.model.finding import Finding, Sentences
from rekenschap.model.ids import Pseudonym
from rekenschap.sql.workspace import bind_all
from rekenschap.tables import halves
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import EMPTY_ROOT

KEY = b"an invented key of a town no one"
TRUTH = (
    ("anna", 1_000, None),
    ("anna", 2_000, "neighbour"),
    ("bert", 3_000, "neighbour"),
    ("bert", 4_000, "famous"),
    ("carla", 2_000, "plate"),
)
"""Who looked when, and of which story that was: the looks have the numbers 0, 1, 2, 3 and 4."""

TOWN = Town(
    paths={},
    counts={},
    citizens=0,
    not_connected=(),
    stories=(),
    truth=pa.table(
        {
            "staff": [staff for staff, _, _ in TRUTH],
            "citizen": ["somebody"] * len(TRUTH),
            "looked_at": pa.array([at for _, at, _ in TRUTH], pa.timestamp("us", "UTC")),
            "story": pa.array([story for _, _, story in TRUTH], pa.string()),
        }
    ),
)


def finding(*looks: int) -> Finding:
    return Finding(
        rule="unexplained_by_staff",
        about=Pseudonym(domain="staff", hi=1),
        terms=(),
        sentences=Sentences(nl=("", ""), en=("", "")),
        looks=looks,
        searched=(),
    )


def answered(*findings: Finding) -> Answer:
    """An answer about the looks of the town, of which nothing but looks and findings is filled in."""
    tokens = pa.array([token_of(KEY, "staff", staff) for staff, _, _ in TRUTH], pa.binary(16))
    looks = {"look": range(len(TRUTH)), "staff": halves(tokens)[0], "looked_at": [at for _, at, _ in TRUTH]}
    engine = DuckDbEngine(threads=1)
    bind_all(engine, {})
    nothing = explain(engine, seed=1)
    engine.close()
    return Answer(
        checkpoint=Checkpoint(origin="example.org/ledger", size=0, root=EMPTY_ROOT),
        facts={},
        systems=(),
        explained=replace(nothing, look=pa.table(looks)),
        findings=findings,
        grounds=(),
    )


@pytest.mark.parametrize(
    ("findings", "found"),
    [
        ((), ()),
        ((finding(0),), ()),
        ((finding(0, 1),), ("neighbour",)),
        ((finding(4),), ("plate",)),
        ((finding(3), finding(2, 1, 4)), ("famous", "neighbour", "plate")),
    ],
)
def test_only_a_story_with_a_look_behind_a_finding_is_found(
    findings: tuple[Finding, ...], found: tuple[str, ...]
):
    assert stories_found(TOWN, answered(*findings), KEY) == found


def test_under_another_key_nobody_is_recognised():
    assert stories_found(TOWN, answered(finding(1, 2, 3, 4)), b"another key") == ()
