# SPDX-License-Identifier: EUPL-1.2
"""Keeps what a run over everything learnt, so that the hours after it weigh as it did."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

import msgspec
import numpy as np

from rekenschap.explain.explain import Explained
from rekenschap.explain.following import Learnt
from rekenschap.explain.weighing.evidence import EvidenceModel
from rekenschap.explain.weighing.standing import Standings
from rekenschap.explain.weighing.strength import Strengths
from rekenschap.model.explanation import Weight
from rekenschap.sql.query import Query

_FLAGS = ("full", "enough", "few")


class _Kept(msgspec.Struct, kw_only=True):
    """What was learnt, as JSON; rows are grounds in the order of `grounds`."""

    grounds: dict[str, int]
    strengths: dict[str, list[float | list[float]]]
    weights: list[str]
    standings: dict[str, list[list[bool]]]
    model: EvidenceModel
    teams: list[tuple[str | None, int]]


def keep_learnt(path: Path, grounds: tuple[Query, ...], explained: Explained) -> None:
    """Write down what `explained` learnt with these grounds."""
    learnt = Learnt.of(grounds, explained)
    kept = _Kept(
        grounds=_versions(grounds),
        strengths={name: values.tolist() for name, values in asdict(learnt.strengths).items()},
        weights=[each.value for each in learnt.standings.weights],
        standings={name: getattr(learnt.standings, name).tolist() for name in _FLAGS},
        model=learnt.model,
        teams=list(learnt.team_class.items()),
    )
    path.write_bytes(msgspec.json.encode(kept))


def read_learnt(path: Path, grounds: tuple[Query, ...]) -> Learnt | None:
    """Read what was learnt; None when it is not there, or was learnt with other grounds."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError):
        return None
    if list(kept.grounds.items()) != list(_versions(grounds).items()):
        return None
    flags = {name: np.array(kept.standings[name], dtype=np.bool_) for name in _FLAGS}
    return Learnt(
        grounds=grounds,
        strengths=Strengths(
            **{each.name: np.array(kept.strengths[each.name], dtype=np.float64) for each in fields(Strengths)}
        ),
        standings=Standings(weights=tuple(Weight(each) for each in kept.weights), **flags),
        model=kept.model,
        team_class=dict(kept.teams),
    )


def _versions(grounds: tuple[Query, ...]) -> dict[str, int]:
    return {each.id: each.version for each in grounds}
