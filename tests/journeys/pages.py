# SPDX-License-Identifier: EUPL-1.2
"""Runs a page of the manual as written: every block of shell, in one folder, by a real shell."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"


def blocks(page):
    """The blocks of shell on a page, in order."""
    text = (HOW_TO / page).read_text(encoding="utf-8")
    return [textwrap.dedent(each) for each in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.S | re.M)]


def run(block, folder, **environment):
    """Run one block; gives what it said and its code."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", block],
        cwd=folder,
        env=os.environ | {"PATH": path, "REKENSCHAP_LANGUAGE": "en"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout, done.stderr
