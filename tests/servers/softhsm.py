# SPDX-License-Identifier: EUPL-1.2
"""A SoftHSM token in a temporary directory: the real PKCS#11 calls, without the hardware."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rekenschap.adapters.keys.token import TokenPlace

TOKEN = "rekenschap-test"  # noqa: S105 - its name
_MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")


def why_not() -> str:
    """Say why no token can be made here, or nothing when one can."""
    there = shutil.which("softhsm2-util") and any(Path(module).exists() for module in _MODULES)
    return "" if there else "no SoftHSM: apt install softhsm2"


@contextmanager
def running() -> Iterator[TokenPlace]:
    """Make a token; the module reads where it is from the environment at its first call in a program."""
    directory = Path(tempfile.mkdtemp(prefix="hsm-"))
    (directory / "tokens").mkdir()
    settings = directory / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {directory}/tokens\nlog.level = ERROR\n", encoding="utf-8")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    pin = "an invented PIN"
    try:
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--so-pin", pin, "--pin", pin],
            check=True,
            capture_output=True,
        )
        yield TokenPlace(module=next(m for m in _MODULES if Path(m).exists()), token=TOKEN, pin=pin)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
