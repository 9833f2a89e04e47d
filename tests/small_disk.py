# SPDX-License-Identifier: EUPL-1.2
"""A disk that is full soon: a test that needs one is skipped where none can be mounted."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(path: Path, *, size: int, taken: int = 0) -> Iterator[Path]:
    """A disk of `size` MiB; the `taken` MiB of it are given back by removing `ballast`."""
    path.mkdir()
    made = shutil.which("mount") and os.geteuid() == 0
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(path)]
    if not made or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk takes the right to mount one")
    try:
        (path / "ballast").write_bytes(bytes(taken << 20))
        yield path
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)
