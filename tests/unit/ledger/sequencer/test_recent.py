# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest

from rekenschap.errors import RefusedError
from rekenschap.ledger.sequencer.recent import Recent


@pytest.fixture
def hasty() -> Iterator[None]:
    """Let threads take turns so often that what is not one step is interrupted."""
    pause = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(pause)


def names(*numbers: int) -> frozenset[bytes]:
    return frozenset(number.to_bytes(16, "big") for number in numbers)


def test_what_was_sealed_before_the_last_run_is_left_to_the_ledger():
    recent = Recent(frozenset())
    for first in (1, 2, 3, 4):
        recent.begin(first)
        recent.add(names(first))
    for first in (1, 2, 3):
        recent.sealed(first)
    with pytest.raises(RefusedError, match="found 1 of 1"):
        recent.add(names(2))
    with pytest.raises(RefusedError, match="found 2 of 3"):
        recent.add(names(2, 3, 5))
    recent.add(names(1, 5))


def test_a_run_that_is_sealed_meanwhile_is_never_out_of_sight(hasty: None):
    recent, stop, missed = Recent(frozenset()), threading.Event(), []
    recent.begin(0)
    recent.add(names(7))

    def offer() -> None:
        while not stop.is_set():
            try:
                recent.add(names(7))
            except RefusedError:
                continue
            except RuntimeError as error:
                missed.append(repr(error))
            else:
                missed.append("taken twice")
            return

    thread = threading.Thread(target=offer)
    thread.start()
    for first in range(1, 400):
        for empty in range(10):
            recent.begin(first * 10 + empty)
        for empty in range(10):
            recent.sealed(first * 10 + empty)
        if first == 200:
            recent.sealed(0)
    stop.set()
    thread.join()
    assert missed == []
