# SPDX-License-Identifier: EUPL-1.2
"""Holds findings against the truth of the demo town, which no source file tells and no query reads."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.answer import Answer
from rekenschap.demo import Town
from rekenschap.intake import token_of
from rekenschap.tables import halves


def stories_found(town: Town, answered: Answer, key: bytes) -> tuple[str, ...]:
    """Give the planted stories of which a look is behind a finding, in the order of the findings."""
    told = town.truth.filter(pc.field("story").is_valid())
    staff = told.column("staff").to_pylist()
    tokens = pa.array([token_of(key, "staff", each) for each in staff], pa.binary(16))
    at = told.column("looked_at").cast(pa.int64())
    planted = pa.table({"staff": halves(tokens)[0], "looked_at": at, "story": told.column("story")})
    behind = [look for finding in answered.findings for look in finding.looks]
    looks = answered.explained.look.filter(pc.is_in(pc.field("look"), pa.array(behind, pa.int64())))
    met = looks.select(["look", "staff", "looked_at"]).join(
        planted, ["staff", "looked_at"], join_type="inner"
    )
    story_of = dict(zip(met.column("look").to_pylist(), met.column("story").to_pylist(), strict=True))
    return tuple(dict.fromkeys(story_of[look] for look in behind if look in story_of))
