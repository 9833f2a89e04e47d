# SPDX-License-Identifier: EUPL-1.2
"""The worker of the desk: brings acts to the ledger, derives anew, and hands new findings to the work list.

Run as `python -m rekenschap_web.acts.worker`, with REKENSCHAP_HOME; ends at SIGTERM or SIGINT after what it
is doing. Killed at any moment it loses and doubles nothing: see `delivering`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

import django

_EVERY = 2.0
_HEAR_EVERY = 10.0
_DERIVE_EVERY = 3600.0
_BREATH = 2.0
"""How many times as long as it took the worker leaves this be: it is not there for this alone."""
_AFTER_TROUBLE = 10.0


@dataclass(slots=True, kw_only=True)
class Pace:
    """How often the worker does what; seconds. `derive` None leaves deriving to somebody else.

    `hear` is how often it looks whether something came in, `derive` how often everything is explained anew.
    """

    deliver: float = _EVERY
    hear: float = _HEAR_EVERY
    derive: float | None = _DERIVE_EVERY
    once: bool = False
    at_once: int = 500


@dataclass(slots=True)
class Stop:
    """Set when the worker is asked to end."""

    asked: bool = False
    waited: float = field(default=0.1)

    def listen(self) -> None:
        """Take the two signals that ask for it."""
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._hear)

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than until somebody asks to end."""
        until = time.monotonic() + seconds
        while not self.asked and time.monotonic() < until:
            time.sleep(min(self.waited, max(0.0, until - time.monotonic())))

    def _hear(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.asked = True


@dataclass(slots=True)
class Rounds:
    """When it is time again: to look whether something came, and to explain all anew (None: at first)."""

    heard: float = 0.0
    whole: float | None = None


def work(pace: Pace, stop: Stop, *, say: Callable[..., None]) -> None:
    """Work until asked to stop; trouble is said and tried again, an alarm ends the worker."""
    from rekenschap.errors import TroubleError
    from rekenschap_web.acts.bringing.delivering import deliver
    from rekenschap_web.evidence.house import house

    say("began")
    rounds = Rounds()
    while not stop.asked:
        try:
            brought = deliver(house(), at_once=pace.at_once)
            if brought:
                say("acts_delivered", count=brought)
            if pace.derive is not None:
                derive_round(pace, rounds, say=say)
        except TroubleError as trouble:
            say("trouble", kind=type(trouble).__name__, sentence=str(trouble))
            stop.wait(_AFTER_TROUBLE)
        if pace.once:
            return
        stop.wait(pace.deliver)


def derive_round(pace: Pace, rounds: Rounds, *, say: Callable[..., None]) -> None:
    """Explain what came in when it is time to, and everything anew when that is due; then hand it over."""
    from rekenschap_web.acts.bringing.due import run_due
    from rekenschap_web.acts.bringing.taking import hand_over, hear
    from rekenschap_web.evidence.house import house

    now, every = time.monotonic(), pace.derive or 0.0
    whole = rounds.whole is not None and now >= rounds.whole
    if not whole and now < rounds.heard:
        return
    heard = hear(house(), whole=whole)
    if heard is not None:
        say("derived", whole=heard.is_whole, came=heard.came, anew=heard.anew)
    if heard is not None or rounds.whole is None or whole:
        say("findings_taken_over", **hand_over())
        say("due", count=run_due())
    if whole or rounds.whole is None or (heard is not None and heard.is_whole):
        rounds.whole = time.monotonic() + every
    ended = time.monotonic()
    rounds.heard = ended + max(pace.hear, _BREATH * (ended - now))


def main(arguments: list[str] | None = None) -> int:
    """Run the worker; gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m rekenschap_web.acts.worker", description=__doc__)
    parser.add_argument("--once", action="store_true", help="do what waits, then end")
    parser.add_argument("--no-derive", action="store_true", help="leave deriving to somebody else")
    parser.add_argument("--every", type=float, default=_EVERY, help="seconds between two looks at the outbox")
    parser.add_argument(
        "--derive-every", type=float, default=_DERIVE_EVERY, help="seconds between derivations"
    )
    parser.add_argument(
        "--hear-every", type=float, default=_HEAR_EVERY, help="seconds between two looks at what came in"
    )
    parser.add_argument("--at-once", type=int, default=500, help="acts under one checkpoint")
    given = parser.parse_args(arguments)
    stop = Stop()
    stop.listen()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rekenschap_web.settings.desk")
    django.setup()
    from rekenschap.errors import RekenschapError
    from rekenschap_web.acts.bringing.saying import say

    pace = Pace(
        deliver=given.every, derive=None if given.no_derive else given.derive_every, once=given.once,
        at_once=given.at_once, hear=given.hear_every,
    )  # fmt: skip
    try:
        work(pace, stop, say=say)
    except RekenschapError as error:
        say("ended", kind=type(error).__name__, sentence=str(error))
        return int(error.exit_code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
