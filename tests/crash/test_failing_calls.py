# SPDX-License-Identifier: EUPL-1.2
"""Each call to the disk fails, once or for ever: nothing is acknowledged after it, all before it stays."""

import errno
from dataclasses import replace
from random import Random

import pytest

from rekenschap.adapters.disks import SimulatedDisk
from rekenschap.errors import RekenschapError, StoreError
from rekenschap.ledger.sequencer import Sequencer, UnanchoredError
from tests.crash.script import SMALL, Life, Script, verify_after
from tests.ledgers import facts

SEED, STEPS = 6, 12


class Recorder(Sequencer):
    """Remembers the last one that was started, to try an append on it after the trouble."""

    last: Sequencer | None = None

    @classmethod
    def start(cls, *args, **more) -> Sequencer:
        Recorder.last = None
        Recorder.last = Sequencer.start(*args, **more)
        return Recorder.last


def calls_in_all() -> int:
    script = Script(SEED)
    script.life.disk.calls = 0
    script.run(STEPS)
    return script.life.disk.calls


def life_with(call: int, number: int, *, lasting: bool) -> tuple[Life, bool]:
    script = Script(SEED, kind=Recorder)
    script.life.disk.fail(call, number, lasting=lasting)
    try:
        script.run(STEPS)
    except UnanchoredError:
        return script.life, True  # what is in the journal is safe, and it goes on taking in
    except StoreError:
        stopped = Recorder.last
        if stopped is not None:
            with pytest.raises(RekenschapError):
                stopped.append(SMALL, facts(SMALL, 1, seed=99))
        return script.life, True
    return script.life, False


TOTAL = calls_in_all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "lasting"), [(errno.EIO, False), (errno.ENOSPC, False), (errno.ENOSPC, True)]
)
@pytest.mark.parametrize("part", range(4))
def test_after_a_failed_call_everything_acknowledged_is_there(part: int, number: int, lasting: bool):
    failed = 0
    for call in range(part, TOTAL, 4):
        life, did_fail = life_with(call, number, lasting=lasting)
        failed += did_fail
        # 1. The program starts again on the same machine: what was written is still to be seen.
        verify_seen(life)
        # 2. The machine was switched off.
        verify_after(life, len(life.disk.trace), Random(call), checked=0.1)  # noqa: S311
    assert failed > TOTAL // 10


def verify_seen(life: Life) -> None:
    platter = life.disk.platter.copy()
    for held in (*platter._nodes.values(), *platter._folders.values()):
        held.durable, held.pending = type(held.seen)(held.seen), []
    promised = [replace(each, acked=min(each.acked, 0)) for each in life.offered]
    published = [(0, note) for _, note in life.published]
    verify_after(Life(SimulatedDisk(platter), promised, published), 0, Random(0), checked=0.1)  # noqa: S311
