# SPDX-License-Identifier: EUPL-1.2
"""From runs to figures: recall and false alarms at each budget, per scenario, delay, fairness, calibration.

Runs are pooled: an episode counts once in whatever town it was, and a week of a town for its staff.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf, nan

import numpy as np

from rekenschap.audit.evaluating.figures import (
    AT_BUDGET,
    BUDGETS,
    OURS,
    RECALLS,
    WIDE_BUDGET,
    Delay,
    Figures,
    MethodFigures,
    Noise,
    Quiet,
    ScenarioFigures,
    Spent,
)
from rekenschap.audit.evaluating.measuring.measures import (
    Flags,
    Interval,
    Numbers,
    Whole,
    ks_distance,
    rate_ratio,
    wilson,
)
from rekenschap.audit.evaluating.measuring.spending import Taken, spend
from rekenschap.audit.evaluating.trial import Q, Trial

_STEPS = 60


def figures(trials: Sequence[Trial], quiet: Sequence[Trial] = ()) -> Figures:
    """Put runs together; `quiet` are those of towns without misuse."""
    held = list(trials)
    people_weeks = sum(each.staff * each.weeks for each in held)
    episodes = sum(len(each.episodes) for each in held)
    looks = np.array([each.looks for each in held], dtype=np.float64)
    return Figures(
        towns=len(held),
        staff=held[0].staff,
        weeks=held[0].weeks,
        looks=int(looks.sum()),
        episodes=episodes,
        per_thousand_quarter=episodes / max(people_weeks, 1) * 1000 * 13,
        explained=_weighed([each.explained for each in held], looks),
        null_explained=_weighed([each.null_explained for each in held], looks),
        any_explained=_weighed([each.any_explained for each in held], looks),
        null_any_explained=_weighed([each.null_any_explained for each in held], looks),
        written=_weighed([each.written for each in held], looks),
        error=_weighed([each.error for each in held], looks),
        misuse_explained=_weighed([each.misuse_explained for each in held], looks),
        methods={name: method_figures(held, name) for name in held[0].methods},
        scenarios=_scenarios(held),
        delay=_delay(held),
        fairness=_fairness(held),
        channels=_channels(held),
        noise=_noise(held),
        quiet=_quiet(quiet) if quiet else None,
    )


def method_figures(trials: Sequence[Trial], name: str) -> MethodFigures:
    """Give what every budget gives, and what a recall costs."""
    plain = [~each.episodes.hiding for each in trials]
    return MethodFigures(
        at={budget: _spent(trials, name, budget) for budget in BUDGETS},
        false_at=_false_at(trials, name, [np.ones(len(each), dtype=np.bool_) for each in plain]),
        false_at_plain=_false_at(trials, name, plain),
        most=_recall([_found(each, name, _taken(each, name, inf)) for each in trials], trials, "all"),
        precision=float(np.nanmean([each.methods[name].precision for each in trials]))
        if any(len(each.episodes) for each in trials)
        else nan,
    )


def _taken(trial: Trial, name: str, budget: float, least: float = -inf) -> Taken:
    return spend(
        trial.methods[name].pile,
        first_week=trial.first_week,
        last_week=trial.last_week,
        per_week=budget * trial.staff / 1000,
        least=least,
    )


def _found(trial: Trial, name: str, taken: Taken, *, shown: bool = False) -> Whole:
    """Give for each episode the first week in which an alert that finds it was taken, or a day never."""
    week = np.full(len(trial.methods[name].pile), np.iinfo(np.int64).max)
    week[taken.row] = taken.week
    pairs = trial.methods[name].matches
    kept = pairs.shown if shown else np.ones(len(pairs.alert), dtype=np.bool_)
    first = np.full(len(trial.episodes), np.iinfo(np.int64).max)
    np.minimum.at(first, pairs.episode[kept], week[pairs.alert[kept]])
    return first


def _is_found(first: Whole) -> Flags:
    return first < np.iinfo(np.int64).max


def _recall(found: Sequence[Whole], trials: Sequence[Trial], which: str) -> Interval:
    flags = [_which(each, which) for each in trials]
    hits = sum(int((_is_found(one) & flag).sum()) for one, flag in zip(found, flags, strict=True))
    return wilson(hits, sum(int(flag.sum()) for flag in flags))


def _which(trial: Trial, which: str) -> Flags:
    hiding = trial.episodes.hiding
    return {"all": np.ones(len(hiding), dtype=np.bool_), "plain": ~hiding, "hiding": hiding}[which]


def _false_of(trial: Trial, name: str, taken: Taken) -> int:
    method = trial.methods[name]
    return int((~method.matches.true_of(len(method.pile))[taken.row]).sum())


def _spent(trials: Sequence[Trial], name: str, budget: float) -> Spent:
    taken = [_taken(each, name, budget) for each in trials]
    found = [_found(each, name, its) for each, its in zip(trials, taken, strict=True)]
    shown = [_found(each, name, its, shown=True) for each, its in zip(trials, taken, strict=True)]
    false = sum(_false_of(each, name, its) for each, its in zip(trials, taken, strict=True))
    alerts = sum(len(its.row) for its in taken)
    return Spent(
        recall=_recall(found, trials, "all"),
        plain=_recall(found, trials, "plain"),
        hiding=_recall(found, trials, "hiding"),
        shown=_recall(shown, trials, "all"),
        precision=wilson(alerts - false, alerts),
        false_alarms=_per_thousand(false, trials),
    )


def _per_thousand(count: int, trials: Sequence[Trial]) -> float:
    return count / max(sum(each.staff * each.weeks for each in trials), 1) * 1000


def _false_at(trials: Sequence[Trial], name: str, which: Sequence[Flags]) -> dict[float, float]:
    """Lower one threshold over all runs until the recall is reached; give the false alarms at that point."""
    wanted = sum(int(each.sum()) for each in which)
    scores = np.concatenate([each.methods[name].pile.score for each in trials])
    best = dict.fromkeys(RECALLS, nan)
    if not (wanted and len(scores)):
        return best
    levels = np.linspace(0, 1, _STEPS) ** 2  # finer where few are taken
    for threshold in np.unique(np.quantile(scores, 1 - levels))[::-1]:
        taken = [_taken(each, name, inf, float(threshold)) for each in trials]
        found = [_is_found(_found(each, name, its)) for each, its in zip(trials, taken, strict=True)]
        share = sum(int((one & flag).sum()) for one, flag in zip(found, which, strict=True)) / wanted
        false = sum(_false_of(each, name, its) for each, its in zip(trials, taken, strict=True))
        for recall in RECALLS:
            if share >= recall and np.isnan(best[recall]):
                best[recall] = _per_thousand(false, trials)
        if not any(np.isnan(each) for each in best.values()):
            break
    return best


def _scenarios(trials: Sequence[Trial]) -> tuple[ScenarioFigures, ...]:
    kinds = sorted(
        {(s, bool(h)) for t in trials for s, h in zip(t.episodes.scenario, t.episodes.hiding, strict=True)}
    )
    at = {
        budget: [_is_found(_found(each, OURS, _taken(each, OURS, budget))) for each in trials]
        for budget in (AT_BUDGET, WIDE_BUDGET)
    }
    rows = []
    for scenario, hiding in kinds:
        here = [np.array([each == scenario for each in t.episodes.scenario], dtype=np.bool_) for t in trials]
        of = sum(int(each.sum()) for each in here)
        shares = [
            wilson(sum(int((one & flag).sum()) for one, flag in zip(at[budget], here, strict=True)), of)
            for budget in (AT_BUDGET, WIDE_BUDGET)
        ]
        best = [
            _best(trial, int(row))
            for trial, flag in zip(trials, here, strict=True)
            for row in np.flatnonzero(flag)
        ]
        channels = Counter(channel for _, channel in best if channel).most_common(1)
        rows.append(
            ScenarioFigures(
                rank=float(np.median([rank for rank, _ in best])),
                channel=channels[0][0] if channels else "",
                scenario=scenario,
                hiding=hiding,
                at_budget=shares[0],
                wide=shares[1],
                episodes=of,
            )
        )
    return tuple(rows)


def _best(trial: Trial, row: int) -> tuple[float, str]:
    """Give where the highest alert about an episode stands in its week, per 1,000 staff, and its channel."""
    method = trial.methods[OURS]
    alerts = method.matches.alert[method.matches.episode == row]
    if not len(alerts):
        return inf, ""
    best = int(alerts[method.pile.score[alerts].argmax()])
    higher = (method.pile.week == method.pile.week[best]) & (method.pile.score > method.pile.score[best])
    return (1 + int(higher.sum())) / trial.staff * 1000, method.channel[best]


def _delay(trials: Sequence[Trial]) -> Delay:
    days: list[int] = []
    looks: list[int] = []
    for trial in trials:
        first = _found(trial, OURS, _taken(trial, OURS, AT_BUDGET))
        for row in np.flatnonzero(_is_found(first)):
            ends = int(first[row]) + 7
            days.append(max(0, ends - int(trial.episodes.first_day[row])))
            own = trial.episodes.look_day[trial.episodes.look_episode == row]
            looks.append(int((own < ends).sum()))
    if not days:
        return Delay(median_days=nan, p90_days=nan, median_looks=nan, p90_looks=nan)
    return Delay(
        median_days=float(np.median(days)),
        p90_days=float(np.quantile(days, 0.9)),
        median_looks=float(np.median(looks)),
        p90_looks=float(np.quantile(looks, 0.9)),
    )


def _fairness(trials: Sequence[Trial]) -> dict[str, Interval]:
    """Hold the innocents of a group who got an alert, at the wide budget, against the other innocents."""
    counts: dict[str, list[int]] = {}
    nobody = np.zeros(0, dtype=np.int64)
    for trial in trials:
        method = trial.methods[OURS]
        taken = _taken(trial, OURS, WIDE_BUDGET)
        concerned = np.unique(
            np.concatenate([nobody, *map(trial.episodes.people_of, range(len(trial.episodes)))])
        )
        alerted = method.people[taken.row]
        alerted = np.setdiff1d(alerted[alerted != 0], concerned)
        for group in trial.groups:
            ours, others = (np.setdiff1d(each, concerned) for each in (group.people, group.others))
            sums = counts.setdefault(group.name, [0, 0, 0, 0])
            for at, each in enumerate(
                (np.intersect1d(ours, alerted), ours, np.intersect1d(others, alerted), others)
            ):
                sums[at] += len(each)
    return {
        name: rate_ratio(hits, people, other_hits=other_hits, other_people=others)
        for name, (hits, people, other_hits, others) in counts.items()
    }


def _channels(trials: Sequence[Trial]) -> dict[str, tuple[int, int]]:
    """Count per channel the alerts taken at the budget, true and false."""
    counts: dict[str, list[int]] = {}
    for trial in trials:
        method = trial.methods[OURS]
        true = method.matches.true_of(len(method.pile))
        for row in _taken(trial, OURS, AT_BUDGET).row:
            counts.setdefault(method.channel[row], [0, 0])[0 if true[row] else 1] += 1
    return {
        name: (one, other) for name, (one, other) in sorted(counts.items(), key=lambda pair: -sum(pair[1]))
    }


def _noise(trials: Sequence[Trial]) -> dict[str, Noise]:
    """Give what each noise does, at the budget; what shows no noise at all is `plain`."""
    false: Counter[str] = Counter()
    for trial in trials:
        true = trial.methods[OURS].matches.true_of(len(trial.methods[OURS].pile))
        taken = _taken(trial, OURS, AT_BUDGET).row
        false.update(trial.alert_noise[row] for row in taken[~true[taken]])
    names = sorted({name or "plain" for each in trials for name in each.noise} | set(false))
    told = {
        name: [each.noise.get("" if name == "plain" else name, (0, 0)) for each in trials] for name in names
    }
    return {
        name: Noise(
            looks=sum(looks for looks, _ in counts),
            explained=wilson(sum(hits for _, hits in counts), sum(looks for looks, _ in counts)),
            false_alarms=false[name],
        )
        for name, counts in told.items()
    }


def _quiet(trials: Sequence[Trial]) -> Quiet:
    found = tuple(each.discovered for each in trials)
    nominal = Q * trials[0].weeks
    channels: dict[str, list[Numbers]] = {}
    for each in trials:
        for name, p in each.by_channel_p.items():
            channels.setdefault(name, []).append(p)
    every = [p for parts in channels.values() for p in parts]
    joined = np.concatenate(every) if every else np.zeros(0)
    return Quiet(
        towns=len(trials),
        within=wilson(sum(each <= nominal for each in found), len(found)),
        found=found,
        nominal=nominal,
        ks=ks_distance(joined),
        p_count=len(joined),
        by_channel={name: ks_distance(np.concatenate(parts)) for name, parts in channels.items()},
    )


def _weighed(values: Sequence[float], weights: Numbers) -> float:
    known = ~np.isnan(values)
    return float(np.average(np.array(values)[known], weights=weights[known])) if known.any() else nan
