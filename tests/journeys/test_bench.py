# SPDX-License-Identifier: EUPL-1.2
"""Every measurement runs, quickly, and ends with ratios somebody can compare."""

import json
import math
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.servers.postgres import why_not

ROOT = Path(__file__).parents[2]
SHARED = {"appends", "invented", "measure", "ours"}
BENCHES = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if path.stem not in SHARED)


@cache
def _told(name: str) -> dict[str, Any]:
    """Run a measurement once and give the JSON it ends with."""
    command = [sys.executable, str(ROOT / "bench" / f"{name}.py"), "--quick"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHES)
def test_a_measurement_ends_with_ratios(name: str) -> None:
    told = _told(name)

    assert told["bench"] == name
    assert told["ratios"]
    assert all(math.isfinite(ratio) and ratio > 0 for ratio in told["ratios"].values())


@pytest.mark.slow
@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_the_ledger_is_compared_with_chains_in_postgresql_and_sqlite_and_a_tree_of_pymerkle() -> None:
    told = _told("ledger")

    assert {
        "best_peer_batch_1",
        "best_peer_batch_1_alone",
        "bytes_limit",
        "p99_limit",
        "postgresql_chain_batch_100",
        "postgresql_chain_batch_1000",
        "proof_pymerkle",
        "sqlite_chain_batch_100",
        "sqlite_chain_batch_1000",
    } <= told["ratios"].keys()
    assert len(told["appends"]) == 7 * 5 + 3


@pytest.mark.slow
def test_the_check_is_compared_with_the_bare_hashing_of_as_many_bytes() -> None:
    assert {"linear", "memory_limit", "proof_limit", "sha256_limit_quarter"} <= _told("check")[
        "ratios"
    ].keys()


def test_there_is_a_measurement_of_each_room_that_must_be_fast() -> None:
    assert {"check", "demo", "explain", "intake", "ledger", "tree"} <= set(BENCHES)
