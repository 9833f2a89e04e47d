# SPDX-License-Identifier: EUPL-1.2
"""The clerk answers so many a second: who takes the page over cannot go through all numbers there are."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from rekenschap.audit.citizens.clerk import Pace
from rekenschap.errors import StoreError
from rekenschap.house import ORIGIN, House
from rekenschap_citizen.place.clerk import drawer_of


def test_after_many_at_once_it_lets_through_as_time_goes_by() -> None:
    now = [0.0]
    pace = Pace(2.0, 3, clock=lambda: now[0])
    assert [pace.lets_through() for _ in range(5)] == [True, True, True, False, False]
    now[0] = 0.5
    assert [pace.lets_through() for _ in range(2)] == [True, False]
    now[0] = 1000.0  # a quiet time fills it no further than it was
    assert [pace.lets_through() for _ in range(5)] == [True, True, True, False, False]


def test_a_page_that_asks_too_much_gets_no_answer_and_somebody_is_told(tmp_path: Path) -> None:
    House.at(tmp_path).ledger(origin=ORIGIN)
    place = tmp_path / "citizen"
    words = [sys.executable, "-m", "rekenschap.audit.citizens.clerk", str(tmp_path), "--a-second", "0.001"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as clerk:
        try:
            until = time.monotonic() + 60
            while not (place / "clerk.sock").exists():
                assert time.monotonic() < until
                time.sleep(0.05)
            drawers = [drawer_of(place, f"klant-{each % 3}") for each in range(200)]
            assert len(set(drawers)) == 3
            for _ in range(3):
                with pytest.raises(StoreError, match="silence"):
                    drawer_of(place, "klant-0")
        finally:
            clerk.terminate()
        _, said = clerk.communicate(timeout=30)
    assert said.count("more was asked") == 1
    assert "klant" not in said
