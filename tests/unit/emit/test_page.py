# SPDX-License-Identifier: EUPL-1.2
"""The page for developers does what it says, run as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

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
    assert "delivered=4, refused=0, waiting_bytes=0, trouble=None" in said[2]
    assert len(door.entries) == 4
    assert len(door.lines) == 1
