# SPDX-License-Identifier: EUPL-1.2
"""Fuzz one target with atheris (libFuzzer): `python -m tests.long.fuzz NAME [options of libFuzzer]`.

What it finds on its way is kept in .rekenschap/fuzz/NAME, and the next time it goes on from there; input that
broke something is written to crash-… in the same place. Without a name it gives the names.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["rekenschap"]):
    from tests.long.targets import TARGETS

_KEPT = Path(__file__).parents[2] / ".rekenschap" / "fuzz"
_SECONDS = "-max_total_time=60"


def main(arguments: list[str]) -> None:
    """Fuzz until the time is over or something breaks."""
    if not arguments or arguments[0] not in TARGETS:
        sys.exit(f"expected the name of a target: {', '.join(TARGETS)}")
    name, *options = arguments
    target, folder = TARGETS[name], _KEPT / name
    folder.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds:
        (folder / sha256(seed).hexdigest()[:20]).write_bytes(seed)
    if not any(each.startswith(("-runs=", "-max_total_time=")) for each in options):
        options = [_SECONDS, *options]
    if not any(each.startswith("-artifact_prefix=") for each in options):
        options = [f"-artifact_prefix={folder}/", *options]
    atheris.Setup([sys.argv[0], *options, str(folder)], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
