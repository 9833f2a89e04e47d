# SPDX-License-Identifier: EUPL-1.2
"""From a program of somebody else to the ledger: what it showed is there once, whoever was killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rekenschap.emit import Emitter
from tests.frontdoor.service import Service

LOOKER = Path(__file__).parents[1] / "unit" / "emit" / "looker.py"


@contextmanager
def looker(service: Service, folder: Path, shown: list[str]) -> Iterator[None]:
    program = subprocess.Popen(
        [sys.executable, LOOKER, service.web, folder], stdout=subprocess.PIPE, text=True
    )
    yield
    program.kill()
    shown += program.communicate()[0].splitlines()


def test_each_look_that_was_shown_is_in_the_ledger_once(tmp_path: Path):
    shown: list[str] = []
    with Service(tmp_path / "house") as service:
        with looker(service, tmp_path / "looks", shown):
            time.sleep(2)
            service.kill()
            time.sleep(1)
        with looker(service, tmp_path / "looks", shown):  # nobody answers: they wait on disk
            time.sleep(1)
        service.start()
        with looker(service, tmp_path / "looks", shown):
            time.sleep(1)
        rest = Emitter(service.web, spool=tmp_path / "looks", system="balie")
        assert rest.drain(120)
        rest.close()
        assert service.stop() == 0
    looks = service.originals()
    assert len(shown) > 100
    assert set(shown) <= set(looks)
    assert set(looks.values()) == {1}
    # A look that was written down just before the kill may not have been shown: at most one for each program.
    assert len(looks) <= len(shown) + 3
