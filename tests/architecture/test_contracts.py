# SPDX-License-Identifier: EUPL-1.2
"""The floors, as import-linter sees them; and a proof that it would see a broken one."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(directory: Path, source: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command as main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=directory,
        env={"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_only_point_down():
    answer = lint(ROOT, ROOT / "src")
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.fixture
def copied_house(tmp_path):
    """The house without its furniture: every file empty, so that one import stands out."""
    for path in (ROOT / "src").rglob("*.py"):
        copy = tmp_path / "src" / path.relative_to(ROOT / "src")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return tmp_path


def test_an_empty_house_stands(copied_house):
    answer = lint(copied_house, copied_house / "src")
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("errors.py", "import rekenschap.model"),
        ("model/__init__.py", "import os"),
        ("model/__init__.py", "import time"),
        ("tlog/__init__.py", "import rekenschap.model"),
        ("tables.py", "import duckdb"),
        ("seams/__init__.py", "import pyspark"),
        ("seams/__init__.py", "import cryptography"),
        ("adapters/stores/s3.py", "import boto3"),
        ("places.py", "import psycopg"),
        ("config.py", "import rekenschap.places"),
        ("utils.py", "import json"),
    ],
)
def test_a_broken_floor_is_seen(copied_house, room, line):
    (copied_house / "src/rekenschap" / room).write_text(line + "\n")
    assert lint(copied_house, copied_house / "src").returncode == 1
