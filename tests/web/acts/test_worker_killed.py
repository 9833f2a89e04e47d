# SPDX-License-Identifier: EUPL-1.2
"""The worker is killed at any moment, really, and started again: nothing is lost or doubled."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rekenschap.audit.desk.people import reading
from rekenschap.house import House
from tests.web.real_house import COUNT, WRITE, founded, run, surroundings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A house with an empty ledger and a desk with a database in a file."""
    return founded(tmp_path / "house")


@pytest.mark.slow
def test_a_worker_that_is_killed_at_any_moment_loses_and_doubles_nothing(home: Path) -> None:
    chance, written = random.Random(5), 0  # noqa: S311 - when to kill
    for _ in range(5):
        run(home, "-c", WRITE, str(written), str(written + 40))
        written += 40
        worker = subprocess.Popen(
            [sys.executable, "-m", "rekenschap_web.acts.worker", "--no-derive", "--at-once", "4"],
            env=surroundings(home), stderr=subprocess.PIPE,
        )  # fmt: skip
        assert worker.stderr is not None
        assert b"began" in worker.stderr.readline()
        time.sleep(chance.random() * 0.5)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stderr.close()
    run(home, "-m", "rekenschap_web.acts.worker", "--no-derive", "--once")
    total, waiting = map(int, run(home, "-c", COUNT).split())
    assert (total, waiting) == (written + 1, 0)  # and the act with which the system began
    found = reading(House.at(home)).facts("act").table.column("act").to_pylist()
    assert len(found) == len(set(found)) == total


@pytest.mark.slow
def test_a_worker_that_is_asked_to_end_ends_by_itself(home: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "rekenschap_web.acts.worker", "--no-derive"],
        env=surroundings(home),
        stderr=subprocess.PIPE,
    )
    assert worker.stderr is not None
    assert b"began" in worker.stderr.readline()
    worker.terminate()
    assert worker.wait(30) == 0
    worker.stderr.close()
