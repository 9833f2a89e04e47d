# SPDX-License-Identifier: EUPL-1.2
"""Writes the reference pages from the code, or with --check says which of them are stale.

Run as `python -m rekenschap.cli.docs [--check]` from the root of the checkout.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rekenschap.cli import reference
from rekenschap.errors import ExitCode

PAGES = Path("docs/reference")


def main(arguments: list[str]) -> int:
    """Write every page, or compare; gives the exit code."""
    written = {PAGES / name: page for name, page in reference.pages().items()}
    stale = [path for path, page in written.items() if not _is_fresh(path, page)]
    if "--check" in arguments:
        for path in stale:
            sys.stderr.write(f"expected {path} as the code says it, found another text; run ./run docs\n")
        return ExitCode.TROUBLE if stale else ExitCode.FINE
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(written[path], encoding="utf-8")
    return ExitCode.FINE


def _is_fresh(path: Path, page: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
