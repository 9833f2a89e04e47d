# SPDX-License-Identifier: EUPL-1.2
"""Picture every screen of the desk for the manuals: python tools/pictures.py [words to pick screens by].

The pictures come from the tests that check the screens, so that no manual shows what was never checked.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent.parent
INTO = HERE / "docs" / "images" / "desk"


def main(words: list[str]) -> int:
    """Run the tests with a folder to picture into; gives their exit code."""
    INTO.mkdir(parents=True, exist_ok=True)
    picked = ["-k", f"everybody and ({' or '.join(words)})"] if words else ["-k", "everybody"]
    command = [sys.executable, "-m", "pytest", "-q", "tests/web/browser/test_screens.py", *picked]
    environment = os.environ | {"REKENSCHAP_PICTURES": str(INTO)}
    return subprocess.run(command, cwd=HERE, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
