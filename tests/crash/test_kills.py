# SPDX-License-Identifier: EUPL-1.2
"""The program is killed under load; the long run is `python -m tests.crash.kills --kills 1000`."""

from pathlib import Path

import pytest

from tests.crash.kills import kill_often


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_acknowledged(tmp_path: Path):
    tally = kill_often(50, 1, tmp_path)
    assert (tally.kills, tally.wrong) == (50, [])
    assert tally.acked > 1_000
