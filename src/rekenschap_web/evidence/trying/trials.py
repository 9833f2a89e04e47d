# SPDX-License-Identifier: EUPL-1.2
"""Changes of a rule that are being tried: computed beside the pages, one at a time, kept while the desk runs.

Nothing is written down: a trial changes nothing, and one that is lost by a restart is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

from rekenschap.errors import RekenschapError
from rekenschap_web.evidence.house import derived
from rekenschap_web.evidence.trying.replaying import Replay, checked, replay

PATIENCE = 2.0
"""Seconds a page waits for an outcome before it says that it comes."""

_MOST = 20
_WAITING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A change that is tried: `outcome` is None while it is computed, or when nothing was changed."""

    key: str
    rule: str
    is_done: bool
    outcome: Replay | None = None


class TooManyTrialsError(Exception):
    """Others wait already; nothing was begun."""


_told: dict[str, tuple[str, Future[Replay | None]]] = {}
_turn = Lock()
_beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="trial")


def begin(rule: str, told: Mapping[str, str]) -> Trial:
    """Begin to try a change, or find the one that was begun with the same values on the same derivation.

    Raises ConfigurationError for a value that does not fit, TooManyTrialsError when others wait.
    """
    settings = checked(rule, told)
    if not settings:
        return Trial(key="", rule=rule, is_done=True)
    asked = repr((rule, sorted(settings.items()), derived().folder.name))
    key = blake2b(asked.encode(), digest_size=12).hexdigest()
    with _turn:
        if key not in _told:
            if sum(not each.done() for _, each in _told.values()) >= _WAITING:
                raise TooManyTrialsError
            for old in [name for name, (_, each) in _told.items() if each.done()][: len(_told) - _MOST + 1]:
                del _told[old]
            _told[key] = rule, _beside.submit(replay, rule, dict(told))
    found = trial(key, rule=rule, patience=PATIENCE)
    assert found is not None  # noqa: S101 - put there a few lines above
    return found


def trial(key: str, *, rule: str, patience: float = 0.0) -> Trial | None:
    """Give a trial of this rule; None when there is none: it was never begun, or the desk started anew."""
    with _turn:
        known = _told.get(key)
    if known is None or known[0] != rule:
        return None
    try:
        return Trial(key=key, rule=rule, is_done=True, outcome=known[1].result(timeout=patience))
    except NotYet:
        return Trial(key=key, rule=rule, is_done=False)
    except RekenschapError:
        with _turn:
            _told.pop(key, None)  # asked again, it is tried again
        raise
