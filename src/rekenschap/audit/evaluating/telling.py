# SPDX-License-Identifier: EUPL-1.2
"""What is told of an evaluation: the aims with what was found beside them, and one object for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isinf, isnan, nan

from rekenschap.audit.evaluating.figures import AT_BUDGET, Figures, MethodFigures
from rekenschap.audit.evaluating.logs import OfLogs
from rekenschap.audit.evaluating.measuring.measures import Interval
from rekenschap.audit.evaluating.noises import Alone
from rekenschap.audit.evaluating.towns import OfTowns

FAIR = (0.8, 1.25)
REALISTIC = 5.0
"""Episodes per 1,000 staff and year that are realistic: about the leak files of the Dutch police."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """One aim: its key in the texts, whether more is better, the bound, and what was found."""

    key: str
    at_least: bool
    bound: float
    found: Interval

    @property
    def met(self) -> bool | None:
        """Say whether the figure meets the bound; None when it is unknown."""
        value = self.found.value
        if isnan(value):
            return None
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What was evaluated: towns or one set of facts, and real logs; what was not asked for is None."""

    figures: Figures | None
    towns: OfTowns | None
    logs: OfLogs | None
    noises: tuple[Alone, ...] = ()
    strayed: int = 0
    waiting: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    @property
    def aims(self) -> tuple[Aim, ...]:
        """Give every aim for which there is something to hold it against."""
        told = () if self.figures is None else _aims_of(self.figures)
        return (*told, *(() if self.logs is None else _aims_of_logs(self.logs)))


def _bare(value: float) -> Interval:
    return Interval(value=value, low=nan, high=nan)


def _aims_of(figures: Figures) -> tuple[Aim, ...]:
    at = figures.ours.at[AT_BUDGET]
    aims = [
        Aim(key="explained", at_least=True, bound=0.99, found=_bare(figures.any_explained)),
        Aim(key="null_explained", at_least=False, bound=0.005, found=_bare(figures.null_any_explained)),
        Aim(key="fully_explained", at_least=True, bound=0.99, found=_bare(figures.explained)),
        Aim(key="null_fully_explained", at_least=False, bound=0.005, found=_bare(figures.null_explained)),
        Aim(key="recall_plain", at_least=True, bound=0.90, found=at.plain),
        Aim(key="recall_hiding", at_least=True, bound=0.50, found=at.hiding),
        Aim(key="false_at", at_least=False, bound=0.3, found=_bare(figures.ours.false_at[0.8])),
    ]
    aims.append(Aim(key="error", at_least=False, bound=0.02, found=_bare(figures.error)))
    if figures.quiet is not None:
        aims.append(Aim(key="quiet", at_least=True, bound=0.95, found=figures.quiet.within))
        aims.append(Aim(key="ks", at_least=False, bound=0.03, found=_bare(figures.quiet.ks)))
    if figures.fairness:
        aims.append(
            Aim(key="fair", at_least=False, bound=FAIR[1], found=_bare(_least_fair(figures.fairness)))
        )
    return tuple(aims)


def _least_fair(fairness: Mapping[str, Interval]) -> float:
    """Give the ratio furthest from one, turned so that it is above one (0.8 and 1.25 are as far)."""
    turned = [max(each.value, 1 / each.value) for each in fairness.values() if not isnan(each.value)]
    return max(turned, default=nan)


def _aims_of_logs(logs: OfLogs) -> tuple[Aim, ...]:
    aims = []
    for each in logs.ranks:
        if each.kind == "A1" and each.name.startswith("municipality"):
            aims.append(
                Aim(key=f"auc {each.name} A1", at_least=True, bound=0.92, found=_bare(each.auc["ours"]))
            )
            aims.append(
                Aim(key=f"recall {each.name} A1", at_least=True, bound=0.35, found=_bare(each.recall["ours"]))
            )
        if each.kind == "A2" and each.name == "receipt":
            aims.append(Aim(key="auc receipt A2", at_least=True, bound=0.88, found=_bare(each.auc["ours"])))
    return tuple(aims)


def precision_at(method: MethodFigures, budget: float, per_thousand_year: float) -> float:
    """Project the precision at a budget when there are so few episodes per 1,000 staff and year."""
    spent = method.at[budget]
    true = spent.recall.value * per_thousand_year / 52
    both = true + spent.false_alarms
    return true / both if both > 0 else nan


