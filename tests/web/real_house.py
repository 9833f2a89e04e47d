# SPDX-License-Identifier: EUPL-1.2
"""A house with a desk whose programs are really run, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rekenschap.house import ORIGIN, House

SRC = Path(__file__).parents[2] / "src"

WRITE = """
import django, sys
django.setup()
from django.db import transaction
from rekenschap_web import acts
with transaction.atomic():
    by = acts.system_person()
for number in range(int(sys.argv[1]), int(sys.argv[2])):
    with transaction.atomic():
        acts.record(by=by, verb="noted", kind="finding", object=f"finding:{number}")
"""
COUNT = """
import django
django.setup()
from rekenschap_web.acts.models import Act
print(Act.objects.count(), Act.objects.filter(appended_at=None).count())
"""


def surroundings(home: Path) -> dict[str, str]:
    """Give what every program of the desk must know."""
    return {
        **os.environ,
        "REKENSCHAP_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "rekenschap_web.settings.desk",
        "PYTHONPATH": str(SRC),
    }


def run(home: Path, *words: str) -> str:
    """Run Python with some words; gives its output."""
    done = subprocess.run(
        [sys.executable, *words], env=surroundings(home), check=True, capture_output=True, text=True
    )
    return done.stdout


def command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one of our commands."""
    return subprocess.run(
        [sys.executable, "-m", "rekenschap", *words],
        env=surroundings(home),
        check=False,
        capture_output=True,
        text=True,
    )


def founded(place: Path) -> Path:
    """Found a house with an empty ledger and a desk with a database in a file."""
    place.mkdir(parents=True)
    House.at(place).ledger(origin=ORIGIN)
    run(place, "-m", "rekenschap_web.settings.prepare")
    return place
