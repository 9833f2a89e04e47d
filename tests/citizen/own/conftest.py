# SPDX-License-Identifier: EUPL-1.2
"""The citizen page by itself, in a process of its own and without a town: quick."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Runs = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty place for the page."""
    made = tmp_path / "house" / "citizen"
    made.mkdir(parents=True, mode=0o700)
    return made


@pytest.fixture
def in_page(place: Path) -> Runs:
    """Run Python with the surroundings of the page: `-c`, a script, or `-m`, a module of ours."""

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        surroundings = {
            "PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "REKENSCHAP_CITIZEN": str(place), "DJANGO_SETTINGS_MODULE": "rekenschap_citizen.settings", **more,
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, *words], env=surroundings, capture_output=True, text=True, check=False,
            timeout=120, cwd="/",
        )  # fmt: skip

    return run
