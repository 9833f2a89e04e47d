# SPDX-License-Identifier: EUPL-1.2
"""Runs a command as a person would: a process of its own, its two streams and its exit code."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def told(self):
        """The JSON object on the last line."""
        return json.loads(self.out.rstrip("\n").rsplit("\n", 1)[-1])


def rekenschap(*arguments, cwd: Path | None = None, wrapper: tuple[str, ...] = ()) -> Ran:
    """Run one command to its end."""
    command = [*wrapper, sys.executable, "-m", "rekenschap", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    return Ran(code=done.returncode, out=done.stdout, err=done.stderr)