def as_json(evaluation: Evaluation, *, seconds: float) -> dict[str, object]:
    """Give one object; what is unknown is null."""
    told: dict[str, object] = {}
    figures = evaluation.figures
    if figures is not None:
        told |= _flat(figures) | {
            "methods": {name: _method(each) for name, each in figures.methods.items()},
            "scenarios": [
                {
                    "scenario": each.scenario, "hiding": each.hiding, "episodes": each.episodes,
                    "recall": _interval(each.at_budget), "recall_at_10": _interval(each.wide),
                    "best_rank_per_1000": None if isinf(each.rank) else round(each.rank, 2),
                    "best_channel": each.channel,
                }
                for each in figures.scenarios
            ],
            "fairness": {name: _interval(each) for name, each in figures.fairness.items()},
            "channels": {name: list(each) for name, each in figures.channels.items()},
            "noise": {
                name: {
                    "looks": each.looks, "explained": _interval(each.explained),
                    "false_alarms_at_5": each.false_alarms,
                }
                for name, each in figures.noise.items()
            },
        }  # fmt: skip
    if evaluation.towns is not None:
        told["ablations"] = [
            {
                "kind": each.kind, "what": each.what, "explained_share": _known(each.explained),
                "null_explained_share": _known(each.null_explained), "recall": _interval(each.spent.recall),
                "false_alarms_per_1000_week": each.spent.false_alarms,
            }
            for each in evaluation.towns.ablations
        ]  # fmt: skip
    if evaluation.logs is not None:
        told["logs"] = [
            {
                "log": each.name, "kind": each.kind, "seeds": each.seeds,
                "auc": {name: _known(value) for name, value in each.auc.items()},
                "recall_at_1_percent": {name: _known(value) for name, value in each.recall.items()},
            }
            for each in evaluation.logs.ranks
        ]  # fmt: skip
        told["logs_absent"] = list(evaluation.logs.absent)
    if evaluation.noises:
        told["noises_alone"] = [
            {
                "noise": each.noise, "looks": each.looks, "explained": _interval(each.explained),
                "alerts": each.found, "nominal": each.nominal,
            }
            for each in evaluation.noises
        ]  # fmt: skip
    told["aims"] = [
        {"aim": each.key, "wanted": each.bound, "at_least": each.at_least, "found": _known(each.found.value),
         "met": each.met}
        for each in evaluation.aims
    ]  # fmt: skip
    if evaluation.strayed:
        told["truth_without_look"] = evaluation.strayed
    if evaluation.waiting:
        told["rows_that_wait"] = dict(evaluation.waiting)
    if evaluation.unread:
        told["files_not_read"] = list(evaluation.unread)
    return told | {"seconds": round(seconds, 1)}


def _flat(figures: Figures) -> dict[str, object]:
    at = figures.ours.at[AT_BUDGET]
    quiet = figures.quiet
    return {
        "explained_share": _known(figures.explained),
        "null_explained_share": _known(figures.null_explained),
        "any_explained_share": _known(figures.any_explained),
        "null_any_explained_share": _known(figures.null_any_explained),
        "misuse_explained_share": _known(figures.misuse_explained),
        "written_share": _known(figures.written),
        "calibration_error": _known(figures.error),
        "recall": _known(at.recall.value),
        "recall_plain": _known(at.plain.value),
        "recall_hiding": _known(at.hiding.value),
        "recall_shown": _known(at.shown.value),
        "false_alarms_per_1000_week": _known(figures.ours.false_at[0.8]),
        "false_alarms_per_1000_week_at_recall_90": _known(figures.ours.false_at[0.9]),
        "false_alarms_per_1000_week_at_plain_recall_80": _known(figures.ours.false_at_plain[0.8]),
        "false_alarms_per_1000_week_at_5_alerts": at.false_alarms,
        "highest_recall": _known(figures.ours.most.value),
        "precision_at_5_alerts": _known(at.precision.value),
        "precision_at_5_alerts_if_rare": _known(precision_at(figures.ours, AT_BUDGET, REALISTIC)),
        "average_precision": _known(figures.ours.precision),
        "delay_days": {
            "median": _known(figures.delay.median_days),
            "p90": _known(figures.delay.p90_days),
        },
        "delay_looks": {
            "median": _known(figures.delay.median_looks),
            "p90": _known(figures.delay.p90_looks),
        },
        "quiet_towns": None if quiet is None else quiet.towns,
        "quiet_within_nominal": None if quiet is None else _known(quiet.within.value),
        "quiet_alerts": None if quiet is None else list(quiet.found),
        "quiet_nominal": None if quiet is None else quiet.nominal,
        "ks": None if quiet is None else _known(quiet.ks),
        "ks_by_channel": {} if quiet is None else {n: _known(ks) for n, ks in quiet.by_channel.items()},
        "towns": figures.towns,
        "staff": figures.staff,
        "weeks": figures.weeks,
        "looks": figures.looks,
        "episodes": figures.episodes,
    }


def _method(method: MethodFigures) -> dict[str, object]:
    return {
        "average_precision": _known(method.precision),
        "highest_recall": _known(method.most.value),
        "false_alarms_at_recall": {str(at): _known(value) for at, value in method.false_at.items()},
        "budgets": {
            str(budget): {
                "recall": _interval(spent.recall),
                "recall_plain": _interval(spent.plain),
                "recall_hiding": _interval(spent.hiding),
                "recall_shown": _interval(spent.shown),
                "precision": _interval(spent.precision),
                "false_alarms_per_1000_week": spent.false_alarms,
            }
            for budget, spent in method.at.items()
        },
    }


def _known(value: float) -> float | None:
    return None if isnan(value) else round(value, 6)


def _interval(interval: Interval) -> list[float | None]:
    return [_known(interval.value), _known(interval.low), _known(interval.high)]
