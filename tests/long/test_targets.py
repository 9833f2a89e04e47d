# SPDX-License-Identifier: EUPL-1.2
"""Every target of the fuzzing, fed for a moment with what is nearly good; `./run fuzz` does it for as long as
you like, and looks where the code goes."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from time import monotonic

import pytest

pytest.importorskip("opentelemetry.proto")

from tests.long.targets import TARGETS

SECONDS = float(os.environ.get("REKENSCHAP_FUZZ_SECONDS", "1"))
ROOT = Path(__file__).parents[2]


def spoiled(seed: bytes, random: Random) -> bytes:
    """A seed with some bytes changed, left out, doubled or moved."""
    raw = bytearray(seed)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        if not raw:
            break
        at, length = random.randrange(len(raw)), random.choice((1, 1, 2, 8, 40))
        match random.randrange(5):
            case 0:
                raw[at] ^= 1 << random.randrange(8)
            case 1:
                del raw[at : at + length]
            case 2:
                raw[at:at] = raw[at : at + length]
            case 3:
                raw[at:at] = random.choice(
                    (b"\0", b"\xff\xff\xff\xff", b'"', b"\n", b"{", b"\\", b"=", b"9" * 40)
                )
            case _:
                raw[at] = random.randrange(256)
    return bytes(raw)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_nearly_good_breaks_nothing(name):
    target, random = TARGETS[name], Random(name)  # noqa: S311
    for seed in (*target.seeds, b"", b"\0", b"\xff" * 40):
        target.run(seed)
    until = monotonic() + SECONDS
    while monotonic() < until:
        given = spoiled(random.choice(target.seeds), random)
        try:
            target.run(given)
        except Exception as error:
            error.add_note(f"fed with {given!r}")
            raise


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="no atheris: uv sync --group fuzz")
def test_the_fuzzer_runs(tmp_path):
    command = [sys.executable, "-m", "tests.long.fuzz", "cef", "-runs=300", f"-artifact_prefix={tmp_path}/"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stderr[-2_000:]
    assert b"cov:" in ran.stderr
