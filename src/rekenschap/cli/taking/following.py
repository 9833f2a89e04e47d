# SPDX-License-Identifier: EUPL-1.2
"""What `intake follow` says while it follows: a line for each round in which something came in."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from rekenschap.audit.sources.following import FollowingAll
from rekenschap.cli.speak import say, tell
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode, TroubleError
from rekenschap.house import House
from rekenschap.intake import load_profile
from rekenschap.intake.following import Followed
from rekenschap.model.bsn import without_bsn


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked on the command line."""

    files: tuple[Path, ...]
    profile: str
    home: Path
    origin: str


def follow(asked: Asked, *, every: float | None, language: Language) -> int:
    """Follow until SIGINT or SIGTERM, or once; PENDING when rows wait or a file went away unread.

    Trouble that passes (a full disk, a ledger in use) is said and tried again, unless asked for once.
    """
    words, over = words_in(language), Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    house = House.at(asked.home)
    following = FollowingAll(house, asked.files, load_profile(asked.profile), over=over.is_set)
    if not house.is_founded:
        house.ledger(origin=asked.origin)
    if every is not None:
        say(words("follow_begins", count=len(asked.files)))
        sys.stdout.flush()
    waits = _round(following, asked, words, patient=every is not None)
    while every is not None and not over.wait(every):
        waits = _round(following, asked, words, patient=True) or waits
    if every is not None:
        say(words("follow_stopped"))
    return ExitCode.PENDING if waits else ExitCode.FINE


def _round(following: FollowingAll, asked: Asked, words: Words, *, patient: bool) -> bool:
    """Do one round; gives whether anything waits for somebody."""
    waits = False
    try:
        for path, told in following.round(origin=asked.origin):
            waits = _told(path, told, words) or waits
    except TroubleError as trouble:
        if not patient or not trouble.retryable:
            raise
        tell(f"rekenschap: {trouble}")
    sys.stdout.flush()
    return waits


def _told(path: Path, told: Followed, words: Words) -> bool:
    quarantined = sum(told.quarantined.values())
    if told.rows:
        numbers = {
            "rows": words.number(told.rows),
            "accepted": words.number(told.accepted),
            "known": words.number(told.known),
            "quarantined": words.number(quarantined),
        }
        say(words("intake_file", name=without_bsn(path.name), **numbers))
        for reason, count in sorted(told.quarantined.items()):
            say(words("intake_reason", reason=reason, count=words.number(count)))
    if told.lost:
        tell(words("follow_lost", name=without_bsn(path.name), count=told.lost))
    return bool(quarantined or told.lost)
