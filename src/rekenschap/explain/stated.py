# SPDX-License-Identifier: EUPL-1.2
"""What people say about a look themselves: its strength is set here and never that of recorded work.

An answer is about one look, so that it never holds for a permuted one: measured, it would outweigh all work.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rekenschap.explain.pool import Flags, Numbers
from rekenschap.explain.weighing.evidence import EvidenceModel
from rekenschap.explain.weighing.strength import Strengths
from rekenschap.model.explanation import Weight

STRENGTH = {
    "settled": float(np.log(1.5)),
    "stated": float(np.log(2)),
    "stated_confirmed": float(np.log(3)),
}
"""In nats: somebody's own word makes a reason twice as likely, that of a second person three times, and a
cause that the desk settled for many looks at once half as likely again.
"""

LEAST = float(np.log(1.5))
"""For a ground that somebody adds and that is not in the list."""


def columns(weights: tuple[Weight, ...]) -> Flags:
    """Say which grounds rest on what was said."""
    return np.array([weight is Weight.STATED for weight in weights], dtype=np.bool_)


def set_strengths(weights: tuple[Weight, ...], names: tuple[str, ...], says: Strengths) -> Strengths:
    """Give what was said its own strength, and at most that of the weakest recorded work that counts."""
    said, full = columns(weights), np.array([weight is Weight.FULL for weight in weights], dtype=np.bool_)
    if not said.any():
        return says
    hit, by_class = says.hit.copy(), says.hit_by_class.copy()
    own = np.array([STRENGTH.get(name, LEAST) for name in names])[said]
    # All are scaled alike, so that what a second person confirmed stays above one's own word.
    hit[said] = own * min(1.0, _weakest(says.hit[full]) / own.max())
    caps = np.array([_weakest(each) for each in says.hit_by_class[full].T])
    by_class[said] = own[:, None] * np.minimum(1.0, caps / own.max())[None, :]
    miss, miss_by_class = says.miss.copy(), says.miss_by_class.copy()
    miss[said], miss_by_class[said] = 0.0, 0.0
    return replace(says, hit=hit, miss=miss, hit_by_class=by_class, miss_by_class=miss_by_class)


def set_weights(weights: tuple[Weight, ...], fitted: EvidenceModel) -> EvidenceModel:
    """Take off the score what was said by its own strength, and never more than recorded work takes off."""
    full = [
        value
        for value, weight in zip(fitted.weights, weights, strict=True)
        if weight is Weight.FULL and value > 0
    ]
    cap = min(full, default=0.0)
    return replace(
        fitted,
        weights=tuple(
            min(STRENGTH.get(name, LEAST), cap) if weight is Weight.STATED else value
            for name, value, weight in zip(fitted.grounds, fitted.weights, weights, strict=True)
        ),
    )


def _weakest(of_work: Numbers) -> float:
    says_something = of_work[of_work > 0]
    return float(says_something.min()) if len(says_something) else 0.0
