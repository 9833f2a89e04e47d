# SPDX-License-Identifier: EUPL-1.2
"""Two detectors to be beaten, as published: ECOD (Li and others, 2022) and isolation forest (Liu, 2008).

Rows are what is judged, columns its features; a higher score is further from the rest.
"""

from __future__ import annotations

import numpy as np

from rekenschap.audit.evaluating.measuring.measures import Flags, Numbers, Whole

_EULER = 0.5772156649015329


def ecod(features: Numbers) -> Numbers:
    """Score by the empirical tails of every feature: left, right, or the side to which it is skewed."""
    if not len(features):
        return np.zeros(0)
    size = len(features)
    left, right = np.zeros(features.shape), np.zeros(features.shape)
    for column, values in enumerate(features.T):
        ordered = np.sort(values)
        left[:, column] = -np.log(np.searchsorted(ordered, values, side="right") / size)
        right[:, column] = -np.log((size - np.searchsorted(ordered, values, side="left")) / size)
    centred = features - features.mean(axis=0)
    by_skew = np.where((centred**3).mean(axis=0) < 0, left, right)
    scores: Numbers = np.maximum.reduce([left.sum(axis=1), right.sum(axis=1), by_skew.sum(axis=1)])
    return scores


def isolation_forest(features: Numbers, *, seed: int, trees: int = 100, sample: int = 256) -> Numbers:
    """Score by how few random cuts set a row apart, over trees that each saw a sample of the rows."""
    if not len(features):
        return np.zeros(0)
    rng = np.random.default_rng(seed)
    size = min(sample, len(features))
    depth = np.zeros(len(features))
    for _ in range(trees):
        chosen = rng.choice(len(features), size=size, replace=False)
        depth += _depths(features, chosen, rng, limit=int(np.ceil(np.log2(max(size, 2)))))
    scores: Numbers = np.power(2.0, -depth / trees / max(_usual(np.array([size]))[0], 1.0))
    return scores


def _depths(features: Numbers, chosen: Whole, rng: np.random.Generator, *, limit: int) -> Numbers:
    """Grow one tree on the chosen rows and give the depth at which every row ends up."""
    depth = np.zeros(len(features))
    waiting = [(np.arange(len(features)), chosen, 0)]
    while waiting:
        rows, seen, deep = waiting.pop()
        spread = features[seen].max(axis=0) - features[seen].min(axis=0) if len(seen) > 1 else np.zeros(1)
        if deep >= limit or not spread.any():
            depth[rows] = deep + _usual(np.array([len(seen)]))[0]
            continue
        column = int(rng.choice(np.flatnonzero(spread)))
        cut = features[seen, column].min() + rng.random() * spread[column]
        for side in (True, False):
            ours = rows[_beside(features[rows, column], cut, side)]
            theirs = seen[_beside(features[seen, column], cut, side)]
            if len(ours):
                waiting.append((ours, theirs, deep + 1))
    return depth


def _beside(values: Numbers, cut: float, left: bool) -> Flags:
    return values <= cut if left else values > cut


def _usual(size: Whole) -> Numbers:
    """Give the mean depth of an unsuccessful search in a tree over so many rows."""
    many = np.maximum(size, 2).astype(np.float64)
    usual = 2 * (np.log(many - 1) + _EULER) - 2 * (many - 1) / many
    return np.where(size > 2, usual, np.where(size == 2, 1.0, 0.0))
