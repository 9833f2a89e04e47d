# SPDX-License-Identifier: EUPL-1.2
"""How often a client may ask: so many at once, as many each minute, and each client by itself."""

from __future__ import annotations

from rekenschap_read.door.pacing import Pace, Pacing
from rekenschap_read.place.settings import Client

ONE = Client(name="een", digest="x", reads=frozenset(), rights=frozenset(), a_minute=6)
OTHER = Client(name="ander", digest="y", reads=frozenset(), rights=frozenset(), a_minute=6)


def test_a_client_has_its_minute_at_once_and_then_one_at_a_time() -> None:
    now = [0.0]
    pacing = Pacing(lambda: now[0])
    assert [pacing.take(ONE) for _ in range(8)] == [Pace.FINE] * 6 + [Pace.TOO_OFTEN, Pace.STILL_TOO_OFTEN]
    assert pacing.take(OTHER) is Pace.FINE
    now[0] = 9.0
    assert pacing.take(ONE) is Pace.STILL_TOO_OFTEN
    now[0] = 10.0
    assert [pacing.take(ONE), pacing.take(ONE)] == [Pace.FINE, Pace.TOO_OFTEN]
    now[0] = 10_000.0
    assert [pacing.take(ONE) for _ in range(7)] == [Pace.FINE] * 6 + [Pace.TOO_OFTEN], "no more than a minute"


def test_the_wait_is_that_of_one_question() -> None:
    assert Pacing.wait(ONE) == 10
