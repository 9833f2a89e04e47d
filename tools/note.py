# SPDX-License-Identifier: EUPL-1.2
"""Start a decision record or a changelog fragment: note.py adr|change TEXT."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
RECORD = """# {number}. {title}

Status: proposed

## Context

## Decision

## Consequences
"""


def slug(text: str) -> str:
    """A file name out of a sentence."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].rstrip("-")


def main(kind: str, text: str) -> None:
    """Write the new file and say where it is."""
    if kind == "adr":
        number = len(list((ROOT / "docs/adr").glob("[0-9]*.md"))) + 1
        path = ROOT / f"docs/adr/{number:04}-{slug(text)}.md"
        content = RECORD.format(number=number, title=text[:1].upper() + text[1:])
    else:
        path = ROOT / f"changes/{slug(text)}.md"
        content = text.rstrip(".") + ".\n"
    with path.open("x", encoding="utf-8") as file:
        file.write(content)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main(*sys.argv[1:])
