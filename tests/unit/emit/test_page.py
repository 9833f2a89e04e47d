# SPDX-License-Identifier: EUPL-1.2
"""The page for developers does what it says, run as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import copy, copytree

from tests.unit.emit.receiving import FrontDoor

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "connect-with-the-emitter.md"


def test_the_program_on_the_page_writes_down_what_it_shows(tmp_path: Path):
    program = "".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    with FrontDoor().open() as door:
        places = {"FRONT_DOOR": door.url, "LOOKS": str(tmp_path)}
        ran = subprocess.run(
            [sys.executable, "-c", program], env=os.environ | places, capture_output=True, text=True
        )
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.splitlines()
    assert said[:2] == ["Dorpsstraat 1", "True"]
    assert "delivered=4, refused=0, waiting_bytes=0, damaged=0, trouble=None" in said[2]
    assert len(door.entries) == 4
    assert len(door.lines) == 1


def test_the_small_package_holds_all_that_the_emitter_needs(tmp_path: Path):
    root = PAGE.parents[2]
    build = tomllib.loads((root / "packages" / "emitter" / "pyproject.toml").read_text(encoding="utf-8"))
    for given, place in build["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"].items():
        source, target = root / "packages" / "emitter" / given, tmp_path / "packed" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        copytree(source, target) if source.is_dir() else copy(source, target)
    program = "".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    with FrontDoor().open() as door:
        places = {
            "FRONT_DOOR": door.url,
            "LOOKS": str(tmp_path / "looks"),
            "PYTHONPATH": str(tmp_path / "packed"),
        }
        ran = subprocess.run(
            [sys.executable, "-S", "-c", program], env=os.environ | places, capture_output=True, text=True
        )
    assert ran.returncode == 0, ran.stderr
    assert len(door.entries) == 4
