# SPDX-License-Identifier: EUPL-1.2
"""Real logs with planted looks: how each method ranks them among looks that were all for work.

Files that are not there are told as absent; the logs are no part of the project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.audit.evaluating.from_files import facts_of_files
from rekenschap.audit.evaluating.measuring.measures import Numbers
from rekenschap.audit.evaluating.measuring.outliers import ecod, isolation_forest
from rekenschap.errors import ConfigurationError
from rekenschap.explain import FIRST_PLANTED, Explained, Planting, explain
from rekenschap.explain.pool import codes, pool_of
from rekenschap.explain.ranking import auc, recall_at
from rekenschap.house import House
from rekenschap.intake import load_profile
from rekenschap.model.planting import Among
from rekenschap.sql.workspace import bind_all

FALSE_SHARE = 0.01
PLANTED = 100
"""So many looks are planted, or one in a hundred of a log with more than ten thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealLog:
    """A real log: where it is below the folder of logs, which profile reads it, and for which kind of planted
    looks there is an aim.
    """

    name: str
    path: str
    profile: str
    aim: str


LOGS = (
    RealLog(name="receipt", path="coselog-receipt/receipt.xes.gz", profile="coselog-receipt", aim="A2"),
    RealLog(
        name="municipality 1",
        path="bpic2015-municipalities-dev/BPIC15_1.xes.gz",
        profile="bpic2015",
        aim="A1",
    ),
    RealLog(
        name="municipality 2",
        path="bpic2015-municipalities-dev/BPIC15_2.xes.gz",
        profile="bpic2015",
        aim="A1",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """How planted looks of one kind rank in one log, by method: AUC and recall at 1 % of real looks, averaged
    over seeds; `looks` are those of people.
    """

    name: str
    kind: str
    looks: int
    seeds: int
    auc: Mapping[str, float]
    recall: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLogs:
    """What the real logs gave, which of them were not there, and which kinds a log does not offer."""

    ranks: tuple[Ranks, ...]
    absent: tuple[str, ...]
    explained: Mapping[str, tuple[float, float]]


def of_logs(
    folder: Path,
    kinds: Mapping[str, Among],
    *,
    seeds: int,
    now: datetime,
    told: Callable[[int, int, str], None],
    only_aims: bool = False,
    logs: Sequence[RealLog] = LOGS,
) -> OfLogs:
    """Plant looks of every kind in every log that is there, with `seeds` seeds each; or those with an aim."""
    there = [each for each in logs if (folder / each.path).is_file()]
    ranks: list[Ranks] = []
    explained: dict[str, tuple[float, float]] = {}
    total = len(there) * (1 if only_aims else len(kinds))
    for each in there:
        told(len(ranks), total, "intake")
        facts = facts_of_files([(folder / each.path, load_profile(each.profile))], now=now).facts
        for kind, among in kinds.items():
            if only_aims and kind != each.aim:
                continue
            told(len(ranks), total, "planting")
            runs = [_planted(facts, among, seed=seed) for seed in range(1, seeds + 1)]
            shown = [run for run in runs if run is not None]
            if shown:
                ranks.append(_ranks(each.name, kind, shown))
                shares = shown[0].shares
                explained[each.name] = (shares.explained, shares.null_explained)
    return OfLogs(
        ranks=tuple(ranks),
        absent=tuple(each.name for each in logs if each not in there),
        explained=explained,
    )


def _planted(facts: Mapping[str, pa.Table], among: Among, *, seed: int) -> Explained | None:
    """Explain a log with looks planted in it; None when it does not offer such looks."""
    engine = House.engine()
    try:
        bind_all(engine, facts)
        count = max(PLANTED, len(facts["consultation"]) // 100)
        return explain(engine, seed=seed, planting=Planting(count=count, seed=seed, among=among))
    except ConfigurationError:
        return None
    finally:
        engine.close()


def _ranks(name: str, kind: str, runs: Sequence[Explained]) -> Ranks:
    found = [_by_method(each, seed=at) for at, each in enumerate(runs, 1)]
    names = list(found[0])
    return Ranks(
        name=name,
        kind=kind,
        looks=runs[0].shares.looks,
        seeds=len(runs),
        auc={name: float(np.mean([each[name][0] for each in found])) for name in names},
        recall={name: float(np.mean([each[name][1] for each in found])) for name in names},
    )


def _by_method(explained: Explained, *, seed: int) -> dict[str, tuple[float, float]]:
    look = np.asarray(explained.look.column("look"))
    planted = look >= FIRST_PLANTED
    kept = np.flatnonzero(planted | pool_of(explained.look).member)
    rows = explained.look.take(pa.array(kept))
    features = _features(rows)
    verdict = explained.verdict
    score = np.asarray(verdict.column("score"), dtype=np.float64)[kept]
    without = 1.0 - np.asarray(verdict.column("explained"), dtype=np.float64)[kept]
    scores: dict[str, Numbers] = {
        "ours": score,
        "unexplained": without,
        "volume": features[:, 0],
        "rarity": features[:, -1],
        "isolation_forest": isolation_forest(features, seed=seed),
        "ecod": ecod(features),
    }
    is_planted = planted[kept]
    return {
        name: (
            auc(each[is_planted], each[~is_planted]),
            recall_at(each[is_planted], each[~is_planted], false_share=FALSE_SHARE),
        )
        for name, each in scores.items()
    }


def _features(rows: pa.Table) -> Numbers:
    """Give what any log tells of a look: how busy the day, hour, first time, how shared, how rare."""
    staff, subject, role = (codes(rows.column(name)) for name in ("staff", "subject", "role"))
    day, minute = (np.asarray(rows.column(f"happened_{name}"), dtype=np.int64) for name in ("day", "minute"))
    _, of_day, counted = np.unique(
        np.column_stack([staff, day]), axis=0, return_inverse=True, return_counts=True
    )
    busy = counted[of_day.reshape(-1)].astype(np.float64)
    mean = np.bincount(staff, weights=busy) / np.bincount(staff)
    looks = np.bincount(subject).astype(np.float64)[subject]
    pairs = np.unique(np.column_stack([subject, staff]), axis=0)
    people = np.bincount(pairs[:, 0], minlength=int(subject.max()) + 1).astype(np.float64)[subject]
    rare = np.zeros(len(rows))
    for name in ("register", "search_key"):
        kind = codes(rows.column(name))
        table = np.bincount(role * (int(kind.max()) + 1) + kind).astype(np.float64)
        rare -= np.log((table[role * (int(kind.max()) + 1) + kind] + 1) / (np.bincount(role)[role] + 1))
    rare -= np.log(people / people.max())
    return np.column_stack(
        [
            busy - mean[staff], minute / 60, np.asarray(rows.column("first_look"), dtype=np.float64), looks,
            people, (day + 3) % 7, rare,
        ]
    )  # fmt: skip
