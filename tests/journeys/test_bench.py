# SPDX-License-Identifier: EUPL-1.2
"""Every measurement runs, quickly, and ends with ratios somebody can compare."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = {"invented", "measure"}
BENCHES = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if path.stem not in SHARED)


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHES)
def test_a_measurement_ends_with_ratios(name: str) -> None:
    command = [sys.executable, str(ROOT / "bench" / f"{name}.py"), "--quick"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["bench"] == name
    assert told["ratios"]
    assert all(math.isfinite(ratio) and ratio > 0 for ratio in told["ratios"].values())


def test_there_is_a_measurement_of_each_room_that_must_be_fast() -> None:
    assert {"demo", "explain", "intake", "ledger", "tree"} <= set(BENCHES)
