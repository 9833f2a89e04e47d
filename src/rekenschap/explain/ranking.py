# SPDX-License-Identifier: EUPL-1.2
"""How well a score puts some looks above others. Pure functions over arrays; knows nothing of looks."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from rekenschap.explain.pool import Flags, Numbers

MISTAKEN = 0.01
"""The share of real looks that may be taken along by mistake where `recall` is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The chance that a planted look scores above a real one, or a first one (ties half), and `recall`: which
    share of the planted looks stands above all but one in a hundred of the real ones (ties in proportion).
    """

    planted: int
    auc: float
    auc_first: float
    recall: float


def ranking(planted: Numbers, real: Numbers, first: Flags) -> Ranking:
    """Say how planted scores rank among those of real looks, and among first looks only.

    Where there is nothing to compare with they rank as by chance.
    """
    return Ranking(
        planted=len(planted),
        auc=float(np.nan_to_num(auc(planted, real), nan=0.5)),
        auc_first=float(np.nan_to_num(auc(planted, real[first]), nan=0.5)),
        recall=float(np.nan_to_num(recall_at(planted, real, false_share=MISTAKEN))),
    )


def auc(above: Numbers, below: Numbers) -> float:
    """Give the chance that one of `above` scores higher than one of `below`, ties for half; nan for none."""
    if not (len(above) and len(below)):
        return nan
    ordered = np.sort(below)
    lower = np.searchsorted(ordered, above, side="left") + np.searchsorted(ordered, above, side="right")
    return float(lower.mean() / (2 * len(below)))


def recall_at(above: Numbers, below: Numbers, *, false_share: float) -> float:
    """Give the share of `above` found when at most `false_share` of `below` is taken along; nan for none.

    What has the score of the threshold itself is taken by lot, so that ties count as often as they would.
    """
    if not (len(above) and len(below)):
        return nan
    allowed = false_share * len(below)
    ordered = np.sort(below)[::-1]
    limit = ordered[min(int(allowed), len(ordered) - 1)]
    over, at = int((below > limit).sum()), int((below == limit).sum())
    part = min(1.0, max(0.0, (allowed - over) / at)) if at else 0.0
    return float(((above > limit).sum() + part * (above == limit).sum()) / len(above))
