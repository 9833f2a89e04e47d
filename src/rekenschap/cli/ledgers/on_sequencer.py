# SPDX-License-Identifier: EUPL-1.2
"""The command that keeps a sequencer at work, for all programs of this machine that append to one ledger."""

from __future__ import annotations

import signal
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event

from rekenschap.cli.speak import say
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode, RefusedError, StoreError, TimestampError
from rekenschap.house import House, right_now

_PAUSE, _ROUND = 1.0, 30
"""Seconds between two looks whether all is well, and looks between two tries to reach silent witnesses."""
_STAMP_EVERY = timedelta(hours=1)


def sequence(home: Path, *, language: Language) -> int:
    """Take facts in from any number of programs until SIGINT or SIGTERM; then sign and seal everything."""
    words, house, stop = words_in(language), House.at(home), Event()
    if not house.is_founded:
        raise RefusedError(
            expected="a house with a ledger",
            found="none",
            remedy="take a file in first, or restore the ledger from a copy",
            rule="a ledger",
        )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with house.sequencer() as sequencer, house.socket(sequencer):
        say(words("sequencer_serves", path=house.socket_path, size=words.number(sequencer.size)))
        stamped: datetime | None = None
        trouble: StoreError | None = None
        for look in count(1):
            if stop.wait(_PAUSE):
                break
            trouble = _tell(sequencer.trouble, trouble, words)
            if look % _ROUND == 0:
                sequencer.republish()
                if trouble is None:
                    stamped = _stamp(house, stamped, words("sequencer_unstamped"))
    say(words("sequencer_stopped", size=words.number(sequencer.size)))
    return ExitCode.FINE


def _tell(now: StoreError | None, before: StoreError | None, words: Words) -> StoreError | None:
    """Say once that checkpoints cannot be anchored or published, and once that they can again."""
    if now is not None and before is None:
        say(words("sequencer_away", why=now.found))
    elif now is None and before is not None:
        say(words("sequencer_back"))
    return now


def _stamp(house: House, last: datetime | None, silent: str) -> datetime | None:
    """Have the latest checkpoint stamped each hour; taking in goes on when the authority is silent."""
    now = right_now()
    if house.config.timestamps is None or (last is not None and now - last < _STAMP_EVERY):
        return last
    try:
        house.stamp()
    except TimestampError:
        say(silent)
    return now
