# SPDX-License-Identifier: EUPL-1.2
"""Files that grow into the ledger of a house, round by round, by one program at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from rekenschap.adapters.sources import READERS
from rekenschap.audit.intake import opened_door
from rekenschap.errors import StoreError
from rekenschap.house import House, right_now
from rekenschap.intake import FactLedger, Profile
from rekenschap.intake.following import Cursors, Followed, Following, growing

_LOCK = "following.lock"


class FollowingAll:
    """Several files of one profile; `ledger` is opened anew in each round, for others append to it too."""

    def __init__(
        self, house: House, files: Sequence[Path], profile: Profile, *, over: Callable[[], bool]
    ) -> None:
        self._house, self._files, self._over = house, files, over
        self._ways = [growing(profile, path, READERS) for path in files]

    def round(self, *, origin: str) -> Iterator[tuple[Path, Followed]]:
        """Take in what is whole now, file by file; raises what the ledger or the disk refuses."""
        with ExitStack() as held:
            held.enter_context(_alone(self._house))
            door = held.enter_context(opened_door(self._house))
            cursors = Cursors(self._house.sealed_path, sealing_key=self._house.keys.sealing_key())
            held.callback(cursors.close)
            ledger = _once(partial(self._house.appending, origin=origin))
            for path, how in zip(self._files, self._ways, strict=True):
                if self._over():
                    return
                following = Following(path, how, door=door, cursors=cursors, ledger=ledger, over=self._over)
                yield path, following.round(right_now())


def _once(make: Callable[[], FactLedger]) -> Callable[[], FactLedger]:
    """Make something when it is first asked for, and give the same after that."""
    made: list[FactLedger] = []

    def given() -> FactLedger:
        if not made:
            made.append(make())
        return made[0]

    return given


@contextmanager
def _alone(house: House) -> Iterator[None]:
    """Hold the right to follow in this house; raises StoreError when another program has it."""
    house.sealed_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(house.sealed_path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise StoreError(
            expected="nobody else who follows files in this house at this moment",
            found="another program",
            remedy="let one command follow them all, or wait",
            retryable=True,
        ) from None
    finally:
        os.close(lock)
