# SPDX-License-Identifier: EUPL-1.2
"""The detectors to be beaten are no weaker than those of others: the same rows, the same ranking."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from rekenschap.audit.evaluating.measuring.outliers import ecod, isolation_forest
from rekenschap.explain.ranking import auc

ROWS, STRANGE = 2_000, 40


@pytest.fixture(scope="module")
def features():
    """Rows of ten features as counts of a week have them, of which the last forty are strange."""
    rng = np.random.default_rng(7)
    rows = np.column_stack([rng.gamma(2.0 + k, 1.0, ROWS) for k in range(10)])
    rows[-STRANGE:] *= 1.0 + rng.random((STRANGE, 10))
    return rows


def test_ecod_finds_what_that_of_pyod_finds(features):
    """Ours takes the largest of three sums, as the paper has it; PyOD's sums the largest of each feature."""
    theirs = pytest.importorskip("pyod.models.ecod", reason="needs PyOD").ECOD()
    theirs.fit(features)
    found = [auc(each[-STRANGE:], each[:-STRANGE]) for each in (ecod(features), theirs.decision_scores_)]
    assert found[0] > found[1] - 0.03, found


def test_isolation_forest_ranks_as_that_of_scikit_learn(features):
    ensemble = pytest.importorskip("sklearn.ensemble", reason="needs scikit-learn")
    theirs = -ensemble.IsolationForest(n_estimators=400, random_state=1).fit(features).score_samples(features)
    ours = isolation_forest(features, seed=1, trees=400)
    assert spearmanr(ours, theirs).statistic > 0.95
    found = [auc(each[-STRANGE:], each[:-STRANGE]) for each in (ours, theirs)]
    assert abs(found[0] - found[1]) < 0.03
