# SPDX-License-Identifier: EUPL-1.2
"""One run over one material: explain, detect, the baselines beside them, and each held against the truth.

What comes out is small: the looks and facts of one run are let go before the next begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.audit.evaluating.baselines import baselines
from rekenschap.audit.evaluating.channels import NO_P_VALUES, our_alerts, our_p_values
from rekenschap.audit.evaluating.fairness import Group, groups_of
from rekenschap.audit.evaluating.figures import OURS
from rekenschap.audit.evaluating.given.choice import Choice
from rekenschap.audit.evaluating.material import Material
from rekenschap.audit.evaluating.measuring.matching import READ_FIRST, Episodes, Matches, match
from rekenschap.audit.evaluating.measuring.measures import Flags, Numbers, Whole, average_precision
from rekenschap.audit.evaluating.measuring.spending import Pile
from rekenschap.explain import Explained, explain
from rekenschap.house import House
from rekenschap.sql.workspace import bind_all

Q = 0.05
"""The false discovery rate at which alerts of a week count as found, where there is nothing to find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The alerts of one method and what they find. `precision` is the area under precision and recall over
    weeks of members of staff, `people` whom each alert is about when that is somebody (else 0).
    """

    pile: Pile
    matches: Matches
    channel: tuple[str, ...]
    people: Whole
    precision: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All that is kept of one run: alerts and what they find, shares, and groups of staff.

    `explained` is the share of looks for work with a full ground, `any_explained` with any ground that says
    enough; each beside what it is by chance. `written` is the share whose work stands in the records at all
    (nan: unknown). `error` is how far the score, read as a chance, is off.
    `noise` counts for each honest noise its looks and those explained; `alert_noise` names for each of our
    alerts the noise of most looks it shows first.
    """

    name: str
    staff: int
    first_week: int
    last_week: int
    looks: int
    episodes: Episodes
    methods: Mapping[str, Ranked]
    explained: float
    null_explained: float
    any_explained: float
    null_any_explained: float
    misuse_explained: float
    written: float
    error: float
    by_channel_p: Mapping[str, Numbers]
    discovered: int
    groups: tuple[Group, ...]
    noise: Mapping[str, tuple[int, int]]
    alert_noise: tuple[str, ...]

    @property
    def weeks(self) -> int:
        """Count the weeks."""
        return (self.last_week - self.first_week) // 7 + 1


def hold(
    material: Material,
    *,
    seed: int,
    told: Callable[[str], None],
    beside: bool = True,
    quiet: bool = False,
    choice: Choice | None = None,
) -> Trial:
    """Explain and detect, and hold all of it against the truth; `beside` runs the baselines too, and asks how
    true the score is.

    `quiet` asks for the p-values of all tests, which say something where there is no misuse. `choice` is what
    is evaluated; else it is what the house has.
    """
    chosen = choice or Choice()
    engine, grounds = House.engine(), chosen.grounds
    try:
        bind_all(engine, material.facts)
        told("explain")
        explained = explain(engine, seed=seed, grounds=grounds, calibrate=beside)
        told("detect")
        asked = chosen.parameters
        found = our_alerts(engine, grounds, material.facts, weeks=material.weeks, parameters=asked)
        p_values = (
            our_p_values(engine, weeks=material.weeks, seed=seed, parameters=asked) if quiet else NO_P_VALUES
        )
    finally:
        engine.close()
    told("beside")
    alerts = {OURS: found}
    if beside:
        without = ~np.asarray(explained.verdict.column("explained"), dtype=np.bool_)
        alerts |= baselines(explained.look, without, seed=seed)
    return _trial(material, explained, alerts, p_values)


