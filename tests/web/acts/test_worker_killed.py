# SPDX-License-Identifier: EUPL-1.2
"""The worker is killed at any moment, really, and started again: nothing is lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rekenschap.audit.people import reading
from rekenschap.house import ORIGIN, House

_WRITE = """
import django, os, sys
django.setup()
from django.db import transaction
from rekenschap_web import acts
with transaction.atomic():
    by = acts.system_person()
for number in range(int(sys.argv[1]), int(sys.argv[2])):
    with transaction.atomic():
        acts.record(by=by, verb="noted", kind="finding", object=f"finding:{number}")
"""
_COUNT = """
import django
django.setup()
from rekenschap_web.acts.models import Act
print(Act.objects.count(), Act.objects.filter(appended_at=None).count())
"""


def _run(home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=_told(home), check=True, capture_output=True, text=True
    )
    return done.stdout


def _told(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "REKENSCHAP_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "rekenschap_web.settings.desk",
        "PYTHONPATH": str(Path(__file__).parents[3] / "src"),
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A house with an empty ledger and a desk with a database in a file."""
    place = tmp_path / "house"
    place.mkdir()
    House.at(place).ledger(origin=ORIGIN)
    _run(place, "-m", "rekenschap_web.settings.prepare")
    return place


@pytest.mark.slow
def test_a_worker_that_is_killed_at_any_moment_loses_and_doubles_nothing(home: Path) -> None:
    chance, written = random.Random(5), 0  # noqa: S311 - when to kill
    for _ in range(5):
        _run(home, "-c", _WRITE, str(written), str(written + 40))
        written += 40
        worker = subprocess.Popen(
            [sys.executable, "-m", "rekenschap_web.acts.worker", "--no-derive", "--at-once", "4"],
            env=_told(home), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert worker.stdout is not None
        assert b"began" in worker.stdout.readline()
        time.sleep(chance.random() * 0.5)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    _run(home, "-m", "rekenschap_web.acts.worker", "--no-derive", "--once")
    total, waiting = map(int, _run(home, "-c", _COUNT).split())
    assert (total, waiting) == (written + 1, 0)  # and the act with which the system began
    found = reading(House.at(home)).facts("act").table.column("act").to_pylist()
    assert len(found) == len(set(found)) == total


@pytest.mark.slow
def test_a_worker_that_is_asked_to_end_ends_by_itself(home: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "rekenschap_web.acts.worker", "--no-derive"],
        env=_told(home),
        stdout=subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert b"began" in worker.stdout.readline()
    worker.terminate()
    assert worker.wait(30) == 0
    worker.stdout.close()
