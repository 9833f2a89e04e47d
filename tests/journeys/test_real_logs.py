# SPDX-License-Identifier: EUPL-1.2
"""Real municipal logs through the whole chain, as docs/explanation/real-logs.md tells it."""

from pathlib import Path

import pytest

from tests.journeys.commands import rekenschap

SHARED = Path(__file__).parents[3] / "shared" / "data"
RECEIPT = SHARED / "coselog-receipt" / "receipt.xes.gz"
PERMITS = SHARED / "bpic2015-municipalities-dev"

needs_receipt = pytest.mark.skipif(not RECEIPT.exists(), reason="no ../shared/data/coselog-receipt here")
needs_permits = pytest.mark.skipif(not PERMITS.exists(), reason="no ../shared/data/bpic2015 here")


@needs_receipt
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_registered_work_explains_the_receipt_log_far_beyond_chance(seed):
    ran = rekenschap(
        "audit", RECEIPT, "--profile", "coselog-receipt", "--plant", 100, "--seed", seed, "--json"
    )
    assert ran.code == 0, ran.err
    assert ran.told["looks"] == 2822
    assert ran.told["first_looks_explained_share"] >= 0.70
    assert ran.told["null_explained_share"] <= 0.10
    assert ran.told["first_looks_null_explained_share"] <= 0.10
    assert ran.told["planted_auc"] >= 0.92
    assert ran.told["planted_recall_at_1_percent"] >= 0.35


@needs_receipt
def test_looks_in_ones_own_phase_stand_out_in_the_receipt_log_too():
    ran = rekenschap(
        "audit", RECEIPT, "--profile", "coselog-receipt", "--plant", 100, "--among", "own_phase", "--json"
    )
    assert ran.code == 0, ran.err
    assert ran.told["planted_auc"] >= 0.88
    assert ran.told["planted_recall_at_1_percent"] >= 0.35


@needs_permits
@pytest.mark.parametrize("town", [1, 2])
def test_the_permit_logs_go_through_the_same_chain(town):
    path = PERMITS / f"BPIC15_{town}.xes.gz"
    ran = rekenschap("audit", path, "--profile", "bpic2015", "--plant", 100, "--seed", 1, "--json")
    assert ran.code == 0, ran.err
    assert ran.told["first_looks_explained_share"] >= 0.65
    assert ran.told["first_looks_null_explained_share"] <= 0.15
    assert ran.told["planted_auc"] >= 0.92
    assert ran.told["planted_recall_at_1_percent"] >= 0.35