def _trial(
    material: Material, explained: Explained, alerts: Mapping[str, pa.Table], p_values: pa.Table
) -> Trial:
    first, last = material.weeks
    found = alerts[OURS]
    hits, at_all = (
        np.asarray(each, dtype=np.bool_)
        for each in (explained.verdict.column("explained"), explained.chance.column("any_explained"))
    )
    order = np.argsort(np.asarray(material.looks.column("entry")))
    honest = material.honest[order]
    of_episode = material.episodes.episode_of(np.asarray(explained.look.column("look"))) >= 0
    names = np.asarray(p_values.column("channel").to_pylist(), dtype=object)
    every = np.asarray(p_values.column("p"), dtype=np.float64)
    return Trial(
        name=material.name,
        staff=material.staff,
        first_week=first,
        last_week=last,
        looks=len(material.looks),
        episodes=material.episodes,
        methods={name: ranked(rows, explained.look, material.episodes) for name, rows in alerts.items()},
        explained=_mean(hits[honest]),
        null_explained=explained.shares.null_explained,
        any_explained=_mean(at_all[honest]),
        null_any_explained=explained.shares.null_any_explained,
        misuse_explained=_mean(hits[of_episode]),
        written=material.written,
        error=float("nan") if explained.calibration is None else explained.calibration.error,
        by_channel_p={str(name): every[names == name] for name in np.unique(names)} if len(every) else {},
        discovered=int((np.asarray(found.column("q")) <= Q).sum()),
        groups=groups_of(material, explained.look),
        noise=_by_noise(material, hits[np.argsort(order)]),
        alert_noise=_noise_shown(found, material),
    )


def _by_noise(material: Material, hits: Flags) -> dict[str, tuple[int, int]]:
    """Count the honest looks of each noise and those of them that are explained."""
    noise = np.asarray(material.noise, dtype=object)
    here = {str(name): (noise == name) & material.honest for name in np.unique(noise)} if len(noise) else {}
    return {name: (int(flags.sum()), int(hits[flags].sum())) for name, flags in here.items() if flags.any()}


def _noise_shown(alerts: pa.Table, material: Material) -> tuple[str, ...]:
    """Name for each alert the noise of most of the looks it shows first; `plain` when they have none."""
    at = dict(zip(material.looks.column("entry").to_pylist(), material.noise, strict=True))
    shown = alerts.column("look").to_pylist()
    return tuple(_most([at.get(look, "") for look in (looks or ())[:READ_FIRST]]) for looks in shown)


def _most(names: Sequence[str]) -> str:
    counted = Counter(name or "plain" for name in names).most_common(1)
    return counted[0][0] if counted else "no look"


def ranked(alerts: pa.Table, looks: pa.Table, episodes: Episodes) -> Ranked:
    """Hold the alerts of one method against the truth."""
    domain = np.asarray(alerts.column("domain").to_pylist(), dtype=object)
    about = np.asarray(alerts.column("about"), dtype=np.int64)
    _, key = np.unique(np.char.add(domain.astype(str), about.astype(str)), return_inverse=True)
    pile = Pile(
        week=np.asarray(alerts.column("week"), dtype=np.int64),
        key=key.reshape(-1).astype(np.int64),
        score=np.asarray(alerts.column("score"), dtype=np.float64),
    )
    people = np.where(domain == "staff", about, 0).astype(np.int64)
    return Ranked(
        pile=pile,
        matches=match(alerts, episodes),
        channel=tuple(alerts.column("channel").to_pylist()),
        people=people,
        precision=_over_weeks(pile, people, looks, episodes),
    )


def _over_weeks(pile: Pile, people: Whole, looks: pa.Table, episodes: Episodes) -> float:
    """Give the average precision over weeks of staff, of which those with misuse should be on top."""
    staff = np.asarray(looks.column("staff"), dtype=np.int64)
    day = np.asarray(looks.column("happened_day"), dtype=np.int64)
    cells, cell = np.unique(np.column_stack([staff, day - (day + 3) % 7]), axis=0, return_inverse=True)
    bad = np.zeros(len(cells), dtype=np.bool_)
    bad[cell.reshape(-1)[episodes.episode_of(np.asarray(looks.column("look"))) >= 0]] = True
    score = np.full(len(cells), -np.inf)
    index = {(int(who), int(week)): at for at, (who, week) in enumerate(cells)}
    for who, week, value in zip(people.tolist(), pile.week.tolist(), pile.score.tolist(), strict=True):
        at = index.get((who, week))
        if at is not None:
            score[at] = max(score[at], value)
    floor = score[np.isfinite(score)].min() - 1 if np.isfinite(score).any() else 0.0
    return average_precision(np.where(np.isfinite(score), score, floor), bad)


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else float("nan")
